from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.xdist_group("hostile")


def ran(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The module run under its own limits of memory and computing time: what breaks them ends it."""
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "RUST_BACKTRACE": "0"},
        timeout=900,
        check=False,
    )


@pytest.fixture(scope="module")
def hostile() -> dict[str, str]:
    made = ran("tests.transforms.hostile")
    told = dict(line.split("\t", 1) for line in made.stdout.splitlines())
    assert made.returncode == 0, f"ended at {made.stdout.splitlines()[-1]}: {made.stderr[-2000:]}"
    assert "panicked" not in made.stderr
    return told


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("a bomb", "压缩炸弹"),
        ("twenty thousand parts", "不是电子表格"),
        ("many bombs below the ratio", "不是电子表格"),
        ("bombs in a workbook", "压缩炸弹"),
        ("a size that lies", "压缩炸弹"),
        ("one part twice", "出现两次"),
        ("entities", "DOCTYPE"),
        ("entities in ods", "DOCTYPE"),
        ("a million empty columns", "16384列"),
        ("a million columns", "16384列"),
        ("a line of 50 MB", "13万字"),
        ("50 MB in quotes", "13万字"),
        ("zero bytes in csv", "不是电子表格"),
        ("an open quote", "引号"),
        ("many far cells", "很远的位置"),
        ("cells without an end", "损坏"),
        ("elements without an end", "损坏"),
        ("elements very deep", "损坏"),
        ("styles very deep", "损坏"),
        ("a string that isn't there", "损坏"),
        ("no relations", "损坏"),
        ("no styles", "styles.xml"),
        ("ods columns repeated", "很远的位置"),
        ("ods cells repeated", "很远的位置"),
        ("ods very deep", "损坏"),
        ("sectors that follow themselves", "损坏"),
        ("a directory that follows itself", "损坏"),
        ("a page of open tags", "没有表格"),
        ("a page of open comments", "没有表格"),
        ("tables in tables", "没有表格"),
        ("random bytes", "不是电子表格"),
        ("random bytes in a zip's clothes", "损坏"),
        ("random bytes in ole's clothes", "损坏"),
        ("random bytes in xlsb's clothes", "损坏"),
    ],
)
def test_a_hostile_file_is_refused_in_a_sentence(hostile: dict[str, str], file: str, words: str) -> None:
    assert hostile[file].startswith("refused: ")
    assert words in hostile[file]
    assert "处理：" in hostile[file]


@pytest.mark.parametrize(
    ("file", "read"),
    [
        ("a bomb in a bomb", "1 tables, 20 readings"),
        ("a part outside", "1 tables, 20 readings"),
        ("names like paths", "1 tables, 20 readings"),
        ("a far cell", "0 tables"),
        ("far cells written casually", "0 tables"),
        ("one column to the end", "0 tables"),
        ("styled empty rows", "0 tables"),
        ("merges over everything", "0 tables"),
        ("very many merges", "0 tables"),
        ("links to other files", "0 tables"),
        ("relations in a circle", "0 tables"),
        ("ods spans", "0 tables"),
        ("ods spaces", "0 tables"),
        ("a page with vast spans", "0 tables"),
    ],
)
def test_what_is_only_strange_is_read(hostile: dict[str, str], file: str, read: str) -> None:
    assert hostile[file].startswith(f"read: {read}")


def test_no_hostile_file_is_left_out(hostile: dict[str, str]) -> None:
    told = {mark for name, value in globals().items() if name.startswith("test_") for mark in _files_of(value)}
    assert hostile.keys() - told == {"a negative string"}


def _files_of(test: object) -> set[str]:
    return {case[0] for mark in getattr(test, "pytestmark", ()) for case in mark.args[1]}


def test_mutated_files_keep_the_promises(capsys: pytest.CaptureFixture[str]) -> None:
    # YUEBAO_FUZZ_SECONDS=600 looks longer, with other seeds.
    made = ran("tests.transforms.fuzz", *os.environ.get("YUEBAO_FUZZ_SECONDS", "").split())
    told = made.stdout.strip().splitlines()[-1] if made.stdout else ""
    with capsys.disabled():
        print(f"\nfuzz: {told}")
    assert made.returncode == 0, made.stdout[-3000:] + made.stderr[-2000:]
    counted = re.match(r"(\d+) cases: (\d+) read, (\d+) refused, 0 broken", told)
    assert counted
    assert int(counted[1]) > 3000
    assert min(int(counted[2]), int(counted[3])) > 500
