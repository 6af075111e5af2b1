"""Every expectation of every module: tried once kept and once broken, and told under a name of its own."""

from __future__ import annotations

import importlib
import pkgutil
import string
from collections import Counter
from collections.abc import Iterator
from inspect import signature

import pytest

import expectations
from expectations.declared import Expectation, Rule
from tests.expectations import test_audits, test_ledgers, test_meaning, test_structure
from transforms.doubts import Severity

TRIED = {*test_structure.CASES, *test_meaning.CASES, *test_ledgers.CASES, *test_audits.BROKEN}
"""What has a case: each of those tests asks it of rows that keep it and of rows that break it."""


def declared() -> Iterator[tuple[str, Expectation]]:
    """Every expectation of the package with the module that has it as an entry of its own."""
    for module in pkgutil.iter_modules(expectations.__path__, "expectations."):
        for one in getattr(importlib.import_module(module.name), "EXPECTATIONS", ()):
            yield module.name, one


def test_every_expectation_of_every_module_has_a_case_and_every_case_an_expectation() -> None:
    assert {one.id for _, one in declared()} == TRIED


def test_an_id_means_one_expectation() -> None:
    distinct = {id(one): one.id for _, one in declared()}
    assert [name for name, count in Counter(distinct.values()).items() if count > 1] == []


def test_every_rule_is_used() -> None:
    from expectations import rules

    public = {
        name for name, one in vars(rules).items()
        if callable(one) and not name.startswith("_") and getattr(one, "__module__", "") == rules.__name__
    }  # fmt: skip
    used = {one.check.keeps.__name__ for _, one in declared() if isinstance(one.check, Rule)}
    assert public == used


@pytest.mark.parametrize("one", {one.id: one for _, one in declared()}.values(), ids=lambda one: one.id)
def test_what_is_told_is_whole(one: Expectation) -> None:
    for words in (one.found, one.expected, one.cure):
        assert words
        assert all(field is None or field.isidentifier() for _, field, _, _ in string.Formatter().parse(words))
    # What stops a period for figures that nothing rests on would be a wall; a rule without columns asks nothing.
    assert one.elsewhere is None or one.severity is Severity.CRITICAL
    assert not isinstance(one.check, Rule) or signature(one.check.keeps).parameters
