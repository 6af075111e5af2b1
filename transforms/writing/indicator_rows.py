"""Arranges each assessment as a row of the main table, with its arithmetic, its cells and its notes; judges nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from transforms.assessments import Assessment, Status
from transforms.declared.plan import Indicator, Plan
from transforms.declared.targets import About, Either, Every, Milestone
from transforms.figures import HUNDRED, exact, printed
from transforms.judging import PERCENT_PLACES
from transforms.ledgers.counting_wording import rule_words
from transforms.observations import WHOLE, Observation
from transforms.periods import Period
from transforms.readings import Cell, Measure, State
from transforms.series import Series
from transforms.wanted import measures_of
from transforms.writing.assessment_wording import (
    completion_text,
    is_measured,
    is_pro_rated,
    path_name,
    remark_words,
    when,
)
from transforms.writing.bulletin import Figure, IndicatorRow, SectionTable
from transforms.writing.target_wording import plain, target_cell
from transforms.writing.wording import POINT, percent, signed

NO_ITEM = "—"
"""There is no such item."""
TOO_SMALL = "…"
"""Too small to print."""
UNKNOWN = ""
"""Not known."""

_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


@dataclass(slots=True)
class Marks:
    """Note signs in the order of their first use; the same text has the same sign."""

    texts: list[str] = field(default_factory=list)

    def sign(self, text: str) -> str:
        """The sign of a note, a new one for a new note."""
        if text not in self.texts:
            self.texts.append(text)
        return _sign(self.texts.index(text))

    def signs(self, texts: Sequence[str]) -> tuple[str, ...]:
        """The signs of one row's notes, in their own order."""
        for text in texts:
            self.sign(text)
        return tuple(_sign(at) for at, text in enumerate(self.texts) if text in texts)

    def told(self) -> tuple[tuple[str, str], ...]:
        """Each sign with its text as a whole sentence."""
        return tuple((_sign(at), f"{text.rstrip('。')}。") for at, text in enumerate(self.texts))


def _sign(at: int) -> str:
    return _CIRCLED[at] if at < len(_CIRCLED) else f"（{at + 1}）"


def section_tables(
    plan: Plan, assessments: Sequence[Assessment], series: Series, marks: Marks
) -> tuple[SectionTable, ...]:
    """Every assessment as a row under its section, numbered through; sections without indicators are left out."""
    serial = 0
    tables = []
    for section in plan.sections:
        rows = []
        for assessment in assessments:
            if assessment.indicator.section == section.id:
                serial += 1
                rows.append(_row(serial, assessment, series, marks))
        if rows:
            tables.append(SectionTable(section.title, tuple(rows)))
    return tuple(tables)


def sources(cells: Sequence[Cell]) -> tuple[str, ...]:
    """The cells as texts, each once."""
    return tuple(dict.fromkeys(str(cell) for cell in cells))


def figure(text: str, cells: Sequence[Cell], explanation: str = "") -> Figure:
    """A figure with the cells that it's from, and the files that those are in."""
    told = {str(cell): cell.vintage for cell in cells}
    return Figure(text, tuple(told), explanation, tuple(told.values()))


def _row(serial: int, assessment: Assessment, series: Series, marks: Marks) -> IndicatorRow:
    indicator = assessment.indicator
    completion, declared = assessment.completion, assessment.declared_path
    gap = _gap(assessment)
    return IndicatorRow(
        code=indicator.code,
        serial=serial,
        name=indicator.name,
        unit=indicator.unit,
        target=target_cell(indicator.target),
        actual=_actual(assessment, series),
        figure_period=_figure_period(assessment),
        growth=_growth(assessment, series),
        completion=_completion(assessment),
        elapsed_path=_elapsed(assessment),
        last_year_path=_last_year(assessment, series),
        gap=gap,
        gap_unit=assessment.gap_unit if gap.text not in {NO_ITEM, UNKNOWN} else "",
        status=assessment.status,
        status_word=assessment.status.chinese,
        verdict=assessment.verdict,
        lead_units=indicator.lead_units,
        marks=marks.signs(_notes(assessment)),
        completion_ratio=float(completion / HUNDRED) if completion is not None else None,
        path_ratio=float(declared / HUNDRED) if completion is not None and declared else None,
        remark=remark_words(assessment),
    )


# --- Actual figure ------------------------------------------------------------------------------


