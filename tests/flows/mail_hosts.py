"""Real SMTP servers of the tests' own, on loopback: with TLS or without, and with what can go wrong."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
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
