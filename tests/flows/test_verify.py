"""Every kept input and output hashed anew: each way in which one can be lost is told, with its cure."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.archive import make_archive
from flows.issuing import Order, publish_draft
from flows.jobs import Job
from flows.monthly import make_bulletin
from flows.verifying import Kind, verify
from flows.workspace import Workspace
from tests.flows.commands import yuebao
from tests.flows.small import Sent
from transforms.periods import Period

FEBRUARY, MARCH = Period(2024, 2), Period(2024, 3)


@pytest.fixture
def workspace(workspace_and_sent: tuple[Workspace, Sent], address: str, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("DATABASE_URL", address)
    workspace, _ = workspace_and_sent
    make_bulletin(Job(workspace, "small", FEBRUARY))
    publish_draft(Order(Job(workspace, "small", FEBRUARY), "王明"))
    make_bulletin(Job(workspace, "small", MARCH))
    return workspace


def told(workspace: Workspace) -> list[tuple[Kind, str]]:
    return [(one.kind, one.place) for one in verify(workspace, "small").findings]


def test_what_is_kept_whole_gives_no_finding(workspace: Workspace) -> None:
    verified = verify(workspace, "small")
    assert (verified.inputs, verified.drafts, verified.issues, verified.pages, verified.findings) == (5, 2, 1, 3, ())


def test_each_loss_is_told_with_its_place(workspace: Workspace) -> None:
    one, other, *_ = sorted(file for file in workspace.folder("small").glob("vintages/*/*") if file.is_file())
    one.unlink()
    other.chmod(0o600)
    other.write_bytes(b"changed")
    vintages = workspace.folder("small") / "vintages"
    strays = [
        workspace.vintage_file("small", "f" * 64), vintages / "三月.xlsx", vintages / "旧" / "一" / "二月.xlsx",
        vintages / one.name,
    ]  # fmt: skip
    for stray in strays:
        stray.parent.mkdir(parents=True, exist_ok=True)
        stray.write_bytes(b"of nothing")
    draft = workspace.bulletin_folder("small", MARCH)
    (draft / "bulletin.html").write_text("changed", encoding="utf-8")
    (draft / "bulletin.xlsx").unlink()
    (draft / "mine.txt").write_text("mine", encoding="utf-8")
    issue = workspace.issues_folder("small") / "2024-001" / "bulletin.pdf"
    issue.parent.chmod(0o755)
    issue.unlink()
    (workspace.issues_folder("small") / "2024-007").mkdir()

    def shown(path: Path) -> str:
        return workspace.shown(path)

    assert sorted(told(workspace)) == sorted(
        [
            (Kind.MISSING, shown(one)),
            (Kind.CHANGED, shown(other)),
            *((Kind.UNKNOWN, shown(stray)) for stray in strays),
            (Kind.CHANGED, shown(draft / "bulletin.html")),
            (Kind.MISSING, shown(draft / "bulletin.xlsx")),
            (Kind.UNKNOWN, shown(draft / "mine.txt")),
            (Kind.MISSING, shown(issue)),
            (Kind.UNKNOWN, shown(workspace.issues_folder("small") / "2024-007")),
            (Kind.CHANGED, "data_out/small/index.html"),
        ]
    )
    assert all(one.cure for one in verify(workspace, "small").findings)


def test_a_draft_whose_folder_is_gone_or_without_manifest_is_told(workspace: Workspace) -> None:
    (workspace.bulletin_folder("small", FEBRUARY) / "manifest.json").unlink()
    workspace.bulletin_folder("small", MARCH).rename(workspace.root / "away")
    assert told(workspace) == [
        (Kind.MISSING, "data_out/small/2024-02/manifest.json"),
        (Kind.MISSING, "data_out/small/2024-03"),
        (Kind.CHANGED, "data_out/small/index.html"),
    ]


def test_pages_of_the_archive_that_are_not_as_they_are_made_are_told(workspace: Workspace) -> None:
    folder = workspace.out / "small"
    index, pages = folder / "index.html", sorted(folder.glob("indicators/*.html"))
    index.write_bytes(index.read_bytes() + b"<p>more</p>")
    for page in pages:
        page.unlink()
    (folder / "indicators" / "mine.html").write_bytes(b"mine")
    found = [(one.kind, one.place, one.found, one.cure) for one in verify(workspace, "small").findings]
    anew = "`yuebao archive small` makes the archive anew"
    assert found == [
        (Kind.MISSING, workspace.shown(pages[0]), "this page and 1 more are not there", anew),
        (
            Kind.CHANGED,
            "data_out/small/index.html",
            "this page is not what is made of the drafts and issues now",
            anew,
        ),
        (Kind.UNKNOWN, "data_out/small/indicators/mine.html", "this page is not the archive's", "move elsewhere"),
    ]
    before = index.read_bytes()
    verify(workspace, "small")
    assert index.read_bytes() == before
    make_archive(workspace, workspace.district("small"))
    assert verify(workspace, "small").findings == ()


def test_a_lost_issue_is_told_and_not_put_back(workspace: Workspace) -> None:
    issue = workspace.issues_folder("small") / "2024-001"
    issue.rename(workspace.root / "away")
    assert told(workspace) == [
        (Kind.MISSING, "data_out/small/issues/2024-001"),
        (Kind.CHANGED, "data_out/small/index.html"),
    ]
    assert not issue.exists()


def test_what_somebody_put_among_the_issues_is_told(workspace: Workspace) -> None:
    shelf = workspace.issues_folder("small")
    (shelf / "2024-001" / "附件.pdf").write_bytes(b"somebody's")
    (shelf / "readme.txt").write_text("somebody's")
    assert told(workspace) == [
        (Kind.UNKNOWN, "data_out/small/issues/2024-001/附件.pdf"),
        (Kind.UNKNOWN, "data_out/small/issues/readme.txt"),
    ]


def test_where_nothing_was_made_no_archive_is_missed(
    workspace_and_sent: tuple[Workspace, Sent], address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", address)
    workspace, _ = workspace_and_sent
    assert (verify(workspace, "small").pages, verify(workspace, "small").findings) == (0, ())
    assert not (workspace.out / "small").exists()


def test_the_command_ends_with_7_if_anything_is_lost(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    verify = ("verify", "--workspace", workspace.root)
    assert yuebao(monkeypatch, *verify) == 0
    assert (
        "5 files that came, 2 drafts, 1 issues, 3 pages of the archive; none missing or changed"
        in capsys.readouterr().out
    )
    (workspace.bulletin_folder("small", MARCH) / "bulletin.pdf").write_bytes(b"changed")
    assert yuebao(monkeypatch, *verify) == 7
    assert "bulletin.pdf: its bytes aren't those of the manifest; `yuebao backfill small" in capsys.readouterr().out
