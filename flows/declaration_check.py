"""Loads everything that is declared in districts and tells all its faults at once; changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from flows.workspace import Workspace, text_of
from transforms.declared.correction_faults import faults_against
from transforms.declared.corrections import Corrections
from transforms.declared.declarations import load
from transforms.declared.district import District
from transforms.declared.edits import edits_of
from transforms.declared.plan import Plan
from transforms.declared.plan_document import cleaned
from transforms.declared.plan_faults import faults_between, faults_of_district
from transforms.declared.plan_quotes import faults_against_document
from transforms.errors import DeclarationError, EditFault, Fault
from transforms.periods import Period


@dataclass(frozen=True, slots=True)
class CheckedDeclarations:
    """What a check of declarations read: how many files, their faults, and which plans had their document's text."""

    count: int
    faults: tuple[Fault, ...]
    compared: tuple[str, ...]
    uncompared: tuple[str, ...]

    def __str__(self) -> str:
        said = f"{self.count} declarations, no fault"
        said += (
            f"; quotes and numbers of {len(self.compared)} plans compared with their documents" if self.compared else ""
        )
        return said + (f"; no document's text beside {'、'.join(self.uncompared)}" if self.uncompared else "")


def check_declarations(workspace: Workspace, districts: Iterable[str]) -> CheckedDeclarations:
    """Load every declaration, and hold each plan against its document's text where that is there."""
    faults: list[Fault] = []
    compared: list[str] = []
    uncompared: list[str] = []
    count = 0
    for id_ in districts:
        plans: list[tuple[Plan, str]] = []
        count += 1
        try:
            workspace.district(id_)
        except DeclarationError as error:
            faults += error.faults
            continue
        for year in workspace.years(id_):
            count += 1
            try:
                plans.append((workspace.plan(id_, year), workspace.shown(workspace.plan_file(id_, year))))
                document = _document_file(workspace, id_, plans[-1][0])
                (uncompared if document is None else compared).append(plans[-1][1])
                if document is not None:
                    faults += _document_faults(workspace, plans[-1][0], document)
            except DeclarationError as error:
                faults += error.faults
        faults += faults_between(
            [(plan, file, load(text_of(workspace.root / file), file, Plan)[1]) for plan, file in plans]
        )
        file = workspace.folder(id_) / "district.yaml"
        declared, lines = load(text_of(file), workspace.shown(file), District)
        faults += faults_of_district(declared, workspace.shown(file), lines, [plan for plan, _ in plans])
        file = workspace.folder(id_) / "corrections.yaml"
        try:
            count += file.is_file()
            corrections = workspace.corrections(id_)
        except DeclarationError as error:
            faults += error.faults
        else:
            if file.is_file():
                _, lines = load(text_of(file), workspace.shown(file), Corrections)
                known = [plan for plan, _ in plans]
                faults += faults_against(corrections, lines, workspace.shown(file), declared, known)
        count += len(_edit_files(workspace, id_))
        faults += _faults_of_edits(workspace, id_, {plan.year: plan for plan, _ in plans})
        try:
            count += len(workspace.audit_files(id_))
            workspace.audits(id_)
        except DeclarationError as error:
            faults += error.faults
    return CheckedDeclarations(count, tuple(faults), tuple(compared), tuple(uncompared))


def _document_file(workspace: Workspace, district: str, plan: Plan) -> Path | None:
    """The text of the plan's document: the file that it declares, else document.txt beside it, if that's there."""
    folder = workspace.folder(district) / "plan"
    file = folder / (plan.document.file or "document.txt")
    return file if plan.document.file or file.is_file() else None


def _document_faults(workspace: Workspace, plan: Plan, document: Path) -> Iterable[Fault]:
    file = workspace.plan_file(plan.district, plan.year)
    _, lines = load(text_of(file), workspace.shown(file), Plan)
    if not document.is_file():
        line = lines.get(("document", "file"), lines.get(("document",), 1))
        found = f"document.file: {workspace.shown(document)} doesn't exist"
        return [Fault(workspace.shown(file), line, found, "put the document's text there, or remove the key")]
    text = cleaned(text_of(document))
    return faults_against_document(plan, lines, workspace.shown(file), text, workspace.shown(document))


def _faults_of_edits(workspace: Workspace, district: str, plans: Mapping[int, Plan]) -> Iterator[Fault]:
    """Every fault of every file of edits; one of a year whose plan has faults itself waits for that."""
    for file in _edit_files(workspace, district):
        try:
            period = Period.parse(file.stem)
        except ValueError:
            period = None
        if period is None or file != workspace.edit_file(district, period):
            cure = "按报告期改名，如2024-06.md"
            yield EditFault(workspace.shown(file), 1, f"文件名“{file.name}”不是报告期，不会被采用", cure)
        elif period.year in plans:
            try:
                edits_of(text_of(file), workspace.shown(file), plans[period.year])
            except DeclarationError as error:
                yield from error.faults
        elif period.year not in workspace.years(district):
            yield EditFault(workspace.shown(file), 1, f"没有{period.year}年的计划", "核对文件名里的年份")


def _edit_files(workspace: Workspace, district: str) -> list[Path]:
    return sorted((workspace.folder(district) / "edits").glob("*.md"))
