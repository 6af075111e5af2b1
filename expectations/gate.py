"""Asks Great Expectations whether frames keep what is expected of them; the only module that knows the library."""

from __future__ import annotations

import os
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from inspect import signature
from typing import Any, ClassVar, Literal

# The library reads it once, when it's imported: nothing we do is reported to anybody.
os.environ["GX_ANALYTICS_ENABLED"] = "false"

import great_expectations as gx
import great_expectations.expectations as built_in
import pandas as pd
from great_expectations.core.batch_definition import BatchDefinition
from great_expectations.core.expectation_validation_result import ExpectationValidationResult
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.exceptions import GreatExpectationsError
from great_expectations.execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import (
    ColumnMapExpectation,
    MulticolumnMapExpectation,
)
from great_expectations.expectations.expectation import Expectation as Check
from great_expectations.expectations.metrics.map_metric_provider import (
    ColumnMapMetricProvider,
    MulticolumnMapMetricProvider,
    column_condition_partial,
    multicolumn_condition_partial,
)

from expectations.declared import BuiltIn, Expectation, Rule
from transforms.doubts import Doubt, Severity
from transforms.errors import EnvironmentFault
from transforms.periods import Period

_RULES: dict[str, Callable[..., bool]] = {}
"""Rules by the name that stands for them in an expectation's configuration, which can hold no function."""

_ONE_AT_A_TIME = threading.Lock()
"""The library keeps its current context in a global; periods of a backfill run in threads."""


def doubts_about(
    frames: Mapping[str, pd.DataFrame],
    expectations: Sequence[Expectation],
    parameters: Mapping[str, Sequence[str]],
    reference: Period | None,
) -> tuple[Doubt, ...]:
    """Every expectation that a row doesn't keep, in the order of the expectations and of the frames' rows.

    A critical doubt about another period than the reference period is told as a warning. Raises EnvironmentFault when
    an expectation can't be checked: that never counts as kept.
    """
    by_frame: dict[str, list[Expectation]] = defaultdict(list)
    for expectation in expectations:
        by_frame[expectation.frame].append(expectation)
    rows: dict[str, list[int]] = {}
    with _ONE_AT_A_TIME:
        for name, group in by_frame.items():
            if len(frames[name]):
                rows |= _broken_rows(frames[name], group, parameters)
    return tuple(
        doubt
        for expectation in expectations
        for doubt in _doubts(expectation, frames[expectation.frame], rows.get(expectation.id, []), reference)
    )


def _broken_rows(
    frame: pd.DataFrame, expectations: Sequence[Expectation], parameters: Mapping[str, Sequence[str]]
) -> dict[str, list[int]]:
    """The numbers of the rows that break each expectation."""
    batch = _whole_frame().get_batch(batch_parameters={"dataframe": _asked(frame, expectations)})
    suite = gx.ExpectationSuite(name="gate", expectations=[_check(e) for e in expectations])
    try:
        outcome = batch.validate(
            suite,
            result_format={
                "result_format": "COMPLETE",
                "unexpected_index_column_names": ["row", "cell"],
                "partial_unexpected_count": 0,
                "include_unexpected_rows": False,
            },
            expectation_parameters={name: list(values) for name, values in parameters.items()},
        )
    except GreatExpectationsError as error:
        raise _unchecked("、".join(e.id for e in expectations), str(error)) from error
    found = {_id_of(result): result for result in outcome.results}
    return {e.id: _rows_of(e, found.get(e.id), len(frame)) for e in expectations}


def _asked(frame: pd.DataFrame, expectations: Sequence[Expectation]) -> pd.DataFrame:
    """The columns that are asked about: the library hashes and copies whatever it's given."""
    named = {column for expectation in expectations for column in _columns(expectation.check)}
    return frame[[name for name in frame.columns if name in {"row", "cell"} | named]]


def _columns(check: BuiltIn | Rule) -> list[str]:
    match check:
        case Rule(keeps):
            return list(signature(keeps).parameters)
        case BuiltIn(_, arguments):
            alone = [arguments[name] for name in ("column", "column_A", "column_B") if name in arguments]
            together = arguments.get("column_list", ())
            return [str(name) for name in (*alone, *(together if isinstance(together, list) else ()))]


@cache
def _whole_frame() -> BatchDefinition[Any]:
    """Where frames are handed in. Made once: a context costs as much as four checks, and holds only the last frame."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("frames").add_dataframe_asset("frame")
    return asset.add_batch_definition_whole_dataframe("whole")


def _check(expectation: Expectation) -> Check:
    """The library's own form of an expectation."""
    common: dict[str, Any] = {
        "severity": expectation.severity.value,
        "meta": {"expectation": expectation.id},
    }
    match expectation.check:
        case BuiltIn(name, arguments):
            try:
                made: Check = getattr(built_in, name)(**arguments, **common)
            except (AttributeError, TypeError, ValueError) as error:
                raise _unchecked(expectation.id, str(error)) from error
        case Rule(keeps):
            name = f"{keeps.__module__}.{keeps.__qualname__}"
            _RULES[name] = keeps
            columns = _columns(expectation.check)
            made = (
                ExpectColumnValuesToKeepRule(column=columns[0], rule=name, **common)
                if len(columns) == 1
                else ExpectRowsToKeepRule(column_list=columns, rule=name, **common)
            )
    return made


