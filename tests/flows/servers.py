"""Real servers of the tests' own, on loopback: web, SFTP, S3 and IMAP, each with what can go wrong."""

from __future__ import annotations

import asyncio
import datetime as dt
import imaplib
import ipaddress
import os
import ssl
import threading
from argparse import Namespace
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PASSWORD = "correct horse battery staple"
USER = "stat@bureau.example"


# --- Web ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """What the web server says once; ``cut`` bytes of the body are promised and not sent."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    cut: int = 0
    hang: bool = False
    trickles: int = 0
    """So many bytes come before the body, one now and then."""


@dataclass
class Web:
    """A web server: each path gives its answers one after the other, the last one for ever."""

    address: str
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    posted: list[tuple[str, bytes]] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def says(self, path: str, *answers: Answer) -> str:
        """Let a path give these answers; gives its address."""
        self.answers[path] = list(answers)
        return f"{self.address}{path}"

    def answer(self, path: str) -> Answer:
        left = self.answers.get(path, [Answer(404)])
        return left.pop(0) if len(left) > 1 else left[0]


@contextmanager
def web_server(certificate: Certificate | None = None) -> Iterator[Web]:
    """A web server, on TLS if it has a certificate."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            web.asked.append((self.path, dict(self.headers)))
            answer = web.answer(self.path.partition("?")[0] if self.command == "POST" else self.path)
            if answer.hang:
                web.ended.wait(30)
                return
            self.send_response(answer.status)
            for name, value in answer.headers:
                self.send_header(name, value)
            if not any(name == "Content-Length" for name, _ in answer.headers):
                self.send_header("Content-Length", str(len(answer.body) + answer.cut + answer.trickles))
            self.end_headers()
            for _ in range(answer.trickles):
                if web.ended.wait(0.05):
                    break
                self.wfile.write(b" ")
            self.wfile.write(answer.body)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            web.posted.append((self.path, body))
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """A client that turns away is part of the tests."""

    server = Server(("127.0.0.1", 0), Handler)
    if certificate is not None:
        server.socket = certificate.context().wrap_socket(server.socket, server_side=True)
    web = Web(f"http{'s' if certificate else ''}://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield web
    finally:
        web.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


# --- TLS ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Certificate:
    """A certificate for this machine that its holder has signed himself, in one file with its key."""

    file: Path

    def context(self) -> ssl.SSLContext:
        """For a server."""
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(self.file)
        return made


def certificate_in(folder: Path) -> Certificate:
    """Make a certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "certificate.pem"
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return Certificate(file)


# --- Servers that live in an event loop ---------------------------------------------------------


