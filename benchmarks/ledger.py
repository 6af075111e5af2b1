"""Reads and counts a ledger of 50,000 rows, and compares the time with what other readers need for its bare cells.

``python -m benchmarks.ledger`` prints ratios. Each candidate runs in turn, several times over, and medians are
compared, so that a busy machine slows all of them alike.
"""

from __future__ import annotations

import datetime as dt
import io
import random
import statistics
import time
from collections.abc import Callable

import pandas as pd
import xlsxwriter
from python_calamine import CalamineWorkbook

from transforms.declared.counting import AtLeast, Count
from transforms.ledgers.counting import counted_rows
from transforms.periods import Period
from transforms.tables.reading import read

ROWS = 50_000
REPEATS = 9
_HEAD = ("序号", "项目名称", "统一社会信用代码", "建设地点", "行业", "总投资（亿元）", "年度计划投资（亿元）",
         "签约日期", "开工日期", "形象进度")  # fmt: skip
_AREAS = ("三十铺镇", "东桥镇", "城北镇", "木厂镇", "施桥镇")
_SECTORS = ("装备", "纺织", "食品", "新能源", "生物医药")
_STAGES = ("前期", "基础施工", "主体封顶", "设备安装", "投产")
_RULE = Count(
    ledger="工业项目台账",
    date="签约日期",
    where=(AtLeast.model_validate({"kind": "at-least", "column": "总投资", "value": "1", "unit": "亿元"}),),
)


def main() -> None:
    """Print how our reader compares."""
    data = made_ledger()
    times: dict[str, list[float]] = {}
    candidates: dict[str, Callable[[bytes], int]] = {
        "ours, read and counted": _ours,
        "calamine, rows": _calamine_rows,
        "calamine, list of rows": _calamine_list,
    }
    for _ in range(REPEATS):
        for name, candidate in candidates.items():
            times.setdefault(name, []).append(_seconds(candidate, data))
    times["pandas with openpyxl"] = [_seconds(_pandas, data)]
    ours = statistics.median(times["ours, read and counted"])
    print(f"{ROWS} rows × {len(_HEAD)} columns, {len(data) // 1024} KB")
    for name, taken in times.items():
        middle = statistics.median(taken)
        print(
            f"{name:24} {middle:7.3f} s   ours is {ours / middle:5.2f} times that, {middle / ours:5.2f} times as fast"
        )


def made_ledger(rows: int = ROWS) -> bytes:
    """A ledger with true dates, texts, codes and amounts, the same each time."""
    rng = random.Random(20240630)
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    page = book.add_worksheet("台账")
    days = book.add_format({"num_format": "yyyy-mm-dd"})
    page.write_string(0, 0, "金安区2024年6月工业项目台账（演示数据）")
    page.write_row(1, 0, _HEAD)
    for number in range(1, rows + 1):
        day = dt.date(2024, 1, 1) + dt.timedelta(days=rng.randrange(180))
        page.write_row(
            number + 1,
            0,
            (number, f"项目{number:05d}", f"91341502MA{number:08d}", rng.choice(_AREAS), rng.choice(_SECTORS),
             rng.randrange(1, 5000) / 100, rng.randrange(1, 500) / 100),
        )  # fmt: skip
        page.write_datetime(number + 1, 7, day, days)
        page.write_datetime(number + 1, 8, day + dt.timedelta(days=30), days)
        page.write_string(number + 1, 9, rng.choice(_STAGES))
    book.close()
    return made.getvalue()


def _ours(data: bytes) -> int:
    (table,) = read(data, "台账.xlsx", "v").tables
    if table.ledger is None or len(table.ledger.rows) != ROWS:
        raise SystemExit("the ledger wasn't read whole; what was measured means nothing")
    return sum(1 for _ in counted_rows(table.ledger, _RULE, Period(2024, 6)))


def _calamine_rows(data: bytes) -> int:
    return sum(1 for _ in CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).iter_rows())


def _calamine_list(data: bytes) -> int:
    return len(CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python())


def _pandas(data: bytes) -> int:
    return len(pd.read_excel(io.BytesIO(data), engine="openpyxl", header=1))


def _seconds(candidate: Callable[[bytes], int], data: bytes) -> float:
    started = time.perf_counter()
    candidate(data)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
