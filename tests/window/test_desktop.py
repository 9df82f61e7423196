# SPDX-License-Identifier: GPL-3.0-or-later
"""A program among others on a desktop: notifications, the number on its icon, the search of the desktop,
being started by the bus, one instance, its state at the next start, and help."""
import os
import pathlib
import re
import unittest

from gi.repository import GLib

from bus import Ear
from case import WindowCase
from display import PATIENCE, wait_until
from harness import PROGRAM, Window
from lab import free_ports
from proxy import Proxy
from service import Service, counter, message_entity, proposal

NAME = "org.actioncenter.ActionCenter"
PATH = "/org/actioncenter/ActionCenter"
SOURCE = pathlib.Path(os.environ["AC_SOURCE_ROOT"])


class BusProcess:
    """A process that the bus has started."""

    def __init__(self, pid):
        self.pid = pid
        self.returncode = None

    def poll(self):
        """0 once it has ended: its first thread is over before the others are, and before what it holds is
        let go."""
        try:
            state = pathlib.Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii")
            threads = len(os.listdir(f"/proc/{self.pid}/task"))
        except (FileNotFoundError, ProcessLookupError):
            state, threads = ") Z", 1
        gone = state.rpartition(")")[2].split()[0] in "ZX" and threads <= 1
        self.returncode = 0 if gone else None
        return self.returncode

    def terminate(self):
        os.kill(self.pid, 15)

    def kill(self):
        os.kill(self.pid, 9)

    def wait(self, patience=60):
        wait_until(lambda: self.poll() is not None, "the process to end", patience)
        return 0


class BusWindow(Window):
    """A window of a program that the bus has started."""

    def __init__(self, desk, pid, socket_path, log):
        self.desk = desk
        self.display = desk.display
        self.log = log
        self.allowed = []
        self.socket_path = socket_path
        self.process = BusProcess(pid)
        self.socket = self.stream = None

    def look(self):
        try:
            return super().look()
        except ConnectionResetError as error:
            raise AssertionError(f"the program has ended:\n{self.messages()[-6000:]}") from error


