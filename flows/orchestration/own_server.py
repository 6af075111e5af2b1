"""A Prefect server of our own, where none is configured: a child process, restarted if it dies, ended with us."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.modes import make_private_file, make_private_folder, tighten_all
from flows.whole_file import write_whole
from transforms.errors import EnvironmentFault

ADDRESS = "address"
"""The file in its folder that says where it is while it runs, for those who ask how it does."""
START_WITHIN = 180
"""Seconds; a new database takes half a minute."""
_PR_SET_PDEATHSIG = 1
_FOR_US_ALONE = 0o077
"""What others may not do with what the server makes: its database knows names, files and faults."""


@contextmanager
def own_server(folder: Path, port: int | None) -> Iterator[str]:
    """The API address of a server on loopback that keeps its database and its log in the folder.

    It's configured for this process and what it starts. EnvironmentFault if it doesn't start.
    """
    make_private_folder(folder)
    tighten_all(folder)  # What an older version let others read: the database with its write-ahead log, the logs.
    server = _Server(folder, port or _free_port())
    server.start()
    try:
        server.wait()
        os.environ["PREFECT_API_URL"] = server.address
        write_whole(folder / ADDRESS, server.address.encode("ascii"))
        watch = threading.Thread(target=server.watch, daemon=True)
        watch.start()
        yield server.address
    finally:
        (folder / ADDRESS).unlink(missing_ok=True)
        server.end()


class _Server:
    def __init__(self, folder: Path, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}/api"
        self._folder, self._port = folder, port
        self._process: subprocess.Popen[bytes] | None = None
        self._ending = threading.Event()
        self._turn = threading.Lock()

    def start(self) -> None:
        """Start it; its log goes on."""
        environment = {
            **os.environ,
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": os.environ.get("PREFECT_SERVER_DATABASE_CONNECTION_URL")
            or f"sqlite+aiosqlite:///{self._folder / 'prefect.db'}",
            "PREFECT_API_URL": self.address,
            # Kept on disk, so that a slot held while the server dies isn't lost for good.
            "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
        }
        command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(self._port)]
        log = self._folder / "server.log"
        make_private_file(log)
        with self._turn, log.open("ab") as out:
            self._process = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                process_group=0,
                umask=_FOR_US_ALONE,
                preexec_fn=_die_with_parent,
            )

    def wait(self) -> None:
        """Until it answers."""
        deadline = time.monotonic() + START_WITHIN
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        while time.monotonic() < deadline and self._process is not None and self._process.poll() is None:
            try:
                with opener.open(f"{self.address}/health", timeout=5):
                    return
            except OSError:
                time.sleep(0.2)
        raise EnvironmentFault(
            f"Prefect's server didn't start on port {self._port}; its log is {self._folder / 'server.log'}; if the "
            "port is taken, name another with --port"
        )

    def watch(self) -> None:
        """Start it again whenever it dies, until it's ended on purpose."""
        while not self._ending.wait(1):
            if self._process is not None and self._process.poll() is not None:
                self.start()
                self._ending.wait(4)  # One that dies at once must not keep a core busy.

    def end(self) -> None:
        """End it with all that it started."""
        self._ending.set()
        with self._turn:
            process = self._process
        if process is None:
            return
        for one in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(process.pid, one)
                process.wait(15)
            except ProcessLookupError:
                break
            except subprocess.TimeoutExpired:
                continue
        process.wait(15)


def _die_with_parent() -> None:
    """In the child: be ended when the process that started it is gone, even by SIGKILL (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
