"""What was published, with its files, the vintages that it knew and the figures that it told."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from flows.store.connecting import Connected
from flows.store.outbox import Parcel, put
from flows.store.persisting import persistent
from flows.store.reads import Input
from flows.store.tables import ISSUE_FIGURES, ISSUE_FILES, ISSUE_VINTAGES, ISSUES, VINTAGES
from flows.store.texts import as_text, as_time, as_utc
from transforms.observations import Observation
from transforms.periods import Period
from transforms.readings import Cell, Measure, State
from transforms.told_names import told_name
from transforms.writing.editions import Edition
from transforms.writing.published import Published


@dataclass(frozen=True, slots=True)
class Issue:
    """A bulletin that was published: its place in the organ's register, by whom and when, and what its files were."""

    district: str
    period: Period
    register: str
    """The pattern of the 发文字号, which names the register that the number was taken from."""
    year: int
    number: int
    correction: int
    """0 for the issue itself, 1 for its first correction; a correction has its issue's year and number."""
    designation: str
    """发文字号: 金经信通报〔2024〕6号（更正）."""
    title: str
    dated: dt.date
    """成文日期."""
    by: str
    at: dt.datetime
    fingerprint: str
    """That of the draft which it was frozen from."""
    content: str
    """A hash of all that it says besides its number and its 修订说明."""
    manifest_sha256: str

    @property
    def edition(self) -> Edition:
        """What its templates were told."""
        return Edition(self.number, self.correction, self.year)

    @property
    def folder(self) -> str:
        """The name of its folder in data_out/DISTRICT/issues; such names sort in the order of the register."""
        name = f"{self.year}-{self.number:03d}"
        return f"{name}-correction-{self.correction}" if self.correction else name


class NumberTaken(Exception):
    """Another publisher was faster: the number, or the period, has its issue."""


