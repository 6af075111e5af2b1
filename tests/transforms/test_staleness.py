"""Why a bulletin is stale, part by part of its basis; and which periods a file is used by."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.periods import Period
from transforms.staleness import Basis, BasisInput, Why, basis_told, is_used, reasons_stale

MAY = BasisInput("五月.xlsx", "inbox/2024-06-17/五月.xlsx", "a", "2024-06-17T00:00:00+08:00", True)
THEN = Basis(
    district="small",
    period="2024-06",
    as_of=None,
    inputs=(MAY,),
    declarations={"data_raw/small/plan/2024.yaml": "p", "data_raw/small/edits/2024-06.md": "e"},
    held_against=("〔2024〕1号",),
    versions={"weasyprint": "70.0"},
    issues=("i",),
    sources=(),
    made_by={"program": "p", "templates": "t", "fonts": "f"},
)

CASES: list[tuple[dict[str, Any], Why, str]] = [
    ({"inputs": (MAY, replace(MAY, workbook="新.xlsx", origin="n", sha256="b"))}, Why.CAME, "新.xlsx has come"),
    ({"inputs": (replace(MAY, sha256="b"),)}, Why.REVISED, "五月.xlsx was revised"),
    (
        {"inputs": (replace(MAY, in_force=False), replace(MAY, sha256="b"))},
        Why.REVISED,
        "五月.xlsx was revised",
    ),
    ({"inputs": (MAY, replace(MAY, origin="elsewhere", sha256="b"))}, Why.REVISED, "五月.xlsx was revised"),
    ({"inputs": (replace(MAY, in_force=False),)}, Why.REVISED, "五月.xlsx no longer counts"),
    ({"inputs": ()}, Why.WITHDRAWN, "五月.xlsx was withdrawn"),
    ({"inputs": (replace(MAY, origin="o"),)}, Why.RECEIVED, "五月.xlsx lies elsewhere or came at another time (o)"),
    (
        {"declarations": {**THEN.declarations, "data_raw/small/plan/2024.yaml": "q"}},
        Why.DECLARATION,
        "data_raw/small/plan/2024.yaml has changed",
    ),
    (
        {"declarations": {"data_raw/small/plan/2024.yaml": "p"}},
        Why.EDITED,
        "the edited text data_raw/small/edits/2024-06.md is gone",
    ),
    ({"held_against": ("〔2024〕1号", "〔2024〕2号"), "issues": ("i", "j")}, Why.ISSUE, "〔2024〕2号 is issued"),
    (
        {"issues": ("j",)},
        Why.ISSUE,
        "the issues that it's held against aren't those of the same number any more",
    ),
    ({"sources": ("数据来源",)}, Why.SOURCE, "a source couldn't be pulled: 数据来源"),
    ({"made_by": {**(THEN.made_by or {}), "program": "q"}}, Why.PROGRAM, "the program has changed"),
    ({"made_by": {**(THEN.made_by or {}), "templates": "q"}}, Why.TEMPLATES, "the templates have changed"),
    ({"made_by": {**(THEN.made_by or {}), "fonts": "q"}}, Why.FONTS, "the fonts have changed"),
    ({"versions": {"weasyprint": "70.1"}}, Why.LIBRARY, "weasyprint is 70.1, and was 70.0"),
    (
        {"as_of": "2024-06-30"},
        Why.MOMENT,
        "it was made from all that was known, and is wanted as of 2024-06-30",
    ),
]


def manifest(basis: Basis) -> dict[str, Any]:
    identity = {"district": basis.district, "period": basis.period, "as_of": basis.as_of}
    return {**identity, "fingerprint": basis.fingerprint, **basis.told()}


@pytest.mark.parametrize(("changed", "why", "words"), CASES, ids=[words for _, _, words in CASES])
def test_each_part_that_changes_is_named_and_nothing_else(changed: dict[str, Any], why: Why, words: str) -> None:
    (reason,) = reasons_stale(manifest(THEN), replace(THEN, **changed))
    assert (reason.why, reason.words) == (why, words)


def test_a_manifest_tells_its_basis_whole() -> None:
    assert basis_told(manifest(THEN)) == THEN
    assert reasons_stale(manifest(THEN), THEN) == ()


def test_a_manifest_of_an_older_version_tells_what_it_can() -> None:
    old = {name: value for name, value in manifest(THEN).items() if name not in {"issues", "sources", "made_by"}}
    old["fingerprint"] = "as an older version reckoned it"
    (reason,) = reasons_stale(old, THEN)
    assert reason.words == "the program, its templates or its fonts have changed"
    (reason,) = reasons_stale(old, replace(THEN, inputs=()))
    assert reason.words == "五月.xlsx was withdrawn"


@pytest.mark.parametrize(
    ("inputs", "why", "words"),
    [
        ((MAY, replace(MAY, workbook="新.xlsx", origin="n", sha256="b")), Why.CAME, "新.xlsx was there at that moment"),
        ((replace(MAY, sha256="b"),), Why.REVISED, "五月.xlsx was another at that moment"),
        ((replace(MAY, in_force=False),), Why.REVISED, "五月.xlsx didn't count at that moment"),
        ((), Why.WITHDRAWN, "五月.xlsx wasn't there at that moment"),
    ],
)
@pytest.mark.parametrize("made", [None, "2024-07-31"])
def test_what_an_earlier_moment_did_not_know_was_not_withdrawn(
    inputs: tuple[BasisInput, ...], why: Why, words: str, made: str | None
) -> None:
    then = replace(THEN, as_of=made)
    moment, reason = reasons_stale(manifest(then), replace(THEN, as_of="2024-06-30", inputs=inputs))
    assert moment.why is Why.MOMENT
    assert (reason.why, reason.words) == (why, words)


def test_what_has_counted_no_more_counts_at_an_earlier_moment() -> None:
    then = replace(THEN, inputs=(replace(MAY, in_force=False),))
    _, reason = reasons_stale(manifest(then), replace(THEN, as_of="2024-06-30"))
    assert reason.words == "五月.xlsx counted at that moment"


def test_since_an_earlier_moment_files_have_come_and_gone() -> None:
    then = replace(THEN, as_of="2024-06-30")
    _, reason = reasons_stale(manifest(then), replace(THEN, inputs=()))
    assert reason.words == "五月.xlsx was withdrawn"
    _, reason = reasons_stale(manifest(replace(then, inputs=())), THEN)
    assert reason.words == "五月.xlsx has come"


periods = st.builds(Period, st.integers(2022, 2025), st.integers(1, 12))


@given(st.lists(periods, min_size=1, max_size=4), periods)
def test_a_file_is_used_by_the_year_that_it_tells_of_from_its_month_on_and_by_the_next(
    told: list[Period], period: Period
) -> None:
    of_that_year = any(one.year == period.year and one.month <= period.month for one in told)
    of_the_year_before = any(one.year == period.year - 1 for one in told)
    assert is_used(tuple(told), (), period) == (of_that_year or of_the_year_before)


@given(periods, periods)
def test_a_file_of_later_months_only_is_nobodys_business_before_them(told: Period, period: Period) -> None:
    if told > period:
        assert not is_used((told,), (), period)
        assert not is_used((), (told,), period)


@given(periods)
def test_a_file_of_no_period_is_of_every_period_unless_its_doubts_name_one(period: Period) -> None:
    assert is_used((), (), period)
    assert is_used((), (None, Period(2025, 12)), period)
