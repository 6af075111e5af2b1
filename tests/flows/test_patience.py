"""A server that sends a byte now and then, and never a whole answer: the pull ends all the same."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import pytest

from flows.sources.delivery import Unreachable
from flows.sources.mailboxes import Mailbox
from flows.sources.patience import Patience, persist
from flows.sources.sftp import SftpDoor
from transforms.declared.sources import ImapSource, SftpSource


@contextmanager
def trickling(greeting: bytes) -> Iterator[int]:
    """The port of a server that sends the greeting's bytes over and over, one at a time, to whoever connects."""
    over = threading.Event()
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while not over.is_set():
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=trickle, args=(connection,), daemon=True).start()

    def trickle(connection: socket.socket) -> None:
        with connection:
            try:
                while not over.wait(0.01):
                    connection.sendall(greeting)
            except OSError:
                return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        over.set()
        listening.shutdown(socket.SHUT_RDWR)  # closing alone leaves accept waiting
        listening.close()
        thread.join()


@pytest.mark.parametrize("kind", ["imap", "sftp"])
def test_a_server_that_never_ends_its_answer_is_given_up(
    kind: Literal["imap", "sftp"], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORD", "word")
    patience = Patience(within=0.3, answer=20.0, sleep=lambda _seconds: None)
    with trickling(b"*") as port:
        if kind == "imap":
            declared: dict[str, object] = {"kind": kind, "host": "127.0.0.1", "port": port, "tls": False, "user": "u"}
            mailbox = Mailbox(
                ImapSource.model_validate({**declared, "password_env": "WORD", "senders": ["a@b.cn"]}), patience
            )
            with pytest.raises(Unreachable, match="no whole answer within"):
                list(mailbox.look(lambda _item, _tag: False))
        else:
            url = f"sftp://127.0.0.1:{port}/folder"
            door = SftpDoor(
                SftpSource.model_validate({"kind": kind, "url": url, "user": "u", "password_env": "WORD"}), patience
            )
            with pytest.raises(Unreachable, match="no whole answer within"):
                persist(url, patience, door.files, door.close)
