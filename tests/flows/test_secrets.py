"""Whatever fails, no secret of the environment is told: not on the console, not in the store, not in any file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flows.commands import said_by
from tests.flows.pulling import FOLDER, Puller, every_text
from tests.flows.servers import Answer, web_server

SECRET = "kanarienvogel-7731"
VARIABLES = ("A_TOKEN", "A_PASSWORD", "A_KEY_ID", "A_SECRET", "A_PASSPHRASE", "A_KEY_FILE")
NOBODY = "127.0.0.1:9"
"""The port of discard, at which nobody listens."""

SOURCES = f"""\
{FOLDER}  - {{kind: http, addresses: ['WEB/a.xlsx'], token_env: A_TOKEN}}
  - {{kind: http, addresses: ['https://{NOBODY}/b.xlsx'], user: stat, password_env: A_PASSWORD}}
"""


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret in every variable, and no waiting."""
    for number, name in enumerate((*VARIABLES, "YUEBAO_PASSWORDS")):
        monkeypatch.setenv(name, f"{SECRET}-{number}")
    monkeypatch.setattr("time.sleep", lambda _: None)


def test_no_secret_is_told_whatever_fails(
    puller: Puller, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = str(puller.workspace.root)
    with web_server() as web:
        web.says("/a.xlsx", Answer(401, f"refused: {SECRET}-0".encode(), (("X-Quoted", f"Bearer {SECRET}-0"),)))
        file = puller.workspace.folder("small") / "district.yaml"
        puller.declare(SOURCES.replace("'WEB", f"'{web.address}").replace("token_env: A_TOKEN", "label: a"))
        plain = file.read_text(encoding="utf-8")
        printed = ""
        for command in (
            ("pull", "small"),
            ("run", "small", "2024-03"),
            ("status", "small"),
            ("backfill", "small", "2024-02", "2024-03"),
            ("publish", "small", "2024-03", "--by", "王主任"),
            ("run", "small", "2030-01"),
        ):
            _, text = said_by(capfd, monkeypatch, *command, "--workspace", root)
            printed += text
        assert "Traceback" not in printed, printed
        assert SECRET not in printed
        # A secret where only a variable's name may stand is refused, and not quoted back.
        for name in ("A_PASSWORD",):
            file.write_text(plain.replace(name, f"{SECRET}-x"), encoding="utf-8")
            status, text = said_by(capfd, monkeypatch, "pull", "small", "--workspace", root)
            assert status == 3
            assert SECRET not in text
        file.write_text(plain, encoding="utf-8")
    assert SECRET not in every_text(puller.workspace.root)


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://stat:{SECRET}@{NOBODY}/yuebao",
        f"postgresql://stat:{SECRET}@x@{NOBODY}/yuebao",
        f"postgresql://stat:{SECRET}@{NOBODY}:port/yuebao",
        f"postgresql://stat:{SECRET}%40@{NOBODY}/yuebao?password={SECRET}",
        f"nosuch://stat:{SECRET}@{NOBODY}/yuebao",
        f"stat:{SECRET}@{NOBODY}",
        f"sqlite:////proc/none/{NOBODY}?password={SECRET}",
        f"postgresql://stat:{SECRET}@{NOBODY}/yuebao?connect_timeout=never",
    ],
)
def test_a_database_that_cannot_be_had_tells_no_password(
    address: str, puller: Puller, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", address)
    status, text = said_by(capfd, monkeypatch, "pull", "small", "--workspace", str(puller.workspace.root))
    assert (status, SECRET in text, "Traceback" in text) == (7, False, False), text
    assert SECRET not in every_text(tmp_path)
