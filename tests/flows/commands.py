"""`yuebao` as its operator runs it, within the tests' own process."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path

import pytest

from flows.cli import main


def yuebao(monkeypatch: pytest.MonkeyPatch, *words: str | Path) -> int:
    """The exit status of the command."""
    monkeypatch.setattr(sys, "argv", ["yuebao", *map(str, words)])
    try:
        main()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def said_by(
    captured: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *words: str | Path
) -> tuple[int, str]:
    """The command's exit status and all that it printed; a traceback counts as printed."""
    try:
        status = yuebao(monkeypatch, *words)
    except Exception:
        traceback.print_exc()
        status = 1
    printed = captured.readouterr()
    return status, printed.out + printed.err
