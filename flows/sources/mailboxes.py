"""Takes the attachments out of a mailbox by IMAP; changes nothing in it. The door to imap-tools."""

from __future__ import annotations

import datetime as dt
import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from functools import partial
from typing import Any

from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError

from flows.clock import BEIJING, now
from flows.sources.attachments import Attachment, Unwanted, attachments, taken_apart
from flows.sources.delivery import Delivery, Found, Nothing, PassedOver, Taken, Unchanged, lost, within_limit
from flows.sources.file_names import of_header, words
from flows.sources.patience import MayPass, Patience, persist
from flows.sources.secrets import secret
from transforms.declared.sources import ImapSource
from transforms.errors import InputError

_HEADS_AT_ONCE = 100


class Mailbox:
    """One folder of one mailbox; connects when it's first needed.

    Each mail is a delivery of its own, received when the server says it came (INTERNALDATE): a correction that is sent
    later is a later vintage, and one unit's 报送表.xlsx of June never takes the place of its 报送表.xlsx of May.
    """

    def __init__(self, source: ImapSource, patience: Patience) -> None:
        self._source, self._patience = source, patience
        self._box: BaseMailBox | None = None
        self._generation = ""

    def look(self, taken: Taken) -> Iterator[Found]:
        """Every attachment of the senders' mails, oldest first; a mail that was taken in before isn't fetched again."""
        heads = persist(self._source.place, self._patience, self._heads, self.close)
        for head in sorted(heads, key=lambda one: (one.came, one.uid)):
            origin = f"{self._source.place}/{head.came:%Y-%m-%dT%H%M%S}/{head.sender}/{head.subject}"
            if not head.wanted:
                yield PassedOver(origin, "its sender isn't among senders")
                continue
            if not self._source.is_about(head.subject):
                continue
            item = f"{self._source.place}#{self._generation}.{head.uid}"
            if taken(item, _TAKEN):
                yield Unchanged(origin)
                continue
            if taken(item, _EMPTY):
                continue
            try:
                # Base64 makes a third more of a file, and a mail may hold several.
                within_limit(origin, head.size // 4)
                mail = persist(origin, self._patience, partial(self._mail, head.uid, origin), self.close)
            except InputError as error:
                yield lost(origin, error)
                continue
            if mail is not None:
                yield from _deliveries(mail, origin, min(head.came, now()), item)

    def close(self) -> None:
        """Give the connection back."""
        if self._box is not None:
            with suppress(OSError):  # the other side may be gone already
                self._box.client.shutdown()
            self._box = None

    def _heads(self) -> list[_Head]:
        """Who wrote when about what, and how much, of every mail that is old enough."""
        with self._told():
            box = self._connected()
            since = self._source.since
            criteria = f"SINCE {since.day}-{_MONTHS[since.month - 1]}-{since.year}" if since else "ALL"
            uids = box.uids(criteria)
            found = []
            for start in range(0, len(uids), _HEADS_AT_ONCE):
                some = ",".join(uids[start : start + _HEADS_AT_ONCE])
                wanted = "(UID INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (FROM SUBJECT)])"
                for told, body in _answers(box.client.uid("FETCH", some, wanted)):
                    found.append(self._head(told, message_from_bytes(body)))
            if len(found) < len(uids):
                raise MayPass(f"the server told of {len(found)} mails of {len(uids)}")
            return [head for head in found if since is None or head.came.date() >= since]

    def _head(self, told: str, head: Message) -> _Head:
        senders = _addresses(head)
        try:
            came = parsedate_to_datetime(_first(r'INTERNALDATE "([^"]+)"', told)).astimezone(BEIJING)
        except ValueError:
            raise imaplib.IMAP4.abort("a mail's INTERNALDATE is no time") from None
        return _Head(
            uid=_first(r"\bUID (\d+)", told),
            came=came,
            size=int(_first(r"RFC822\.SIZE (\d+)", told)),
            sender=words("、".join(senders)),
            subject=words(of_header(head.get("Subject"))),
            wanted=bool(senders) and all(self._source.lets_in(one) for one in senders),
        )

    def _mail(self, uid: str, origin: str) -> Message | None:
        """The whole mail; None if it has been taken away since."""
        with self._told():
            for _, body in _answers(self._connected().client.uid("FETCH", uid, "(UID BODY.PEEK[])")):
                return taken_apart(body, origin)
            return None

    def _connected(self) -> BaseMailBox:
        if self._box is None:
            source, seconds = self._source, self._patience.answer
            password = secret(source.password_env, source.place)
            if source.tls:
                self._box = MailBox(source.host, source.port, seconds, ssl_context=ssl.create_default_context())
            else:
                self._box = MailBoxUnencrypted(source.host, source.port, seconds)
            if (source.user + password).isascii():
                self._box.login(source.user, password, initial_folder=None)
            else:
                self._box.login_utf8(source.user, password, initial_folder=None)
            if "ID" in self._box.client.capabilities:  # 163.com opens no folder to a program without a name
                self._box.client.xatom("ID", '("name" "yuebao")')
            self._box.folder.set(source.folder, readonly=True)
            generation = self._box.client.response("UIDVALIDITY")[1]
            self._generation = generation[0].decode() if generation and generation[0] else ""
        return self._box

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Failures as those that may pass and those that won't."""
        place = self._source.place
        try:
            yield
        except MailboxLoginError:
            raise InputError(
                f"{place}: the server refuses user {self._source.user}; see to user and {self._source.password_env} "
                "(many services want an authorisation code, 授权码, and IMAP switched on)"
            ) from None
        except MailboxFolderSelectError:
            raise InputError(
                f"{place}: there's no folder {self._source.folder}, or it may not be opened; look it up in the mailbox"
            ) from None
        except ssl.SSLCertVerificationError as error:
            raise InputError(
                f"{place}: the server's certificate isn't trusted ({error.verify_message}); if the office has a "
                "certificate authority of its own, name its file in SSL_CERT_FILE"
            ) from None
        except (ImapToolsError, imaplib.IMAP4.error, EOFError, OSError) as error:
            raise MayPass(f"the connection failed ({type(error).__name__})") from None


_TAKEN = "taken"
_EMPTY = "no attachment that's read"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""IMAP's own, whatever the machine's language."""


@dataclass(frozen=True, slots=True)
class _Head:
    uid: str
    came: dt.datetime
    size: int
    sender: str
    subject: str
    wanted: bool


def _deliveries(mail: Message, origin: str, came: dt.datetime, item: str) -> Iterator[Found]:
    used: set[str] = set()
    empty = True
    for one in attachments(mail):
        name = f"{origin}/{one.name}"
        count = 1
        while name in used:
            count += 1
            name = f"{origin}/{count}/{one.name}"
        used.add(name)
        match one:
            case Attachment():
                empty = False
                workbook = one.name.rpartition("/")[2]
                yield Delivery(name, workbook, partial(bytes, one.data), came, item, _TAKEN)
            case Unwanted(error=None):
                yield PassedOver(name, one.why)
            case Unwanted(error=InputError() as error):
                empty = False
                yield lost(name, error, item)
    if empty:
        yield Nothing(item, _EMPTY)


def _addresses(head: Message) -> list[str]:
    """Who wrote; nobody, where comments within comments go deeper than anybody writes them."""
    try:
        return [address for _, address in getaddresses([of_header(one) for one in head.get_all("From", [])])]
    except RecursionError:
        return []


def _answers(answer: tuple[str, list[Any]]) -> Iterator[tuple[str, bytes]]:
    """What the server told of each mail, and the literal that it sent with it."""
    status, parts = answer
    if status != "OK":
        raise imaplib.IMAP4.abort(f"FETCH answers {status}")
    told, body = "", None
    for part in parts:
        if isinstance(part, tuple):
            if body is not None:
                yield told, body
            told, body = part[0].decode("ascii", "replace"), part[1]
        elif isinstance(part, bytes):
            told += " " + part.decode("ascii", "replace")
    if body is not None:
        yield told, body


def _first(pattern: str, told: str) -> str:
    found = re.search(pattern, told)
    if found is None:
        raise imaplib.IMAP4.abort("the server's answer lacks what was asked for")
    return found[1]
