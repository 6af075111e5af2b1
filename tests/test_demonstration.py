"""The demonstration's inbox is what its script makes today, says 演示数据 everywhere, and carries the whole plan."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from transforms.declared.corrections import Corrections
from transforms.declared.declarations import load
from transforms.declared.plan import Plan
from transforms.ledgers.credit_code import is_credit_code

DISTRICT = Path(__file__).resolve().parent.parent / "data_raw" / "luan-jinan"
INBOX = DISTRICT / "inbox"
YEARS = (2023, 2024)

Rows = list[list[str]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demonstration") / "inbox"
    script = DISTRICT / "demonstration.py"
    subprocess.run([sys.executable, str(script), "--into", str(folder)], check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def sheets() -> dict[tuple[str, str], Rows]:
    """The texts of every sheet, by the file's place in the inbox and the sheet's name."""
    return {(name, sheet): rows for name, file in files(INBOX).items() for sheet, rows in texts(file).items()}


def files(folder: Path) -> dict[str, Path]:
    return {file.relative_to(folder).as_posix(): file for file in sorted(folder.rglob("*")) if file.is_file()}


def texts(file: Path) -> dict[str, Rows]:
    if file.suffix == ".csv":
        return {"": [line.split(",") for line in file.read_text(encoding="gb18030").splitlines()]}
    book = CalamineWorkbook.from_path(file)
    return {
        name: [[str(cell) for cell in row] for row in book.get_sheet_by_name(name).to_python()]
        for name in book.sheet_names
    }


def bare(text: str) -> str:
    return text.strip("　 ").removeprefix("其中：")


def cells_of(sheets: dict[tuple[str, str], Rows], year: int) -> set[str]:
    told = (rows for (name, _), rows in sheets.items() if f"_{year}年" in name)
    return {bare(cell) for rows in told for row in rows for cell in row}


def unpacked(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as book:
        return {member: book.read(member) for member in book.namelist()}


def test_the_committed_files_are_those_that_the_script_makes(made: Path) -> None:
    assert list(files(made)) == list(files(INBOX))


def test_the_committed_bytes_are_those_that_the_script_makes(made: Path) -> None:
    committed = files(INBOX)
    changed = [name for name, file in files(made).items() if file.read_bytes() != committed[name].read_bytes()]
    # Another zlib packs the same sheets into other bytes; what is packed may not differ.
    differ = [n for n in changed if not n.endswith(".xlsx") or unpacked(made / n) != unpacked(committed[n])]
    assert differ == []


def test_the_same_machine_makes_the_same_bytes_again(made: Path, tmp_path: Path) -> None:
    script = DISTRICT / "demonstration.py"
    subprocess.run([sys.executable, str(script), "--into", str(tmp_path / "again")], check=True, capture_output=True)
    first, second = files(made), files(tmp_path / "again")
    assert [name for name in first if first[name].read_bytes() != second[name].read_bytes()] == []


def test_every_file_name_says_that_it_is_made_up() -> None:
    assert [name for name in files(INBOX) if "演示数据" not in Path(name).name] == []


def test_every_sheet_says_in_its_title_that_it_is_made_up(sheets: dict[tuple[str, str], Rows]) -> None:
    assert [key for key, rows in sheets.items() if "（演示数据）" not in rows[0][0]] == []


def test_every_file_lies_in_the_folder_of_a_day() -> None:
    days = {dt.date.fromisoformat(Path(name).parent.as_posix()) for name in files(INBOX)}
    assert min(days) == dt.date(2023, 2, 10)
    assert max(days) == dt.date(2025, 1, 17)


def test_the_inbox_is_small() -> None:
    assert sum(file.stat().st_size for file in files(INBOX).values()) < 4_000_000


@pytest.mark.parametrize("year", YEARS)
def test_every_indicator_of_the_plan_stands_in_a_file_or_is_counted_from_a_ledger(
    year: int, sheets: dict[tuple[str, str], Rows]
) -> None:
    plan = plan_of(year)
    cells = cells_of(sheets, year)
    titles = {rows[0][0] for rows in sheets.values()}
    absent = [
        indicator.code
        for indicator in plan.indicators
        if not cells & set(indicator.labels)
        and not (indicator.counted and any(indicator.counted.ledger in title for title in titles))
    ]
    assert absent == []


@pytest.mark.parametrize("year", YEARS)
def test_every_qualitative_task_of_the_plan_stands_in_a_form(year: int, sheets: dict[tuple[str, str], Rows]) -> None:
    cells = cells_of(sheets, year)
    tasks = plan_of(year).qualitative
    assert [task.code for task in tasks if not cells & {task.task, *task.labels}] == []


def test_every_credit_code_has_its_check_digit(sheets: dict[tuple[str, str], Rows]) -> None:
    codes = {cell for rows in sheets.values() for row in rows for cell in row if cell.startswith("91341502")}
    assert len(codes) > 150
    assert [code for code in codes if not is_credit_code(code)] == []


def test_the_error_that_the_correction_mends_stands_in_the_source(sheets: dict[tuple[str, str], Rows]) -> None:
    corrections, _ = load((DISTRICT / "corrections.yaml").read_text(encoding="utf-8"), "corrections.yaml", Corrections)
    (correction,) = corrections.corrections
    rows = sheets["2024-05-17/主要经济指标_2024年4月_演示数据.csv", ""]
    (row,) = [row for row in rows if bare(row[0]) == correction.label]
    assert Decimal(row[-1]) == correction.found


def plan_of(year: int) -> Plan:
    return load((DISTRICT / "plan" / f"{year}.yaml").read_text(encoding="utf-8"), f"{year}.yaml", Plan)[0]
