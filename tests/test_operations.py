"""docs/operations.md names only commands, options, checks and files that there are."""

from __future__ import annotations

import re

import pytest

from flows.cli import app
from flows.doctor.examination import THEMES
from flows.workspace import INSTALLED
from tests.test_readme import commands

DOCS = ("operations.md", "operations.zh-CN.md")


def text(name: str) -> str:
    return (INSTALLED / "docs" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", DOCS)
def test_every_command_and_option_that_is_named_exists(name: str) -> None:
    known = {one.removeprefix("yuebao "): one for one, _ in commands(app, "yuebao")}
    for used in re.findall(r"`(?:/opt/yuebao/.venv/bin/)?yuebao ([^`]+)`", text(name)):
        words = used.split()
        command = next((one for one in (" ".join(words[:2]), words[0]) if one in known), None)
        assert command is not None, used
        parsed = app
        for word in command.split():
            parsed = parsed[word]
        options = {option for argument in parsed.assemble_argument_collection() for option in argument.names}
        for option in re.findall(r"--[a-z-]+", used):
            assert option in options | {"--help"}, used


@pytest.mark.parametrize("name", DOCS)
def test_links_lead_somewhere(name: str) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", text(name)):
        assert (INSTALLED / "docs" / target).exists(), target


def test_checks_are_called_as_the_doctor_calls_them() -> None:
    named = re.findall(r"`yuebao doctor`: ([a-z]+(?:, [a-z]+)*)", text("operations.md"))
    assert named
    assert {one for some in named for one in some.split(", ")} <= set(THEMES)


def test_every_exit_status_has_first_aid() -> None:
    told = re.findall(r"^\| exit status (\d+)", text("operations.md"), re.M)
    assert set(told) == {"1", "2", "3", "4", "5", "6", "7", "130"}


def test_every_unit_runs_a_program_that_the_setup_brings() -> None:
    units = sorted((INSTALLED / "docs" / "systemd").glob("*.service"))
    assert len(units) == 3
    for unit in units:
        (program,) = re.findall(r"^ExecStart=/opt/yuebao/\.venv/bin/(\S+)", unit.read_text(encoding="utf-8"), re.M)
        assert program in {"yuebao", "prefect"}
        assert "UMask=0077" in unit.read_text(encoding="utf-8")
