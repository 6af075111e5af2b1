"""Carries out `yuebao check`: checks, prints, writes the report and the marked copies; decides no doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.check_console import check_lines
from flows.check_order import Brought, require_apart
from flows.checking import Done, Order, check
from flows.console import Show
from flows.passwords import given_passwords
from flows.whole_file import write_whole
from flows.workspace import Workspace
from transforms.errors import DoubtError, EnvironmentFault, UsageError
from transforms.periods import Period
from transforms.spreadsheets.sheets import Sheet
from transforms.spreadsheets.unreadable import UnreadableFile
from transforms.spreadsheets.workbooks import open_workbook
from transforms.told_names import told_name


@dataclass(frozen=True, slots=True)
class CheckCommand:
    """What was asked on the command line."""

    workspace: Workspace
    asked: tuple[Path, ...]
    district: str | None
    period: Period | None
    report: Path | None
    marked: Path | None
    show: Show


def run_check(command: CheckCommand) -> None:
    """Check, and tell; DoubtError where anything critical was found."""
    _require_places(command)
    done = check(Order(command.workspace, command.asked, command.district, command.period))
    made, without = _written(command, done)
    told = done.check.told() | {"written": [str(file) for file in made], "not_marked": list(without)}
    command.show(told, lambda: check_lines(done, made, without))
    if done.check.stopping:
        raise DoubtError(f"有{done.check.stopping}项严重疑点，改正前不能用来编制通报", ())


def _require_places(command: CheckCommand) -> None:
    if command.report is not None and command.report.is_dir():
        raise UsageError(f"{command.report}：是文件夹；--report 后写文件名，如 核对意见.html")
    if command.marked is not None and command.marked.exists() and not command.marked.is_dir():
        raise UsageError(f"{command.marked}：不是文件夹；--marked 后写文件夹的名称")


def _written(command: CheckCommand, done: Done) -> tuple[Sequence[Path], Sequence[str]]:
    """The report and the copies, each whole or not at all; nothing is written before everything is made."""
    if command.report is None and command.marked is None:
        return (), ()
    books = {file.name: _sheets(file) for file in done.files}
    documents: dict[Path, bytes] = {}
    without: list[str] = []
    if command.marked is not None:
        documents, without = _marked_copies(command.marked, done, books)
    if command.report is not None:
        from flows.render.check_page import render_check
        from transforms.checking.check_report import arrange

        documents[command.report] = render_check(arrange(done.check, books)).encode()
    require_apart(command.workspace, documents, done.files)
    for file, data in documents.items():
        try:
            write_whole(file, data)
        except OSError as error:
            raise EnvironmentFault(f"{file}：写不进去（{error.strerror}）；请检查权限和磁盘空间") from None
    return tuple(documents), without


def _sheets(file: Brought) -> Sequence[Sheet]:
    try:
        return open_workbook(file.data, file.path.name, given_passwords())
    except UnreadableFile:
        return ()


def _marked_copies(
    folder: Path, done: Done, books: Mapping[str, Sequence[Sheet]]
) -> tuple[dict[Path, bytes], list[str]]:
    """The copies of the files that have doubts, and a sentence for each that none could be made of."""
    from flows.render.marked import Unmarkable, marked_copy

    made: dict[Path, bytes] = {}
    without: list[str] = []
    for file, checked in zip(done.files, done.check.files, strict=True):
        if not checked.doubts:
            continue
        try:
            suffix, data = marked_copy(file.data, checked, books[file.name])
        except Unmarkable as error:
            without.append(str(error))
            continue
        made[_free_name(folder, Path(told_name(file.path.name)).stem.removesuffix("_核对意见"), suffix, made)] = data
    return made, without


def _free_name(folder: Path, stem: str, suffix: str, taken: Mapping[Path, bytes]) -> Path:
    """Two files of one name from two folders must not be one copy."""
    names = (
        f"{stem}_核对意见{number}{suffix}" for number in ("", *(f"（{count}）" for count in range(2, len(taken) + 3)))
    )
    return next(path for name in names if (path := folder / name) not in taken)
