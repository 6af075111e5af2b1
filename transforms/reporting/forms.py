"""Plans the form that one unit fills in for a month: its rows, what they ask, what was last known; writes no file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from transforms.declared.counting import Count
from transforms.declared.district import District
from transforms.declared.plan import Frequency, Indicator, Plan, Qualitative
from transforms.figures import exact
from transforms.judging import YES
from transforms.observations import Harmonised, Observation
from transforms.periods import Period
from transforms.readings import Measure, State
from transforms.series import Series
from transforms.units import COUNTED_IN, plain_unit
from transforms.wanted import measures_of
from transforms.writing.target_wording import target_words

FORM_TITLE = "任务进展报送表"
"""The words that a form's title has, and that ``expected`` names it by."""

HEADS = {
    Measure.MONTH: "本月",
    Measure.YEAR_TO_DATE: "本年累计",
    Measure.MONTH_GROWTH: "本月同比（%）",
    Measure.YEAR_TO_DATE_GROWTH: "累计同比（%）",
    Measure.QUARTER: "当季",
    Measure.YEAR: "全年",
    Measure.LEVEL: "期末值",
}
"""The measures that a form can ask for, in the order of their columns."""

_GROWTHS = frozenset({Measure.MONTH_GROWTH, Measure.YEAR_TO_DATE_GROWTH})
_LARGE_RATE = Decimal(5)
"""Of a percentage of this size or more the unit would not expect one below 1: 0.123 typed for 12.3."""


@dataclass(frozen=True, slots=True)
class Check:
    """What a figure's cell accepts, and beyond which bounds the unit is asked whether it's meant."""

    whole: bool = False
    """A number of things: no fraction."""
    low: Decimal | None = None
    high: Decimal | None = None
    no_fall_below: Decimal | None = None
    """The year-to-date figure last known this year: to go below it needs a word in 情况说明."""
    no_fraction: bool = False
    """A percentage whose target or last figure is far above 1."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A figure to be filled in; ``required`` if it's the one that is judged."""

    measure: Measure
    check: Check
    required: bool


@dataclass(frozen=True, slots=True)
class Last:
    """What was last known before the form's month: in words with its period, and the cells it stands in."""

    words: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A row of figures. ``asks`` is empty where nothing is to be filled in but words, and ``hint`` says why."""

    label: str
    unit: str
    target: str
    last: tuple[Last, ...]
    asks: tuple[Ask, ...]
    hint: str


@dataclass(frozen=True, slots=True)
class DeedRow:
    """A milestone, or one of several of which one is needed; not ``asked`` once it's known to be done."""

    label: str
    due: str
    last: tuple[Last, ...]
    asked: bool
    hint: str


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task without a figure: what the plan says of it, and what the unit wrote last."""

    label: str
    quote: str
    last: tuple[Last, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """One unit's form for one month; ``measures`` are the columns that its rows need."""

    unit: str
    period: Period
    title: str
    demonstration: bool
    figures: tuple[FigureRow, ...]
    deeds: tuple[DeedRow, ...]
    tasks: tuple[TaskRow, ...]
    also: tuple[str, ...]
    """Other tables that the district expects of the unit for the month."""

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The figures' columns, in their order."""
        asked = {ask.measure for row in self.figures for ask in row.asks}
        return tuple(measure for measure in HEADS if measure in asked)


def reporting_units(plan: Plan, district: District) -> tuple[str, ...]:
    """The units that the plan has reports from, in the district's order."""
    units = {one.reported_by for one in plan.indicators} | {one.reported_by for one in plan.qualitative}
    declared = [unit.name for unit in district.units if unit.name in units]
    return (*declared, *sorted(units - set(declared)))


def plan_form(plan: Plan, district: District, unit: str, period: Period, known: Harmonised) -> Form:
    """The unit's form; ``known`` is all that was known up to its month, of which only what is earlier is shown."""
    series = Series(one for one in known.observations if one.period < period)
    mine = [indicator for indicator in plan.indicators if indicator.reported_by == unit]
    numbers = [one for one in mine if one.target.kind not in {"milestone", "either"}]
    by_label: dict[str, list[Indicator]] = {}
    for indicator in numbers:
        by_label.setdefault(indicator.labels[0], []).append(indicator)
    return Form(
        unit=unit,
        period=period,
        title=f"{district.name}{period.chinese()}{FORM_TITLE}{'（演示数据）' if district.demonstration else ''}",
        demonstration=district.demonstration,
        figures=tuple(_figure_row(label, group, district, period, series) for label, group in by_label.items()),
        deeds=tuple(row for one in mine if one not in numbers for row in _deed_rows(one, period, series)),
        tasks=tuple(_task_row(task, period, series) for task in plan.qualitative if task.reported_by == unit),
        also=tuple(
            one.name
            for one in district.expected
            if one.reporter == unit and period.month in one.months and one.title not in FORM_TITLE
        ),
    )


