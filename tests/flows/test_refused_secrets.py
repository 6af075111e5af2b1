"""A secret that the other side refuses or quotes, or that nobody took, is told nowhere: not printed, kept or mailed."""

from __future__ import annotations

import base64
import email
import email.policy
import json
import logging
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import pytest

from flows.store import Store
from flows.workspace import Workspace
from tests.flows.commands import said_by
from tests.flows.delivering import Office, standing_office
from tests.flows.mail_hosts import MailHost, mail_host
from tests.flows.pulling import Puller, every_text, statistics
from tests.flows.servers import USER, Answer, certificate_in, mail_server, sftp_server, web_server
from tests.flows.small import Sent
from tests.transforms import other_formats

CANARY = "kanarienvogel/7731+x="
"""With marks that addresses, JSON and Base64 write otherwise."""
NOBODY = "http://127.0.0.1:9"
"""The port of discard, at which nobody listens."""
OPS = "ops@bureau.example"
_SERVERS = {"mail.log"}
"""What the tests' own servers tell of their clients."""
WRITTEN = (
    "kanarienvogel",
    base64.b64encode(b"kanarienvogel")[:16].decode(),
    base64.b64encode(b"\0stat@bur")[:11].decode(),
)
"""The canary's beginning as it may be written anywhere: as it is, in Base64, after the user's name in AUTH PLAIN."""


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """No waiting, and every line of the libraries heard that an operator may ask for."""
    monkeypatch.setattr("time.sleep", lambda _: None)
    for name in ("YUEBAO_SECRET", "YUEBAO_SECRET_ID", "YUEBAO_PASSWORDS"):
        monkeypatch.setenv(name, CANARY)
    caplog.set_level(logging.INFO)


