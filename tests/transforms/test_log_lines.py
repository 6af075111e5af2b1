"""Which lines of the log belong to which run."""

from __future__ import annotations

from transforms.log_lines import last_run, of_run

LINES = [
    {"event": "run begun", "run": "a", "what": "run", "district": "x", "period": "2024-02"},
    {"event": "run ended", "run": "a", "district": "x", "period": "2024-02"},
    {"event": "run begun", "run": "b", "what": "backfill", "district": "x"},
    {"event": "run begun", "run": "c", "what": "run", "district": "x", "period": "2024-03", "within": "b"},
    {"event": "run begun", "run": "d", "what": "run", "district": "y", "period": "2024-03"},
    {"event": "run ended", "run": "c", "district": "x", "period": "2024-03", "within": "b"},
    {"event": "run ended", "run": "b", "district": "x"},
]


def test_the_last_run_is_the_one_that_began_last() -> None:
    assert last_run(LINES, None, None) == "d"
    assert last_run(LINES, "x", None) == "b"
    assert last_run(LINES, "x", "2024-02") == "a"
    assert last_run(LINES, "z", None) is None


def test_a_backfill_s_month_is_found_by_its_period() -> None:
    assert last_run(LINES, "x", "2024-03") == "c"


def test_a_run_has_the_lines_of_those_within_it() -> None:
    assert [line["run"] for line in of_run(LINES, "b")] == ["b", "c", "c", "b"]
    assert [line["event"] for line in of_run(LINES, "c")] == ["run begun", "run ended"]
    assert of_run(LINES, "none") == ()
