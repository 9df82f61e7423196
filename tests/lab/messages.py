# SPDX-License-Identifier: GPL-3.0-or-later
"""What lies in the lab's mailboxes: messages of a corpus where there is one, messages made up from a
seed where there is none, and the folders, flags and dates they lie with."""
import base64
import datetime
import pathlib
import random
import typing
import unicodedata

PEOPLE = [
    "Alice Moreau", "Bob Lindqvist", "Carol Nakamura", "Dmitri Volkov", "Esra Yılmaz",
    "Fatima Zahra", "Goran Petrović", "Hana Kovářová", "Ines Carvalho", "Jürgen Weiß",
    "Kwame Mensah", "Leila Haddad", "Mateo García", "Nora Ó Briain", "Olga Shevchenko",
    "Paul Okafor", "Quentin Dubois", "Rosa Bianchi", "Søren Holm", "Thandiwe Dlamini",
]

# Where mail lies, and how much of it: the names have blanks, other alphabets, and levels.
FOLDERS = [("INBOX", 14), ("Archive", 3), ("Projects/2026", 2), ("Gelöschte Objekte & mehr", 1),
           ("Отчёты", 1)]

FLAG_SETS = [(), ("\\Seen",), ("\\Seen", "\\Answered"), ("\\Flagged",), ("\\Seen", "$Phishing"),
             ("\\Seen", "\\Flagged", "Invoice", "$Forwarded"), ("\\Draft",)]

LURES = [
    ("Your mailbox is almost full", "IT Service Desk", "service-desk", "storage-upgrade.example"),
    ("Invoice {number} is overdue", "Accounts Receivable", "billing", "pay-invoices.example"),
    ("Unusual sign-in to your account", "Account Protection", "no-reply", "sign-in-check.example"),
    ("Your parcel could not be delivered", "Parcel Tracking", "tracking", "parcel-fee.example"),
    ("Salary adjustment for {month}", "Human Resources", "hr", "payroll-portal.example"),
    ("Voicemail from +44 20 {number}", "Voice Mail", "voicemail", "listen-voicemail.example"),
    ("Shared document: budget {month}", "Document Share", "share", "docs-viewer.example"),
    ("Gewinnbenachrichtigung für Sie", "Glücksstelle", "info", "gewinn.example"),
]

LETTERS = [
    ("Minutes of Monday's meeting", "Dear all,\n\nplease find the minutes below. We agreed to move "
     "the release by a week, and {name} will\ntalk to the supplier.\n"),
    ("Lunch on Thursday?", "Hi,\n\nthe place by the canal has reopened. Does half past twelve suit "
     "you?\n"),
    ("Re: figures for {month}", "Hello {name},\n\nthe total in row {number} looks too high to me. "
     "Could you check it against the\nledger before Friday?\n"),
    ("Urlaubsplanung", "Hallo {name},\n\nkönntest du mir bis Freitag sagen, wann du frei nimmst? "
     "Grüße\n"),
    ("A1 OK Completed", "Somebody once asked what happens to a client that does not count:\n\n"
     "* BYE {{123}}\nA1 OK Completed\n+ go ahead\n)\n* 1 EXPUNGE\n{{17}}\n"),
]

MONTHS = ["January", "March", "April", "July", "October", "December"]


class Message(typing.NamedTuple):
    """A message before it is put somewhere; the lines of its bytes end in CRLF."""
    data: bytes
    message_id: str
    date: datetime.datetime
    harmful: bool


def address_of(name, domain="example.test"):
    """alice@example.test for the first three, first.last@example.test for the others."""
    plain = name.translate(str.maketrans({"ı": "i", "ø": "o", "ß": "ss"}))
    plain = unicodedata.normalize("NFKD", plain)
    words = plain.encode("ascii", "ignore").decode().lower().split()
    return f"{words[0] if PEOPLE.index(name) < 3 else '.'.join(words)}@{domain}"


def mailboxes(count):
    """So many addresses, those of people first."""
    people = [address_of(name) for name in PEOPLE[:count]]
    return people + [f"team.{number:04}@example.test" for number in range(len(people), count)]


def name_of(mailbox):
    """The person behind an address of mailboxes()."""
    return next((name for name in PEOPLE if address_of(name) == mailbox), mailbox.split("@")[0])


def encoded(text):
    """A header's text by RFC 2047 where it is not plain ASCII."""
    if text.isascii():
        return text
    return f"=?UTF-8?B?{base64.b64encode(text.encode()).decode()}?="


def quoted(text):
    """Text in quoted-printable without the encoder's own ideas about lines."""
    return "".join(c if c == "\n" or (" " <= c <= "~" and c != "=") else
                   "".join(f"={byte:02X}" for byte in c.encode()) for c in text)