def _actual(assessment: Assessment, series: Series) -> Figure:
    if assessment.indicator.target.kind in {"milestone", "either"}:
        return _deed(assessment)
    if assessment.value is None:
        return Figure(instead_of_figure(assessment.indicator, assessment.period, series))
    return figure(
        printed(assessment.value, assessment.indicator.printed_places),
        assessment.cells,
        "；".join(words for words in (_counting(assessment), _evidence(assessment)) if words),
    )


def _deed(assessment: Assessment) -> Figure:
    if assessment.figure_period is None:
        return Figure(UNKNOWN)
    done = assessment.status is Status.COMPLETED
    return figure("已完成" if done else "未完成", assessment.cells, _evidence(assessment))


def _evidence(assessment: Assessment) -> str:
    return f"佐证：{assessment.evidence}" if assessment.evidence else ""


def instead_of_figure(indicator: Indicator, period: Period, series: Series, area: str = WHOLE) -> str:
    """What the source wrote where there's no number: —, …, or nothing."""
    signs = (instead_of_number(indicator, period, measure, series, area) for measure in measures_of(indicator))
    return next((sign for sign in signs if sign), UNKNOWN)


def instead_of_number(indicator: Indicator, period: Period, measure: Measure, series: Series, area: str = WHOLE) -> str:
    """The same of one measure."""
    found = series.observation(indicator.code, period, measure, area)
    return _SIGNS.get(found.state, UNKNOWN) if found is not None else UNKNOWN


_SIGNS = {State.NO_ITEM: NO_ITEM, State.TOO_SMALL: TOO_SMALL}


def _counting(assessment: Assessment) -> str:
    rule = assessment.indicator.counted
    return rule_words(rule) if rule else ""


def _figure_period(assessment: Assessment) -> str:
    target = assessment.indicator.target
    if target.kind == "repeat":
        if assessment.value is None:
            return ""
        month = assessment.period.month
        return {
            Every.MONTH: f"{month}月",
            Every.QUARTER: f"{'一二三四'[(month - 1) // 3]}季度",
            Every.YEAR: "",
        }[target.every]
    if assessment.value is None or assessment.figure_period in {None, assessment.period}:
        return ""
    return when(assessment)


# --- Growth, completion and paths ---------------------------------------------------------------


def _growth(assessment: Assessment, series: Series) -> Figure:
    if not is_pro_rated(assessment):
        return Figure(NO_ITEM)
    if assessment.growth is None:
        # A count has no growth of its own in any table; of a measured amount it's merely unknown.
        told = instead_of_number(assessment.indicator, assessment.period, Measure.YEAR_TO_DATE_GROWTH, series)
        return Figure(told or (UNKNOWN if is_measured(assessment.indicator) else NO_ITEM))
    found = series.number(assessment.indicator.code, assessment.period, Measure.YEAR_TO_DATE_GROWTH)
    return figure(percent(assessment.growth), found.cells if found else ())


def _completion(assessment: Assessment) -> Figure:
    if not is_pro_rated(assessment):
        return Figure(NO_ITEM)
    if assessment.completion is None:
        return Figure(UNKNOWN)
    return Figure(completion_text(assessment), explanation=completion_arithmetic(assessment))


def completion_arithmetic(assessment: Assessment) -> str:
    """完成率＝88.96÷170×100%＝52.3%; empty where nothing is pro-rated."""
    value, target = assessment.value, assessment.indicator.target.value
    if value is None or target is None or assessment.completion is None:
        return ""
    return f"完成率＝{plain(value)}÷{plain(target)}×100%＝{completion_text(assessment)}"


def _elapsed(assessment: Assessment) -> Figure:
    if not is_pro_rated(assessment) or assessment.elapsed_path is None:
        return Figure(NO_ITEM)
    return Figure(percent(assessment.elapsed_path), explanation=elapsed_arithmetic(assessment))


def elapsed_arithmetic(assessment: Assessment) -> str:
    """序时进度＝6÷12×100%＝50.0%."""
    shown = percent(HUNDRED * assessment.period.month / 12)
    return f"序时进度＝{assessment.period.month}÷12×100%＝{shown}"


def _last_year(assessment: Assessment, series: Series) -> Figure:
    if not is_pro_rated(assessment):
        return Figure(NO_ITEM)
    by_now, total = last_year_figures(assessment, series)
    if assessment.last_year_path is None or by_now is None or total is None:
        # A total of zero has no shares; without a total the share isn't known.
        return Figure(NO_ITEM if total is not None and total.value == 0 else UNKNOWN)
    return figure(
        percent(assessment.last_year_path),
        (*by_now.cells, *total.cells),
        last_year_arithmetic(assessment, series),
    )


