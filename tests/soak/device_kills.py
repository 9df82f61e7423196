# SPDX-License-Identifier: GPL-3.0-or-later
"""kills.py for files on devices that go into quarantine and come back: each is in one known place, and in
the end in its own, with its bytes, owner, mode, times to the nanosecond, attributes and access lists."""
import collections
import json
import os
import shutil

from kills import Item, Run, Service, Work, expect

from devices import Devices, file_entity, other_file_system

DEVICES = 3


class DeviceItem(Item):
    begun_states = frozenset(("moving", "copying", "removing", "restoring"))
    undo_states = frozenset(("restored",))


class DeviceWork(Work):
    item_class = DeviceItem


class DeviceRun(Run):
    """The same files on three devices; an undo is decided on one, with all other instances of it.

    @copies: whether the quarantine folder lies on another file system
    """

    work_class = DeviceWork
    server_name = "device"
    what = "files into quarantine"

    def __init__(self, folder, chance, copies=False, **wanted):
        self.copies = copies
        self.devices = None
        self.quarantine = None
        self.before = []
        super().__init__(folder, chance, **wanted)
        self.actions -= self.actions % DEVICES

    def make_service(self, folder):
        folder.chmod(0o755)
        self.devices = Devices(folder / "devices", count=DEVICES)
        self.quarantine = (other_file_system(folder) if self.copies else
                           self.devices.folder / "quarantine")
        return Service(folder / "service")

    def start_servers(self):
        self.devices.start()
        self.service.groups["device"] = self.devices.device_config(
            quarantine_folder=self.quarantine)

    def stop_servers(self):
        self.devices.stop()
        if self.copies:
            shutil.rmtree(self.quarantine, ignore_errors=True)

    def server_log(self):
        return "".join(device.log[-1000:] for device in self.devices)

    def crash_server(self):
        device = self.chance.choice(list(self.devices))
        device.stop()
        return device.start

    def choose(self):
        """Files of many kinds, as (device, path), those of one content one after the other."""
        is_root = os.getuid() == 0
        chosen = []
        for number in range(self.actions // DEVICES):
            for at, device in enumerate(self.devices):
                name = f"home/evil {self.rounds}-{number}"
                chosen.append((device, device.put(
                    name, b"evil %d %d\n" % (self.rounds, number) * (1 + number % 7 * 400),
                    mode=self.chance.choice((0o4751, 0o640, 0o600, 0o444)),
                    mtime_ns=self.chance.randrange(10**18, 17 * 10**17),
                    owner=1000 + at if is_root else None,
                    attributes={"user.origin": b"http://evil.test/%d" % number} if number % 2 else {},
                    acl="u:1234:r" if number % 3 == 0 else None)))
        self.before = [device.everything() for device in self.devices]
        return chosen

    def propose(self, targets):
        return [one["id"] for one in self.service.post_investigation([{
            "type": "quarantineFile", "verdict": "malicious", "assets": [device.name],
            "entity": file_entity(path)} for device, path in targets])["actions"]]

    def parts(self, decision, parts):
        if decision != "undo":
            return parts
        actions = [one for part in parts for one in part]
        return [[one] for one in actions[::DEVICES]]

    def more_of(self, decision, ids):
        return {"includeInstances": True} if decision == "undo" else {}

    def total_of(self, decision, ids):
        return DEVICES if decision == "undo" else len(ids)

    def is_applied(self, item, cache):
        return not os.path.lexists(json.loads(item.entity)["path"])

    # --- what must be true ---

    def check_servers(self, targets, actions, gone, told):
        kept = collections.Counter()
        if os.path.isdir(self.quarantine):
            for name in os.listdir(self.quarantine):
                seen = self.devices[0].snapshot(self.quarantine / name)
                expect(0, seen["mode"], f"the permissions of {name} in quarantine")
                kept[seen["sha256"]] += 1
        leaving = {os.fsencode(path) for _, path in targets} if gone else set()
        wanted = collections.Counter()
        for device, before in zip(self.devices, self.before):
            stays = {path: seen for path, seen in before.items() if path not in leaving}
            wanted.update(seen["sha256"] for path, seen in before.items() if path in leaving)
            expect(stays, device.everything(), f"the files of {device.name}")
        expect(wanted, kept, "the quarantine folder")
        return 0
