"""Draws and writes each kind of chart many times over, and prints what one costs in milliseconds and in bytes.

``python -m benchmarks.charts`` prints medians; a bulletin of fifty indicators has about a hundred charts.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path

from flows.render.templates import fill_page
from transforms import charts
from transforms.assessments import Status
from transforms.charts import Drawing
from transforms.figures import printed
from transforms.periods import Period
from transforms.writing.bulletin import StatusCount
from transforms.writing.histories import AreaHistory, AreaRanks, HistoryMonth, IndicatorHistory, Shown

REPEATS = 20
COPIES = 20
"""Drawings on one page: a page's own cost is shared out among them and taken off."""
PERIOD = Period(2024, 6)
AREAS = 22


def main() -> None:
    """Print the cost of each kind."""
    history, places = _history(), _areas()
    counts = [StatusCount(status, status.chinese, at + 1, "—", ()) for at, status in enumerate(Status)]
    kinds: dict[str, Callable[[], Drawing]] = {
        "bullet": lambda: charts.bullet(history),
        "bullets, 12 indicators": lambda: charts.bullets([history] * 12),
        "line": lambda: charts.line(history),
        "growth": lambda: charts.growth(history),
        f"ranks, {AREAS} areas": lambda: charts.ranks(places),
        "calendar, 50 indicators": lambda: charts.calendar([history] * 50),
        "sparkline": lambda: charts.sparkline(history),
        "counts": lambda: charts.counts(counts, sum(one.count for one in counts)),
    }
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html.j2"
        page.write_text(
            '{% from "charts/drawing.svg.j2" import draw %}{{ style }}'
            "{% for one in drawings %}{{ draw(one) }}{% endfor %}",
            encoding="utf-8",
        )
        empty = _seconds(lambda: fill_page(page, "", drawings=[]))
        print("| chart | geometry, ms | SVG and its check, ms | bytes |")
        print("|---|---|---|---|")
        for name, draw in kinds.items():
            drawing = draw()
            geometry = _seconds(draw)
            written = (_seconds(partial(fill_page, page, "", drawings=[drawing] * COPIES)) - empty) / COPIES
            size = len(fill_page(page, "", drawings=[drawing]).encode())
            print(f"| {name} | {geometry * 1000:.2f} | {written * 1000:.2f} | {size} |")


def _seconds(task: Callable[[], object]) -> float:
    taken = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        task()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def _shown(value: float) -> Shown:
    exact = Decimal(str(value))
    return Shown(exact, printed(exact, 1))


def _history() -> IndicatorHistory:
    months = [
        HistoryMonth(
            period,
            Status.ON_PATH if period.month % 2 else Status.BEHIND,
            _shown(14.1 * period.month),
            _shown(8.3 * period.month),
            _shown(8.3 * period.month),
            _shown(8.1 * period.month),
            _shown(8.3 * period.month),
            _shown(9.2 - period.month / 10),
        )
        for period in PERIOD.months_of_year_so_far()
    ]
    return IndicatorHistory(
        code="output",
        section="all",
        name="规模以上工业总产值",
        unit="亿元",
        kind="reach",
        target=_shown(170),
        upper=None,
        target_cell="≥170",
        path_name="序时进度",
        months=tuple(months),
        last_year=tuple(_shown(13 * month) for month in range(1, 13)),
        path=tuple(_shown(14.2 * month) for month in range(1, 13)),
    )


def _areas() -> AreaHistory:
    areas = (
        AreaRanks(f"三十铺{at}镇", tuple((at * month) % AREAS + 1 for month in range(1, 7)), None)
        for at in range(AREAS)
    )
    return AreaHistory("规上工业总产值（乡镇、街道）", "亿元", PERIOD, tuple(areas))


if __name__ == "__main__":
    main()