def last_year_figures(assessment: Assessment, series: Series) -> tuple[Observation | None, Observation | None]:
    """Last year's figure by the same month, and its total."""
    code, period = assessment.indicator.code, assessment.period
    return (
        series.number(code, period.last_year, Measure.YEAR_TO_DATE),
        series.number(code, Period(period.year - 1, 12), Measure.YEAR_TO_DATE),
    )


def last_year_arithmetic(assessment: Assessment, series: Series) -> str:
    """历史同期进度＝80.1÷164.3×100%＝48.8%."""
    by_now, total = last_year_figures(assessment, series)
    if by_now is None or total is None or by_now.value is None or total.value is None:
        return ""
    if assessment.last_year_path is None:
        return ""
    return f"历史同期进度＝{plain(by_now.value)}÷{plain(total.value)}×100%＝{percent(assessment.last_year_path)}"


# --- Gap ----------------------------------------------------------------------------------------


def gap_places(assessment: Assessment) -> int:
    """Digits of the gap: those of a percentage for a completion, the figure's own for all others."""
    if is_pro_rated(assessment):
        return PERCENT_PLACES
    places = assessment.indicator.printed_places
    return max(places, PERCENT_PLACES) if assessment.gap_unit == POINT else places


def _gap(assessment: Assessment) -> Figure:
    if assessment.status is Status.NOT_REPORTED:
        return Figure(UNKNOWN)
    if assessment.printed_gap is None or assessment.status is Status.NOT_DUE:
        return Figure(NO_ITEM)
    return Figure(signed(assessment.printed_gap, gap_places(assessment)), explanation=gap_arithmetic(assessment))


def gap_arithmetic(assessment: Assessment) -> str:
    """差距＝52.4%－50.0%＝+2.4个百分点, and the like for every other kind; empty for a deed."""
    indicator, gap = assessment.indicator, assessment.printed_gap
    value, target = assessment.value, indicator.target
    if gap is None:
        return ""
    result = f"{signed(gap, gap_places(assessment))}{'个' if assessment.gap_unit == POINT else ''}{assessment.gap_unit}"
    if target.kind == "repeat":
        return f"差距＝未达标的期数（负数），即{result}"
    if assessment.completion is not None and assessment.declared_path is not None:
        due = f"{path_name(assessment)}{percent(assessment.declared_path)}"
        return f"差距＝完成率{completion_text(assessment)}－{due}＝{result}"
    if value is None or target.value is None:
        return ""
    unit = "%" if indicator.unit == "%" else ""
    own = f"{printed(value, indicator.printed_places)}{unit}"
    wanted = f"{plain(target.value)}{unit}"
    if target.kind in {"ceiling", "clear"}:
        return f"差距＝{wanted}－{own}＝{result}"
    return f"差距＝{own}－{wanted}＝{result}"


# --- Notes --------------------------------------------------------------------------------------


def _notes(assessment: Assessment) -> list[str]:
    """What the reader must know about this figure, from the general to the particular."""
    indicator, target = assessment.indicator, assessment.indicator.target
    notes = []
    if isinstance(target, About):
        notes.append(about_words(indicator.unit, target))
    running = assessment.period.months_left > 0  # At the year's end every path has come to 100%.
    if running and indicator.path.kind == "last-year" and assessment.last_year_path is not None:
        notes.append("状态按历史同期进度判断")
    if running and indicator.path.kind == "schedule" and assessment.declared_path is not None:
        notes.append(f"状态按下达的分月计划进度（本期{percent(assessment.declared_path)}）判断")
    if indicator.path.kind == "batch" and assessment.status is Status.NOT_DUE:
        notes.append(f"集中认定类目标，{indicator.path.month}月底前不作序时要求")
    if target.kind in {"milestone", "either"} and assessment.status is Status.NOT_DUE:
        notes.append(f"完成期限为{deadline(assessment)}")
    return list(dict.fromkeys([*notes, *assessment.notes]))


def deadline(assessment: Assessment) -> str:
    """12月31日, the plan year's last day where none is named; with its year where that is another."""
    target = assessment.indicator.target
    day = target.due if isinstance(target, Milestone | Either) else None
    day = day or dt.date(assessment.period.year, 12, 31)
    year = "" if day.year == assessment.period.year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日"


def about_words(unit: str, target: About) -> str:
    """How far 左右 reaches; no tolerance is published, so the plan's own is told."""
    if not target.tolerance:
        return f"“左右”未规定幅度，按不少于{exact(target.value)}{unit}掌握"
    return f"“左右”未规定幅度，按±{exact(target.tolerance)}{unit}掌握，达到{exact(target.least)}{unit}即为完成"
