"""Makes the forms of a period, one workbook for each unit that reports, in a folder of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.fingerprint import reader_fingerprint
from flows.jobs import Job, declare
from flows.monthly import bring_in, give_meaning
from flows.publication import add_to
from flows.store import Store
from flows.unit_files import unit_parts
from transforms.errors import UsageError
from transforms.reporting.forms import Form, plan_form, reporting_units


@dataclass(frozen=True, slots=True)
class MadeForms:
    """The folder, the forms that stand in it as made, and those that somebody has changed since, which were kept."""

    folder: Path
    made: tuple[str, ...]
    kept: tuple[str, ...]


def make_forms(job: Job, units: Sequence[str] = ()) -> MadeForms:
    """Make the forms of these units, or of all; pulls first, so that last month's figures are the newest.

    A workbook in the folder that isn't as it was made has been filled in by somebody: it's left alone and told.
    UsageError for a unit that the plan has no report from.
    """
    from flows.render.form import render_form

    declared = declare(job)
    reporting = reporting_units(declared.plan, declared.district)
    wanted: dict[str, None] = {}
    for spelling in units:
        unit = declared.district.unit(spelling)
        name = unit.name if unit else spelling
        if name not in reporting:
            raise UsageError(
                f"no report is expected of {spelling!r} in the plan of {job.period.year}; units: {'、'.join(reporting)}"
            )
        wanted[name] = None
    store = Store(job.workspace.store_address)
    try:
        bring_in(job.workspace, declared.district, store)
        kept = store.kept(store.inputs(job.district, reader_fingerprint(), job.period, job.as_of))
    finally:
        store.close()
    known = give_meaning(job, declared, [one.received for one in kept])
    forms = [plan_form(declared.plan, declared.district, unit, job.period, known) for unit in wanted or reporting]
    folder = job.workspace.forms_folder(job.district, job.period)
    parts = unit_parts(reporting)  # Of all units, so that a name doesn't depend on which are asked for.
    documents = {file_name(form, parts[form.unit]): render_form(form) for form in forms}
    changed = add_to(folder, documents)
    return MadeForms(folder, tuple(name for name in documents if name not in changed), changed)


def file_name(form: Form, unit: str) -> str:
    """The month is in the name: the next month's form never takes this one's place in an inbox."""
    return f"报送表_{unit}_{form.period.chinese()}{'_演示数据' if form.demonstration else ''}.xlsx"
