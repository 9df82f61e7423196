#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many actions a second the service hands out whole: the first sync of a window.

    bench_read.py AC-GENERATE BENCH-PARSE

A real action-centerd on a store of 100,000 actions; one client walks GET /actions?limit=1000 in the
order of creation to the end, uncompressed, on one connection. Ours is the service's processor time, so
that the client and whatever else runs do not count. The reference is json-glib parsing the same bytes
and nothing else: what a client must spend at the least. Budget: the service takes no longer over an
action than the client, so that it never is what a first sync waits for. Prints one line of JSON; on
standard error, how the last tenth of the pages compares with the first."""
import json
import os
import pathlib
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "service"))

from service import Service

ACTIONS = 100_000
RUNS = 3
BUDGET = 1.0
TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


class Reader:
    """As little of an HTTP client as there can be."""

    def __init__(self, service):
        parts = urllib.parse.urlsplit(service.url)
        self.sock = socket.create_connection((parts.hostname, parts.port))
        self.token = service.token("reader")

    def get(self, path):
        self.sock.sendall(f"GET /api/v1{path} HTTP/1.1\r\nHost: x\r\n"
                          f"Authorization: Bearer {self.token}\r\n\r\n".encode())
        data = b""
        while b"\r\n\r\n" not in data:
            data += self.sock.recv(1 << 16)
        head, _, body = data.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = int(head.lower().partition(b"content-length: ")[2].split()[0])
        parts = [body]
        have = len(body)
        while have < length:
            parts.append(self.sock.recv(1 << 20))
            have += len(parts[-1])
        return b"".join(parts)


def walk(service, sort):
    """The bodies of all pages, and the processor seconds that each cost."""
    reader = Reader(service)
    pages, costs, cursor = [], [], ""
    while cursor is not None:
        before = time.monotonic(), cpu_seconds(service.process.pid)
        body = reader.get(f"/actions?limit=1000&sort={sort}" + (f"&cursor={cursor}" if cursor else ""))
        costs.append((time.monotonic() - before[0], cpu_seconds(service.process.pid) - before[1]))
        pages.append(body)
        tail = body[-400:].rpartition(b'"nextCursor":"')
        cursor = tail[2].split(b'"')[0].decode() if tail[1] else None
    return pages, costs


def main(generate, parse):
    with tempfile.TemporaryDirectory(prefix="ac-bench-") as folder:
        folder = pathlib.Path(folder)
        subprocess.run([generate, "--store", folder / "action-center.db", "--actions", str(ACTIONS),
                        "--seed", "1"], check=True)
        service = Service(folder)
        service.start()
        try:
            runs = [walk(service, "createdAt") for _ in range(RUNS)]
        finally:
            service.stop()
        pages = runs[0][0]
        items = [item for page in pages for item in json.loads(page)["items"]]
        assert len(items) == ACTIONS and len({item["id"] for item in items}) == ACTIONS
        lines = folder / "pages"
        lines.write_bytes(b"".join(page + b"\n" for page in pages))
        seconds = [float(subprocess.run([parse, lines], check=True, capture_output=True).stdout)
                   for _ in range(RUNS)]
    walls = [[cost[0] for cost in costs] for _, costs in runs]
    tenth = len(pages) // 10
    print(f"{statistics.median(sum(wall) for wall in walls):.2f} s for "
          f"{sum(map(len, pages)) / 1e6:.0f} MB; the last tenth of the pages took "
          f"{sum(walls[-1][-tenth:]) / sum(walls[-1][:tenth]):.2f} times what the first took",
          file=sys.stderr)
    ours = ACTIONS / statistics.median(sum(cost[1] for cost in costs) for _, costs in runs)
    reference = ACTIONS / statistics.median(seconds)
    ratio = ours / reference
    print(json.dumps({"name": "service-read", "ours": round(ours), "reference": round(reference),
                      "ratio": round(ratio, 2), "budget": BUDGET, "unit": "actions/s"}))
    return 0 if ratio >= BUDGET else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
