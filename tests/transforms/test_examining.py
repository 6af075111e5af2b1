"""The judgements of an examination, each once well and once not."""

from __future__ import annotations

import datetime as dt

import pytest

from transforms.examining import (
    Finding,
    Verdict,
    exit_status,
    judge_clock,
    judge_holidays,
    judge_modes,
    judge_past,
    judge_registered,
    judge_room,
    judge_upkeep,
    judge_version,
    ok,
)

NOW = dt.datetime(2024, 7, 18, 9, 0, tzinfo=dt.UTC)
MEGABYTE = 1024 * 1024


@pytest.mark.parametrize(
    ("found", "verdict"),
    [("2.0.58", Verdict.OK), ("2.0", Verdict.OK), ("2.1.0", Verdict.FAULT), ("1.4", Verdict.FAULT), (None, "fault")],
)
def test_a_version_within_its_bounds_is_well(found: str | None, verdict: str) -> None:
    finding = judge_version("sqlalchemy", found, "2.0", "2.1", "on 2.1 nothing is scheduled")
    assert finding.verdict == verdict
    assert bool(finding.cure) == (verdict == "fault")


def test_a_version_that_is_bound_by_nothing_is_well() -> None:
    assert judge_version("alembic", "1.20.1", "", "", "").verdict is Verdict.OK


@pytest.mark.parametrize(
    ("free", "files", "verdict"),
    [
        (5000, 1_000_000, Verdict.OK),
        (5000, None, Verdict.OK),
        (500, 1_000_000, Verdict.WARNING),
        (5000, 5_000, Verdict.WARNING),
        (50, 1_000_000, Verdict.FAULT),
        (5000, 10, Verdict.FAULT),
    ],
)
def test_room_is_judged_in_bytes_and_in_files(free: int, files: int | None, verdict: Verdict) -> None:
    assert judge_room("room", free * MEGABYTE, files).verdict is verdict


@pytest.mark.parametrize(
    ("off", "verdict"), [(3, Verdict.OK), (-3, Verdict.OK), (60, Verdict.WARNING), (-4000, Verdict.FAULT)]
)
def test_a_clock_is_held_against_another(off: int, verdict: Verdict) -> None:
    finding = judge_clock("clock", NOW + dt.timedelta(seconds=off), NOW)
    assert finding.verdict is verdict
    assert verdict is Verdict.OK or ("ahead" if off > 0 else "behind") in finding.found


def test_a_clock_before_the_newest_record_is_wrong() -> None:
    assert judge_past("clock", NOW, None).verdict is Verdict.OK
    assert judge_past("clock", NOW, NOW - dt.timedelta(days=1)).verdict is Verdict.OK
    assert judge_past("clock", NOW, NOW + dt.timedelta(days=1)).verdict is Verdict.FAULT


@pytest.mark.parametrize(
    ("year", "known", "month", "verdict"),
    [
        (2024, True, 7, Verdict.OK),
        (2024, False, 1, Verdict.FAULT),
        (2025, False, 11, Verdict.OK),
        (2025, False, 12, Verdict.WARNING),
        (2025, True, 12, Verdict.OK),
    ],
)
def test_holidays_must_be_known_before_the_year_begins(year: int, known: bool, month: int, verdict: Verdict) -> None:
    assert judge_holidays(year, known, 2024, month).verdict is verdict


def test_what_others_can_look_at_is_named() -> None:
    assert judge_modes("modes", []).verdict is Verdict.OK
    finding = judge_modes("modes", ["a", "b", "c", "d"])
    assert (finding.verdict, finding.found) == (Verdict.WARNING, "4 can be read by other accounts: a, b, c …")


def test_a_deployment_needs_a_run_that_is_to_come() -> None:
    coming = NOW + dt.timedelta(days=3)
    assert judge_registered("m/small", {"m/small": coming}, (), NOW).verdict is Verdict.OK
    for runs, paused, words in (
        ({}, (), "isn't registered"),
        ({"m/small": coming}, ("m/small",), "paused"),
        ({"m/small": None}, (), "no run scheduled"),
        ({"m/small": NOW - dt.timedelta(hours=2)}, (), "nobody serves it"),
    ):
        finding = judge_registered("m/small", runs, paused, NOW)
        assert finding.verdict is Verdict.FAULT
        assert words in finding.found


def test_an_upkeep_that_ended_long_ago_is_told() -> None:
    assert judge_upkeep(NOW - dt.timedelta(minutes=9), NOW).verdict is Verdict.OK
    assert judge_upkeep(NOW - dt.timedelta(hours=2), NOW).verdict is Verdict.FAULT
    assert judge_upkeep(None, NOW).verdict is Verdict.FAULT


def test_the_exit_status_is_the_machine_s_before_the_declarations() -> None:
    declared = Finding("x", Verdict.FAULT, "", declaration=True)
    machine = Finding("x", Verdict.FAULT, "")
    warning = Finding("x", Verdict.WARNING, "")
    assert exit_status([ok("x", ""), warning]) == 0
    assert exit_status([declared, warning]) == 3
    assert exit_status([declared, machine]) == 7
