"""Lays each document of a bulletin out as a PDF, and compares the time with Chromium's printing of the same HTML.

``python -m benchmarks.documents [DISTRICT PERIOD]`` prints, for every template, the seconds that a warm process takes
and the ratio to a warm Chromium with the same fonts and content; then how long twelve months take with two workers, as
a share of the time with one. The candidates run in turn, and medians are compared, so that a busy machine slows all.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flows.fingerprint import reader_fingerprint
from flows.jobs import Job, declare
from flows.monthly import arrange, bring_in, judged_from_store
from flows.render import render_pdf, render_xlsx
from flows.render.templates import TEMPLATES, fill
from flows.store import Store
from flows.workspace import INSTALLED, Workspace, fonts_folder
from tests.render.chromium import CHROMIUM, Tab, tab
from transforms.assessments import Assessment
from transforms.periods import Period
from transforms.writing.bulletin import Bulletin

REPEATS = 5


def main() -> None:
    """Print both comparisons."""
    district, period = (sys.argv[1:] or ["luan-jinan", "2024-06"])[:2]
    with tempfile.TemporaryDirectory() as folder:
        print(f"{district} {period}, medians of {REPEATS}")
        _documents(Job(_workspace(Path(folder) / "documents"), district, Period.parse(period)), Path(folder))
        _workers(Path(folder), district, int(period[:4]))


def _documents(job: Job, folder: Path) -> None:
    bulletin, assessments, templates = _bulletin(job)
    workbook = {"bulletin.xlsx": render_xlsx(bulletin, assessments)}
    fonts = fonts_folder().resolve()
    with tab(folder / "browser", fonts) as browser:
        for template in templates:
            page = folder / f"{template}.html"
            page.write_text(_paper_page(bulletin, template), encoding="utf-8")
            ours, theirs = _in_turn(
                lambda template=template: render_pdf(bulletin, template, fonts, workbook),  # type: ignore[misc]
                lambda page=page: _print(browser, page),  # type: ignore[misc]
            )
            print(f"{template:10} {ours:5.2f} s, {ours / theirs:4.1f} of Chromium's {theirs:4.2f} s")


def _workers(folder: Path, district: str, year: int) -> None:
    seconds = []
    for workers in (1, 2):
        workspace = _workspace(folder / f"workers{workers}")
        _fill_store(workspace, district)
        # Each in a process of its own: one that has laid pages out before would be spared the start.
        command = ["backfill", district, f"{year}-01", f"{year}-12", "--workers", str(workers)]
        started = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "flows.cli", *command, "--workspace", str(workspace.root)],
            cwd=INSTALLED,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        seconds.append(time.perf_counter() - started)
    one, two = seconds
    print(f"12 months  {one:5.1f} s with one worker; with two {two:5.1f} s, {two / one:4.2f} of it")


def _fill_store(workspace: Workspace, district: str) -> None:
    store = Store(workspace.store_address)
    try:
        bring_in(workspace, workspace.district(district), store)
    finally:
        store.close()


def _bulletin(job: Job) -> tuple[Bulletin, tuple[Assessment, ...], tuple[str, ...]]:
    declared, store = declare(job), Store(job.workspace.store_address)
    try:
        bring_in(job.workspace, declared.district, store)
        inputs = store.inputs(job.district, reader_fingerprint(), job.period, None)
        judged = judged_from_store(job, declared, store, inputs, ())
    finally:
        store.close()
    return (arrange(job, declared, judged), judged.assessments, declared.district.bulletin.templates)


def _paper_page(bulletin: Bulletin, template: str) -> str:
    """The HTML that becomes the PDF, its style sheets written into it."""
    sheets = [TEMPLATES / template / "style.css"] + [TEMPLATES / "draft" / "paper.css"] * bulletin.edition.draft
    style = "".join(
        sheet.read_text(encoding="utf-8").replace("url(", f"url({sheet.parent.as_uri()}/") for sheet in sheets
    )
    return fill(bulletin, TEMPLATES / template, "", "").replace("</head>", f"<style>{style}</style></head>", 1)


def _print(browser: Tab, page: Path) -> None:
    browser.open(page, 1200)
    browser.do("Page.printToPDF", preferCSSPageSize=True, generateTaggedPDF=True, generateDocumentOutline=True)


def _in_turn(*candidates: Callable[[], object]) -> list[float]:
    taken: list[list[float]] = [[] for _ in candidates]
    for candidate in candidates:
        candidate()  # warm
    for _ in range(REPEATS):
        for candidate, seconds in zip(candidates, taken, strict=True):
            started = time.perf_counter()
            candidate()
            seconds.append(time.perf_counter() - started)
    return [statistics.median(seconds) for seconds in taken]


def _workspace(root: Path) -> Workspace:
    root.mkdir()
    (root / "data_raw").symlink_to(INSTALLED / "data_raw")
    return Workspace(root)


if __name__ == "__main__":
    if not CHROMIUM:
        sys.exit("no browser: install Debian's package chromium")
    main()