class Issues(Connected):
    """The registers' issues."""

    @persistent
    def issues(self, district: str) -> tuple[Issue, ...]:
        """What the district has published, corrections too, in the order in which that happened."""
        query = sa.select(ISSUES).where(ISSUES.c.district == district).order_by(ISSUES.c.id)
        with self._reading() as connection:
            return tuple(_issue(row) for row in connection.execute(query))

    @persistent
    def next_number(self, register: str, year: int) -> int:
        """The number after the highest one that was given out in the register's year."""
        highest = sa.select(sa.func.max(ISSUES.c.number)).where(ISSUES.c.register == register, ISSUES.c.year == year)
        with self._reading() as connection:
            return (connection.execute(highest).scalar() or 0) + 1

    @persistent
    def shared_registers(self, district: str) -> tuple[tuple[str, str], ...]:
        """The registers that the district has numbers of, each with another district that has, too."""
        other = ISSUES.alias()
        query = (
            sa.select(ISSUES.c.register, other.c.district)
            .join(other, other.c.register == ISSUES.c.register)
            .where(ISSUES.c.district == district, other.c.district != district)
            .distinct()
        )
        with self._reading() as connection:
            return tuple(sorted((row.register, row.district) for row in connection.execute(query)))

    @persistent
    def keep_issue(
        self,
        issue: Issue,
        files: Mapping[str, bytes],
        inputs: Sequence[Input],
        figures: Sequence[Observation],
        parcel: Parcel | None = None,
    ) -> None:
        """Keep an issue with its files, the vintages that it knew and the figures that it told; all or nothing.

        ``parcel`` is what is to be told of it and to whom: an issue that is kept is owed to its recipients.

        Raises NumberTaken where the number was given out, or the period published, in the meantime.
        """
        row = {
            **{name: getattr(issue, name) for name in Issue.__dataclass_fields__},
            "period": str(issue.period),
            "dated": issue.dated.isoformat(),
            "at": as_utc(issue.at),
        }
        known = {(one.vintage.sha256, one.vintage.workbook): one.vintage.id for one in inputs}
        with self._writing() as connection:
            try:
                made = connection.execute(sa.insert(ISSUES).returning(ISSUES.c.id), row).scalar_one()
                kept: tuple[tuple[sa.Table, list[dict[str, Any]]], ...] = (
                    (ISSUE_FILES, [{"name": name, "data": data} for name, data in files.items()]),
                    (ISSUE_VINTAGES, [{"vintage": one.vintage.id} for one in inputs]),
                    (ISSUE_FIGURES, [_figure_row(at, one, known) for at, one in enumerate(figures)]),
                )
                for table, rows in kept:
                    if rows:
                        connection.execute(sa.insert(table), [{"issue": made, **one} for one in rows])
                if parcel is not None:
                    put(connection, parcel)
            except sa.exc.IntegrityError as error:
                raise NumberTaken(str(error.orig)) from None

    @persistent
    def issue_files(self, issue: Issue) -> dict[str, bytes]:
        """The bytes of an issue's files by their names, its manifest among them."""
        query = (
            sa.select(ISSUE_FILES.c.name, ISSUE_FILES.c.data)
            .join(ISSUES, ISSUES.c.id == ISSUE_FILES.c.issue)
            .where(*_is(issue))
            .order_by(ISSUE_FILES.c.name)
        )
        with self._reading() as connection:
            return {row.name: row.data for row in connection.execute(query)}

    @persistent
    def published(self, issue: Issue) -> Published:
        """What an issue told and knew, for a later bulletin to say what has changed."""
        figures = (
            sa.select(ISSUE_FIGURES)
            .join(ISSUES, ISSUES.c.id == ISSUE_FIGURES.c.issue)
            .where(*_is(issue))
            .order_by(ISSUE_FIGURES.c.number)
        )
        vintages = (
            sa.select(VINTAGES.c.id, VINTAGES.c.sha256, VINTAGES.c.workbook)
            .join(ISSUE_VINTAGES, ISSUE_VINTAGES.c.vintage == VINTAGES.c.id)
            .join(ISSUES, ISSUES.c.id == ISSUE_VINTAGES.c.issue)
            .where(*_is(issue))
        )
        with self._reading() as connection:
            known = {row.id: (row.sha256, told_name(row.workbook)) for row in connection.execute(vintages)}
            told = tuple(_published_figure(row, known) for row in connection.execute(figures))
        return Published(
            issue.period,
            issue.edition,
            issue.designation,
            issue.dated,
            told,
            frozenset(sha for sha, _ in known.values()),
        )


def _is(issue: Issue) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        ISSUES.c.district == issue.district,
        ISSUES.c.period == str(issue.period),
        ISSUES.c.correction == issue.correction,
    )


def _issue(row: Any) -> Issue:
    return Issue(
        district=row.district,
        period=Period.parse(row.period),
        register=row.register,
        year=row.year,
        number=row.number,
        correction=row.correction,
        designation=row.designation,
        title=row.title,
        dated=dt.date.fromisoformat(row.dated),
        by=row.by,
        at=as_time(row.at),
        fingerprint=row.fingerprint,
        content=row.content,
        manifest_sha256=row.manifest_sha256,
    )


def _figure_row(number: int, figure: Observation, known: Mapping[tuple[str, str], int]) -> dict[str, Any]:
    return {
        "number": number,
        "code": figure.code,
        "area": figure.area,
        "period": str(figure.period),
        "measure": figure.measure.value,
        "value": figure.value,
        "unit": figure.unit,
        "places": figure.places,
        "corrected": figure.corrected,
        "received": as_utc(figure.received),
        "cells": as_text([[known[cell.vintage, cell.workbook], cell.sheet, cell.ref] for cell in figure.cells]),
    }


def _published_figure(row: Any, known: Mapping[int, tuple[str, str]]) -> Observation:
    return Observation(
        code=row.code,
        area=row.area,
        period=Period.parse(row.period),
        measure=Measure(row.measure),
        value=row.value,
        unit=row.unit,
        state=State.NUMBER,
        text="",
        places=row.places,
        cells=tuple(Cell(*known[vintage], sheet, ref) for vintage, sheet, ref in json.loads(row.cells)),
        received=as_time(row.received),
        corrected=row.corrected,
    )
