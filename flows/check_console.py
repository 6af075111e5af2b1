"""Words a check for a clerk, in Chinese; decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from flows.checking import Done
from flows.render.wording import harmless
from transforms.checking.checks import (
    Checked,
    counts,
    figures_in,
    grouped,
    rows_in,
    same_expected,
    same_found,
    same_subject,
    understood,
)
from transforms.doubts import Doubt
from transforms.readings import Table

_LISTED = 8
"""Places that are told with a doubt; the report lists more of them."""


def check_lines(done: Done, made: Sequence[Path], without: Sequence[str]) -> Iterator[str]:
    """Every file with what was read from it and each doubt about it, what was written, and last the counts of all.

    What a spreadsheet holds can neither steer the terminal nor look like a line of ours.
    """
    for line in _lines(done, made, without):
        yield harmless(line.replace("\n", " ").replace("\t", " "))


def _lines(done: Done, made: Sequence[Path], without: Sequence[str]) -> Iterator[str]:
    check = done.check
    for file in check.files:
        yield from _file(file)
        yield ""
    if check.whole_period and check.others:
        yield f"【不在上列文件里】{counts(check.others)}"
        yield from _doubts(check.others, "")
        yield ""
    yield f"{check.basis}。"
    for remark in check.remarks:
        yield f"{remark}。"
    if check.others and not check.whole_period and done.district:
        months = "；".join(f"yuebao check --district {done.district.id} --period {period}" for period in check.periods)
        yield f"同期还有不在这些文件里的疑点（{counts(check.others)}），要看全部：{months}"
    for path in made:
        yield f"已写出：{path}"
    yield from without
    yield f"{check.summary()}；{check.understood()}。"


def _file(file: Checked) -> Iterator[str]:
    yield f"【{file.name}】"
    yield f"  {counts(file.doubts)}；{understood(file.contents.tables)}"
    for table in file.contents.tables:
        yield f"    {_table(table)}"
    yield from _doubts(file.doubts, file.name)


def _table(table: Table) -> str:
    period = table.period.chinese() if table.period else "未写明时期"
    held = f"{rows_in(table)}行台账" if table.ledger else f"{rows_in(table)}行，{figures_in(table)}个数字"
    return f"《{table.sheet}》{table.title}（{period}；报送单位：{table.reporter or '未写明'}）：{held}"


def _doubts(doubts: Iterable[Doubt], own: str) -> Iterator[str]:
    for group in grouped(doubts):
        (word, first), (last, _) = group[0], group[-1]
        if len(group) == 1:
            yield f"  {word}　{first.subject}"
            yield f"    位置：{_places(first.places, own)}"
            yield f"    发现：{first.found}"
            yield f"    应为：{first.expected}"
        else:
            subject = same_subject(group)
            yield f"  {word}～{last}　{subject}{'　' if subject else ''}同类问题{len(group)}项"
            found = same_found(group)
            expected = same_expected(group)
            if found:
                yield f"    发现：{found}"
            if expected:
                yield f"    应为：{expected}"
            for _, doubt in group:
                words = "；".join(
                    ("" if found else f"：{doubt.found}", "" if expected else f"应为：{doubt.expected}")
                ).strip("；")
                yield f"    · {doubt.subject.removeprefix(subject)}〔{_places(doubt.places, own)}〕{words}"
        yield f"    处理：{first.cure}"


def _places(places: tuple[str, ...], own: str) -> str:
    """The first places, the file's own name left out, each sheet named once."""
    listed: list[str] = []
    last = ""
    for place in places[:_LISTED]:
        short = place.removeprefix(own) or place
        sheet, end, cell = short.rpartition("》")
        same = bool(end) and bool(cell) and sheet == last
        listed.append(cell if same else short)
        last = sheet if end else ""
    return "、".join(listed) + (f"等{len(places)}处" if len(places) > _LISTED else "")