def asked_measures(indicator: Indicator, period: Period) -> tuple[Measure, ...]:
    """The figures that a unit is asked for: the judged one first, then what only serves to check it.

    None where the figure isn't due or is counted from a ledger.
    """
    if indicator.counted is not None or indicator.last_due(period) != period:
        return ()
    judged = _judged(indicator)
    if judged is None:
        return ()
    also: list[Measure] = []
    if indicator.target.kind in {"reach", "about", "of-which"} and judged is Measure.YEAR_TO_DATE:
        # January and February are collected together: there is no figure of February's own.
        if period.month > indicator.first_month or indicator.first_month == 1:
            also.append(Measure.MONTH)
        if indicator.price_basis is not None:
            also.append(Measure.YEAR_TO_DATE_GROWTH)
    elif indicator.target.kind == "repeat" and judged is Measure.MONTH:
        also.append(Measure.YEAR_TO_DATE)
    return (judged, *also)


def ledger_words(rule: Count, unit: str, district: District) -> str:
    """Which ledger the figure is counted from, and who sends it."""
    sender = ledger_sender(rule, district)
    if sender is None or sender == unit:
        return f"由《{rule.ledger}》计数，不填数；请报送该台账"
    return f"由{sender}的《{rule.ledger}》计数，不填数"


def ledger_sender(rule: Count, district: District) -> str | None:
    """The unit that is expected to send the ledger, None where the district doesn't say."""
    return next(
        (one.reporter for one in district.expected if rule.ledger in one.title or one.title in rule.ledger), None
    )


def is_done_before(indicator: Indicator, period: Period, series: Series) -> bool:
    """Whether a deed was known to be done before the period: then no unit is asked for it again."""
    target = indicator.target
    options = target.options if target.kind == "either" else ("",)
    return any(_is_done(indicator, option, period, series) for option in options)


# --- Figures ----------------------------------------------------------------------------------------------------------


def _judged(indicator: Indicator) -> Measure | None:
    """The measure that the form has the judged figure under; None for one that no form asks for (a rank)."""
    return next((measure for measure in measures_of(indicator) if measure in HEADS), None)


def _figure_row(
    label: str, group: Sequence[Indicator], district: District, period: Period, series: Series
) -> FigureRow:
    """One row for all indicators of the label: an amount and its growth share it."""
    asks: dict[Measure, Ask] = {}
    hints: dict[str, None] = {}
    last: dict[Measure, Last] = {}
    for indicator in group:
        for number, measure in enumerate(asked_measures(indicator, period)):
            ask = Ask(measure, _check(indicator, measure, period, series), required=number == 0)
            if measure not in asks or ask.required:
                asks[measure] = ask
        hints[_hint(indicator, district, period)] = None
        for measure in _told_before(indicator):
            found = _last_known(indicator, measure, period, series)
            if found is not None:
                last.setdefault(measure, Last(_figure_words(found, period), tuple(str(cell) for cell in found.cells)))
    amounts = [one for one in group if one.target.kind not in {"grow", "range"}]
    unit = (amounts or group)[0].unit
    return FigureRow(
        label=label,
        unit=unit,
        target="；".join(
            dict.fromkeys(f"全年{target_words(one)}" if _yearly(one) else target_words(one) for one in group)
        ),
        last=tuple(last[measure] for measure in HEADS if measure in last),
        asks=tuple(asks[measure] for measure in HEADS if measure in asks),
        hint="；".join(hints),
    )


def _yearly(indicator: Indicator) -> bool:
    return indicator.target.kind in {"reach", "about", "of-which", "grow", "range"}


def _told_before(indicator: Indicator) -> tuple[Measure, ...]:
    """The measures whose last figure is shown: the judged ones, and a repeated task's year so far."""
    return (*measures_of(indicator), *((Measure.YEAR_TO_DATE,) if indicator.target.kind == "repeat" else ()))


def _hint(indicator: Indicator, district: District, period: Period) -> str:
    if indicator.counted is not None:
        return ledger_words(indicator.counted, indicator.reported_by, district)
    asked = asked_measures(indicator, period)
    if not asked:
        due = next((month for month in range(period.month, 13) if _is_due(indicator, Period(period.year, month))), None)
        how = {Frequency.MONTHLY: "", Frequency.QUARTERLY: "按季报送，", Frequency.YEARLY: "按年报送，"}[
            indicator.frequency
        ]
        return f"本期不需填报（{how}{due}月填）" if due else "本期不需填报"
    required = HEADS[asked[0]].removesuffix("（%）")
    words = f"必填{required}"
    if len(asked) > 1:
        words += f"，{'、'.join(HEADS[one].removesuffix('（%）') for one in asked[1:])}供核对"
    if period.month == indicator.first_month and period.month > 1:
        words += f"（1—{period.month}月合并）"
    return words


def _is_due(indicator: Indicator, period: Period) -> bool:
    return indicator.last_due(period) == period


