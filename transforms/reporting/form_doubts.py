"""Finds forms that came as another unit's or another month's, and figures written where nobody looks for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from transforms.area_names import area_name
from transforms.arrivals import says_something
from transforms.declared.district import District
from transforms.declared.plan import Indicator, Plan
from transforms.doubts import Doubt, Severity
from transforms.harmonise import indicators_by_label
from transforms.observations import WHOLE, Received
from transforms.periods import Period
from transforms.readings import State, Table
from transforms.reporting.forms import FORM_TITLE, HEADS
from transforms.tables.labels import plain_label
from transforms.wanted import wanted_measures


def doubts_about_forms(
    received: Sequence[Received], plan: Plan, district: District, period: Period
) -> tuple[Doubt, ...]:
    """What is wrong with the forms of the period as forms; ``received`` is what is in force."""
    forms = [
        (one, table)
        for one in received
        for table in one.contents.tables
        if FORM_TITLE in table.title and table.period is not None and says_something(table)
    ]
    found: dict[Doubt, None] = {}
    for _, table in forms:
        if table.period == period:
            found |= dict.fromkeys(_reporter(table, district, period))
            found |= dict.fromkeys(_strays(table, plan, district, period))
    found |= dict.fromkeys(_of_another_month(forms, district, period))
    return tuple(found)


def _reporter(table: Table, district: District, period: Period) -> Iterator[Doubt]:
    """The form's own 报送单位 counts; a file's name that says another one tells of a form in the wrong hands."""
    place = f"{table.workbook}《{table.sheet}》"
    unit = district.unit(table.reporter)
    if unit is None:
        stated = f"报送单位写的是“{table.reporter}”，不在登记的单位之列" if table.reporter else "没有写报送单位"
        yield _doubt(
            "form-names-its-unit", place, place, stated, "报送单位是登记的单位", "改正报送单位后重新报送", period
        )
        return
    spellings = (unit.name, *unit.aliases)
    others = [
        other.name
        for other in district.units
        if other is not unit
        and other.name in table.workbook
        and not any(spelling in table.workbook or other.name in spelling for spelling in spellings)
    ]
    if others:
        yield _doubt(
            "form-names-its-unit",
            place,
            place,
            f"文件名写的是“{others[0]}”，表内的报送单位是“{table.reporter}”",
            "文件名与表内的报送单位一致",
            "核对是哪个单位的表，错用的，换本单位的表重新报送；暂按表内的报送单位读取",
            period,
        )


def _strays(table: Table, plan: Plan, district: District, period: Period) -> Iterator[Doubt]:
    by_label = indicators_by_label(plan)
    unit = district.unit(table.reporter)
    for reading in table.readings:
        if reading.state is not State.NUMBER or area_name(reading.area, district) != WHOLE:
            continue
        meant = by_label.get(reading.label) or by_label.get(plain_label(reading.label)) or ()
        if not meant:
            continue
        subject = f"{meant[0].name}（{period.chinese()}）"
        if not any(reading.measure in wanted_measures(indicator) for indicator in meant):
            yield _doubt(
                "form-cell-is-used",
                subject,
                str(reading.cell),
                f"{reading.raw}填在了“{HEADS.get(reading.measure, reading.measure.value)}”栏，该指标没有采用",
                f"填在“{_wanted(meant)}”栏",
                "核对该数应填在哪一栏，改正后重新报送",
                period,
            )
        elif unit is not None and not any(unit.name in _answerable(indicator) for indicator in meant):
            yield _doubt(
                "form-is-of-its-unit",
                subject,
                str(reading.cell),
                f"{unit.name}的表里有{meant[0].reported_by}报送的指标，数为{reading.raw}，已采用",
                f"由{meant[0].reported_by}报送",
                "核对是否错用了其他单位的表，或应由哪个单位报送",
                period,
            )


def _wanted(meant: Sequence[Indicator]) -> str:
    """The column that the indicators' figures are looked for in."""
    heads = (HEADS[one] for indicator in meant for one in wanted_measures(indicator) if one in HEADS)
    return next(iter(heads), "情况说明")


def _answerable(indicator: Indicator) -> tuple[str, ...]:
    return (indicator.reported_by, *indicator.lead_units, *indicator.cooperating_units)


def _of_another_month(forms: Sequence[tuple[Received, Table]], district: District, period: Period) -> Iterator[Doubt]:
    """An earlier month's form that came a second time, after this month's end, where this month's didn't come."""
    by_unit: dict[tuple[str, Period], dict[str, Received]] = {}
    for one, table in forms:
        unit = district.unit(table.reporter)
        if unit is not None and table.period is not None:
            by_unit.setdefault((unit.name, table.period), {})[one.contents.workbook + one.contents.vintage] = one
    for (unit_name, told), files in sorted(by_unit.items()):
        if told >= period or (unit_name, period) in by_unit or len(files) < 2:
            continue
        newest = max(files.values(), key=lambda one: one.received)
        if newest.received.date() > period.last_day:
            yield _doubt(
                "form-is-of-the-period",
                f"{unit_name}的{FORM_TITLE}",
                newest.contents.workbook,
                f"{newest.received:%Y-%m-%d}收到的表写的是{told.chinese()}，该月已报过；{period.chinese()}的表没有收到",
                f"{period.chinese()}的{FORM_TITLE}",
                f"核对是否把本期的数填在了{told.month}月的表里；是的，换本期的表重新报送，并移出错的一份",
                period,
            )


def _doubt(expectation: str, subject: str, place: str, found: str, expected: str, cure: str, period: Period) -> Doubt:
    return Doubt(expectation, Severity.WARNING, subject, found, expected, cure, (place,), period)
