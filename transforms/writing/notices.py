"""Arranges for each responsible unit what a notice (督办单) holds it to, of one bulletin; words no figure anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from transforms.assessments import Assessment, Status
from transforms.declared.district import District
from transforms.declared.plan import Indicator, Plan
from transforms.declared.targets import Either, Milestone
from transforms.doubts import Doubt
from transforms.periods import Period
from transforms.reporting.forms import FORM_TITLE
from transforms.writing.assessment_wording import FALLEN_BEHIND, list_name
from transforms.writing.bulletin import BehindRow, Bulletin, IndicatorRow, SourceRow, TaskRow
from transforms.writing.bulletin_notes import chinese_day
from transforms.writing.compose import missing_words
from transforms.writing.editions import Edition
from transforms.writing.paragraphs import reference_months
from transforms.writing.wording import status_counts

_SOON = dt.timedelta(days=61)
"""A deed due within two months of the notice's date is due soon."""


@dataclass(frozen=True, slots=True)
class Shortfall:
    """An indicator that the unit leads and that is behind, in the bulletin's own words."""

    row: BehindRow
    told: str
    """1—6月累计7个，完成全年20个目标的35.0%，慢于序时进度15.0个百分点；后6个月还需完成13个，月均2.2个."""
    explained_by: str
    """Whose words the remark is: 本单位, or the unit that reports the figure."""


@dataclass(frozen=True, slots=True)
class Unsent:
    """What the unit has to send and hasn't: the form or ledger, and the figures that it lacks."""

    form: str
    """任务进展报送表, 工业项目台账."""
    names: tuple[str, ...]
    """The indicators left without a figure; empty where the whole table is missed."""


@dataclass(frozen=True, slots=True)
class Deed:
    """A milestone that is due soon or overdue."""

    name: str
    due: str
    standing: str
    """距期限还有45天, 已逾期17天."""
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """One unit's notice; its figures are the bulletin's rows."""

    unit: str
    number: str
    """编号, empty where the district declares none."""
    title: str
    district: str
    period: Period
    demonstration: bool
    edition: Edition
    """That of the bulletin that it goes with."""
    organ: str
    contact: str
    dated: str
    dated_iso: str
    opening: str
    leading: str
    """Of the indicators that it leads how many have which status; empty where it leads none."""
    behind: tuple[Shortfall, ...]
    unsent: tuple[Unsent, ...]
    report_by: str
    """The day by which it should have reported; empty where it isn't declared."""
    deeds: tuple[Deed, ...]
    late_tasks: tuple[TaskRow, ...]
    """The tasks without words for this month, with the last that were sent; what came needn't be told to its sender."""
    shared: tuple[IndicatorRow, ...]
    """What is behind of that which it cooperates on, the gravest status first."""
    shared_rest: str
    """The statuses of the others that it cooperates on; empty where there are none."""
    indicators: tuple[IndicatorRow, ...]
    """All that it leads."""
    marks: tuple[tuple[str, str], ...]
    """The note signs of those rows and their text."""
    asked: str
    """What is to be done, and until when."""
    reply: tuple[str, ...]
    """What the reply slip has a line for; empty where nothing is to be sent back."""
    sources: tuple[SourceRow, ...]
    """The files that the bulletin's figures are from."""


@dataclass(frozen=True, slots=True)
class Unaddressed:
    """A unit of the plan that gets no notice, and why."""

    unit: str
    why: str


@dataclass(frozen=True, slots=True)
class Notices:
    """The notices of one period, and the units that get none, both in the district's order."""

    addressed: tuple[Notice, ...]
    unaddressed: tuple[Unaddressed, ...]


def notices(
    bulletin: Bulletin, plan: Plan, district: District, assessments: Sequence[Assessment], doubts: Sequence[Doubt]
) -> Notices:
    """A notice for each unit that leads or reports something and that has something to do about it.

    Something to do: an indicator behind that it leads or cooperates on, a figure, words or a file that it hasn't sent,
    a milestone due soon. A unit that only cooperates answers to the lead unit, and is told so by it.
    """
    desk = _Desk(bulletin, plan, district, assessments, doubts)
    addressed: list[Notice] = []
    unaddressed: list[Unaddressed] = []
    for unit in _units(plan, district):
        if not desk.answers(unit):
            unaddressed.append(Unaddressed(unit, "只作配合单位，由牵头单位督促"))
        elif (notice := desk.notice(unit, len(addressed) + 1)) is None:
            unaddressed.append(Unaddressed(unit, "没有滞后、未报和近期到期的事项"))
        else:
            addressed.append(notice)
    return Notices(tuple(addressed), tuple(unaddressed))


