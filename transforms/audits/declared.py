"""Audits as declared: a formula, the tables it's about, how grave a breach is; from YAML or, elsewhere, a sheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from pydantic import Field, field_validator

from transforms.audits.columns import ADDED, EVERYTHING, Subject
from transforms.audits.evaluation import Blanks
from transforms.audits.formulas import Formula, Tolerance
from transforms.audits.grammar import parse
from transforms.declared.contract import Declared
from transforms.declared.declarations import load
from transforms.doubts import Severity
from transforms.readings import Measure


@dataclass(frozen=True, slots=True)
class Audit:
    """One formula of a scope (a sheet's, a file's formulas), with the place where it's declared."""

    formula: Formula
    scope: str
    place: str
    """workbook《sheet》C5, or file:line."""
    number: str = ""
    """Its own number (序号)."""
    report: str = ""
    """The code of the report that it belongs to (报表代码), as the issuing bureau calls it."""
    note: str = ""
    subject: Subject = EVERYTHING
    severity: Severity = Severity.WARNING
    blanks: Blanks = Blanks.MISSING
    measures: tuple[Measure, ...] = ADDED


class Tables(Declared):
    """The tables that a file's formulas are about; any that has the operands, where nothing is said."""

    title: str | None = None
    """Words of its title."""
    reporter: str | None = None
    """Words of its 报送单位."""
    layout: str | None = None
    """A module of transforms/layouts."""


class DeclaredFormula(Declared):
    """One formula of a file."""

    formula: str
    severity: Literal["critical", "warning"] | None = None
    tolerance: Decimal | None = Field(default=None, ge=0)
    """In the figures' own unit; a tolerance in the formula itself (±0.5) goes before."""
    note: str | None = None

    @field_validator("formula")
    @classmethod
    def _can_be_parsed(cls, formula: str) -> str:
        parse(formula)
        return formula


class DeclaredAudits(Declared):
    """A file of formulas, ``audits/*.yaml``: what holds for all of them, then each.

    ``blanks: zero`` says that the issuing bureau counts an empty cell as nothing; by default it's not known.
    """

    scope: str
    """What they're called in messages, such as 主要经济指标表审核关系."""
    tables: Tables = Tables()
    severity: Literal["critical", "warning"] = "warning"
    tolerance: Decimal = Field(default=Decimal(0), ge=0)
    blanks: Blanks = Blanks.MISSING
    measures: tuple[Measure, ...] = Field(default=ADDED, min_length=1)
    """The columns that a formula is asked of where its operands name none (本月, 累计 …)."""
    formulas: tuple[DeclaredFormula, ...]

    @field_validator("formulas")
    @classmethod
    def _some(cls, formulas: tuple[DeclaredFormula, ...]) -> tuple[DeclaredFormula, ...]:
        # Not by min_length: pydantic would count out those that have a fault of their own.
        if not formulas:
            raise ValueError("at least one formula is needed")
        return formulas


def audits_of_yaml(text: str, file: str) -> tuple[Audit, ...]:
    """The audits of a declaration; DeclarationError with all its faults, each with its line."""
    declared, lines = load(text, file, DeclaredAudits)
    return tuple(_audits(declared, lines, file))


def _audits(declared: DeclaredAudits, lines: dict[tuple[str | int, ...], int], file: str) -> Iterator[Audit]:
    tables = declared.tables
    for number, one in enumerate(declared.formulas):
        own = declared.tolerance if one.tolerance is None else one.tolerance
        yield Audit(
            formula=parse(one.formula, Tolerance(amount=own)),
            scope=declared.scope,
            place=f"{file}:{lines.get(('formulas', number), 1)}",
            note=one.note or "",
            subject=Subject(tables.title or "", tables.reporter or "", tables.layout or ""),
            severity=Severity(one.severity or declared.severity),
            blanks=declared.blanks,
            measures=declared.measures,
        )
