"""Arranges the records of a district's bulletins as the pages of its archive; reads no file and knows no markup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from transforms.archive.newest import Entry, Year, years_of
from transforms.archive.page_names import address, page_names
from transforms.archive.pages import (
    Archive,
    AreaLine,
    AreaPage,
    Basis,
    Calendar,
    CalendarRow,
    CalendarSection,
    Card,
    IndicatorMonth,
    IndicatorPage,
    IndicatorYear,
    Link,
    Listing,
    PeriodList,
)
from transforms.archive.records import RecordedArea
from transforms.declared.district import District
from transforms.periods import Period
from transforms.writing.bulletin_notes import chinese_day

INDICATORS, AREAS = "indicators", "areas"
"""The folders of the pages beside the index."""
KINDS = {"township": "乡镇（街道）", "park": "园区"}


def arrange(district: District, entries: Sequence[Entry], unlisted: Sequence[str]) -> Archive:
    """The archive's pages. The same arguments, in whatever order, always give the same archive.

    A draft that has since been issued as it was isn't listed beside its issue.
    """
    entries = tuple(_standing(entries))
    years = years_of(entries)
    codes = dict.fromkeys(one.history.code for year in years for one in year.last.record.indicators)
    arranging = _Arranging(years, _bulletins(entries), page_names(dict.fromkeys(_area_names(years))))
    return Archive(
        district=district.name,
        organ=district.bulletin.organ,
        demonstration=district.demonstration or any(entry.record.demonstration for entry in entries),
        periods=tuple(_periods(entries)),
        unlisted=tuple(unlisted),
        cards=tuple(arranging.cards()),
        calendars=tuple(arranging.calendar(year) for year in years),
        indicators=tuple(arranging.indicator_page(code) for code in codes),
        areas=tuple(arranging.area_page(name) for name in arranging.files),
    )


def _standing(entries: Sequence[Entry]) -> Iterator[Entry]:
    issued = {(one.record.period, one.record.edition.correction) for one in entries if not one.record.edition.draft}
    for entry in entries:
        edition = entry.record.edition
        if not edition.draft or (entry.record.period, edition.correction) not in issued:
            yield entry


# --- The list -----------------------------------------------------------------------------------


def _periods(entries: Iterable[Entry]) -> Iterator[PeriodList]:
    newest_first = sorted(entries, key=_place, reverse=True)
    for period, told in groupby(newest_first, key=lambda entry: entry.record.period):
        heading = f"{period.year}年{period.chinese_year_to_date()}"
        yield PeriodList(period, heading, tuple(_listing(entry) for entry in told))


def _place(entry: Entry) -> tuple[Period, int, bool]:
    edition = entry.record.edition
    return entry.record.period, edition.correction, edition.draft


def _listing(entry: Entry) -> Listing:
    record = entry.record
    return Listing(
        words=record.edition.words,
        draft=record.edition.draft,
        number=record.number,
        title=record.title,
        dated=record.dated,
        note="；".join(_notes(entry)),
        statuses=record.statuses,
        total=record.total,
        documents=tuple(_documents(entry)),
        notices=tuple(_notices_of(entry)),
    )


def _notes(entry: Entry) -> Iterator[str]:
    if entry.record.as_of:
        yield f"按截至{chinese_day(entry.record.as_of.date())}收到的数据编制"
    if entry.note:
        yield entry.note


_BULLETIN = "bulletin.html"
_FORMATS = {"html": "网页", "pdf": "PDF", "docx": "Word", "xlsx": "Excel"}
"""What a reader opens, in the order of the links; files for programs aren't listed."""
DOCUMENTS = {"bulletin": "通报", "yuebao": "月报"}
"""What a document is called; another template's by its own name."""


def _documents(entry: Entry) -> Iterator[Link]:
    files = [(stem, suffix) for name in entry.documents for stem, _, suffix in [name.rpartition(".")]]
    opened = [(stem, suffix) for stem, suffix in files if suffix in _FORMATS and "/" not in stem]
    for stem, suffix in sorted(opened, key=lambda one: (one[0] not in DOCUMENTS, one[0], [*_FORMATS].index(one[1]))):
        name = "数据表" if suffix == "xlsx" else DOCUMENTS.get(stem, stem)
        yield Link(f"{name}（{_FORMATS[suffix]}）", address(*entry.folder, f"{stem}.{suffix}"))


def _notices_of(entry: Entry) -> Iterator[tuple[str, tuple[Link, ...]]]:
    for unit, files in entry.notices:
        parted = [name.rpartition(".") for name in files if name in entry.documents]
        links = [
            Link(_FORMATS[suffix], address(*entry.folder, *f"{stem}.{suffix}".split("/")))
            for stem, _, suffix in parted
            if suffix in _FORMATS
        ]
        if links:
            yield unit, tuple(links)