def _units(plan: Plan, district: District) -> list[str]:
    """Every unit that the plan names, the district's in its order, then the others as they come in the plan."""
    named = dict.fromkeys(
        unit for one in plan.indicators for unit in (*one.lead_units, *one.cooperating_units, one.reported_by)
    ) | dict.fromkeys(task.reported_by for task in plan.qualitative)
    declared = [unit.name for unit in district.units if unit.name in named]
    return [*declared, *(unit for unit in named if unit not in declared)]


class _Desk:
    """What all notices of a period are made from."""

    def __init__(
        self,
        bulletin: Bulletin,
        plan: Plan,
        district: District,
        assessments: Sequence[Assessment],
        doubts: Sequence[Doubt],
    ) -> None:
        self._bulletin = bulletin
        self._plan = plan
        self._district = district
        self._assessments = assessments
        self._doubts = doubts
        self._dated = dt.date.fromisoformat(bulletin.dated_iso)
        self._rows = {row.code: row for section in bulletin.sections for row in section.rows}
        self._behind = {row.code: row for row in bulletin.behind}

    def answers(self, unit: str) -> bool:
        """Whether the unit leads or reports anything."""
        return any(unit in (*one.lead_units, one.reported_by) for one in self._plan.indicators) or any(
            unit == task.reported_by for task in self._plan.qualitative
        )

    def notice(self, unit: str, serial: int) -> Notice | None:
        """The unit's notice, None where it would ask for nothing."""
        bulletin = self._bulletin
        led = [a for a in self._assessments if unit in a.indicator.lead_units]
        behind = tuple(
            _shortfall(row, indicator, unit)
            for row in bulletin.behind
            if (indicator := self._plan.indicator(row.code)) is not None and unit in indicator.lead_units
        )
        late = tuple(row for row in bulletin.tasks if row.unit == unit and row.is_late)
        unsent = tuple(self._unsent(unit))
        deeds = tuple(self._deeds(led))
        cooperating = [a for a in self._assessments if unit in a.indicator.cooperating_units]
        shared = tuple(self._rows[a.indicator.code] for a in _gravest_first(cooperating))
        if not (behind or unsent or deeds or shared or late):
            return None
        rows = tuple(self._rows[a.indicator.code] for a in led)
        rows, marks = _with_signs_of_its_own(rows, bulletin.marks)
        return Notice(
            unit=unit,
            number=self._number(serial),
            title=f"关于{reference_months(bulletin.period)}{self._district.bulletin.subject}的督办单{bulletin.edition.corrected}",
            district=bulletin.district,
            period=bulletin.period,
            demonstration=bulletin.demonstration,
            edition=bulletin.edition,
            organ=bulletin.organ,
            contact=bulletin.contact,
            dated=bulletin.dated,
            dated_iso=bulletin.dated_iso,
            opening=self._opening(behind or unsent or late),
            leading=_leading(led),
            behind=behind,
            unsent=unsent,
            report_by=self._report_day(),
            deeds=deeds,
            late_tasks=late,
            shared=shared,
            shared_rest=_rest(cooperating, shared),
            indicators=rows,
            marks=marks,
            asked=_asked(behind or deeds, unsent or late, self._reply_day()),
            reply=(
                *(one.row.name for one in behind),
                *(one.name for one in deeds),
                *(f"补报《{one.form}》" for one in unsent),
                *(("补报定性任务进展",) if late else ()),
            ),
            sources=bulletin.sources,
        )

    def _number(self, serial: int) -> str:
        pattern = self._district.notices.number
        if pattern is None:
            return ""
        return self._bulletin.edition.designation(pattern, self._dated.year).replace("{serial}", str(serial))

    def _opening(self, amiss: Sequence[object]) -> str:
        about = f"{reference_months(self._bulletin.period)}{self._district.bulletin.subject}"
        matter = "需要督办的事项" if amiss else "需要提醒的事项"
        return f"根据{self._plan.document.citation}，经汇总{about}，现将你单位{matter}通知如下。"

    def _reply_day(self) -> str:
        within = self._district.notices.reply_within
        return chinese_day(self._dated + dt.timedelta(days=within)) if within is not None else ""

    def _report_day(self) -> str:
        day = self._district.notices.report_by
        return "" if day is None else chinese_day(self._bulletin.period.last_day + dt.timedelta(days=day))

    def _unsent(self, unit: str) -> Iterator[Unsent]:
        """The tables that it was expected to send and didn't, then figures missing from what came, form by form."""
        period = self._bulletin.period
        missed = {
            one.name
            for one in self._district.expected
            if one.reporter == unit
            for doubt in self._doubts
            if doubt.expectation == "expected-file-came"
            and doubt.period == period
            and doubt.places == (unit,)
            and doubt.subject == f"{one.name}（{period.chinese()}）"
        }
        by_form: dict[str, list[str]] = {form: [] for form in sorted(missed)}
        for assessment in self._assessments:
            indicator = assessment.indicator
            if assessment.status is Status.NOT_REPORTED and assessment.owed_by == unit:
                by_form.setdefault(self._form(indicator), []).append(missing_words(assessment))
        for form, names in by_form.items():
            yield Unsent(form, tuple(names))

    def _form(self, indicator: Indicator) -> str:
        """The table that the figure comes in: its ledger, or what the district expects of the unit."""
        if indicator.counted is not None:
            return indicator.counted.ledger
        expected = [one.name for one in self._district.expected if one.reporter == indicator.reported_by]
        return expected[0] if expected and FORM_TITLE not in expected else FORM_TITLE

    def _deeds(self, led: Sequence[Assessment]) -> Iterator[Deed]:
        for assessment in led:
            indicator, target = assessment.indicator, assessment.indicator.target
            if not isinstance(target, Milestone | Either) or assessment.status is Status.COMPLETED:
                continue
            due = target.due or dt.date(self._bulletin.period.year, 12, 31)
            left = (due - self._dated).days
            if due - self._dated <= _SOON and indicator.code not in self._behind:
                standing = f"距期限还有{left}天" if left > 0 else f"已逾期{-left}天" if left else "今日到期"
                yield Deed(list_name(indicator), chinese_day(due), standing, indicator.lead_units)


