"""Checks files as a clerk asks for it: what a run would doubt about them, told at once; keeps nothing of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from flows.check_audits import doubts_of_formulas
from flows.check_history import History, just_now, read_brought, standing_store
from flows.check_order import Brought, brought, district_of
from flows.jobs import Job, declare
from flows.monthly import doubt_what_it_means, doubt_what_was_read, give_meaning
from flows.store import Kept
from flows.workspace import Workspace
from transforms.arrivals import is_of
from transforms.checking.checks import Check, Checked, doubts_of, period_of
from transforms.declared.district import Bulletin, District
from transforms.declared.sources import FolderSource
from transforms.doubts import Doubt, Severity
from transforms.errors import DeclarationError, UsageError
from transforms.observations import Received
from transforms.periods import Period
from transforms.readings import Contents
from transforms.rechecking.comparing import compare_files
from transforms.rechecking.rechecks import rechecks


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be checked: files and folders, or without any all that a district received for a period."""

    workspace: Workspace
    asked: tuple[Path, ...]
    district: str | None = None
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """A check that was made, and the files it was made of, in the same order."""

    check: Check
    files: tuple[Brought, ...]
    district: District | None


FurtherCheck = Callable[[Sequence[Contents], District | None], Iterable[Doubt]]

FURTHER_CHECKS: tuple[FurtherCheck, ...] = (lambda contents, _: compare_files(contents),)
"""What else is asked of the files together. Adding such a check is one entry here: it's given the contents of all
checked files, and the district or None, and gives doubts whose places name these files."""


def check(order: Order) -> Done:
    """Check the files; a file that can't be read at all is a doubt like others.

    Raises InputError for what isn't there, UsageError for an order that can't be meant, DeclarationError for a plan or
    a district with faults.
    """
    files = brought(order.asked)
    district = district_of(order.workspace, files, order.district)
    if not files:
        return _whole_period(order, district)
    if district is not None:
        return Done(_with_history(order, district, files), files, district)
    kept = []
    for file in files:
        vintage = just_now(file)
        kept.append(Kept(vintage, Received(read_brought(file, vintage), vintage.received)))
    known = _declared(order.workspace)
    meant = [one for one in known if any(_sends_to(kept_one, one) for kept_one in kept)]
    alone = [one for one in kept if one.received.contents.tables and not any(_sends_to(one, other) for other in meant)]
    if len(meant) != 1 or alone:
        return Done(_by_themselves(order, files, kept, known, meant), files, None)
    (district,) = meant
    remark = f"按表题和报送单位认作{district.name}的文件；不是的，用 --district 写明地区"
    told = _with_history(order, district, files)
    return Done(replace(told, remarks=(remark, *told.remarks)), files, district)


def _with_history(order: Order, district: District, files: Sequence[Brought]) -> Check:
    with closing(standing_store(order.workspace)) as store:
        return _against(order, district, files, History(order.workspace, district, files, store))


def _declared(workspace: Workspace) -> list[District]:
    """The districts that files may be meant for; one whose declaration has faults is no clerk's business."""
    declared = []
    for id_ in workspace.districts():
        with suppress(DeclarationError):
            declared.append(workspace.district(id_))
    return declared


def _sends_to(kept: Kept, district: District) -> bool:
    """Whether a unit of the district says in the file that it sent it, or a title names the district in full."""
    tables = kept.received.contents.tables
    return any(district.name in table.title or district.unit(table.reporter) for table in tables)


def _by_themselves(
    order: Order, files: Sequence[Brought], kept: Sequence[Kept], known: Sequence[District], meant: Sequence[District]
) -> Check:
    contents = [one.received.contents for one in kept]
    found = [*_read_right(kept, None, order.period), *_further(kept, None), *doubts_of_formulas(files, contents)]
    remarks = []
    if meant:
        remarks.append(f"这些文件不都是同一个地区的（认出的：{_named(meant)}）；请分开核对，或用 --district 写明地区")
    elif known:
        remarks.append(f"要对照方案和历史数据，在命令后加 --district 和地区代号（现有：{_named(known)}）")
    return Check(
        "只核对文件本身：没有对照任何地区的方案和以前收到的数据",
        _checked(files, kept, [found for _ in kept], None),
        remarks=tuple(remarks),
    )


def _named(districts: Iterable[District]) -> str:
    return "、".join(f"{district.name} {district.id}" for district in districts)


def _against(order: Order, district: District, files: Sequence[Brought], history: History) -> Check:
    remarks: list[str] = []
    periods = [order.period or _sent_for(one) for one in history.checked]
    each = {period: _as_a_run_would(order, district, period, history, remarks) for period in sorted(set(periods))}
    contents = [one.received.contents for one in history.checked]
    further = [*history.resent, *_further(history.checked, district), *doubts_of_formulas(files, contents)]
    found = [[*each[period], *further] for period in periods]
    if order.period is None:
        found = [[*_stop_another_month(kept), *doubts] for kept, doubts in zip(history.checked, found, strict=True)]
    checked = _checked(files, history.checked, found, district)
    others = _untold([doubt for doubts in each.values() for doubt in doubts], checked)
    months = "、".join(f"{period.year}年{period.month}月" for period in each)
    basis = f"对照{district.name}的方案、更正事项和以前收到的数据（按{months}核对）"
    return Check(basis, checked, others, tuple(dict.fromkeys(remarks)), tuple(each))