def _bulletins(entries: Iterable[Entry]) -> Mapping[Period, Link]:
    """For each period its bulletin to be opened: the newest issue, or else the draft."""
    issues_last = sorted(entries, key=lambda one: (not one.record.edition.draft, one.record.edition.correction))
    return {entry.record.period: replace(_bulletin(entry), word=entry.record.edition.words) for entry in issues_last}


def _bulletin(entry: Entry) -> Link:
    words = f"{entry.record.period.chinese()}{entry.record.edition.words}"
    return Link(words, address(*entry.folder, _BULLETIN) if _BULLETIN in entry.documents else "")


# --- Histories ----------------------------------------------------------------------------------


def _area_names(years: Iterable[Year]) -> Iterator[str]:
    for year in years:
        yield from (one.area for one in year.last.record.areas)


class _Arranging:
    """The pages of histories, which name each other."""

    def __init__(self, years: tuple[Year, ...], bulletins: Mapping[Period, Link], files: Mapping[str, str]) -> None:
        self.files = files
        self._years = years
        self._bulletins = bulletins
        self._names = {
            one.history.code: one.history.name for year in reversed(years) for one in year.last.record.indicators
        }

    def cards(self) -> Iterator[Card]:
        newest = self._years[0] if self._years else None
        for code in newest.last.record.headline if newest else ():
            history = newest.history(code) if newest else None
            if history is not None:
                told = [year.history(code) for year in reversed(self._years)]
                points = tuple((m.period, m.value) for one in told if one for m in one.months)
                yield Card(self._indicator(code), history.unit, history.kind, history.target_cell, history.now, points)

    def calendar(self, year: Year) -> Calendar:
        sections = [
            CalendarSection(title, tuple(self._row(year, one.history.code) for one in told))
            for title, told in groupby(year.last.record.indicators, key=lambda one: one.section)
        ]
        return Calendar(year.year, year.last.record.document, tuple(sections))

    def indicator_page(self, code: str) -> IndicatorPage:
        years = tuple(made for year in self._years if (made := self._indicator_year(year, code)) is not None)
        section = next(told.section for year in self._years if (told := year.indicator(code)) is not None)
        newest = next(year for year in self._years if year.indicator(code) is not None)
        areas = [self._line(newest, one) for one in newest.last.record.areas if one.code == code]
        return IndicatorPage(
            code,
            f"{code}.html",
            self._names[code],
            section,
            years,
            tuple(sorted(areas, key=lambda line: line.newest.rank or len(areas) + 1)),
        )

    def area_page(self, name: str) -> AreaPage:
        told = [(year, one) for year in self._years for one in year.last.record.areas if one.area == name]
        file = self.files[name]
        return AreaPage(
            name, KINDS[told[0][1].kind], file, address(AREAS, file), tuple(self._line(*one) for one in told)
        )

    def _indicator_year(self, year: Year, code: str) -> IndicatorYear | None:
        told, history = year.indicator(code), year.history(code)
        if told is None or history is None:
            return None
        return IndicatorYear(
            year=year.year,
            document=year.last.record.document,
            wordings=told.wordings,
            lead_units=told.lead_units,
            cooperating_units=told.cooperating_units,
            history=history,
            months=tuple(IndicatorMonth(one, self._bulletins.get(one.period)) for one in history.months),
            basis=tuple(_basis(year)),
            verdict=told.verdict,
            figure_period=told.figure_period.chinese() if told.figure_period else "",
            cells=told.cells,
        )

    def _line(self, year: Year, told: RecordedArea) -> AreaLine:
        unit = next(one.history.unit for one in year.last.record.indicators if one.history.code == told.code)
        return AreaLine(
            year.year,
            KINDS[told.kind],
            Link(told.area, address(AREAS, self.files[told.area])),
            self._indicator(told.code),
            unit,
            tuple(year.area(told)),
            tuple(_basis(year)),
            told.cells,
        )

    def _row(self, year: Year, code: str) -> CalendarRow:
        history = year.history(code)
        months = {one.period.month: one for one in history.months} if history else {}
        return CalendarRow(self._indicator(code), tuple(months.get(month) for month in range(1, 13)))

    def _indicator(self, code: str) -> Link:
        return Link(self._names[code], address(INDICATORS, f"{code}.html"))


def _basis(year: Year) -> Iterator[Basis]:
    for first, last, entry in year.basis():
        months = f"{first.month}月" if first == last else f"{first.month}—{last.month}月"
        yield Basis(months, _bulletin(entry), chinese_day(entry.record.known_until.date()))
