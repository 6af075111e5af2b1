"""The archive on disk: made after every run, backfill and publication, whole, its links alive, the same every time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from flows.archive import make_archive
from flows.backfill import Backfill, backfill
from flows.issuing import Order, publish_draft
from flows.jobs import Beside, Job, directly
from flows.monthly import make_bulletin
from flows.status import status_of
from flows.store import Store
from flows.workspace import Workspace
from tests.flows.commands import yuebao
from tests.flows.small import Sent, workbook
from transforms.errors import EnvironmentFault
from transforms.periods import Period

AREAS = """\
  ranked: [gross-output]
"""


class Links(HTMLParser):
    """What a page names, and its own anchors."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.named: list[str] = []
        self.anchors: set[str] = set()
        self.tags: set[str] = set()
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.tags.add(tag)
        self.anchors.add(told.get("id") or "")
        self.named += [told[name] or "" for name in ("href", "src", "xlink:href") if name in told]


def run(workspace: Workspace, period: str) -> None:
    make_bulletin(Job(workspace, "small", Period.parse(period)))


def pages(workspace: Workspace) -> dict[str, bytes]:
    folder = workspace.out / "small"
    found = [folder / "index.html", *folder.glob("indicators/*"), *folder.glob("areas/*")]
    return {str(page.relative_to(folder)): page.read_bytes() for page in sorted(found)}


def index(workspace: Workspace) -> str:
    return (workspace.out / "small" / "index.html").read_text(encoding="utf-8")


def dead_links(folder: Path) -> Iterator[str]:
    bulletins = [*folder.glob("20*/*.html"), *folder.glob("issues/*/*.html")]
    for page in [folder / "index.html", *folder.glob("indicators/*.html"), *folder.glob("areas/*.html"), *bulletins]:
        for link in Links(page).named:
            assert not re.match(r"[a-z]+:|/", link), f"{page.name}: {link} isn't relative"
            path, _, anchor = link.partition("#")
            target = (page.parent / unquote(path)).resolve() if path else page
            if not target.is_file() or (anchor and anchor not in Links(target).anchors):
                yield f"{page.name}: {link}"


def ranked(workspace: Workspace, sent: Sent, east: tuple[float, float] = (12.0, 22.5)) -> None:
    """Let the small district rank its townships, and send their figures."""
    file = workspace.folder("small") / "district.yaml"
    file.write_text(file.read_text(encoding="utf-8") + AREAS, encoding="utf-8")
    for day, month, in_east, west in (("2024-03-17", 2, east[0], 14.0), ("2024-04-17", 3, east[1], 20.0)):
        rows: list[Sequence[object]] = [
            [f"小河区2024年{'1—2月' if month == 2 else f'{month}月'}分乡镇工业总产值（演示数据）"],
            ["单位：亿元"],
            ["乡镇", "规模以上工业总产值", ""],
            ["", "累计", "同比（%）"],
            ["东镇", in_east, 8.1],
            ["西镇", west, 7.2],
        ]
        sent.file(day, f"分乡镇_2024年{month}月_演示数据.xlsx", workbook({"分乡镇": rows}))


