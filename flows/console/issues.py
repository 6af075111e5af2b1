"""What was published, or would be, printed for the operator."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flows.issuing import Issued, Proposal
    from flows.shelf import Altered
    from flows.store import Issue
    from flows.workspace import Workspace
    from transforms.writing.bulletin import Bulletin


def print_issued(issued: Issued, workspace: Workspace) -> None:
    """What was published, or that nothing had changed, and what is wrong with issues on disk."""
    for one in issued.put_back:
        print(f"put back from the store: {workspace.shown(issued.folder.with_name(one.folder))}")
    if issued.bulletin is None:
        print(f"nothing has changed since {issue_words(issued.issue)}; nothing was published")
    else:
        print(f"published {issue_words(issued.issue)}")
        _print_revisions(issued.bulletin)
    print(workspace.shown(issued.folder))
    for altered in issued.altered:
        print(f"  ! {altered_words(altered)}")


def print_proposal(proposal: Proposal) -> None:
    """What would be published, and what has changed since it was last told."""
    if proposal.bulletin is None:
        assert proposal.own is not None
        print(f"nothing has changed since {issue_words(proposal.own)}; nothing would be published")
        return
    print(f"would publish {proposal.bulletin.number} {proposal.bulletin.title}")
    _print_revisions(proposal.bulletin)


def issue_words(issue: Issue) -> str:
    """An issue by its designation, and who published it when."""
    return f"{issue.designation} by {issue.by} on {issue.at:%Y-%m-%d %H:%M}"


def altered_words(altered: Altered) -> str:
    """What became of an issue's files on disk, and how to have them back."""
    issue = altered.issue
    again = f"`yuebao publish {issue.district} {issue.period} --by NAME` puts it back as it was"
    if not altered.files:
        return f"issue {issue.folder} ({issue.designation}) is gone from {altered.folder.parent.name}/; {again}"
    return (
        f"issue {issue.folder} ({issue.designation}) was changed on disk since it was published: "
        f"{', '.join(altered.files)}; move the folder away, then {again}"
    )


def _print_revisions(bulletin: Bulletin) -> None:
    if bulletin.revisions_lead:
        print(f"  {bulletin.revisions_lead}")
    for row in bulletin.revisions:
        old, new = (side.text + row.unit if side.text else "无数据" for side in (row.old, row.new))
        print(f"  {row.name}，{row.period}：{old} → {new}（{row.reason}）")
