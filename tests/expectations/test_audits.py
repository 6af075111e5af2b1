"""Each expectation about audit formulas, once kept and once broken."""

from __future__ import annotations

import datetime as dt

import pytest

from expectations.audits import EXPECTATIONS, doubts_about_audits
from tests.transforms.audits.returns import JUNE, audit, contents, row
from transforms.doubts import Severity
from transforms.observations import Received
from transforms.periods import Period
from transforms.readings import Reading

IN_JULY = dt.datetime(2024, 7, 8, tzinfo=dt.UTC)

KEPT = (row("A", "5"), row("B", "5", "D6"))
BROKEN = {
    "audit-formula-holds": (row("A", "5"), row("B", "6", "D6")),
    "audit-formula-evaluable": (row("A", "5"), row("B", "#N/A", "D6")),
}


def received(*rows: Reading, when: dt.datetime = IN_JULY) -> Received:
    return Received(contents(*rows), when)


def test_every_expectation_is_tried() -> None:
    assert {one.id for one in EXPECTATIONS} == set(BROKEN)


@pytest.mark.parametrize("expectation", BROKEN)
def test_kept_and_broken(expectation: str) -> None:
    assert doubts_about_audits([received(*KEPT)], [audit("A=B")], JUNE) == ()
    (doubt,) = doubts_about_audits([received(*BROKEN[expectation])], [audit("A=B")], JUNE)
    assert doubt.expectation == expectation
    assert "月报.xlsx《表一》D6" in doubt.places
    assert "A=B" in f"{doubt.subject}{doubt.found}"


def test_a_formula_warns_unless_it_is_declared_critical() -> None:
    wrong = received(*BROKEN["audit-formula-holds"])
    (warned,) = doubts_about_audits([wrong], [audit("A=B")], JUNE)
    (stopped,) = doubts_about_audits([wrong], [audit("A=B", severity=Severity.CRITICAL)], JUNE)
    assert (warned.severity, stopped.severity) == (Severity.WARNING, Severity.CRITICAL)


def test_an_earlier_periods_critical_formula_warns_and_later_and_old_ones_are_not_asked() -> None:
    def told(period: Period) -> list[Severity]:
        rows = (row("A", "5", period=period), row("B", "6", "D6", period=period))
        return [one.severity for one in doubts_about_audits([received(*rows)], [grave], JUNE)]

    grave = audit("A=B", severity=Severity.CRITICAL)
    assert told(Period(2024, 5)) == [Severity.WARNING]
    assert told(Period(2024, 7)) == told(Period(2022, 12)) == []


def test_a_later_file_heals_whatever_the_order() -> None:
    wrong = received(*BROKEN["audit-formula-holds"])
    mended = received(row("B", "5", "D6", vintage="v2"), when=IN_JULY + dt.timedelta(days=1))
    assert doubts_about_audits([mended, wrong], [audit("A=B")], JUNE) == ()


def test_without_formulas_nothing_is_doubted() -> None:
    assert doubts_about_audits([received(*BROKEN["audit-formula-holds"])], [], JUNE) == ()
