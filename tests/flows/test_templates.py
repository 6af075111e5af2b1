"""The templates that a district declares: what each is called, and what is told where one can't be."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.monthly import Job, make_bulletin
from flows.workspace import Workspace
from tests.flows.small import DISTRICT, Sent
from transforms.errors import DeclarationError
from transforms.periods import Period


def declare(workspace: Workspace, templates: str) -> Path:
    file = workspace.folder("small") / "district.yaml"
    file.write_text(DISTRICT.replace("bulletin:\n", f"bulletin:\n  templates: {templates}\n"), encoding="utf-8")
    return file


def test_the_first_template_is_the_bulletin_and_the_others_bear_their_names(
    workspace_and_sent: tuple[Workspace, Sent],
) -> None:
    workspace, _ = workspace_and_sent
    declare(workspace, "[yuebao, tongbao]")
    made = make_bulletin(Job(workspace, "small", Period(2024, 3)))
    assert made.documents == (
        "bulletin.html", "bulletin.pdf", "tongbao.html", "tongbao.pdf", "tongbao.docx", "bulletin.xlsx",
        "assessments.json", "record.json", "manifest.json",
    )  # fmt: skip
    assert {file.name for file in made.folder.iterdir()} == set(made.documents)
    assert 'class="organ"' in (made.folder / "tongbao.html").read_text(encoding="utf-8")
    assert 'class="organ"' not in (made.folder / "bulletin.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("templates", "found"),
    [
        ("[tongbao, kuaibao]", "no template 'kuaibao' in report_templates; use tongbao、"),
        ("[check]", "no template 'check'"),
        ("[tongbao, tongbao]", "'tongbao' is named twice"),
        ("[]", "at least 1 item"),
    ],
)
def test_a_template_that_cannot_be_is_told_with_its_line(
    workspace_and_sent: tuple[Workspace, Sent], templates: str, found: str
) -> None:
    workspace, _ = workspace_and_sent
    lines = declare(workspace, templates).read_text(encoding="utf-8").splitlines()
    [fault] = workspace.check(["small"]).faults
    assert fault.line == 1 + next(at for at, line in enumerate(lines) if "templates:" in line)
    assert found in str(fault)
    with pytest.raises(DeclarationError, match=r"district\.yaml:\d+"):
        workspace.district("small")
