"""The same months on SQLite and on PostgreSQL: pulled, read, edited, made, backfilled, published, told and archived."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from flows.archive import make_archive
from flows.backfill import Backfill, backfill
from flows.issuing import Order, publish_draft
from flows.jobs import Job, directly
from flows.monthly import make_bulletin, take_in
from flows.status import reports_of, status_of
from flows.store import Store
from flows.workspace import Workspace
from tests.flows.small import Sent
from transforms.periods import Period

FEBRUARY, MARCH = Period(2024, 2), Period(2024, 3)
EDIT = "## 总体目标\n\n规模以上工业总产值完成42.5亿元。\n"


def lived(workspace: Workspace, sent: Sent) -> tuple[dict[str, bytes], list[Any]]:
    """A life of the district: the files that it leaves, and what is told of it."""
    told: list[Any] = []
    district = workspace.district("small")
    store = Store(workspace.store_address)
    pulled = take_in(workspace, district, store)
    told.append([(one.workbook, one.sha256) for one in pulled.new])
    edits = workspace.folder("small") / "edits"
    edits.mkdir()
    (edits / "2024-03.md").write_text(EDIT, encoding="utf-8")
    told.append(backfill(Backfill(workspace, ("small",), FEBRUARY, MARCH.next, workers=2), directly, lambda _: None))
    told.append(publish_draft(Order(Job(workspace, "small", FEBRUARY), "王明")).issue.designation)
    # A revision, which withdraws nothing but changes the month that is issued and the one after.
    sent.statistics("2024-05-17", 2024, 2, 26.4, "—", "主要经济指标_2024年2月（修订）_演示数据.xlsx")
    told.append(make_bulletin(Job(workspace, "small", FEBRUARY)).fingerprint)
    told.append(publish_draft(Order(Job(workspace, "small", FEBRUARY), "王明")).issue.designation)
    told.append(make_bulletin(Job(workspace, "small", MARCH)).fingerprint)
    told.append(store.remembered_quotes("small", MARCH))
    status = status_of(workspace, "small")
    told.append([replace(one, issue=None, run="") for one in status.periods])
    told.append(reports_of(workspace, "small", MARCH))
    told.append(make_archive(workspace, district).bulletins)
    store.close()
    folder = workspace.out / "small"
    files = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }
    # Who signed is told with the second.
    signed = {name for name in files if name.startswith("issues/") and name.endswith("manifest.json")}
    assert len(signed) == 2
    return {name: data for name, data in files.items() if name not in signed}, told


def test_both_databases_live_the_same_life(
    make_workspace: Callable[[str], tuple[Workspace, Sent]],
    new_database: Callable[[], str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'store.sqlite3'}")
    on_sqlite = lived(*make_workspace("sqlite"))
    monkeypatch.setenv("DATABASE_URL", new_database())
    on_postgresql = lived(*make_workspace("postgresql"))
    assert on_postgresql[1] == on_sqlite[1]
    assert on_postgresql[0].keys() == on_sqlite[0].keys()
    assert {name for name, data in on_sqlite[0].items() if on_postgresql[0][name] != data} == set()
    assert "小经信通报〔2024〕1号（更正）" in map(str, on_sqlite[1])
