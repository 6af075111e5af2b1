"""README and the Chinese guide stay in step with the program: commands, exit statuses, paths and links."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator

import pytest
from cyclopts import App

from flows.cli import app
from flows.workspace import INSTALLED
from transforms import errors

GUIDES = ("README.md", "README.zh-CN.md", "CONTRIBUTING.md", "CHANGELOG.md", "GLOSSARY.md")


def commands(of: App, words: str) -> Iterator[tuple[str, str]]:
    """Each command with the first line of its help."""
    for name in of:
        if name.startswith("-"):
            continue
        inner = [one for one in of[name] if not one.startswith("-")]
        if inner:
            yield from commands(of[name], f"{words} {name}")
        else:
            yield f"{words} {name}", of[name].help.splitlines()[0]


def text(name: str) -> str:
    return (INSTALLED / name).read_text(encoding="utf-8")


def test_readme_lists_every_command_with_its_help() -> None:
    block = text("README.md").partition("own help) -->\n")[2].partition("<!-- commands: end")[0]
    expected = "".join(f"- `{name}`: {told}\n" for name, told in sorted(commands(app, "yuebao")))
    assert block.strip() == expected.strip()


@pytest.mark.parametrize("guide", ["README.md", "README.zh-CN.md"])
def test_every_exit_status_is_told(guide: str) -> None:
    statuses = {
        one.exit_status
        for one in vars(errors).values()
        if isinstance(one, type) and issubclass(one, errors.YuebaoError) and one is not errors.YuebaoError
    }
    assert {int(number) for number in re.findall(r"^\| (\d) \|", text(guide), re.M)} - {0} == statuses


@pytest.mark.parametrize("guide", GUIDES)
def test_links_lead_somewhere(guide: str) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", text(guide)):
        assert (INSTALLED / target).exists(), target


@pytest.mark.parametrize("guide", ["README.md", "README.zh-CN.md"])
def test_named_commands_exist(guide: str) -> None:
    known = {name.removeprefix("yuebao ").split()[0] for name, _ in commands(app, "yuebao")}
    for used in re.findall(r"`(?:\.venv/bin/)?yuebao ([a-z]+)", text(guide)):
        assert used in known, used


def test_make_help_lists_every_target() -> None:
    (targets,) = re.findall(r"^\.PHONY: (.+)$", text("Makefile"), re.M)
    listed = subprocess.run(["make", "help"], cwd=INSTALLED, capture_output=True, text=True, check=True).stdout
    assert re.findall(r"^make (\S+) +\S", listed, re.M) == targets.split()
