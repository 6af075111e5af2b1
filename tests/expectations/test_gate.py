"""The gate itself: a check that breaks is told apart from one that isn't kept, and every row is named."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pytest

from expectations import gate, ledgers, meaning, structure
from expectations.declared import BuiltIn, Expectation, Rule
from transforms.doubts import Severity
from transforms.errors import EnvironmentFault
from transforms.frames.table import table
from transforms.periods import Period

ALL = (*structure.EXPECTATIONS, *meaning.EXPECTATIONS, *ledgers.EXPECTATIONS)


def is_even(value: Decimal) -> bool:
    return value % 2 == 0


def breaks(value: Decimal, other: Decimal) -> bool:
    raise ZeroDivisionError(f"{value}, {other}")


def expectation(check: BuiltIn | Rule) -> Expectation:
    return Expectation("tried", Severity.CRITICAL, "tried", check, "{value}", "偶数", "改正")


def frame(*values: str | None, period: str = "2024-06") -> dict[str, pd.DataFrame]:
    rows: list[dict[str, object]] = [
        {
            "cell": f"A{number}",
            "places": (f"表《一》A{number}",),
            "subject": "数",
            "period": period,
            "needs": True,
            "value": None if text is None else Decimal(text),
            "other": Decimal(1),
        }
        for number, text in enumerate(values)
    ]
    return {"tried": table(("value", "other"), rows)}


def ask(check: BuiltIn | Rule, *values: str | None) -> list[str]:
    doubts = gate.doubts_about(frame(*values), [expectation(check)], {}, Period(2024, 6))
    return [place for doubt in doubts for place in doubt.places]


def test_every_offending_row_is_named() -> None:
    values = [str(number) for number in range(501)]
    assert ask(Rule(is_even), *values) == [f"表《一》A{number}" for number in range(1, 501, 2)]


def test_a_row_without_a_value_is_not_asked() -> None:
    assert ask(Rule(is_even), None, "2", None, "3") == ["表《一》A3"]
    assert ask(Rule(is_even), None, None) == []


@pytest.mark.parametrize(
    "check",
    [
        pytest.param(Rule(breaks), id="a rule that raises"),
        pytest.param(Rule(lambda nowhere: bool(nowhere)), id="a rule about a column that isn't there"),
        pytest.param(BuiltIn("ExpectColumnValuesToNotBeNull", {"column": "nowhere"}), id="a column that isn't there"),
        pytest.param(
            BuiltIn("ExpectColumnValuesToBeInSet", {"column": "value", "value_set": {"$PARAMETER": "nothing"}}),
            id="a set that nobody fills",
        ),
        pytest.param(BuiltIn("ExpectNoSuchThing", {"column": "value"}), id="a name that the library hasn't got"),
        pytest.param(BuiltIn("ExpectColumnValuesToBeNull", {"colum": "value"}), id="a slip in an argument"),
        pytest.param(BuiltIn("ExpectColumnMaxToBeBetween", {"column": "value", "max_value": 1}), id="no rows named"),
    ],
)
def test_a_check_that_breaks_never_counts_as_kept(check: BuiltIn | Rule) -> None:
    with pytest.raises(EnvironmentFault, match="expectation tried could not be checked"):
        ask(check, "2", "4")


def test_one_broken_check_is_not_hidden_by_others() -> None:
    good = expectation(Rule(is_even))
    bad = replace(good, id="broken", check=Rule(breaks))
    with pytest.raises(EnvironmentFault, match=r"expectation broken could not be checked.*2, 1"):
        gate.doubts_about(frame("2"), [good, bad], {}, None)


def test_threads_do_not_mix_their_frames() -> None:
    with ThreadPoolExecutor(4) as pool:
        lone = [pool.submit(ask, Rule(is_even), *["2"] * at, "1") for at in range(8)]
    assert [one.result() for one in lone] == [[f"表《一》A{at}"] for at in range(8)]


def test_ids_are_unique() -> None:
    ids = [one.id for one in ALL]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("one", ALL, ids=lambda one: str(one.id))
def test_messages_are_for_the_bureau(one: Expectation) -> None:
    for text in (one.found, one.expected, one.cure):
        assert text
        assert not text.endswith("。"), "the report adds the full stop"
        assert any("\u4e00" <= character <= "\u9fff" for character in text) or text.startswith("{")


def test_the_package_is_light_until_it_is_asked() -> None:
    program = (
        "import sys, expectations.structure, expectations.meaning, expectations.ledgers;"
        "print([name for name in ('pandas', 'great_expectations') if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
