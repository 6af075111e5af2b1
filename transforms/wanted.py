"""Knows which measures of a row an indicator takes figures from; knows no figure."""

from __future__ import annotations

from transforms.declared.plan import Indicator
from transforms.readings import Measure

LEVELS = (Measure.YEAR_TO_DATE, Measure.MONTH)
GROWTHS = (Measure.YEAR_TO_DATE_GROWTH, Measure.MONTH_GROWTH)
_STANDS = (Measure.LEVEL, Measure.YEAR_TO_DATE, Measure.MONTH)
_DEEDS = (Measure.DONE, Measure.DATE, Measure.EVIDENCE)
_WORDS = (Measure.EVIDENCE, Measure.REMARK)


def measures_of(indicator: Indicator) -> tuple[Measure, ...]:
    """The measures that the judged figure may stand under, the preferred one first."""
    if indicator.measure is not None:
        return (indicator.measure,)
    match indicator.target.kind:
        case "reach" | "about" | "of-which":
            return (Measure.YEAR_TO_DATE,)
        case "repeat":
            return (Measure.MONTH,)
        case "grow" | "range":
            return (Measure.YEAR_TO_DATE_GROWTH,)
        case "hold" | "ceiling" | "clear":
            return _STANDS
        case "milestone" | "either":
            return (Measure.DONE,)


def wanted_measures(indicator: Indicator) -> tuple[Measure, ...]:
    """Every measure of its row that is read for it: the judged figure's, what that is compared with, and words."""
    match indicator.target.kind:
        case "reach" | "about" | "of-which" | "repeat" | "grow" | "range":
            measures: tuple[Measure, ...] = (*LEVELS, *GROWTHS)
        case "hold" | "ceiling" | "clear":
            measures = _STANDS
        case "milestone" | "either":
            measures = _DEEDS
    return (*measures, *_WORDS, *((indicator.measure,) if indicator.measure else ()))


def told_measures(indicator: Indicator, *, of_last_year: bool) -> tuple[Measure, ...]:
    """The measures whose numbers a bulletin prints or reckons with: of last year those that paths and needs rest on."""
    judged = measures_of(indicator)
    match indicator.target.kind:
        case "reach" | "about" | "of-which":
            return judged if of_last_year else (*judged, Measure.YEAR_TO_DATE_GROWTH)
        case "grow" | "range":
            return (*judged, Measure.YEAR_TO_DATE) if of_last_year else judged
        case "repeat":
            return (*judged, Measure.YEAR_TO_DATE)
        case _:
            return judged


def is_counted_whole(indicator: Indicator, measure: Measure) -> bool:
    """Whether a ledger is the source of record for the whole's figure, which a table's own is only compared with."""
    return indicator.counted is not None and measure in {*LEVELS, *measures_of(indicator)}