@contextmanager
def in_loop(start: Callable[[AsyncExitStack], Coroutine[Any, Any, Any]]) -> Iterator[Any]:
    """Run a server in a thread with a loop of its own; gives what its start gives."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    stack = AsyncExitStack()
    try:
        yield asyncio.run_coroutine_threadsafe(start(stack), loop).result(120)
    finally:
        asyncio.run_coroutine_threadsafe(_end(stack), loop).result(120)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


async def _end(stack: AsyncExitStack) -> None:
    await stack.aclose()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


# --- SFTP ---------------------------------------------------------------------------------------


@dataclass
class SftpServed:
    """An SFTP server over a folder: where it listens and which key it shows."""

    port: int
    root: Path
    fingerprint: str
    known_hosts: str
    lose: list[str] = field(default_factory=list)
    """Names at whose opening the connection is lost, once for each time that they stand here."""
    growing: dict[str, int] = field(default_factory=dict)
    """Names of files to which a byte is added after each of so many readings."""
    logins: int = 0


@contextmanager
def sftp_server(root: Path) -> Iterator[SftpServed]:
    """An SFTP server that lets USER in with PASSWORD."""
    import asyncssh

    key = asyncssh.generate_private_key("ssh-ed25519")
    served = SftpServed(0, root, key.get_fingerprint(), "")

    connections: list[asyncssh.SSHServerConnection] = []

    class Login(asyncssh.SSHServer):
        def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
            connections.append(conn)

        def begin_auth(self, username: str) -> bool:
            return True

        def password_auth_supported(self) -> bool:
            return True

        def validate_password(self, username: str, password: str) -> bool:
            served.logins += 1
            return (username, password) == ("stat", PASSWORD)

    class Files(asyncssh.SFTPServer):
        def __init__(self, channel: asyncssh.SSHServerChannel[bytes]) -> None:
            super().__init__(channel, chroot=str(root).encode())

        def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
            name = os.fsdecode(path).rpartition("/")[2]
            if name in served.lose:
                served.lose.remove(name)
                self.channel.get_connection().abort()
            return super().open(path, pflags, attrs)

        def close(self, file_obj: object) -> None:
            super().close(file_obj)
            opened: Any = file_obj
            file = Path(os.fsdecode(opened.name))
            if served.growing.get(file.name, 0):
                served.growing[file.name] -= 1
                file.write_bytes(file.read_bytes() + b"x")

        def scandir(self, path: bytes) -> Any:
            if path.endswith("保密".encode()):
                raise asyncssh.SFTPPermissionDenied("not for you")
            return super().scandir(path)

    async def start(stack: AsyncExitStack) -> SftpServed:
        server = await asyncssh.listen(
            "127.0.0.1", 0, server_factory=Login, server_host_keys=[key], sftp_factory=Files, encoding=None
        )

        async def end() -> None:
            server.close()
            for connection in connections:
                connection.abort()
                await connection.wait_closed()
            await asyncio.sleep(0)  # a transport closes its socket in the loop's next round

        stack.push_async_callback(end)
        served.port = server.get_port()
        served.known_hosts = f"[127.0.0.1]:{served.port} {key.export_public_key().decode()}"
        return served

    with in_loop(start) as made:
        yield made


# --- IMAP ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MailServed:
    """An IMAP server with one mailbox."""

    port: int
    certificate: Certificate | None

    def bring(self, mail: Message, came: dt.datetime, folder: str = "INBOX") -> None:
        """Let a mail come at a moment."""
        self.bring_bytes(mail.as_bytes(), came, folder)

    def bring_bytes(self, mail: bytes, came: dt.datetime, folder: str = "INBOX") -> None:
        """Let a mail come of which no library makes the bytes."""
        with self._client() as client:
            assert client.append(folder, "", imaplib.Time2Internaldate(came), mail)[0] == "OK"

    def empty(self) -> None:
        """Take every mail away."""
        with self._client() as client:
            client.select("INBOX")
            client.store("1:*", "+FLAGS", r"(\Deleted)")
            client.expunge()

    def flags(self) -> str:
        """What is marked on the mails."""
        with self._client() as client:
            client.select("INBOX", readonly=True)
            return str(client.fetch("1:*", "(FLAGS)")[1])

    @contextmanager
    def _client(self) -> Iterator[imaplib.IMAP4]:
        if self.certificate is None:
            client = imaplib.IMAP4("127.0.0.1", self.port)
        else:
            context = ssl.create_default_context(cafile=str(self.certificate.file))
            client = imaplib.IMAP4_SSL("127.0.0.1", self.port, ssl_context=context)
        with client:
            client.login(USER, PASSWORD)
            yield client


@contextmanager
def mail_server(certificate: Certificate | None) -> Iterator[MailServed]:
    """An IMAP server that lets USER in with PASSWORD, on TLS if it has a certificate."""
    from proxyprotocol.reader import ProxyProtocolReader
    from proxyprotocol.version import ProxyProtocolVersion
    from pymap.backend.dict import DictBackend
    from pymap.imap import IMAPServer

    async def start(stack: AsyncExitStack) -> MailServed:
        asked = Namespace(
            host="127.0.0.1", port="0", debug=False, demo_data=False, demo_user=USER, demo_password=PASSWORD,
            cert=None, key=None, tls=False, proxy_protocol=None, passlib_cfg=None, inherited_sockets=None,
        )  # fmt: skip
        backend, config = await DictBackend.init(asked, invalid_user_sleep=0.0)
        config.apply_context()
        await backend.start(stack)
        talk = ProxyProtocolReader(ProxyProtocolVersion.get(None)).get_callback(IMAPServer(backend.login, config))
        server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=certificate.context() if certificate else None)
        stack.callback(server.close)
        return MailServed(server.sockets[0].getsockname()[1], certificate)

    with in_loop(start) as made:
        yield made
