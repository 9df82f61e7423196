#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An SFTP server that lies, for sshd to start: says who it is as it should, and then answers what no server
may answer. What kind of lies, a file says, so that it can be changed while sshd runs.

    hostile_sftp.py FILE
"""
import os
import pathlib
import random
import struct
import sys


def read_exactly(length):
    """So many bytes of standard input, or the end of the program."""
    data = b""
    while len(data) < length:
        part = os.read(0, length - len(data))
        if not part:
            sys.exit(0)
        data += part
    return data


def packet(kind, rest):
    """One packet."""
    return struct.pack(">IB", len(rest) + 1, kind) + rest


def lie(kind, number, request, chance):
    """An answer to the request of this number."""
    identity = struct.pack(">I", number)
    if kind == "garbage":
        return chance.randbytes(5000)
    if kind == "huge":
        return struct.pack(">IB", 0xfffffff0, 105) + identity
    if kind == "tiny":
        return struct.pack(">I", 0)
    if kind == "wrong-id":
        return packet(101, struct.pack(">II", number + 7, 0))
    if kind == "fine-without-data":
        return packet(101, identity + struct.pack(">I", 0))
    if kind == "short":
        return packet(105, identity + b"\0\0")
    if kind == "long-text":
        return packet(104, identity + struct.pack(">II", 1, 0x7fffffff) + b"/")
    if kind == "nul":
        return packet(104, identity + struct.pack(">II", 1, 4) + b"/a\0b" + b"\0" * 8)
    if kind == "end":
        sys.exit(0)
    # Anything: the right kind of answer as often as not, so that it gets further.
    likely = {7: 105, 16: 104, 3: 102, 5: 103, 200: 201}.get(request, 101)
    answer = likely if chance.random() < 0.8 else chance.choice((101, 102, 103, 104, 105, 201, 7))
    body = {
        101: struct.pack(">I", chance.choice((0, 0, 1, 2, 3, 4, 8, 99))),
        102: struct.pack(">I", 4) + b"hand",
        103: struct.pack(">I", 4) + b"evil" if chance.random() < 0.7 else chance.randbytes(40),
        104: struct.pack(">II", 1, 5) + b"/home" + b"\0" * 8,
        105: struct.pack(">IQIIIII", 15, 4, 0, 0, chance.choice((0o100644, 0o40700)), 1, 1),
        201: struct.pack(">11Q", *[chance.choice((0, 1)) for _ in range(11)]),
    }.get(answer, b"")
    if chance.random() < 0.1:
        body = body[:chance.randrange(len(body) + 1)]
    return packet(answer, identity + body)


def main(path):
    kind = pathlib.Path(path).read_text(encoding="utf-8").strip()
    chance = random.Random(kind)
    while True:
        length, request = struct.unpack(">IB", read_exactly(5))
        rest = read_exactly(length - 1)
        if request == 1:
            os.write(1, packet(2, struct.pack(">I", 3)))
        else:
            os.write(1, lie(kind, struct.unpack(">I", rest[:4])[0], request, chance))


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except (BrokenPipeError, struct.error):
        sys.exit(1)
