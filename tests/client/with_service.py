#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a test program beside a real action-centerd, whose addresses and tokens it finds in its
environment: AC_SERVICE_ADDRESS, AC_SERVICE_SOCKET, AC_TOKEN_READER and so on for each role.

    with_service.py PROGRAM [ARGUMENT...]
"""
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "service"))

from service import ROLES, Service


def main(*command):
    with tempfile.TemporaryDirectory(prefix="ac-client-service-") as folder:
        socket = pathlib.Path(folder) / "service.socket"
        service = Service(pathlib.Path(folder) / "state",
                          settings={"listen": f"127.0.0.1:0;unix:{socket}"})
        service.start()
        try:
            second = service.add_token("responder", "r.roe")
            environment = {**os.environ, "AC_SERVICE_ADDRESS": service.url,
                           "AC_SERVICE_SOCKET": f"unix:{socket}", "AC_TOKEN_SECOND": second,
                           **{f"AC_TOKEN_{role.upper()}": service.token(role) for role in ROLES}}
            wrapper = shlex.split(os.environ.get("AC_PROGRAM_WRAPPER", ""))
            done = subprocess.run([*wrapper, *command], env=environment, check=False)
        finally:
            service.stop()
        return done.returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
