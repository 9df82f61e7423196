#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What it costs the service to tell 1,000 windows of a change.

    bench_stream.py

1,000 clients have GET /changes/stream open, and changes are made one after the other, each waited for
until all clients have it. Ours is how many clients were told in one second of the service's processor
time, the cost of making the changes included. The reference is the same news told in the other way: as
many GET /changes requests, one for each client and change, on connections that are kept. Budget: five
times as many. Prints one line of JSON; on standard error, the processor time for each change, also with
a single stream: the difference is what the other 999 cost."""
import json
import os
import pathlib
import resource
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "service"))

from bench_read import Reader, cpu_seconds
from service import Service, investigation
from stream import Stream, token_of, wait_for

STREAMS = 1000
CHANGES = 100
POLLS = 3000
BUDGET = 5


def make_change(service, connection):
    """One action is proposed; the client of the change itself is as light as can be."""
    answer = service.request("POST", "/investigations", investigation(1), role="detector",
                             connection=connection)
    assert answer.status == 201, answer


def cost_of_changes(service, number):
    """Processor seconds of the service for each change, with so many streams."""
    streams = [Stream(service).opened() for _ in range(number)]
    connection = service.connect()
    start = cpu_seconds(service.process.pid)
    told = 0
    for _ in range(CHANGES):
        make_change(service, connection)
        told += 2
        wait_for(streams, lambda: all(len(stream.versions) >= told for stream in streams))
    seconds = cpu_seconds(service.process.pid) - start
    for stream in streams:
        assert len(stream.versions) == told
        stream.close()
    return seconds / CHANGES


def cost_of_poll(service):
    """Processor seconds of the service for one GET /changes that tells of one proposal."""
    token = token_of(service)
    make_change(service, service.connect())
    reader = Reader(service)
    start = cpu_seconds(service.process.pid)
    for _ in range(POLLS):
        assert b'"more":false' in reader.get(f"/changes?since={token}")
    return (cpu_seconds(service.process.pid) - start) / POLLS


def main():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    os.environ["LC_ALL"] = "C.UTF-8"
    with tempfile.TemporaryDirectory(prefix="ac-bench-") as folder:
        service = Service(folder, settings={"streams-per-token": 2 * STREAMS})
        service.start()
        try:
            one = cost_of_changes(service, 1)
            many = cost_of_changes(service, STREAMS)
            poll = cost_of_poll(service)
        finally:
            service.stop()
    print(f"{one * 1e3:.2f} ms for a change with one stream, {many * 1e3:.2f} ms with {STREAMS}; "
          f"{poll * 1e3:.3f} ms for a request", file=sys.stderr)
    ours, reference = STREAMS / many, 1 / poll
    ratio = ours / reference
    print(json.dumps({"name": "change-stream", "ours": round(ours), "reference": round(reference),
                      "ratio": round(ratio, 2), "budget": BUDGET, "unit": "clients told/s"}))
    return 0 if ratio >= BUDGET else 1


if __name__ == "__main__":
    sys.exit(main())