def test_a_run_lists_its_bulletin_and_every_link_is_alive(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, sent = workspace_and_sent
    ranked(workspace, sent)
    run(workspace, "2024-02")
    run(workspace, "2024-03")
    assert sorted(pages(workspace)) == [
        "areas/东镇.html", "areas/西镇.html", "index.html", "indicators/gross-output.html", "indicators/job-fairs.html",
    ]  # fmt: skip
    told = index(workspace)
    assert told.index("2024年1—3月") < told.index("2024年1—2月")
    assert list(dead_links(workspace.out / "small")) == []
    bulletin = Links(workspace.out / "small/2024-03/bulletin.html").named
    assert {"../index.html", "../indicators/gross-output.html"} <= set(bulletin)
    west = (workspace.out / "small/areas/西镇.html").read_text(encoding="utf-8")
    assert re.findall(r"第\d位", west)[:2] == ["第1位", "第2位"]
    assert "分乡镇_2024年3月_演示数据.xlsx《分乡镇》<b>B6</b>" in west


def test_an_area_that_has_none_of_what_others_have_has_no_place(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, sent = workspace_and_sent
    ranked(workspace, sent, east=(0, 0))
    run(workspace, "2024-03")
    east = (workspace.out / "small/areas/东镇.html").read_text(encoding="utf-8")
    months = [re.sub(r"<[^>]+>", " ", row).split() for row in re.findall(r"<tr>.*?</tr>", east)]
    assert [row[-2:] for row in months if row[0] in {"2月", "3月"}] == [["—", "1个"], ["—", "1个"]]


def test_every_page_stands_alone_and_is_marked(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    run(workspace, "2024-03")
    for name, data in pages(workspace).items():
        text = data.decode()
        assert "演示数据：所列数据为演示而编造" in text, name
        assert "<title>【演示数据】" in text, name
        assert Links(workspace.out / "small" / name).tags.isdisjoint({"script", "link", "img", "iframe"}), name
        assert "url(" not in text, name
        assert 'lang="zh-CN"' in text, name
        assert '<meta name="description" content="【演示数据】小河区' in text, name


def test_an_indicator_s_page_has_its_months_its_quote_and_its_cell(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    run(workspace, "2024-03")
    text = (workspace.out / "small/indicators/gross-output.html").read_text(encoding="utf-8")
    rows = [re.sub(r"<[^>]+>", " ", row).split() for row in re.findall(r"<tr>.*?</tr>", text)]
    assert ["2月", "26.0", "15.3", "16.7", "▽", "未达到序时", "—"] in rows
    assert ["3月", "42.5", "25.0", "25.0", "●", "达到序时", "征求意见稿"] in rows
    assert "一：“总产值170亿元以上”" in text
    assert "主要经济指标_2024年3月_演示数据.xlsx《主要经济指标》<b>D4</b>" in text
    assert "1—3月取自" in re.sub(r"</?span[^>]*>", "", text)


def test_a_revision_reaches_the_history_and_leaves_the_earlier_bulletin_as_it_was(
    workspace_and_sent: tuple[Workspace, Sent],
) -> None:
    workspace, sent = workspace_and_sent
    run(workspace, "2024-02")
    before = (workspace.out / "small/2024-02/bulletin.html").read_bytes()
    sent.statistics("2024-04-18", 2024, 2, 27.0, "—", "主要经济指标_2024年2月（修订）_演示数据.xlsx")
    run(workspace, "2024-03")
    assert (workspace.out / "small/2024-02/bulletin.html").read_bytes() == before
    text = (workspace.out / "small/indicators/gross-output.html").read_text(encoding="utf-8")
    assert '<th scope="row">2月</th><td class="number">27.0</td>' in text


def test_the_same_bulletins_give_the_same_bytes_and_untouched_files(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    run(workspace, "2024-03")
    before = pages(workspace)
    file = workspace.out / "small" / "index.html"
    inode = file.stat().st_ino
    made = make_archive(workspace, workspace.district("small"))
    assert (made.bulletins, made.unlisted) == (1, ())
    assert pages(workspace) == before
    assert file.stat().st_ino == inode


def test_pages_of_what_is_gone_go_and_what_others_put_there_stays(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    run(workspace, "2024-03")
    folder = workspace.out / "small"
    (folder / "indicators" / "gone.html").write_text("old", encoding="utf-8")
    (folder / "indicators" / "notes.txt").write_text("mine", encoding="utf-8")
    (folder / "letter.html").write_text("mine", encoding="utf-8")
    make_archive(workspace, workspace.district("small"))
    assert not (folder / "indicators" / "gone.html").exists()
    assert (folder / "indicators" / "notes.txt").exists()
    assert (folder / "letter.html").exists()


def test_a_bulletin_that_was_changed_by_hand_is_told_and_not_listed(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    run(workspace, "2024-02")
    run(workspace, "2024-03")
    (workspace.out / "small/2024-02/bulletin.html").write_text("changed", encoding="utf-8")
    made = make_archive(workspace, workspace.district("small"))
    assert made.unlisted == ("2024年2月草稿：文件不完整或已被改动，请重新编制",)
    assert made.unlisted[0] in index(workspace)
    assert "2024-02/" not in index(workspace)


def test_one_worker_or_two_make_the_same_archive(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    order = Backfill(workspace, ("small",), Period(2024, 2), Period(2024, 3), 2)
    backfill(order, directly, lambda _: None)
    before = pages(workspace)
    assert index(workspace).count("<article") == 2
    for period in ("2024-02", "2024-03"):
        run(workspace, period)
    assert pages(workspace) == before


def test_several_at_once_leave_one_whole_archive(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    run(workspace, "2024-03")
    before = pages(workspace)
    (workspace.out / "small/index.html").unlink()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: make_archive(workspace, workspace.district("small")), range(4)))
    assert pages(workspace) == before
    assert not (workspace.out / "small" / ".pages.new").exists()


def test_issues_and_corrections_stand_beside_each_other(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, sent = workspace_and_sent
    order = Order(Job(workspace, "small", Period(2024, 3)), "王某")
    run(workspace, "2024-03")
    publish_draft(order)
    assert re.findall(r'class="edition">([^<]+)', index(workspace)) == ["第1期"]
    sent.statistics("2024-04-20", 2024, 3, 43.1, 17.1, "主要经济指标_2024年3月（修订）_演示数据.xlsx")
    run(workspace, "2024-03")
    assert re.findall(r'class="edition">([^<]+)', index(workspace)) == ["征求意见稿（更正）", "第1期"]
    publish_draft(order)
    assert re.findall(r'class="edition">([^<]+)', index(workspace)) == ["第1期（更正）", "第1期"]
    assert list(dead_links(workspace.out / "small")) == []


def test_the_notices_of_drafts_and_issues_are_listed_by_unit(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    plan = workspace.folder("small") / "plan" / "2024.yaml"
    more = plan.read_text("utf-8").replace("value: 2, every", "value: 6, every").replace("不少于2场", "不少于6场")
    plan.write_text(more, encoding="utf-8")
    job = Job(workspace, "small", Period(2024, 3), beside=(Beside.NOTICES,))
    make_bulletin(job)
    assert "督办单（1个单位）" in index(workspace)
    assert 'href="2024-03/notices/' in index(workspace)
    assert list(dead_links(workspace.out / "small")) == []
    publish_draft(Order(job, "王某"))
    assert 'aria-label="区人社局督办单（PDF）"' in index(workspace)
    assert 'href="issues/2024-001/notices/' in index(workspace)
    assert list(dead_links(workspace.out / "small")) == []


def test_an_issue_whose_files_were_changed_is_still_listed_and_told(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    run(workspace, "2024-03")
    issued = publish_draft(Order(Job(workspace, "small", Period(2024, 3)), "王某"))
    (issued.folder / "bulletin.html").chmod(0o644)
    issued.folder.chmod(0o755)
    (issued.folder / "bulletin.html").unlink()
    make_archive(workspace, workspace.district("small"))
    assert "文件与印发时不同：bulletin.html" in index(workspace)
    assert list(dead_links(workspace.out / "small")) == []


def test_a_disk_without_room_changes_nothing(
    workspace_and_sent: tuple[Workspace, Sent], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, _ = workspace_and_sent
    run(workspace, "2024-03")
    before = pages(workspace)
    (workspace.out / "small/2024-03/manifest.json").unlink()

    def full(_file: Path, _data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("flows.publication.write_synced", full)
    with pytest.raises(EnvironmentFault, match="No space left"):
        make_archive(workspace, workspace.district("small"))
    assert pages(workspace) == before


def test_the_archive_is_no_period_and_the_command_remakes_it(
    workspace_and_sent: tuple[Workspace, Sent], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace, _ = workspace_and_sent
    run(workspace, "2024-03")
    assert [str(one.period) for one in status_of(workspace, "small").periods if one.standing == "made"] == ["2024-03"]
    (workspace.out / "small/index.html").unlink()
    assert yuebao(monkeypatch, "archive", "small", "--workspace", workspace.root) == 0
    assert capsys.readouterr().out.splitlines() == ["1 bulletins", "data_out/small/index.html"]
    assert "2024年1—3月" in index(workspace)


def test_what_is_named_almost_as_a_period_is_somebody_s_own(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    for name in ("2024-13", "0000-00"):
        (workspace.out / "small" / name).mkdir(parents=True)
    (workspace.out / "small" / "2024-07").write_text("mine", encoding="utf-8")
    made = make_archive(workspace, workspace.district("small"))
    assert (made.bulletins, made.unlisted) == (0, ())
    assert status_of(workspace, "small").periods == ()


def test_a_folder_that_may_not_be_written_is_told(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    workspace.out.mkdir()
    (workspace.out / ".small.lock").mkdir()  # Nobody can open it, whoever runs the tests.
    with pytest.raises(EnvironmentFault, match="can't be written"):
        make_archive(workspace, workspace.district("small"))


def test_without_any_bulletin_the_index_says_so(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    Store(workspace.store_address).close()
    made = make_archive(workspace, workspace.district("small"))
    assert made.bulletins == 0
    assert "尚无通报" in index(workspace)