def _id_of(result: ExpectationValidationResult) -> str:
    configuration = result.expectation_config
    meta = configuration.meta if configuration else None
    return str((meta or {}).get("expectation", ""))


def _rows_of(expectation: Expectation, result: ExpectationValidationResult | None, length: int) -> list[int]:
    """The numbers of the rows that broke it. A check that itself broke also says success=False: it's told apart."""
    if result is None:
        raise _unchecked(expectation.id, "no result")
    for message in _exceptions(result):
        raise _unchecked(expectation.id, message)
    told = result.result
    indices = told.get("unexpected_index_list")
    if told.get("element_count") != length or indices is None or result.success != (not indices):
        looked_at = told.get("element_count")
        raise _unchecked(expectation.id, f"not every row was looked at: {looked_at} of {length}")
    return sorted(int(index["row"]) for index in indices)


def _exceptions(result: ExpectationValidationResult) -> Iterator[str]:
    """The messages of what broke: the library tells one exception, or one for each metric."""
    told = result.exception_info or {}
    for one in (told, *told.values()):
        if isinstance(one, Mapping) and one.get("raised_exception"):
            yield str(one.get("exception_message"))


def _unchecked(ids: str, message: str) -> EnvironmentFault:
    return EnvironmentFault(
        f"expectation {ids} could not be checked: {message}; "
        "the period isn't validated: mend the expectation or the installed Great Expectations"
    )


def _doubts(
    expectation: Expectation, frame: pd.DataFrame, numbers: Sequence[int], reference: Period | None
) -> Iterator[Doubt]:
    groups: dict[tuple[object, ...], list[dict[str, Any]]] = defaultdict(list)
    for number in numbers:
        row = {str(name): value for name, value in frame.iloc[number].items()}
        # What can stop the period is told of each period, and of what the plan needs, apart.
        apart = ("period", "needs") if expectation.severity is Severity.CRITICAL else ()
        together = tuple(row[name] for name in (*expectation.together, *apart))
        groups[together if expectation.together else (number,)].append(row)
    for rows in groups.values():
        yield _toned(_doubt(expectation, rows), reference)


def _doubt(expectation: Expectation, rows: Sequence[Mapping[str, Any]]) -> Doubt:
    first = {**rows[0], "count": len(rows)}
    period = max(row["period"] for row in rows)
    beside = expectation.beside
    places = (place for row in rows for place in row["places"])
    others = (place for row in rows for place in (row[beside] or () if beside else ()))
    return Doubt(
        expectation=expectation.id,
        severity=expectation.severity if first["needs"] else expectation.elsewhere or expectation.severity,
        subject=expectation.subject.format_map(first),
        found=expectation.found.format_map(first),
        expected=expectation.expected.format_map(first),
        cure=expectation.cure.format_map(first),
        places=tuple(dict.fromkeys((*places, *others))),
        period=Period.parse(period) if period else None,
    )


def _toned(doubt: Doubt, reference: Period | None) -> Doubt:
    """Only the reference period's own figures can stop it."""
    if doubt.severity is not Severity.CRITICAL or doubt.period in {None, reference} or reference is None:
        return doubt
    assert doubt.period is not None
    note = f"（属{doubt.period.chinese()}的数据，不影响本期发布，降为提醒）"
    return replace(doubt, severity=Severity.WARNING, found=doubt.found + note)


class _ValuesKeepRule(ColumnMapMetricProvider):
    """Asks a rule of each value of a column. The decorator makes a class method of its method."""

    condition_metric_name = "column_values.keep_rule"
    condition_value_keys = ("rule",)

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column: pd.Series[Any], rule: str, **_: object) -> pd.Series[bool]:  # noqa: N805
        kept = [_RULES[rule](value) for value in column]
        return pd.Series(kept, index=column.index, dtype=bool)


class _RowsKeepRule(MulticolumnMapMetricProvider):
    """Asks a rule of each row of some columns. The decorator makes a class method of its method."""

    condition_metric_name = "multicolumn_values.keep_rule"
    condition_value_keys = ("rule",)

    @multicolumn_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(cls, column_list: pd.DataFrame, rule: str, **_: object) -> pd.Series[bool]:  # noqa: N805
        kept = [_RULES[rule](*row) for row in column_list.itertuples(index=False, name=None)]
        return pd.Series(kept, index=column_list.index, dtype=bool)


class ExpectColumnValuesToKeepRule(ColumnMapExpectation):
    """Expect each value of a column to keep a rule."""

    rule: str
    map_metric = "column_values.keep_rule"
    success_keys: ClassVar[tuple[str, ...]] = ("rule", "mostly")
    args_keys = ("column", "rule")


class ExpectRowsToKeepRule(MulticolumnMapExpectation):
    """Expect each row to keep a rule; one that lacks a value isn't asked."""

    rule: str
    ignore_row_if: Literal["all_values_are_missing", "any_value_is_missing", "never"] = "any_value_is_missing"
    map_metric = "multicolumn_values.keep_rule"
    success_keys: ClassVar[tuple[str, ...]] = ("rule", "mostly")
    args_keys = ("column_list", "rule")
