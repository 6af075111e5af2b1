"""Real Prefect servers of the tests' own: processes on free ports of loopback, each with a home and a database."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

START_WITHIN = 180
"""Seconds; a new database takes 15 on an idle machine, and its tests may share two cores with others."""


@contextmanager
def running_server(database: str | None = None, settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """The API address of a server that runs meanwhile, on SQLite, or on the PostgreSQL database of that address.

    ``settings`` are more environment values for it. The scheduler looks more often than Prefect's own would.
    """
    home = Path(tempfile.mkdtemp(prefix="prefect"))
    port = free_port()
    address = f"http://127.0.0.1:{port}/api"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")},
        "DO_NOT_TRACK": "1",
        "PREFECT_HOME": str(home),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_UI_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "2",
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": _asynchronous(database) or f"sqlite+aiosqlite:///{home}/prefect.db",
        **(settings or {}),
    }
    command = ("prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port))
    log = home / "server.log"
    try:
        with running(*command, into=log, environment=environment) as process:
            _wait_for(address, process, log)
            yield address
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def running(
    *command: str, into: Path | None = None, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A module's process that leads a group of its own, gone afterwards and when the tests' own process is killed.

    ``into`` is where what it says is kept.
    """
    with (into or Path(os.devnull)).open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            process_group=0,
        )
    # Whatever becomes of the tests' own process, its going closes the pipe, and the group goes, too.
    watch = ["sh", "-c", f"read gone; kill -KILL -{process.pid}"]
    with subprocess.Popen(watch, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, process_group=0) as watcher:
        try:
            yield process
        finally:
            end(process)
            watcher.kill()


def end(process: subprocess.Popen[bytes], first: int = signal.SIGTERM) -> None:
    """End a process that leads a group of its own, with all of its group."""
    for one in (first, signal.SIGKILL):
        try:
            os.killpg(process.pid, one)
        except ProcessLookupError:
            break
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            continue
    process.wait(15)


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _asynchronous(database: str | None) -> str | None:
    """The address with the driver that Prefect's server wants."""
    return database.replace("postgresql://", "postgresql+asyncpg://", 1) if database else None


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_WITHIN
    # Straight to loopback, whatever proxy the machine has.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with opener.open(f"{address}/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    told = log.read_text(encoding="utf-8", errors="replace")[-3000:]
    raise RuntimeError(f"Prefect's server at {address} didn't start within {START_WITHIN} s:\n{told}")


# --- PostgreSQL without contrib -----------------------------------------------------------------

_TRIGRAMS = """\
-- Prefect's migrations ask for trigram indexes of names. PyPI's PostgreSQL comes without contrib, so these indexes hold
-- nothing, and having no operators are never used: a search by a part of a name reads the table.
CREATE FUNCTION nothing_extracted(text, internal, internal) RETURNS internal
    LANGUAGE internal IMMUTABLE STRICT AS 'void_in';
CREATE FUNCTION nothing_asked(text, internal, int2, internal, internal, internal, internal) RETURNS internal
    LANGUAGE internal IMMUTABLE STRICT AS 'void_in';
CREATE FUNCTION nothing_found(internal, int2, text, int4, internal, internal, internal, internal) RETURNS boolean
    LANGUAGE internal IMMUTABLE STRICT AS 'void_in';
CREATE OPERATOR CLASS gin_trgm_ops FOR TYPE text USING gin AS
    FUNCTION 1 bttextcmp(text, text),
    FUNCTION 2 nothing_extracted(text, internal, internal),
    FUNCTION 3 nothing_asked(text, internal, int2, internal, internal, internal, internal),
    FUNCTION 4 nothing_found(internal, int2, text, int4, internal, internal, internal, internal),
    STORAGE text;
"""


def database_for_prefect(uri: str, folder: Path, name: str) -> str:
    """A fresh database of that name for Prefect's server, on a PostgreSQL that may lack its extension pg_trgm.

    ``folder``, straight in the temporary folder, keeps the extension for as long as the database is used.
    """
    import psycopg

    extensions = folder / "extension"
    extensions.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)  # Where root runs the tests, PostgreSQL is somebody else's.
    (extensions / "pg_trgm.control").write_text("default_version = '1.6'\nrelocatable = true\n", encoding="ascii")
    (extensions / "pg_trgm--1.6.sql").write_text(_TRIGRAMS, encoding="ascii")
    head, _, query = uri.partition("?")
    made = f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    with psycopg.connect(made, autocommit=True) as connection:
        there = connection.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'").fetchone()
        if not there:
            connection.execute(f"SET extension_control_path = '{folder}:$system'")
            connection.execute("CREATE EXTENSION pg_trgm")
    return made