class Listening:
    """Everything that a workspace's commands told, wherever they told it."""

    def __init__(
        self,
        workspace: Workspace,
        capfd: pytest.CaptureFixture[str],
        caplog: pytest.LogCaptureFixture,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        self._workspace, self._capfd, self._caplog, self._monkeypatch = workspace, capfd, caplog, monkeypatch
        self.printed = ""

    def run(self, *command: str) -> int:
        """The command's exit status; a traceback counts as printed."""
        root = self._workspace.root
        status, printed = said_by(self._capfd, self._monkeypatch, *command, "--workspace", root)
        self.printed += printed
        return status

    def told(self) -> str:
        """What was printed and logged, what stands in files, in the store, and in the district's export."""
        rows: list[bytes] = []
        store = Store(self._workspace.store_address)
        try:
            store.rows_of("small", lambda _, lines: rows.extend(lines))
        finally:
            store.close()
        kept = every_text(self._workspace.root)
        assert "127.0.0.1" in self.printed + kept  # what was refused was told of, without the secret
        logged = "\n".join(one.getMessage() for one in self._caplog.records if one.name not in _SERVERS)
        return self.printed + logged + kept + b"".join(rows).decode()


@pytest.fixture
def listening(
    workspace_and_sent: tuple[Workspace, Sent],
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> Listening:
    return Listening(workspace_and_sent[0], capfd, caplog, monkeypatch)


@pytest.fixture
def office(workspace_and_sent: tuple[Workspace, Sent], monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    with standing_office(workspace_and_sent[0], monkeypatch) as made:
        yield made


@pytest.fixture
def ops(tmp_path: Path) -> Iterator[MailHost]:
    """Where alerts go."""
    with mail_host("none", certificate_in(tmp_path)) as made:
        yield made


def alerts_to(ops: MailHost) -> str:
    return (
        f"alerts:\n  - {{kind: mail, name: ops, host: 127.0.0.1, port: {ops.port}, tls: none, "
        f"sender: {{name: 月报, address: stat@bureau.example}}, recipients: [{{name: 运维, address: {OPS}}}]}}\n"
    )


def mailed(host: MailHost) -> str:
    """Every mail, as its reader sees it."""
    told = ""
    for _, data in host.taken:
        mail = email.message_from_bytes(data, policy=email.policy.default)
        told += str(mail.items()) + "".join(
            str(part.get_content()) for part in mail.walk() if part.get_content_maintype() == "text"
        )
    return told


def none_in(told: str) -> None:
    assert "Traceback" not in told, told[-4000:]
    for written in WRITTEN:
        assert written not in told, told[max(told.find(written) - 300, 0) :][:600]


# --- Ways out -----------------------------------------------------------------------------------


def declare_mail(office: Office, server: str, ops: MailHost) -> None:
    office.declare(
        f"deliver:\n  - {{kind: mail, name: leaders, host: 127.0.0.1, {server}, user: {USER}, "
        "password_env: YUEBAO_SECRET, sender: {name: 区经信局, address: stat@bureau.example}, "
        "recipients: [{name: 王明, address: wang@bureau.example}]}\n" + alerts_to(ops)
    )
    office.publish()


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_a_refused_password_of_a_mail_server(
    office: Office, ops: MailHost, listening: Listening, tls: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = certificate_in(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
    with mail_host(tls, certificate) as host:
        declare_mail(office, f"port: {host.port}, tls: {tls}", ops)
        assert listening.run("deliver", "small") == 6
        assert host.taken == []
    office.later(days=1)
    listening.run("deliver", "small")  # nobody is there any more
    listening.run("deliver", "small", "--dry-run", "--json")
    listening.run("status", "small", "--json")
    assert "login refused" in listening.printed
    none_in(listening.told() + mailed(ops))


def test_a_mail_server_that_quotes_the_password_when_it_refuses_a_recipient(
    office: Office, ops: MailHost, listening: Listening, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = certificate_in(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
    monkeypatch.setattr("tests.flows.mail_hosts.PASSWORD", CANARY)
    quoted = base64.b64encode(f"\0{USER}\0{CANARY}".encode()).decode()
    with mail_host("implicit", certificate) as host:
        declare_mail(office, f"port: {host.port}, tls: implicit", ops)
        host.refuses["wang@bureau.example"] = f"550 not after AUTH PLAIN {quoted} ({CANARY}){'.' * 200}{CANARY}"
        assert listening.run("deliver", "small") == 6
    assert "550 not after AUTH PLAIN *** (***)" in listening.printed
    assert "投递被拒" in mailed(ops)
    none_in(listening.told() + mailed(ops))


ROBOTS = {
    "wecom": ("/cgi-bin/webhook/send?key={}", "errcode", "errmsg"),
    "dingtalk": ("/robot/send?access_token={}", "errcode", "errmsg"),
    "feishu": ("/open-apis/bot/v2/hook/{}", "code", "msg"),
}


@pytest.mark.parametrize("kind", ROBOTS)
@pytest.mark.parametrize("how", ["refused", "moved", "a page", "not there", "no address", "no port"])
def test_a_robot_s_address_and_secret(
    office: Office, ops: MailHost, listening: Listening, monkeypatch: pytest.MonkeyPatch, kind: str, how: str
) -> None:
    pattern, code, message = ROBOTS[kind]
    way = pattern.format(quote(CANARY, safe=""))
    secret = "" if kind == "wecom" else ", secret_env: YUEBAO_SECRET"
    quoting = f"{CANARY} {quote(CANARY)} {way}"
    quoting += f"{'.' * (195 - len(quoting))}{CANARY}"  # 200 characters are told, so that half of it would be
    answers = {
        "refused": Answer(200, json.dumps({code: 19001, message: quoting}).encode()),
        "moved": Answer(302, b"", (("Location", f"{NOBODY}/{CANARY}"),)),
        "a page": Answer(200, quoting.encode()),
    }
    with web_server() as web:
        web.says(way.partition("?")[0], answers.get(how, Answer(404)))
        address = {
            "not there": f"{NOBODY}{way}",
            "no address": f"https://[{CANARY}",
            "no port": f"https://127.0.0.1:{CANARY}{way}",
        }.get(how, f"{web.address}{way}")
        monkeypatch.setenv("YUEBAO_ROBOT", address)
        office.declare(f"deliver:\n  - {{kind: {kind}, name: chat, url_env: YUEBAO_ROBOT{secret}}}\n" + alerts_to(ops))
        office.publish()
        assert listening.run("deliver", "small") == 6
        listening.run("deliver", "small", "--dry-run", "--json")
        listening.run("status", "small")
        assert len(web.posted) == (how in answers)
    none_in(listening.told() + mailed(ops))


def test_a_bucket_s_refused_key_where_issues_are_copied_to(office: Office, ops: MailHost, listening: Listening) -> None:
    with web_server() as web:
        for name in ("bulletin.pdf", "bulletin.html", "manifest.json", "notices/区人社局.pdf"):
            body = f"<Error><Code>SignatureDoesNotMatch</Code><Message>{CANARY}</Message></Error>"
            web.says(f"/issues/small/2024-001/{quote(name)}", Answer(403, body.encode()))
        office.declare(
            "deliver:\n  - {kind: folder, name: bucket, url: 's3://issues', region: us-east-1, "
            f"endpoint: '{web.address}', key_id_env: YUEBAO_SECRET_ID, secret_env: YUEBAO_SECRET}}\n" + alerts_to(ops)
        )
        office.publish()
        assert listening.run("deliver", "small") == 6
    office.later(days=1)
    assert listening.run("deliver", "small") == 6  # nobody is there any more
    none_in(listening.told() + mailed(ops))


# --- Sources ------------------------------------------------------------------------------------


def test_refused_passwords_of_sources_and_a_locked_workbook_s(
    puller: Puller, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> None:  # fmt: skip
    certificate = certificate_in(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
    monkeypatch.setenv("YUEBAO_KNOWN_HOSTS", str(tmp_path / "known_hosts"))
    (tmp_path / "served" / "报送").mkdir(parents=True)
    inbox = puller.workspace.folder("small") / "inbox" / "2024-04-17"
    (inbox / "锁.xlsx").write_bytes(other_formats.encrypted(statistics(42.5), CANARY))
    (inbox / "另锁.xlsx").write_bytes(other_formats.encrypted(statistics(42.5), "another"))
    listening = Listening(puller.workspace, capfd, caplog, monkeypatch)
    with ExitStack() as servers:
        mail = servers.enter_context(mail_server(certificate))
        sftp = servers.enter_context(sftp_server(tmp_path / "served"))
        web = servers.enter_context(web_server())
        for path in ("/returns", "/returns?list-type=2&prefix=&delimiter=&encoding-type=url"):
            web.says(path, Answer(403, f"<Error><Code>AccessDenied</Code><Message>{CANARY}</Message></Error>".encode()))
        puller.declare(
            "  - {kind: folder, path: inbox}\n"
            f"  - {{kind: imap, host: 127.0.0.1, port: {mail.port}, user: {USER}, password_env: YUEBAO_SECRET, "
            "senders: ['@bureau.example']}\n"
            f"  - {{kind: sftp, url: 'sftp://127.0.0.1:{sftp.port}/报送', user: stat, password_env: YUEBAO_SECRET, "
            f"host_keys: ['{sftp.fingerprint}']}}\n"
            f"  - {{kind: s3, url: 's3://returns', endpoint: '{web.address}', region: us-east-1, "
            "key_id_env: YUEBAO_SECRET_ID, secret_env: YUEBAO_SECRET}\n"
            f"  - {{kind: http, addresses: ['{web.address}/a.xlsx'], token_env: YUEBAO_SECRET}}\n"
        )
        for command in (("pull", "small"), ("run", "small", "2024-03"), ("status", "small"), ("doctor",), ("log",)):
            listening.run(*command)
    listening.run("pull", "small")  # nobody is there any more
    for refusing in (f"the server refuses user {USER}", "the server refuses user stat"):
        assert refusing in listening.printed
    assert "s3://returns" in listening.printed
    none_in(listening.told())