def _stop_another_month(kept: Kept) -> list[Doubt]:
    """What was found on reading the file and would stop the month that it names, which needn't be the file's own.

    A file of May that is called June is checked as May's, and must not pass for it.
    """
    return [doubt for doubt in kept.received.contents.doubts if doubt.severity is Severity.CRITICAL and doubt.period]


def _whole_period(order: Order, district: District | None) -> Done:
    """Everything that the district received for the period, and all that a run would doubt."""
    if district is None or order.period is None:
        raise UsageError(
            "没有指明要核对的文件：写出文件名或文件夹，如 yuebao check 报表.xlsx；"
            "或用 --district 和 --period 核对一个地区一个月收到的全部文件"
        )
    with closing(standing_store(order.workspace)) as store:
        history = History(order.workspace, district, (), store)
        remarks: list[str] = []
        doubts = _as_a_run_would(order, district, order.period, history, remarks)
        kept = [one for one in history.kept(order.period) if one.received.in_force and _belongs(one, order.period)]
        files = tuple(
            Brought(Path(one.vintage.workbook), one.received.contents.workbook, history.data(one.vintage))
            for one in kept
        )
    doubts = (*doubts, *_further(kept, district))
    checked = _checked(files, kept, [doubts for _ in kept], district)
    basis = f"{district.name}{order.period.year}年{order.period.month}月收到的全部文件，对照方案、更正事项和历史数据"
    told = Check(basis, checked, _untold(doubts, checked), tuple(remarks), (order.period,), whole_period=True)
    return Done(told, files, district)


def _belongs(kept: Kept, period: Period) -> bool:
    return is_of(kept.received, period) or any(doubt.period == period for doubt in kept.received.contents.doubts)


def _as_a_run_would(
    order: Order, district: District, period: Period, history: History, remarks: list[str]
) -> tuple[Doubt, ...]:
    """Both gates of the month's run, the second one whatever the first one found."""
    kept = history.kept(period)
    if period.year not in order.workspace.years(district.id):
        remarks.append(f"{district.name}没有{period.year}年的方案，这一年的文件只核对表格本身")
        return _read_right(kept, district, period)
    job = Job(order.workspace, district.id, period)
    declared = declare(job)
    doubts = doubt_what_was_read(job, declared, kept)
    known = give_meaning(job, declared, [one.received for one in kept])
    return doubt_what_it_means(job, declared, known, doubts)


def _read_right(kept: Sequence[Kept], district: District | None, period: Period | None) -> tuple[Doubt, ...]:
    """The first gate without a plan; it asks of names and areas only where somebody has declared them."""
    from expectations.structure import doubts_about_readings

    received = [one.received for one in kept]
    asked = district or _NOBODYS
    return (
        *(doubt for one in received for doubt in (*one.contents.doubts, *rechecks(one.contents))),
        *doubts_about_readings(received, None, asked, period),
        *_about_ledgers(received, asked, period),
    )


def _about_ledgers(received: Sequence[Received], district: District, period: Period | None) -> Iterable[Doubt]:
    """Ledgers of several months are asked month by month: the later one repeats the earlier one's rows."""
    from expectations.ledgers import doubts_about_ledgers

    ledgers = [table for one in received for table in one.contents.tables if table.ledger is not None]
    months = sorted({table.period for table in ledgers if table.period})
    each = [period] if period or len(months) < _SEVERAL else months
    return dict.fromkeys(doubt for month in each for doubt in doubts_about_ledgers(received, None, district, month))


_SEVERAL = 2


_NOBODYS = District(
    id="nobodys",
    name="—",
    sources=(FolderSource(kind="folder", path="inbox"),),
    bulletin=Bulletin(organ="—", number="—", subject="—", region="—", addressees="—"),
)
"""Stands in where files are checked by themselves: it declares no area and no unit."""


def _further(kept: Sequence[Kept], district: District | None) -> list[Doubt]:
    contents = [one.received.contents for one in kept]
    return [doubt for further in FURTHER_CHECKS for doubt in further(contents, district)]


def _sent_for(kept: Kept) -> Period:
    """The file's own period; for one that names none, the month before it came."""
    came = kept.received.received
    return period_of(kept.received.contents) or Period(came.year, came.month).previous


def _checked(
    files: Sequence[Brought],
    kept: Sequence[Kept],
    found: Sequence[Sequence[Doubt]],
    district: District | None,
) -> tuple[Checked, ...]:
    names = [file.name for file in files]
    return tuple(
        Checked(one.received.contents, len(file.data), doubts_of(one.received.contents, doubts, names, district))
        for file, one, doubts in zip(files, kept, found, strict=True)
    )


def _untold(doubts: Iterable[Doubt], checked: Sequence[Checked]) -> tuple[Doubt, ...]:
    """Those of the period's doubts that lie in none of the files."""
    told = {(doubt.expectation, doubt.places) for file in checked for doubt in file.doubts}
    return tuple(doubt for doubt in dict.fromkeys(doubts) if (doubt.expectation, doubt.places) not in told)