def _check(indicator: Indicator, measure: Measure, period: Period, series: Series) -> Check:
    found = _last_known(indicator, measure, period, series)
    known = found.value if found is not None else None
    if measure in _GROWTHS or indicator.target.kind in {"grow", "range"}:
        large = max(abs(known or Decimal(0)), abs(_target(indicator, "grow", "range"))) >= _LARGE_RATE
        return Check(low=Decimal(-100), high=Decimal(1000), no_fraction=large)
    if plain_unit(indicator.unit) == "%":
        large = max(known or Decimal(0), _target(indicator, "hold", "ceiling")) >= _LARGE_RATE
        return Check(low=Decimal(0), high=Decimal(100), no_fraction=large)
    whole = plain_unit(indicator.unit) in COUNTED_IN
    falls = indicator.may_fall
    # Of an amount a month may take back what was counted too much; the year so far can't be below zero.
    low = None if falls or (measure is Measure.MONTH and not whole) else Decimal(0)
    same_year = found is not None and found.period.year == period.year
    floor = known if measure is Measure.YEAR_TO_DATE and same_year and not falls else None
    return Check(whole=whole, low=low, no_fall_below=floor)


def _target(indicator: Indicator, *kinds: str) -> Decimal:
    return (indicator.target.value or Decimal(0)) if indicator.target.kind in kinds else Decimal(0)


def _last_known(indicator: Indicator, measure: Measure, period: Period, series: Series) -> Observation | None:
    """The newest number of the measure in the twelve months before the form's."""
    for back in range(1, 13):
        found = series.number(indicator.code, Period.from_ordinal(period.ordinal - back), measure)
        if found is not None:
            return found
    return None


def _figure_words(found: Observation, period: Period) -> str:
    """1—5月800人, 5月1场, 5月末160家, 1—5月同比10.3%; with the year where it's another one."""
    year = "" if found.period.year == period.year else f"{found.period.year}年"
    unit = found.unit
    month, so_far = f"{found.period.month}月", found.period.chinese_year_to_date()
    value = f"{exact(found.value)}{unit}"
    match found.measure:
        case Measure.YEAR_TO_DATE:
            return f"{year}{so_far}：{value}"
        case Measure.YEAR_TO_DATE_GROWTH:
            return f"{year}{so_far}同比：{value}"
        case Measure.MONTH_GROWTH:
            return f"{year}{month}同比：{value}"
        case Measure.LEVEL:
            return f"{year}{month}末：{value}"
        case Measure.QUARTER:
            return f"{year}{found.period.quarter}季度：{value}"
        case Measure.YEAR:
            return f"{found.period.year}年：{value}"
        case _:
            return f"{year}{month}：{value}"


# --- Deeds and tasks --------------------------------------------------------------------------------------------------


def _deed_rows(indicator: Indicator, period: Period, series: Series) -> Iterator[DeedRow]:
    target = indicator.target
    if target.kind not in {"milestone", "either"}:
        return
    options = target.options if target.kind == "either" else ("",)
    day = f"{target.due.year}年{target.due.month}月{target.due.day}日" if target.due else f"{period.year}年12月31日"
    done = [option for option in options if _is_done(indicator, option, period, series)]
    for option in options:
        last = _last_deed(indicator, option, period, series)
        if done:
            hint = "已报完成，不需再报" if option in done else "已完成其中一项，不需再报"
        else:
            hint = "必选是或否；选“是”的填日期和佐证" + ("；几项中完成一项即可" if len(options) > 1 else "")
        yield DeedRow(option or indicator.labels[0], day, last, asked=not done, hint=hint)


def _is_done(indicator: Indicator, option: str, period: Period, series: Series) -> bool:
    """Whether a 是 of this year is known that isn't dated later than its own month."""
    for month in range(1, period.month):
        at = Period(period.year, month)
        if series.words(indicator.code, at, Measure.DONE, option) in YES:
            day = series.words(indicator.code, at, Measure.DATE, option)
            if not day or day <= at.last_day.isoformat():
                return True
    return False


def _last_deed(indicator: Indicator, option: str, period: Period, series: Series) -> tuple[Last, ...]:
    for month in range(period.month - 1, 0, -1):
        at = Period(period.year, month)
        said = series.observation(indicator.code, at, Measure.DONE, option=option)
        if said is not None and said.state is State.TEXT:
            more = [series.words(indicator.code, at, measure, option) for measure in (Measure.DATE, Measure.EVIDENCE)]
            words = "，".join(word for word in (said.text, *more) if word)
            return (Last(f"{month}月报：{words}", tuple(str(cell) for cell in said.cells)),)
    return ()


def _task_row(task: Qualitative, period: Period, series: Series) -> TaskRow:
    label = (task.labels or (task.task,))[0]
    for month in range(period.month - 1, 0, -1):
        said = series.observation(task.code, Period(period.year, month), Measure.REMARK)
        if said is not None and said.state is State.TEXT:
            last = (Last(f"{month}月报：{said.text}", tuple(str(cell) for cell in said.cells)),)
            return TaskRow(label, task.quote, last)
    return TaskRow(label, task.quote, ())
