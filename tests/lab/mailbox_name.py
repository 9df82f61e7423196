# SPDX-License-Identifier: GPL-3.0-or-later
"""Modified UTF-7, in which IMAP writes the names of folders (RFC 3501, section 5.1.3). Python has only
the unmodified one."""
import base64
import re


def encode(name):
    """The bytes for a name: "Отчёты" → b"&BB4EQgRHBFEEQgRL-"."""
    def shifted(found):
        text = base64.b64encode(found[0].encode("utf-16-be")).rstrip(b"=").replace(b"/", b",")
        return f"&{text.decode('ascii')}-"

    return re.sub(r"[^\x20-\x7e]+", shifted, name.replace("&", "&-")).encode("ascii")


def decode(data):
    """The name for the bytes."""
    def plain(found):
        if not found[1]:
            return "&"
        text = found[1].replace(",", "/")
        return base64.b64decode(text + "=" * (-len(text) % 4)).decode("utf-16-be")

    return re.sub(r"&([^-]*)-", plain, data.decode("ascii"))