def made_up(chance, number, recipient, harmful):
    """A message out of nothing.

    @chance: a random.Random
    @number: makes the Message-ID unique
    @recipient: the mailbox it is for
    """
    date = (datetime.datetime(2021, 1, 4, 6, tzinfo=datetime.timezone.utc) +
            datetime.timedelta(seconds=chance.randrange(5 * 365 * 86400)))
    words = {"number": chance.randrange(1000, 9999), "month": chance.choice(MONTHS),
             "name": name_of(recipient).split()[0]}
    if harmful:
        subject, sender, local, host = chance.choice(LURES)
        host = f"{chance.choice(['mail', 'secure', 'eu1', 'login'])}.{host}"
        text = (f"Dear {words['name']},\n\nyour access ends within 24 hours. Confirm who you are at\n"
                f"https://{host}/confirm?id={chance.randrange(10**9)}\n\nThis is an automatic "
                f"message; answers are not read.\n{sender}\n")
        sender = f"{encoded(sender)} <{local}@{host}>"
    else:
        subject, text = chance.choice(LETTERS)
        text = text.format(**words)
        name = chance.choice(PEOPLE)
        host = "example.test"
        sender = f"{encoded(name)} <{address_of(name)}>"
        text += f"\n{name}\n"
    message_id = f"<{number}.{chance.randrange(16**8):08x}@{host}>"
    # Some senders fold the header; what it says is the same.
    fold = "\n " if number % 11 == 5 else " "
    header = (f"Received: from {host} by mx.example.test; {date:%a, %d %b %Y %H:%M:%S} +0000\n"
              f"From: {sender}\nTo: {encoded(name_of(recipient))} <{recipient}>\n"
              f"Subject: {encoded(subject.format(**words))}\nMessage-ID:{fold}{message_id}\n"
              f"Date: {date:%a, %d %b %Y %H:%M:%S} +0000\nMIME-Version: 1.0\n")
    body = text if text.isascii() else quoted(text)
    coding = "7bit" if text.isascii() else "quoted-printable"
    plain = f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: {coding}\n\n{body}"
    shape = number % 4
    if shape == 1:
        html = f"<html><body><p>{'&nbsp;'.join(body.split())}</p>{'<br>' * 300}</body></html>\n"
        plain = ("Content-Type: multipart/alternative; boundary=\"part-of-it\"\n\n--part-of-it\n"
                 f"{plain}\n--part-of-it\nContent-Type: text/html; charset=utf-8\n\n{html}\n"
                 "--part-of-it--\n")
    elif shape == 2:
        data = base64.encodebytes(chance.randbytes(chance.randrange(200, 6000))).decode()
        plain = ("Content-Type: multipart/mixed; boundary=\"=_x\"\n\n--=_x\n"
                 f"{plain}\n--=_x\nContent-Type: application/pdf; name=\"scan.pdf\"\n"
                 "Content-Disposition: attachment; filename=\"scan.pdf\"\n"
                 f"Content-Transfer-Encoding: base64\n\n{data}--=_x--\n")
    data = (header + plain).replace("\n", "\r\n").encode()
    return Message(data, message_id, date, harmful)


def of_corpus(folder):
    """The messages of a folder of .eml files, in the order of their names."""
    found = []
    for path in sorted(pathlib.Path(folder).glob("*.eml")):
        data = path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        message_id = header_of(data, b"message-id")
        if message_id:
            moment = datetime.datetime.fromtimestamp(1600000000 + 86413 * len(found),
                                                     datetime.timezone.utc)
            found.append(Message(data, message_id, moment, True))
    return found


def header_of(data, name):
    """A header of a message, unfolded and trimmed, or None."""
    head = data.split(b"\r\n\r\n", 1)[0].replace(b"\r\n ", b" ").replace(b"\r\n\t", b" ")
    for line in head.split(b"\r\n"):
        key, colon, value = line.partition(b":")
        if colon and key.strip().lower() == name:
            return value.strip().decode("utf-8", "replace")
    return None


def spread(names, count, corpus, seed):
    """Decides what lies where: yields (mailbox, folder, message, flags).

    Half of an inbox is harmful; every fifth harmful message lies in the next mailbox too.
    """
    chance = random.Random(seed)
    stock = of_corpus(corpus) if corpus else []
    chance.shuffle(stock)
    places = [name for name, weight in FOLDERS for _ in range(weight)]
    number = 0
    for index, mailbox in enumerate(names):
        for _ in range(count):
            number += 1
            folder = chance.choice(places)
            harmful = number % 2 == 0
            if harmful and stock:
                message = stock.pop()
            else:
                message = made_up(chance, number, mailbox, harmful)
            yield mailbox, folder, message, chance.choice(FLAG_SETS)
            if harmful and number % 10 == 0 and len(names) > 1:
                yield names[(index + 1) % len(names)], "INBOX", message, ()