def _with_signs_of_its_own(
    rows: tuple[IndicatorRow, ...], marks: Sequence[tuple[str, str]]
) -> tuple[tuple[IndicatorRow, ...], tuple[tuple[str, str], ...]]:
    """The rows with the notes that they bear, counted anew from the bulletin's first sign: ① ② ③ and no gap."""
    borne = {sign for row in rows for sign in row.marks}
    told = [(sign, text) for sign, text in marks if sign in borne]
    anew = {sign: first for (sign, _), (first, _) in zip(told, marks, strict=False)}
    return (
        tuple(replace(row, marks=tuple(anew[sign] for sign in row.marks)) for row in rows),
        tuple((anew[sign], text) for sign, text in told),
    )


def _shortfall(row: BehindRow, indicator: Indicator, unit: str) -> Shortfall:
    standing = "，".join(part.strip("。；") for part in (row.progress, row.gap) if part)
    told = "；".join(part.strip("。；") for part in (standing, row.needed) if part)
    return Shortfall(row, told, "本单位" if indicator.reported_by == unit else indicator.reported_by)


def _gravest_first(assessments: Sequence[Assessment]) -> list[Assessment]:
    behind = [a for a in assessments if a.status in FALLEN_BEHIND]
    return sorted(behind, key=lambda a: FALLEN_BEHIND.index(a.status))


def _leading(led: Sequence[Assessment]) -> str:
    if not led:
        return ""
    counts = [(status.chinese, sum(a.status is status for a in led)) for status in Status]
    return f"你单位牵头的目标共{len(led)}项：{status_counts(counts, len(led))}。"


def _rest(cooperating: Sequence[Assessment], shared: Sequence[IndicatorRow]) -> str:
    others = [a for a in cooperating if a.status not in FALLEN_BEHIND]
    if not others:
        return ""
    counts = [(status.chinese, sum(a.status is status for a in others)) for status in Status]
    told = "、".join(f"{word}{count}项" for word, count in counts if count)
    return f"{'其余' if shared else '你单位'}配合的{len(others)}项目标：{told}。"


def _asked(lagging: Sequence[object], unsent: Sequence[object], due: str) -> str:
    """What the unit is to do; one that merely cooperates has nothing to send back."""
    wanted = [
        "对滞后和近期到期的事项逐项分析原因，制定整改措施，明确完成时限和责任人" if lagging else "",
        "抓紧补报未报送的数据和进展" if unsent else "",
    ]
    told = "；".join(one for one in wanted if one)
    if not told:
        return "请主动配合牵头单位，抓紧推进以上事项。"
    return f"请{told}，{f'并于{due}前' if due else '并及时'}反馈回执（加盖公章）。"
