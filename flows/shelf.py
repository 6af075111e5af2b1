"""The folders of issues held against the store: puts back what is lost, tells what was altered or isn't known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from flows.publication import not_as_they_were, put_for_good
from flows.store import Issue, Store
from flows.workspace import Workspace
from transforms.errors import EnvironmentFault

_ISSUE_FOLDER = re.compile(r"\d{4}-\d{3,}(-correction-\d+)?")


@dataclass(frozen=True, slots=True)
class Altered:
    """An issue whose files on disk aren't as they were published; without names its folder is gone."""

    issue: Issue
    folder: Path
    files: tuple[str, ...]


def put_back_lost(workspace: Workspace, store: Store, district: str) -> tuple[Issue, ...]:
    """Make the folders of issues that have none: one may be lost, or its publisher killed before it was made."""
    shelf = workspace.issues_folder(district)
    lost = [issue for issue in store.issues(district) if not (shelf / issue.folder).exists()]
    return tuple(issue for issue in lost if put_for_good(shelf / issue.folder, store.issue_files(issue)))


def altered_issues(workspace: Workspace, store: Store, district: str) -> tuple[Altered, ...]:
    """The issues whose files aren't as they were published."""
    found = []
    for issue in store.issues(district):
        folder = workspace.issues_folder(district) / issue.folder
        if not folder.exists():
            found.append(Altered(issue, folder, ()))
        elif files := not_as_they_were(folder, issue.manifest_sha256, lambda: store.issue_files(issue)):  # noqa: B023
            found.append(Altered(issue, folder, files))
    return tuple(found)


def unrecorded_issues(workspace: Workspace, store: Store, district: str) -> tuple[str, ...]:
    """The folders of issues that the store knows nothing of, as where it was lost, or another is used than before."""
    shelf = workspace.issues_folder(district)
    # The folders first: an issue is in the store before its folder appears.
    folders = sorted(one.name for one in shelf.glob("[0-9]*") if _ISSUE_FOLDER.fullmatch(one.name))
    known = {issue.folder for issue in store.issues(district)}
    return tuple(one for one in folders if one not in known)


def require_recorded(workspace: Workspace, store: Store, district: str) -> None:
    """Raise EnvironmentFault rather than give a number twice."""
    unknown = unrecorded_issues(workspace, store, district)
    if unknown:
        raise EnvironmentFault(
            f"{workspace.shown(workspace.issues_folder(district))}: the store doesn't know {', '.join(unknown)}, so "
            "the numbers that were given can't be told; restore the store from a copy, or set DATABASE_URL to the one "
            "that published them; nothing was published"
        )
