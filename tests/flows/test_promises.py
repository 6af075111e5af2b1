"""docs/security.md names tests that there are; and names of files that bureaus tell are cleaned."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from flows.sources.file_names import own_name
from flows.unit_files import unit_parts

ROOT = Path(__file__).resolve().parents[2]
PROMISES = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


def test_every_promise_is_shown_by_a_test_that_there_is() -> None:
    rows = [line for line in PROMISES.splitlines() if line.startswith("| ")][1:]
    assert len(rows) >= 8
    for row in rows:
        named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", row)
        assert named, row
        for file, test in named:
            text = (ROOT / file).read_text(encoding="utf-8")
            assert not test or f"def {test}(" in text, (file, test)


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\win.ini", "win.ini"),
        ("/etc/cron.d/job", "job"),
        ("..", "file"),
        (".", "file"),
        ("", "file"),
        (".hidden.xlsx", "hidden.xlsx"),
        ("a\x00b\r\nc.xlsx", "a b c.xlsx"),
        ("月报\u202excod.exe", "月报xcod.exe"),
        ("a\u2028b.xlsx", "a b.xlsx"),
    ],
)
def test_a_told_name_becomes_a_file_s_own_name(told: str, name: str) -> None:
    assert own_name(told, "file") == name


@pytest.mark.parametrize("told", ["长" * 400 + ".xlsx", "a." + "b" * 400, "../" * 200 + "x" * 300])
def test_a_long_name_is_cut(told: str) -> None:
    assert len(own_name(told, "file")) <= 141


@pytest.mark.parametrize(
    "unit", ["../../etc", "/etc/passwd", "区\x00局", "区\u202e局", "CON", "a:b|c?", "长" * 300, "..", "\t", "a/../b"]
)
def test_a_unit_s_part_of_a_name_leads_nowhere(unit: str) -> None:
    part = unit_parts([unit])[unit]
    assert part
    assert len(part.encode()) <= 160
    assert not re.search(r'[/\\:*?"<>|\x00-\x1f\u202e]', part)
    assert part not in {".", ".."}
