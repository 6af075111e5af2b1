"""From a draft to an issue: what is frozen, what is refused, and what a killed or a second publisher leaves."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

import flows.issuing
import flows.publication
from flows.archive import make_archive
from flows.backfill import Backfill, Result, backfill
from flows.clock import moment
from flows.issuing import Issued, Order, proposed, publish_draft
from flows.jobs import Job, directly
from flows.monthly import make_bulletin
from flows.status import Publication, Standing, status_of
from flows.store import Issue, Store
from flows.whole_file import write_synced
from flows.workspace import Workspace
from tests.flows.commands import said_by
from tests.flows.publishing import publish_at_once
from tests.flows.small import DISTRICT, Sent
from transforms.errors import DoubtError, EnvironmentFault, InputError, UsageError
from transforms.periods import Period

FEBRUARY, MARCH = Period(2024, 2), Period(2024, 3)
REVISED = "主要经济指标_2024年2月（修订）_演示数据.xlsx"


def made(workspace: Workspace, period: Period = MARCH, as_of: str | None = None) -> None:
    make_bulletin(Job(workspace, "small", period, moment(as_of) if as_of else None))


def order(workspace: Workspace, period: Period = MARCH, by: str = "王明", number: int | None = None) -> Order:
    return Order(Job(workspace, "small", period), by, number)


def published(workspace: Workspace, period: Period = MARCH, by: str = "王明", number: int | None = None) -> Issued:
    return publish_draft(order(workspace, period, by, number))


def drawn_up_and_published(workspace: Workspace, period: Period = MARCH) -> Issued:
    made(workspace, period)
    return published(workspace, period)


def hashes(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.iterdir())}


def issues(workspace: Workspace) -> tuple[Issue, ...]:
    store = Store(workspace.store_address)
    try:
        return store.issues("small")
    finally:
        store.close()


def shelf(workspace: Workspace) -> list[str]:
    """The issues' folders, whole or half made."""
    folder = workspace.issues_folder("small")
    return sorted(one.name for one in folder.iterdir()) if folder.exists() else []


def page(workspace: Workspace, issue: str) -> str:
    return (workspace.issues_folder("small") / issue / "bulletin.html").read_text(encoding="utf-8")


# --- What is frozen -----------------------------------------------------------------------------