class Desktop(WindowCase):
    mail = False
    keyring = True

    @classmethod
    def setUpClass(cls):
        """Address and token are entered once, as a person does; the tests share one service."""
        super().setUpClass()
        # On a port of its own, so that it comes back where it was.
        cls.service = Service(cls.folder / "service",
                              settings={"listen": f"127.0.0.1:{free_ports(1)[0]}"})
        cls.service.start()
        cls.addClassCleanup(cls.service.stop)
        window = cls.desk.open_window()
        window.click("button", re.compile("^Connect"))
        window.wait_focus(lambda focus: "address" in [node.id for node in focus.ancestors()], "the address")
        window.press("ctrl+a")
        window.type(cls.service.url)
        window.press("Tab")
        window.type(cls.service.token("responder"))
        window.press("Return")
        window.wait_text("Nothing waits for a decision")
        window.quit()

    def setUp(self):
        self.ear = Ear(self.desk.session.environment["DBUS_SESSION_BUS_ADDRESS"])
        self.addCleanup(self.ear.close)
        self.addCleanup(self.decide_the_rest)

    def decide_the_rest(self):
        """Leaves nothing pending to the next test."""
        waiting = self.service.request("GET", "/actions", query={"status": "pending"}).json["items"]
        if waiting:
            self.service.decide("reject", [action["id"] for action in waiting])

    def post(self, count=1, **members):
        """New actions; @members: of each proposal. Returns their ids."""
        posted = self.service.post_investigation([proposal(next(counter), **members)
                                                  for _ in range(count)])
        return [action["id"] for action in posted["actions"]]

    def subject(self, action_id):
        return self.service.action(action_id)["entity"]["subject"]

    def open_window(self, tab="History"):
        """The window, with everything of the service known, and another list than Pending shown."""
        window = self.desk.open_window()
        window.wait_text(r"Refreshed \d\d:\d\d")
        if tab:
            self.open_tab(window, tab)
        return window

    def open_knowing(self, role="responder"):
        """The window with History shown, that has heard from the service which action is the newest: what
        is posted from now on is new."""
        proxy = Proxy(self.service.url, streams=True)
        self.addCleanup(proxy.close)
        window = self.desk.open_window(proxy.url, self.service.token(role))
        window.wait_text(r"Refreshed \d\d:\d\d")
        window.wait(lambda: any(re.search(r"/actions\?.*sort=-createdAt.*&limit=1(&|$)", path)
                                for _, path in proxy.answered),
                    lambda: f"the newest action to be asked for among {proxy.answered}")
        self.open_tab(window, "History")
        return window

    def wait_notification(self, pattern):
        """Waits until the one notification on the screen has a title that matches."""
        def found():
            shown = list(self.ear.shown.values())
            return shown[0] if len(shown) == 1 and re.search(pattern, shown[0].title) else None
        return wait_until(found, lambda: f"a notification {pattern!r}, there is {self.ear.shown}")

    def wait_no_notification(self):
        wait_until(lambda: not self.ear.shown, lambda: f"no notification, there is {self.ear.shown}")

    def wait_known(self, window, number):
        """Waits until the window knows so many pending actions, as the number on its icon says."""
        window.wait(lambda: self.ear.counts and (self.ear.counts[-1] or 0) == number,
                    lambda: f"{number} on the icon, it was told {self.ear.counts}")

    # --- notifications ---

    def choose_verdict(self, window, choice):
        window.press("ctrl+comma")
        window.wait_for(type="AcSettingsWindow")
        window.click(id="least_verdict")
        window.click(node=lambda: next((node for node in window.find_all(css="row", name=choice)
                                        if any(above.css == "popover" for above in node.ancestors())),
                                       None))
        window.wait_gone(css="popover")
        # The keyboard belongs to the window under the pointer, which was on the popover.
        self.desk.display.move(100, 25)
        window.press("Escape")
        window.wait_gone(type="AcSettingsWindow")

    def test_a_notification_opens_an_action_and_never_decides(self):
        """What was there at the start is not told of. A new action is, by type and subject; Approve… opens
        it with the focus on the button, and has decided nothing; Enter then approves. Decided elsewhere,
        the notification goes away."""
        self.post(2)
        window = self.open_knowing()
        self.wait_known(window, 2)
        new, = self.post(1)
        shown = self.wait_notification("^New action: Soft delete email$")
        self.assertEqual(len(self.ear.history), 1, self.ear.history)
        self.assertEqual(shown.body, f"{self.subject(new)} · Malicious")
        self.assertEqual(list(shown.buttons), ["Approve…", "Open"])
        self.ear.press(shown, "Approve…")
        window.wait_for("tab", id="pending_button", state="checked")
        focused = window.wait(
            lambda: (focus := window.focus()) and "Approve" in (focus.name, *focus.texts()) and focus,
            "the focus to be on Approve")
        self.assertIn("sensitive", focused.states)
        self.assertIn(self.subject(new), window.texts())
        self.assertEqual(self.service.action(new)["status"], "pending")
        self.open_tab(window, "History")
        another, = self.post(1)
        shown = self.wait_notification("^New action")
        self.ear.press(shown)
        window.wait(lambda: [row for row in window.rows() if row.selected],
                    "the action to be selected")
        window.wait_text(re.escape(self.subject(another)))
        self.assertEqual(self.service.action(another)["status"], "pending")
        self.open_tab(window, "History")
        third, = self.post(1)
        self.wait_notification("^New action")
        self.service.decide("reject", [third])
        self.wait_no_notification()

    def test_approve_is_offered_to_whoever_may_approve_it_alone(self):
        """Somebody who decides about mail is told of a new action on a device without that button; opened,
        it says which role may. Of a message he is offered it."""
        self.service.add_token("emailResponder", "mia.mail")
        window = self.open_knowing("mia.mail")
        file = {"type": "file", "path": "/tmp/evil.bin", "sha256": "ab" * 32}
        new, = self.post(1, type="quarantineFile", assets=["laptop"], entity=file)
        shown = self.wait_notification("^New action: Quarantine file$")
        self.assertEqual(list(shown.buttons), ["Open"])
        self.service.decide("reject", [new])
        self.wait_no_notification()
        self.post(1)
        shown = self.wait_notification("^New action: Soft delete email$")
        self.assertEqual(list(shown.buttons), ["Approve…", "Open"])
        window.close()

    def test_many_at_once_are_one_notification_with_their_number(self):
        """Many new actions are one notification; what is decided elsewhere lowers the number without a
        sound; whoever opens it sees the pending actions, and then it is gone."""
        window = self.open_knowing()
        ids = self.post(40)
        self.wait_notification("^40 new actions wait for a decision$")
        self.assertLessEqual(len(self.ear.history), 2)
        self.service.decide("reject", ids[:10])
        shown = self.wait_notification("^30 new actions wait for a decision$")
        self.assertEqual(shown.urgency, 0)
        self.service.decide("reject", ids[10:39])
        self.wait_notification("^New action: Soft delete email$")
        more = self.post(5)
        shown = self.wait_notification("^6 new actions wait for a decision$")
        self.assertEqual(list(shown.buttons), ["Open"])
        self.ear.press(shown, "Open")
        window.wait_for("tab", id="pending_button", state="checked")
        self.wait_no_notification()
        self.assertEqual({self.service.action(one)["status"] for one in more}, {"pending"})

    def test_no_notification_of_what_one_sees_or_does_not_want(self):
        """Nothing is told while the list of pending actions is before one's eyes, nor what the rule of the
        settings leaves out."""
        window = self.open_window("Pending")
        window.activate()
        self.post(1)
        self.wait_known(window, 1)
        self.open_tab(window, "History")
        self.choose_verdict(window, "Malicious")
        suspicious, = self.post(1, verdict="suspicious")
        self.wait_known(window, 2)
        self.post(1)
        self.wait_notification("^New action")
        self.assertEqual(len(self.ear.history), 1, self.ear.history)
        self.assertEqual(self.service.action(suspicious)["status"], "pending")
        self.choose_verdict(window, "Any")

    # --- the icon, the search, the bus ---

    def call(self, path, interface, method, arguments, answer=None):
        """Calls a method of the program, which the bus starts when it does not run."""
        return self.desk.session.connection.call_sync(
            NAME, path, interface, method, GLib.Variant(*arguments),
            GLib.VariantType(answer) if answer else None, 0, 30000, None).unpack()

    def search(self, method, *arguments):
        signature = {"GetInitialResultSet": "(as)", "GetSubsearchResultSet": "(asas)",
                     "GetResultMetas": "(as)", "ActivateResult": "(sasu)",
                     "LaunchSearch": "(asu)"}[method]
        answer = self.call(f"{PATH}/SearchProvider", "org.gnome.Shell.SearchProvider2", method,
                           (signature, arguments))
        return answer[0] if answer else None

    def let_the_bus_start_it(self):
        """Installs the file by which the bus starts the program, with a probe in it."""
        folder = self.desk.session.folder
        self.socket_path = folder / f"probe-{self._testMethodName}"
        text = (SOURCE / f"data/{NAME}.service.in").read_text(encoding="utf-8")
        line, = re.findall(r"^Exec=@bindir@/action-center (.*)$", text, re.MULTILINE)
        self.assertEqual(line, "--gapplication-service")
        (folder / f"services/{NAME}.service").write_text(
            text.replace("@bindir@/action-center", PROGRAM), encoding="utf-8")
        bus = ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")
        connection = self.desk.session.connection
        connection.call_sync(*bus, "UpdateActivationEnvironment", GLib.Variant("(a{ss})", ({
            "GIO_EXTRA_MODULES": os.environ["AC_PROBE_FOLDER"],
            "AC_PROBE_SOCKET": str(self.socket_path)},)), None, 0, 10000, None)
        connection.call_sync(*bus, "ReloadConfig", None, None, 0, 10000, None)
        self.addCleanup(lambda: (folder / f"services/{NAME}.service").unlink())

    def started(self):
        """The program that the bus has started, as a window to look at."""
        pid, = self.desk.session.connection.call_sync(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
            "GetConnectionUnixProcessID", GLib.Variant("(s)", (NAME,)), None, 0, 10000,
            None).unpack()
        window = BusWindow(self.desk, pid, self.socket_path, self.desk.session.folder / "bus.log")
        self.desk.opened_now.add(window)
        return window

    def test_the_number_of_pending_actions_stands_on_the_icon(self):
        """The desktop is told how many actions are pending whenever that changes, and that there is no
        number when nothing is or when the program has ended."""
        window = self.open_window(None)
        self.post(3)
        self.wait_known(window, 3)
        more = self.post(1)
        self.wait_known(window, 4)
        self.service.decide("reject", more)
        self.wait_known(window, 3)
        window.quit()
        wait_until(lambda: self.ear.counts[-1] is None, "no number on the icon")

    def test_the_search_of_the_desktop_needs_no_window(self):
        """The bus starts the program for a search; the copy on this computer answers, though the service
        is away, and no window opens; a result that is chosen opens the window on the action, and a search
        goes on in the window."""
        # Whatever the bus has started before must be gone.
        wait_until(lambda: not self.desk.session.has_name(NAME), "no other program to run")
        ids = [self.post(1, entity=message_entity(next(counter), subject=subject))[0]
               for subject in ("Walnut bread", "Walnut pie", "Hazelnut pie")]
        window = self.open_window(None)
        self.wait_known(window, 3)
        window.quit()
        subject = self.subject(ids[1])
        self.let_the_bus_start_it()
        self.service.stop()
        try:
            # What came last may not be in the index of words yet, which is made beside.
            found = wait_until(lambda: self.search("GetInitialResultSet", subject.split()),
                               "the search to find it")
            self.assertEqual(found, [ids[1]])
            self.assertEqual(set(self.search("GetInitialResultSet", ["walnut"])), set(ids[:2]))
            self.assertEqual(self.search("GetInitialResultSet", ["Wa"]), [])
            self.assertEqual(self.search("GetSubsearchResultSet", found, ["no", "such", "subject"]), [])
            meta, = self.search("GetResultMetas", [ids[1]])
            self.assertEqual(meta["id"], ids[1])
            self.assertEqual(meta["name"], subject)
            self.assertEqual(meta["description"], "Soft delete email · Pending · Malicious")
            self.assertEqual(meta["gicon"], NAME)
            program = self.started()
            self.assertEqual([entry for entry in self.desk.display.windows() if entry[3] > 200], [])
        finally:
            self.service.start()
        self.search("ActivateResult", ids[1], subject.split(), 0)
        program.attach()
        program.wait_text(f"^{re.escape(subject)}$")
        program.wait_for("button", "Close the details")
        self.assertEqual(self.service.action(ids[1])["status"], "pending")
        self.search("LaunchSearch", [self.subject(ids[2])], 0)
        program.wait(lambda: [row["Details"] for row in program.rows()] == [self.subject(ids[2])],
                     "the search to go on in the window")
        # Nobody has clicked into it yet, and without a window manager the keyboard is where the pointer is.
        self.desk.display.move(500, 400)
        program.wait(lambda: self.desk.display.press("ctrl+f") or program.focus(), "the keyboard in it")
        program.quit()

    def test_the_bus_starts_one_program_that_comes_back_as_it_was(self):
        """An action from outside starts the program; a second start shows the window that is there. The
        next start has the page, the tab, the size and the pane as they were."""
        new, = self.post(1)
        self.let_the_bus_start_it()
        self.call(PATH, "org.freedesktop.Application", "ActivateAction",
                  ("(sava{sv})", ("open-action", [GLib.Variant("s", new)], {})))
        program = self.started()
        program.attach()
        program.wait_text(f"^{re.escape(self.subject(new))}$")
        program.wait_for("button", "Close the details")
        second = Window(self.desk, [], {})
        self.assertEqual(second.process.wait(PATIENCE), 0)
        self.assertEqual(len([node for node in program.look() if node.type == "AcWindow"]), 1)
        self.open_tab(program, "History")
        program.resize(1000, 700)
        program.activate()
        program.press("F9")
        program.wait_gone("list-item", "Investigations")
        program.quit()
        again = self.desk.open_window()
        again.wait_for("tab", id="history_button", state="checked")
        self.assertIsNone(again.find("list-item", "Investigations"))
        box = again.look()[0].box
        self.assertEqual((round(2 * box[0] + box[2]), round(2 * box[1] + box[3])), (1000, 700))
        again.activate()
        again.press("F9")
        again.click("list-item", "Investigations")
        again.wait_text("^Phishing delivered$")
        again.quit()
        again = self.desk.open_window()
        again.wait_text("^Phishing delivered$")
        again.click("list-item", "Action center")
        self.open_tab(again, "Pending")
        again.quit()

    # --- help and about ---

    def test_f1_opens_the_help_and_the_menu_says_what_the_program_is(self):
        """F1 hands the help to the browser of the desktop, and the window says so where there is none; the
        window about the program has its version and its licence."""
        folder = self.desk.session.folder
        # Whatever browser the machine has is none of this desktop.
        share = folder / "share"
        share.mkdir()
        for name in ("fonts", "glib-2.0", "icons", "mime"):
            (share / name).symlink_to(f"/usr/share/{name}")
        window = self.desk.open_window(environment={"XDG_DATA_DIRS": str(share), "ACTION_CENTER_HELP_DIR":
                                                    str(SOURCE / "data/help")})
        window.wait_text(r"Refreshed \d\d:\d\d")
        window.activate()

        def says_so():
            # A key that comes before X has given the window the focus goes nowhere.
            if "No web browser opens the help. Install one, or read “man action-center”." in window.texts():
                return True
            window.press("F1")
            window.calm()
            return False
        window.wait(says_so, "the window to say that no browser opens the help")
        applications = folder / "data/applications"
        applications.mkdir()
        (applications / "browser.desktop").write_text(
            "[Desktop Entry]\nType=Application\nName=Browser\nMimeType=text/html;\n"
            f"Exec=sh -c 'echo \"$0\" >{folder}/read' %u\n", encoding="utf-8")
        (applications / "mimeapps.list").write_text(
            "[Default Applications]\ntext/html=browser.desktop\n", encoding="utf-8")

        def read():
            # GLib may still look at what was there before.
            if (folder / "read").exists() and (text := (folder / "read").read_text().strip()):
                return text
            window.press("F1")
            window.calm()
            return None
        self.assertEqual(window.wait(read, "the browser to open the help"),
                         str(SOURCE / "data/help/en/index.html"))
        window.press("F10")
        window.click(node=lambda: window.find(name=re.compile("About Action Center")))
        window.wait_text(r"^0\.\d+\.\d+$")
        window.calm()
        window.picture("about")
        self.assertIn("The Action Center developers", " ".join(window.texts()))


if __name__ == "__main__":
    unittest.main()
