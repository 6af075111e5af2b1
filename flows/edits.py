"""Writes the file in which an editor rewrites a period's paragraphs, ready to edit; changes none that is there."""

from __future__ import annotations

from pathlib import Path

from flows.fingerprint import reader_fingerprint
from flows.jobs import Job, declare
from flows.monthly import arrange, bring_in, judged_from_store, sources_behind
from flows.store import Store
from flows.whole_file import write_new
from transforms.errors import EnvironmentFault
from transforms.writing.editing import file_to_edit


def begin_edit(job: Job) -> tuple[Path, bool]:
    """The period's file of edits, and whether it was made now: one that's there is left as it is.

    Every automatic paragraph stands in it as a comment, so that what isn't touched isn't edited. Raises what a run of
    the period would raise: nobody is to rewrite figures that a critical doubt stands against.
    """
    declared = declare(job)
    file = job.workspace.edit_file(job.district, job.period)
    if file.exists():
        return file, False
    store = Store(job.workspace.store_address)
    try:
        bring_in(job.workspace, declared.district, store)
        inputs = store.inputs(job.district, reader_fingerprint(), job.period, job.as_of)
        judged = judged_from_store(job, declared, store, inputs, sources_behind(job, declared.district, store))
    finally:
        store.close()
    _write(file, file_to_edit(arrange(job, declared, judged)))
    return file, True


def _write(file: Path, text: str) -> None:
    try:
        write_new(file, text.encode())  # Never over what somebody wrote in the meantime.
    except OSError as error:
        raise EnvironmentFault(f"{file}: can't be written ({error.strerror}); mend its folder's permissions") from None