def test_an_issue_has_its_number_its_bytes_and_its_signer(
    workspace_and_sent: tuple[Workspace, Sent], address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", address)
    workspace, _ = workspace_and_sent
    made(workspace)
    draft = workspace.bulletin_folder("small", MARCH)
    before = hashes(draft)
    assert "小经信通报〔2024〕　号" in (draft / "bulletin.html").read_text(encoding="utf-8")

    done = published(workspace)
    assert (done.folder, done.issue.designation) == (
        workspace.issues_folder("small") / "2024-001",
        "小经信通报〔2024〕1号",
    )
    assert (done.issue.by, done.issue.number, done.issue.correction) == ("王明", 1, 0)
    assert issues(workspace) == (done.issue,)
    assert "小经信通报〔2024〕1号" in page(workspace, "2024-001")

    manifest = json.loads((done.folder / "manifest.json").read_text(encoding="utf-8"))
    assert {one["file"]: one["sha256"] for one in manifest["outputs"]} == {
        name: digest for name, digest in hashes(done.folder).items() if name != "manifest.json"
    }
    assert (manifest["issue"]["by"], manifest["issue"]["number"]) == ("王明", 1)
    assert manifest["fingerprint"] == json.loads((draft / "manifest.json").read_text(encoding="utf-8"))["fingerprint"]
    assert done.issue.manifest_sha256 == hashes(done.folder)["manifest.json"]
    assert [file.stat().st_mode & 0o222 for file in done.folder.iterdir()] == [0] * len(before)
    assert hashes(draft) == before

    store = Store(workspace.store_address)
    kept = store.issue_files(done.issue)
    told = store.published(done.issue)
    store.close()
    assert {name: hashlib.sha256(data).hexdigest() for name, data in kept.items()} == hashes(done.folder)
    assert told.vintages == {one["sha256"] for one in manifest["inputs"]}
    march = [str(one.value) for one in told.figures if one.code == "gross-output" and one.period == MARCH]
    assert march == ["42.5"]


def test_the_same_draft_published_elsewhere_has_the_same_documents(
    make_workspace: Callable[[str], tuple[Workspace, Sent]],
) -> None:
    folders = [drawn_up_and_published(make_workspace(name)[0]).folder for name in ("first", "second")]
    first, second = ({k: v for k, v in hashes(folder).items() if k != "manifest.json"} for folder in folders)
    assert first == second


def test_publishing_again_does_nothing(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    once = drawn_up_and_published(workspace)
    before = hashes(once.folder)
    again = published(workspace, by="李华")
    assert (again.issue, again.bulletin) == (once.issue, None)
    made(workspace)
    assert published(workspace).bulletin is None
    assert hashes(once.folder) == before
    assert shelf(workspace) == ["2024-001"]


def test_another_copy_of_the_same_figures_is_no_reason_for_a_correction(
    workspace_and_sent: tuple[Workspace, Sent],
) -> None:
    workspace, sent = workspace_and_sent
    once = drawn_up_and_published(workspace)
    sent.statistics("2024-05-17", 2024, 3, 42.5, 16.5, "主要经济指标_2024年3月（再报）_演示数据.xlsx")
    again = drawn_up_and_published(workspace)
    assert (again.issue, again.bulletin) == (once.issue, None)


def test_a_rerun_makes_the_draft_and_leaves_the_issue(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, sent = workspace_and_sent
    once = drawn_up_and_published(workspace)
    before = hashes(once.folder)
    sent.statistics("2024-05-17", 2024, 3, 43.1, 17.1, "主要经济指标_2024年3月（修订）_演示数据.xlsx")
    made(workspace)
    draft = (workspace.bulletin_folder("small", MARCH) / "bulletin.html").read_text(encoding="utf-8")
    words = re.sub(r"<[^>]+>", "", draft)
    assert "小经信通报〔2024〕　号（更正）" in words
    assert "与小经信通报〔2024〕1号所载相比，1项数据有变化，均以本期为准。" in words
    assert hashes(once.folder) == before
    assert shelf(workspace) == ["2024-001"]


# --- Corrections and revisions ------------------------------------------------------------------


def test_a_later_change_makes_a_correction_beside_the_issue_that_says_what_changed(
    workspace_and_sent: tuple[Workspace, Sent], address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", address)
    workspace, sent = workspace_and_sent
    first = drawn_up_and_published(workspace)
    before = hashes(first.folder)
    for day, total, own in (("2024-05-17", 43.1, 17.1), ("2024-06-17", 43.3, 17.3)):
        sent.statistics(day, 2024, 3, total, own, f"主要经济指标_2024年3月（{day}）_演示数据.xlsx")
        drawn_up_and_published(workspace)

    assert [one.folder for one in issues(workspace)] == ["2024-001", "2024-001-correction-1", "2024-001-correction-2"]
    assert hashes(first.folder) == before
    second = page(workspace, "2024-001-correction-2")
    assert "小经信通报〔2024〕1号（第2次更正）" in second
    assert "的通报（第2次更正）" in "".join(second.split())
    told = {(row["measure"], str(row["old"]), str(row["new"])) for row in revisions(workspace, "2024-001-correction-2")}
    assert told == {("累计", "43.1", "43.3")}  # The month's own amount is printed nowhere.


def revisions(workspace: Workspace, issue: str) -> list[dict[str, str]]:
    """What the workbook of an issue says was revised: a reader's own view."""
    from openpyxl import load_workbook

    book = load_workbook(workspace.issues_folder("small") / issue / "bulletin.xlsx", read_only=True)
    rows = list(book["修订说明"].iter_rows(values_only=True))
    book.close()
    at = next(number for number, row in enumerate(rows) if row[0] == "指标")
    found = []
    for row in rows[at + 1 :]:
        told = dict(zip(rows[at], row, strict=True))
        if not told["原数"] or not told["指标"]:
            continue
        found.append(
            {
                "measure": str(told["指标"]).split("（")[1].split("）")[0],
                "old": f"{told['原数']:.1f}",
                "new": f"{told['现数']:.1f}",
                "why": str(told["原因"]),
            }
        )
    return found


def test_the_next_month_says_what_changed_since_the_last_issue(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, sent = workspace_and_sent
    drawn_up_and_published(workspace, FEBRUARY)
    # Twice revised before March's bulletin: readers were told 26.0, never 26.2.
    sent.statistics("2024-03-20", 2024, 2, 26.2, "—", "主要经济指标_2024年2月（一）_演示数据.xlsx")
    sent.statistics("2024-04-16", 2024, 2, 26.4, "—", REVISED)
    drawn_up_and_published(workspace)
    assert revisions(workspace, "2024-002") == [
        {"measure": "累计", "old": "26.0", "new": "26.4", "why": "来源单位重新报送（2024年4月16日收到）"}
    ]


def test_a_declared_correction_is_told_as_one(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    drawn_up_and_published(workspace, FEBRUARY)
    (workspace.folder("small") / "corrections.yaml").write_text(
        "corrections:\n"
        "  - {label: 规模以上工业总产值, period: 2024-02, measure: year-to-date, found: 26, corrected: 25.6,\n"
        "     reason: 重复计算, authority: 区统计局, until: 2024-12-31}\n",
        encoding="utf-8",
    )
    drawn_up_and_published(workspace)
    (row,) = revisions(workspace, "2024-002")
    assert (row["old"], row["new"]) == ("26.0", "25.6")
    assert row["why"].startswith("更正：")
    assert "重复计算" in row["why"]


# --- What is refused ----------------------------------------------------------------------------


def nothing_was_kept(workspace: Workspace) -> bool:
    return issues(workspace) == () and shelf(workspace) == []


def test_there_must_be_a_draft(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    with pytest.raises(InputError, match=r"no whole draft .*yuebao run small 2024-03"):
        published(workspace)
    assert nothing_was_kept(workspace)


def test_a_draft_that_was_written_into_is_no_draft(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    made(workspace)
    with (workspace.bulletin_folder("small", MARCH) / "bulletin.html").open("a", encoding="utf-8") as document:
        document.write("<p>另</p>")
    with pytest.raises(InputError, match="no whole draft"):
        published(workspace)
    assert nothing_was_kept(workspace)


def test_a_draft_whose_inputs_have_changed_must_be_looked_at_again(
    workspace_and_sent: tuple[Workspace, Sent],
) -> None:
    workspace, sent = workspace_and_sent
    made(workspace)
    sent.statistics("2024-05-17", 2024, 2, 26.4, "—", REVISED)
    with pytest.raises(InputError, match=f"changed: {REVISED} has come; run `yuebao run small 2024-03`, look at it"):
        published(workspace)
    assert nothing_was_kept(workspace)
    assert drawn_up_and_published(workspace).bulletin is not None


def test_a_draft_whose_declarations_have_changed_must_be_looked_at_again(
    workspace_and_sent: tuple[Workspace, Sent],
) -> None:
    workspace, _ = workspace_and_sent
    made(workspace)
    file = workspace.folder("small") / "district.yaml"
    file.write_text(DISTRICT.replace("各镇人民政府", "各镇街"), encoding="utf-8")
    with pytest.raises(InputError, match=r"changed: data_raw/small/district\.yaml"):
        published(workspace)
    assert nothing_was_kept(workspace)


def test_a_draft_of_an_earlier_moment_is_not_published(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    made(workspace, as_of="2024-04-30")
    with pytest.raises(InputError, match="made as of 2024-04-30"):
        published(workspace)
    assert nothing_was_kept(workspace)


def test_a_file_of_a_later_month_does_not_stand_in_the_way(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, sent = workspace_and_sent
    made(workspace)
    sent.statistics("2024-05-17", 2024, 4, 57.0, 14.5)
    assert published(workspace).bulletin is not None


def test_nothing_is_published_while_a_critical_doubt_stands(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, sent = workspace_and_sent
    made(workspace)
    sent.statistics("2024-05-17", 2024, 3, "约43", 17.1, "主要经济指标_2024年3月（修订）_演示数据.xlsx")
    with pytest.raises(DoubtError, match="约43"):
        published(workspace)
    assert nothing_was_kept(workspace)


def test_somebody_must_sign(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    for by in ("", " ", "\u3000", "——"):
        with pytest.raises(UsageError, match="--by is empty"):
            published(workspace_and_sent[0], by=by)


@pytest.mark.parametrize("by", ["王明\n李红", "王\x1b[31m明", "王\u202e明", "长" * 61])
def test_what_is_no_name_cannot_sign(workspace_and_sent: tuple[Workspace, Sent], by: str) -> None:
    with pytest.raises(UsageError, match="--by must be a name of one line"):
        published(workspace_and_sent[0], by=by)


def test_a_name_is_kept_with_plain_spaces(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    made(workspace)
    assert published(workspace, by=" 王\u3000明 ").issue.by == "王 明"


@pytest.mark.parametrize("number", [-1, 0, 10_000, 10**20])
def test_a_slip_of_the_keys_does_not_use_up_the_register(
    workspace_and_sent: tuple[Workspace, Sent], number: int
) -> None:
    with pytest.raises(UsageError, match="goes from 1 to 9999"):
        published(workspace_and_sent[0], number=number)


# --- Numbers ------------------------------------------------------------------------------------


def test_numbers_go_by_the_order_of_publication_in_the_year_of_the_day(
    workspace_and_sent: tuple[Workspace, Sent],
) -> None:
    workspace, sent = workspace_and_sent
    sent.statistics("2024-01-17", 2023, 12, 160.0, 15.0)
    sent.statistics("2025-01-17", 2024, 12, 171.0, 15.0)
    for period in (Period(2023, 12), MARCH, Period(2024, 12), FEBRUARY):
        drawn_up_and_published(workspace, period)
    assert [(str(one.period), one.designation) for one in issues(workspace)] == [
        ("2023-12", "小经信通报〔2024〕1号"),
        ("2024-03", "小经信通报〔2024〕2号"),
        ("2024-12", "小经信通报〔2025〕1号"),
        ("2024-02", "小经信通报〔2024〕3号"),
    ]


def test_a_register_that_counts_other_documents_gives_the_number(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    made(workspace, FEBRUARY)
    assert published(workspace, FEBRUARY, number=17).issue.designation == "小经信通报〔2024〕17号"
    made(workspace)
    with pytest.raises(UsageError, match="--number 17: the register of 2024 goes on at 18"):
        published(workspace, number=17)
    assert published(workspace).issue.number == 18


def test_a_correction_keeps_its_issue_s_number(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, sent = workspace_and_sent
    drawn_up_and_published(workspace)
    sent.statistics("2025-05-17", 2024, 3, 43.1, 17.1, "主要经济指标_2024年3月（修订）_演示数据.xlsx")
    made(workspace)
    with pytest.raises(UsageError, match="corrections keep that"):
        published(workspace, number=2)
    assert published(workspace).issue.designation == "小经信通报〔2024〕1号（更正）"


def test_a_dry_run_says_the_number_and_keeps_nothing(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    made(workspace)
    proposal = proposed(order(workspace))
    assert proposal.bulletin is not None
    assert proposal.bulletin.number == "小经信通报〔2024〕1号"
    assert nothing_was_kept(workspace)


# --- Killed, lost, changed ----------------------------------------------------------------------


class Killed(BaseException):
    """The process ends here."""


def killed(*_: object, **__: object) -> None:
    raise Killed


def test_killed_between_record_and_folder_a_second_call_makes_the_folder(
    workspace_and_sent: tuple[Workspace, Sent], address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", address)
    workspace, _ = workspace_and_sent
    made(workspace)
    with monkeypatch.context() as patched:
        patched.setattr(flows.issuing, "put_for_good", killed)
        with pytest.raises(Killed):
            published(workspace)
    assert shelf(workspace) == []
    assert [one.files for one in status_of(workspace, "small").altered] == [()]

    done = published(workspace)
    assert (done.put_back, done.bulletin) == ((done.issue,), None)
    assert done.issue.number == 1
    assert status_of(workspace, "small").altered == ()


def test_killed_while_the_folder_is_written_no_half_of_it_is_seen(
    workspace_and_sent: tuple[Workspace, Sent], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, _ = workspace_and_sent
    made(workspace)
    write = write_synced
    written: list[Path] = []

    def write_one(file: Path, data: bytes) -> None:
        if written:
            raise Killed
        written.append(file)
        write(file, data)

    with monkeypatch.context() as patched:
        patched.setattr(flows.publication, "write_synced", write_one)
        with pytest.raises(Killed):
            published(workspace)
    assert [name for name in shelf(workspace) if not name.startswith(".")] == []
    done = published(workspace)
    assert shelf(workspace) == ["2024-001"]
    assert "manifest.json" in hashes(done.folder)


def test_killed_before_the_record_no_number_is_used_up(
    workspace_and_sent: tuple[Workspace, Sent], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, _ = workspace_and_sent
    made(workspace)
    with monkeypatch.context() as patched:
        patched.setattr(Store, "keep_issue", killed)
        with pytest.raises(Killed):
            published(workspace)
    assert nothing_was_kept(workspace)
    assert published(workspace).issue.number == 1


def test_a_disk_that_is_full_is_told_and_the_issue_is_put_back_later(
    workspace_and_sent: tuple[Workspace, Sent], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, _ = workspace_and_sent
    made(workspace)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(flows.publication, "write_synced", full)
        with pytest.raises(EnvironmentFault, match="No space left"):
            published(workspace)
    assert shelf(workspace) == []
    assert published(workspace).put_back == issues(workspace)


def test_no_number_is_given_twice_where_the_store_was_lost(
    workspace_and_sent: tuple[Workspace, Sent],
    store_of: Callable[[Path], str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    workspace, _ = workspace_and_sent
    drawn_up_and_published(workspace, FEBRUARY)
    before = hashes(workspace.issues_folder("small") / "2024-001")
    monkeypatch.setenv("DATABASE_URL", store_of(tmp_path / "an empty one"))
    made(workspace)
    for publishing in (proposed, publish_draft):
        with pytest.raises(EnvironmentFault, match=r"doesn't know 2024-001.*restore the store"):
            publishing(order(workspace))
    assert shelf(workspace) == ["2024-001"]
    assert hashes(workspace.issues_folder("small") / "2024-001") == before
    unlisted = make_archive(workspace, workspace.district("small")).unlisted
    assert unlisted == ("issues/2024-001：库中没有这一期的记录，请用备份恢复库",)


def test_a_file_that_was_changed_on_disk_is_told_and_left(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    done = drawn_up_and_published(workspace)
    for name in ("bulletin.pdf", "manifest.json"):
        (done.folder / name).chmod(0o644)
    (done.folder / "bulletin.pdf").write_bytes(b"another")
    assert [one.files for one in status_of(workspace, "small").altered] == [("bulletin.pdf",)]
    (done.folder / "manifest.json").write_bytes(b"{}")
    again = published(workspace)
    assert [one.files for one in again.altered] == [("manifest.json", "bulletin.pdf")]
    assert (done.folder / "bulletin.pdf").read_bytes() == b"another"

    done.folder.rename(done.folder.with_name("evidence"))
    back = published(workspace)
    assert (back.put_back, back.altered) == ((done.issue,), ())
    assert (done.folder / "bulletin.pdf").read_bytes().startswith(b"%PDF")


# --- Two at once --------------------------------------------------------------------------------


def test_two_machines_with_one_store_never_take_the_same_number(
    make_workspace: Callable[[str], tuple[Workspace, Sent]], address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", address)
    december = Period(2023, 12)  # In the register of 2024 too, but of another year's plan: neither awaits the other.
    workspaces = []
    for name, period in (("one", december), ("two", MARCH)):
        workspace, sent = make_workspace(name)
        sent.statistics("2024-01-17", 2023, 12, 160.0, 15.0)
        made(workspace, period)
        workspaces.append(workspace)
    publishers = [(workspaces[0].root, "2023-12", "王明"), (workspaces[1].root, "2024-03", "李华")]
    got = publish_at_once(publishers, address, meeting=True)
    assert sorted(got) == ["2024-001", "2024-002"]
    assert sorted(one.number for one in issues(workspaces[0])) == [1, 2]
    assert all(shelf(workspace) for workspace in workspaces)


def test_two_publishers_of_one_period_make_one_issue(
    workspace_and_sent: tuple[Workspace, Sent], address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", address)
    workspace, _ = workspace_and_sent
    made(workspace)
    got = publish_at_once([(workspace.root, "2024-03", name) for name in ("王明", "李华")], address, meeting=False)
    assert got == ["2024-001", "2024-001"]
    assert len(issues(workspace)) == 1
    assert shelf(workspace) == ["2024-001"]


def test_two_machines_that_publish_one_period_make_one_issue(
    make_workspace: Callable[[str], tuple[Workspace, Sent]], address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", address)
    workspaces = [make_workspace(name)[0] for name in ("one", "two")]
    for workspace in workspaces:
        made(workspace)
    got = publish_at_once([(one.root, "2024-03", "王明") for one in workspaces], address, meeting=False)
    assert got == ["2024-001", "2024-001"]
    assert len(issues(workspaces[0])) == 1
    first, second = (hashes(one.issues_folder("small") / "2024-001") for one in workspaces)
    assert first == second


# --- What is told -------------------------------------------------------------------------------


def test_status_tells_draft_issued_and_changed(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, sent = workspace_and_sent

    def told() -> tuple[Standing, Publication]:
        found = status_of(workspace, "small").periods[-1]
        return found.standing, found.publication

    made(workspace)
    assert told() == (Standing.MADE, Publication.DRAFT)
    published(workspace)
    assert told() == (Standing.MADE, Publication.ISSUED)
    sent.statistics("2024-05-17", 2024, 3, 43.1, 17.1, "主要经济指标_2024年3月（修订）_演示数据.xlsx")
    made(workspace)
    assert told() == (Standing.MADE, Publication.CHANGED)
    published(workspace)
    assert told() == (Standing.MADE, Publication.ISSUED)


def test_a_backfill_leaves_what_was_issued_and_draws_up_anew_what_is_held_against_it(
    workspace_and_sent: tuple[Workspace, Sent],
) -> None:
    workspace, _ = workspace_and_sent
    months = Backfill(workspace, ("small",), FEBRUARY, MARCH)
    backfill(months, directly, lambda _: None)
    published(workspace, FEBRUARY)
    results = [one.result for one in backfill(months, directly, lambda _: None)]
    assert results == [Result.UP_TO_DATE, Result.MADE]
    assert {one.result for one in backfill(months, directly, lambda _: None)} == {Result.UP_TO_DATE}


# --- As its operator meets it -------------------------------------------------------------------


def test_the_command_tells_each_step(
    workspace_and_sent: tuple[Workspace, Sent], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace, _ = workspace_and_sent
    monkeypatch.setenv("YUEBAO_WORKSPACE", str(workspace.root))
    publish = ("publish", "small", "2024-03", "--by", "王明")

    status, words = said_by(capsys, monkeypatch, *publish)
    assert (status, "no whole draft" in words) == (4, True)
    made(workspace)
    status, words = said_by(capsys, monkeypatch, *publish, "--dry-run")
    assert (status, "would publish 小经信通报〔2024〕1号" in words) == (0, True)
    status, words = said_by(capsys, monkeypatch, *publish)
    assert (status, "published 小经信通报〔2024〕1号 by 王明" in words) == (0, True)
    assert "data_out/small/issues/2024-001" in words
    status, words = said_by(capsys, monkeypatch, *publish)
    assert (status, "nothing has changed since 小经信通报〔2024〕1号 by 王明" in words) == (0, True)
    status, words = said_by(capsys, monkeypatch, "status", "small")
    assert (status, "issued: 小经信通报〔2024〕1号 by 王明" in words) == (0, True)
    assert said_by(capsys, monkeypatch, "publish", "small", "2024-03")[0] == 2
