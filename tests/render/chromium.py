"""Drives Debian's chromium over a pipe, in the words of its DevTools protocol."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""


class Tab:
    """One page, told what to do by commands such as Page.navigate."""

    def __init__(self, reads: Any, writes: Any) -> None:
        self._reads, self._writes, self._heard = reads, writes, b""
        self._last, self._session = 0, ""
        target = self.do("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.do("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Accessibility", "Runtime"):
            self.do(f"{domain}.enable")

    def do(self, method: str, **told: Any) -> Any:
        """Give a command and what it answers."""
        self._last += 1
        message = {"id": self._last, "method": method, "params": told}
        if self._session:
            message["sessionId"] = self._session
        self._writes.write(json.dumps(message).encode() + b"\0")
        self._writes.flush()
        answer = self._until(lambda heard: heard.get("id") == self._last)
        assert "error" not in answer, answer
        return answer["result"]

    def open(self, file: Path, width: int, height: int = 900) -> None:
        """Show a file on a screen that is so wide, and wait until it's loaded."""
        self.do("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.do("Page.navigate", url=file.as_uri())
        self._until(lambda heard: heard.get("method") == "Page.loadEventFired")

    def run(self, script: str) -> Any:
        """What a script of the page returns."""
        answer = self.do("Runtime.evaluate", expression=f"(() => {{ {script} }})()", returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def _until(self, wanted: Any) -> Any:
        while True:
            heard = json.loads(self._next())
            if wanted(heard):
                return heard

    def _next(self) -> bytes:
        while b"\0" not in self._heard:
            piece = self._reads.read1(1 << 20)
            assert piece, "chromium has ended"
            self._heard += piece
        message, _, self._heard = self._heard.partition(b"\0")
        return message


@contextmanager
def tab(home: Path, fonts: Path) -> Iterator[Tab]:
    """A fresh browser with one tab; it sees no network and writes only below ``home``."""
    to_browser, from_us = _pipe()
    to_us, from_browser = _pipe()
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync", "--hide-scrollbars"]
    flags += ["--disable-background-networking", "--disable-component-update", "--remote-debugging-pipe"]

    def wire() -> None:
        os.dup2(to_browser, 3)
        os.dup2(from_browser, 4)

    process = subprocess.Popen(
        [CHROMIUM, *flags, f"--user-data-dir={home / 'profile'}"],
        stderr=subprocess.DEVNULL,
        env=os.environ | {"FONTCONFIG_FILE": str(fonts / "fonts.conf"), "HOME": str(home)},
        preexec_fn=wire,
        close_fds=False,
    )
    os.close(to_browser)
    os.close(from_browser)
    with os.fdopen(from_us, "wb") as writes, os.fdopen(to_us, "rb") as reads:
        try:
            yield Tab(reads, writes)
        finally:
            process.kill()
            process.wait(30)


def _pipe() -> tuple[int, int]:
    """A pipe whose ends aren't 3 and 4, which the browser wants for itself."""
    ends = os.pipe()
    reads, writes = (fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends)
    for end in ends:
        os.close(end)
    return reads, writes
