#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SFTP server of the device, for sshd to start, with somebody else at the files in the very moment
before a request is carried out: what a race does now and then happens each time.

    meddling_sftp.py FILE

FILE holds the moments to come, in JSON: {"moments": [{"requests": [18], "about": "/home/evil.bin", "skip": 0,
"commands": [["mv", "/home/evil.bin", "/home/away"]]}, …], "without": ["lsetstat@openssh.com"]}. A moment is
that of the first request of one of these kinds whose packet has the text in it, but for so many that are
skipped; then it is taken out of the file, and the next one is waited for. The extensions of the server that
are named are hidden from the client.
"""
import json
import os
import pathlib
import struct
import subprocess
import sys
import threading

SERVER = "/usr/lib/openssh/sftp-server"
VERSION = 2


def read_packet(file):
    """One packet without its length, or nothing at the end."""
    length = file.read(4)
    return file.read(struct.unpack(">I", length)[0]) if len(length) == 4 else b""


def write_packet(file, packet):
    file.write(struct.pack(">I", len(packet)) + packet)
    file.flush()


def texts(packet):
    """The texts that a packet consists of, from its sixth byte on."""
    at = 5
    while at < len(packet):
        length, = struct.unpack_from(">I", packet, at)
        yield packet[at + 4:at + 4 + length]
        at += 4 + length


def hide(packet, names):
    """The packet in which the server says what it can, without some of it."""
    rest = list(texts(packet))
    kept = [text for pair in zip(rest[::2], rest[1::2]) if pair[0].decode() not in names
            for text in pair]
    return packet[:5] + b"".join(struct.pack(">I", len(text)) + text for text in kept)


def meddle(path, packet):
    """Does what is to be done before this request."""
    plan = json.loads(path.read_text(encoding="utf-8"))
    if not plan["moments"]:
        return
    moment = plan["moments"][0]
    if packet[0] not in moment["requests"] or os.fsencode(moment["about"]) not in packet:
        return
    if moment.get("skip", 0) > 0:
        moment["skip"] -= 1
    else:
        del plan["moments"][0]
        for command in moment["commands"]:
            subprocess.run(command, check=True)
    path.write_text(json.dumps(plan), encoding="utf-8")


def answer(path, server):
    """Hands the answers on, in a thread of its own."""
    hidden = json.loads(path.read_text(encoding="utf-8"))["without"]
    while packet := read_packet(server.stdout):
        write_packet(sys.stdout.buffer, hide(packet, hidden) if packet[0] == VERSION else packet)


def main(path):
    with subprocess.Popen([SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        threading.Thread(target=answer, args=(path, server), daemon=True).start()
        while packet := read_packet(sys.stdin.buffer):
            meddle(path, packet)
            write_packet(server.stdin, packet)
        server.stdin.close()


if __name__ == "__main__":
    try:
        main(pathlib.Path(sys.argv[1]))
    except BrokenPipeError:
        sys.exit(1)
