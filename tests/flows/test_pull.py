"""What holds for every source: one that fails leaves the others, a bulletin says so, an old store still opens."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from flows.backfill import Backfill, Result, backfill
from flows.clock import BEIJING
from flows.foreseeing import Prospect, foresee
from flows.jobs import directly
from flows.status import Standing, status_of
from flows.store import Store
from flows.workspace import Workspace
from tests.flows.commands import yuebao
from tests.flows.pulling import FOLDER, Puller, statistics, told
from tests.flows.servers import Answer, web_server
from tests.flows.small import Sent
from transforms.arrivals import SourceRecord, unreached
from transforms.errors import InputError, PartialError
from transforms.periods import Period

SNAPSHOT = Path(__file__).parent / "store_before_sources.sql"


def test_one_source_that_fails_leaves_the_others_and_the_bulletin_says_so(puller: Puller) -> None:
    with web_server() as web:
        address = web.says("/二月.xlsx", Answer(404))
        puller.declare(f"{FOLDER}  - {{kind: http, addresses: ['{address}']}}\n")
        pulled = puller.pull()
        assert [told(one) for one in pulled.sources] == [(5, 0, 0, 0, 0), (0, 0, 0, 0, 1)]
        with pytest.raises(PartialError, match="1 of 2 sources"):
            pulled.require_all()

        page = (puller.bulletin().folder / "bulletin.html").read_text(encoding="utf-8")
        assert f"数据来源{address}" in page
        assert "未能完整取得其中的文件" in page
        (source,) = status_of(puller.workspace, "small").elsewhere
        assert source.record is not None
        assert "nothing is there (404)" in source.record.faults[0]

        web.answers["/%E4%BA%8C%E6%9C%88.xlsx"] = [Answer(body=statistics(26.0, 2))]
        assert status_of(puller.workspace, "small").periods[-1].standing is Standing.MADE
        assert [told(one)[-1] for one in puller.pull().sources] == [0, 0]
        assert status_of(puller.workspace, "small").periods[-1].standing is Standing.STALE
        assert "数据来源" not in (puller.bulletin().folder / "bulletin.html").read_text(encoding="utf-8")


def test_a_source_that_fails_again_makes_nothing_stale_twice(puller: Puller) -> None:
    puller.declare(f"{FOLDER}  - {{kind: shared-folder, path: {puller.workspace.root}/none}}\n")
    order = Backfill(puller.workspace, ("small",), Period(2024, 3), Period(2024, 3))
    assert [one.result for one in backfill(order, directly, lambda _: None)] == [Result.MADE]
    assert [one.result for one in backfill(order, directly, lambda _: None)] == [Result.UP_TO_DATE]


def test_other_bytes_where_a_file_lay_before_came_only_now_whatever_day_the_folder_is_named_by(puller: Puller) -> None:
    march, then = Period(2024, 3), dt.datetime(2024, 5, 1, tzinfo=BEIJING)
    (file,) = (puller.workspace.folder("small") / "inbox").rglob("主要经济指标_2024年3月*")
    origin = f"inbox/{file.parent.name}/{file.name}"

    def received() -> list[dt.datetime]:
        with closing(Store(puller.workspace.store_address)) as store:
            return [one.received for one in store.vintages_ever("small") if one.origin == origin]

    order = Backfill(puller.workspace, ("small",), march, march, as_of=then)
    assert [one.result for one in backfill(order, directly, lambda _: None)] == [Result.MADE]
    (first,) = received()
    assert first < then
    data = file.read_bytes()
    file.unlink()
    puller.pull()
    file.write_bytes(statistics(43.0))
    assert [one.prospect for one in foresee(order).periods] == [Prospect.UP_TO_DATE]
    puller.pull()
    assert received()[0] == first
    assert received()[1] > then
    assert [one.result for one in backfill(order, directly, lambda _: None)] == [Result.UP_TO_DATE]

    # With the bytes that lay there last it came when they did.
    file.unlink()
    puller.pull()
    file.write_bytes(statistics(43.0))
    puller.pull()
    assert received()[2:] == [received()[1]]
    file.unlink()
    puller.pull()
    file.write_bytes(data)
    puller.pull()
    assert received()[3] > received()[2]


def test_where_every_source_fails_it_is_no_input(puller: Puller) -> None:
    puller.declare("  - {kind: shared-folder, path: /nowhere/at/all}\n")
    with pytest.raises(InputError, match="1 of 1 sources"):
        puller.pull().require_all()


def test_a_missing_folder_of_ones_own_stops_the_bulletin(puller: Puller) -> None:
    puller.declare("  - {kind: folder, path: elsewhere}\n")
    with pytest.raises(InputError, match="elsewhere: the source's folder doesn't exist; make it"):
        puller.bulletin()
    (puller.workspace.folder("small") / "elsewhere").write_text("no folder", encoding="ascii")
    with pytest.raises(InputError, match="elsewhere: is a file"):
        puller.bulletin()


@pytest.mark.parametrize(
    ("whole", "period", "as_of", "warned"),
    [
        (None, "2020-01", None, True),
        ("2024-07-16", "2024-06", None, True),
        ("2024-07-16", "2024-07", None, True),
        ("2024-07-16", "2024-05", None, False),
        ("2024-07-16", "2024-06", "2024-07-15", False),
        ("2024-07-16", "2024-06", "2024-07-18", True),
    ],
)
def test_a_source_behind_concerns_the_periods_whose_files_may_have_come_since(
    whole: str | None, period: str, as_of: str | None, warned: bool, puller: Puller
) -> None:
    district = puller.workspace.district("small")
    day = {one: dt.datetime.fromisoformat(one).replace(tzinfo=BEIJING) for one in (whole, as_of) if one}
    tried = dt.datetime(2024, 8, 1, tzinfo=BEIJING)
    records = {"inbox": SourceRecord(tried, ("gone",), day[whole] if whole else None)}
    found = unreached(records, district, Period.parse(period), day[as_of] if as_of else None)
    assert bool(found) is warned
    assert not unreached({"inbox": SourceRecord(tried, (), tried)}, district, Period.parse(period), None)


def test_pull_and_status_tell_each_source(
    puller: Puller, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("YUEBAO_WORKSPACE", str(puller.workspace.root))
    with web_server() as web:
        good, bad = web.says("/a.xlsx", Answer(body=statistics(42.5))), f"{web.address}/none.xlsx"
        puller.declare(f"{FOLDER}  - {{kind: http, addresses: ['{good}', '{bad}']}}\n")
        assert yuebao(monkeypatch, "status", "small") == 0
        assert f"{good}  never pulled" in capsys.readouterr().out
        assert web.asked == []
        assert yuebao(monkeypatch, "pull", "small") == 6
        out, err = capsys.readouterr()
        assert "folder inbox: 5 new, 0 changed, 0 unchanged, 0 gone\n" in out
        assert f"http {good}: 1 new, 0 changed, 0 unchanged, 0 gone, 1 failed\n  + {good}" in out
        assert f"{bad}: nothing is there (404)" in err
        assert yuebao(monkeypatch, "status", "small") == 0
        assert f"never whole: {bad}" in capsys.readouterr().out
        puller.declare(f"{FOLDER}  - {{kind: http, addresses: ['{good}']}}\n")
        assert yuebao(monkeypatch, "pull", "small") == 0
        assert yuebao(monkeypatch, "status", "small") == 0
        assert f"{good}  pulled 20" in capsys.readouterr().out


def test_a_store_from_before_there_were_other_sources_still_opens(
    make_workspace: Callable[[str], tuple[Workspace, Sent]], tmp_path: Path
) -> None:
    workspace, _ = make_workspace("old")
    workspace.out.mkdir()
    old = sqlite3.connect(workspace.out / "store.sqlite3")
    old.executescript(SNAPSHOT.read_text(encoding="utf-8"))
    old.close()
    store = Store(f"sqlite:///{workspace.out / 'store.sqlite3'}")
    (vintage,) = store.vintages("small")
    assert vintage.received == dt.datetime(2024, 4, 17, tzinfo=BEIJING)
    assert store.pulls("small") == {}
    store.record_pull("small", "inbox", vintage.received, ())
    store.sight(vintage, "item", "tag")
    assert store.sightings("small") == {"item": (("tag", vintage.id),)}
    store.close()


def test_the_stores_folder_is_made(tmp_path: Path) -> None:
    file = tmp_path / "new" / "folder" / "store.sqlite3"
    Store(f"sqlite:///{file}").close()
    assert file.is_file()
