"""Turns what a clerk asked to be checked into files with their bytes, or refuses it; reads no table."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from flows.plain_files import other_than_a_file
from flows.vintage_reading import SPREADSHEETS
from flows.workspace import Workspace
from transforms.declared.district import District
from transforms.declared.sources import FolderSource
from transforms.errors import InputError, UsageError
from transforms.told_names import told_name, told_path


@dataclass(frozen=True, slots=True)
class Brought:
    """One file that somebody wants to have checked: what messages call it, and its bytes or why there are none."""

    path: Path
    name: str
    data: bytes
    fault: str = ""


def brought(asked: Iterable[Path]) -> tuple[Brought, ...]:
    """The files that were named, each once, and for a folder all the spreadsheets in it, without links to others.

    Files of one name are told apart by their folders. InputError with everything that isn't there, or where a folder
    holds no spreadsheet.
    """
    faults: list[str] = []
    paths: dict[Path, Path] = {}
    for path in asked:
        if path.is_dir():
            found = list(_spreadsheets(path))
            if not found:
                faults.append(f"{told_path(str(path))}：文件夹里没有电子表格（{'、'.join(sorted(SPREADSHEETS))}）")
        elif path.is_file():
            found = [path]
        else:
            faults.append(
                f"{told_path(str(path))}：{'不是文件' if path.exists() else '没有这个文件'}；请核对名称和所在的文件夹"
            )
            found = []
        for one in found:
            paths.setdefault(one.resolve(), one)
    if faults:
        raise InputError("\n".join(faults))
    same = Counter(told_name(path.name) for path in paths.values())
    return tuple(
        _brought(path, told_path(str(path)) if same[told_name(path.name)] > 1 else told_name(path.name))
        for path in paths.values()
    )


def district_of(workspace: Workspace, files: Iterable[Brought], named: str | None) -> District | None:
    """The district that files are checked against: the named one, the one in whose sources they lie, or the only one.

    None where a workspace has several districts and the files lie in none of them. UsageError where they lie in two.
    """
    if named is not None:
        return workspace.district(named)
    ids = workspace.districts()
    homes = {
        id_ for file in files for id_ in ids if file.path.resolve().is_relative_to(workspace.folder(id_).resolve())
    }
    if len(homes) > 1:
        raise UsageError(f"这些文件分属几个地区（{'、'.join(sorted(homes))}）；请分开核对，或用 --district 指明地区")
    if not homes and len(ids) != 1:
        return None
    return workspace.district(next(iter(homes or ids)))


def origin_of(workspace: Workspace, district: District, path: Path) -> str | None:
    """Where the file lies in one of the district's folders, as the store calls it; None where it lies in none."""
    folder = workspace.folder(district.id).resolve()
    resolved = path.resolve()
    if not resolved.is_relative_to(folder):
        return None
    origin = told_path(resolved.relative_to(folder).as_posix())
    return origin if _lies_in_source(district, origin) else None


def require_apart(workspace: Workspace, outputs: Iterable[Path], files: Iterable[Brought]) -> None:
    """UsageError where a file to be written would replace a checked one, or be pulled as if a unit had sent it."""
    taken = {file.path.resolve() for file in files}
    for output in outputs:
        if output.resolve() in taken:
            raise UsageError(f"{output}：就是所核对的文件；请换一个名称或文件夹，原件不能改动")
        for id_ in workspace.districts():
            if origin_of(workspace, workspace.district(id_), output) is not None:
                raise UsageError(f"{output}：在 {id_} 的收件目录里，会被当作报送的文件；请换一个文件夹")


def _lies_in_source(district: District, origin: str) -> bool:
    """Whether a place below the district's folder is in one of its sources that are folders."""
    sources = (source.path.rstrip("/") for source in district.sources if isinstance(source, FolderSource))
    return any(path == "." or origin.startswith(f"{path}/") for path in sources)


def _spreadsheets(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(parent) / name
            is_wanted = not name.startswith((".", "~$")) and path.suffix.lower() in SPREADSHEETS
            if is_wanted and not other_than_a_file(path):
                yield path


def _brought(path: Path, name: str) -> Brought:
    try:
        return Brought(path, name, path.read_bytes())
    except OSError as error:
        return Brought(path, name, b"", f"打不开（{error.strerror}）")
