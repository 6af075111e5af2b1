"""Real SMTP servers of the tests' own, on loopback: with TLS or without, and with what can go wrong."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.flows.servers import PASSWORD, USER, Certificate


@dataclass
class MailHost:
    """What an SMTP server took, and what it's told to refuse."""

    port: int = 0
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    """Each recipient with the mail's bytes."""
    refuses: dict[str, str] = field(default_factory=dict)
    """Recipients with the answer that they get."""
    ends_with: list[str] = field(default_factory=list)
    """Answers to a mail's end, each once; 'hang up' ends the connection after the mail was taken."""

    def mails(self, address: str) -> list[bytes]:
        return [data for to, data in self.taken if to == address]


class _Taking:
    def __init__(self, host: MailHost) -> None:
        self._host = host

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self._host.refuses:
            return self._host.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self._host.ends_with.pop(0) if self._host.ends_with else "250 queued as 7"
        if answer in {"hang up", "250 queued as 7"}:
            assert isinstance(envelope.content, bytes)
            self._host.taken += [(to, envelope.content) for to in envelope.rcpt_tos]
        if answer == "hang up":
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return answer


def _lets_in(server: Any, session: Any, envelope: Any, mechanism: str, told: Any) -> AuthResult:
    right = isinstance(told, LoginPassword) and (told.login, told.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


@contextmanager
def mail_host(tls: str, certificate: Certificate) -> Iterator[MailHost]:
    """An SMTP server; with TLS (implicit, starttls) it lets USER in with PASSWORD and nobody else."""
    host = MailHost()
    options: dict[str, Any] = {}
    if tls == "implicit":
        options = {"ssl_context": certificate.context()}
    elif tls == "starttls":
        options = {"tls_context": certificate.context(), "require_starttls": True}
    if tls != "none":
        # aiosmtpd knows of no TLS but STARTTLS, and warns of a login that's required without.
        by_command = tls == "starttls"
        options |= {"authenticator": _lets_in, "auth_required": by_command, "auth_require_tls": by_command}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        host.port = free.getsockname()[1]
    controller = Controller(_Taking(host), hostname="127.0.0.1", port=host.port, **options)
    controller.start()
    try:
        yield host
    finally:
        controller.stop()


@contextmanager
def dying_in_the_middle() -> Iterator[int]:
    """A server that hangs up once it has some of a mail; gives its port."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # so that the rest is still to be sent

    def talk() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as lines:
                connection.sendall(b"220 here\r\n")
                for line in lines:
                    if line.startswith(b"DATA"):
                        connection.sendall(b"354 go on\r\n")
                        lines.read(1000)
                        break
                    connection.sendall(b"250 fine\r\n")

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


@dataclass
class Trickling:
    """A server that trickles one answer, a byte now and then and for long, or until it's told to go on."""

    port: int
    mails: int = 0
    ended: threading.Event = field(default_factory=threading.Event)
    """Whether whoever was given the trickle has gone."""
    _whole: threading.Event = field(default_factory=threading.Event)

    def go_on(self) -> None:
        """Answer whole from now on."""
        self._whole.set()

    def talk(self, connection: socket.socket, at: bytes) -> None:
        """Answer everything well, and trickle the answer to the command, or to nothing yet."""
        trickles = not self._whole.is_set()
        with connection, connection.makefile("rb") as lines, suppress(ConnectionError):
            self._say(connection, b"220 here", trickles=not at and trickles)
            in_mail = False
            for line in lines:
                if in_mail and line != b".\r\n":
                    continue
                self.mails += in_mail
                in_mail = line.startswith(b"DATA")
                told = b"354 go on" if in_mail else b"250 fine"
                self._say(connection, told, trickles=bool(at) and line.upper().startswith(at) and trickles)
        if trickles:
            self.ended.set()

    def _say(self, connection: socket.socket, told: bytes, *, trickles: bool) -> None:
        if trickles:
            connection.sendall(told[:3] + b"-")
            for _ in range(400):
                if self._whole.wait(0.05):
                    break
                connection.sendall(b".")
            connection.sendall(b"\r\n")
        connection.sendall(told + b"\r\n")


@contextmanager
def trickling(at: bytes) -> Iterator[Trickling]:
    """Such a server, which trickles its answer to the line that begins so; its greeting where that is nothing."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = Trickling(listening.getsockname()[1])

    def take() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=server.talk, args=(connection, at), daemon=True).start()

    thread = threading.Thread(target=take, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.go_on()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()
