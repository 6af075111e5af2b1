"""Says why a bulletin isn't what would be made now: what its manifest says against what counts; touches nothing.

A bulletin's basis is all that decides its bytes. One hash over it says whether the bulletin is current; the reasons say
which part of it has changed, for `yuebao status`, `backfill --dry-run` and `publish` alike.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from transforms.periods import Period
from transforms.told_names import told_name, told_path


@dataclass(frozen=True, slots=True)
class BasisInput:
    """A vintage that the bulletin may use; ``in_force`` is False where a newer one took its place."""

    workbook: str
    origin: str
    sha256: str
    received: str
    in_force: bool


@dataclass(frozen=True, slots=True)
class Basis:
    """All that decides a bulletin's bytes; None where an older version's manifest doesn't tell it."""

    district: str
    period: str
    as_of: str | None
    inputs: tuple[BasisInput, ...]
    declarations: Mapping[str, str]
    """The hash of each file that people write: the plan, the district, corrections, audits, the edited text."""
    held_against: tuple[str, ...]
    versions: Mapping[str, str]
    issues: tuple[str, ...] | None
    """The hashes of the issues that it's held against."""
    sources: tuple[str, ...] | None
    """What it must say of sources that couldn't be pulled."""
    made_by: Mapping[str, str] | None
    """Hashes of the program, the templates and the fonts."""

    @property
    def fingerprint(self) -> str:
        """One hash over all of it."""
        return hashlib.sha256(json.dumps(self._whole(), ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    @property
    def digests(self) -> dict[str, str]:
        """A hash of each of its parts, by which two machines see where they differ."""
        return {
            part: hashlib.sha256(json.dumps(value, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
            for part, value in self._whole().items()
        }

    def told(self) -> dict[str, Any]:
        """What a manifest says of it, from which :func:`basis_told` makes it again."""
        return {
            "held_against": list(self.held_against),
            "inputs": [
                {
                    "workbook": one.workbook,
                    "origin": one.origin,
                    "sha256": one.sha256,
                    "received": one.received,
                    "in_force": one.in_force,
                }
                for one in self.inputs
            ],
            "declarations": [{"file": file, "sha256": sha256} for file, sha256 in self.declarations.items()],
            "versions": dict(self.versions),
            "issues": list(self.issues or ()),
            "sources": list(self.sources or ()),
            "made_by": dict(self.made_by or {}),
        }

    def _whole(self) -> dict[str, Any]:
        return {"district": self.district, "period": self.period, "as_of": self.as_of, **self.told()}


class Why(StrEnum):
    """What kind of thing has changed."""

    NEW = "new"
    DAMAGED = "damaged"
    WANTED = "wanted beside"
    MOMENT = "moment"
    CAME = "came"
    REVISED = "revised"
    WITHDRAWN = "withdrawn"
    RECEIVED = "received"
    DECLARATION = "declaration"
    EDITED = "edited text"
    ISSUE = "issue"
    SOURCE = "source"
    PROGRAM = "program"
    TEMPLATES = "templates"
    FONTS = "fonts"
    LIBRARY = "library"
    UNTOLD = "untold"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that has changed, in words for the operator."""

    why: Why
    words: str

    def __str__(self) -> str:
        return self.words


NEW = Reason(Why.NEW, "it hasn't been made yet")
DAMAGED = Reason(Why.DAMAGED, "its folder isn't whole: a file is missing, or was changed by hand")

_MADE_BY = {
    "program": Reason(Why.PROGRAM, "the program has changed"),
    "templates": Reason(Why.TEMPLATES, "the templates have changed"),
    "fonts": Reason(Why.FONTS, "the fonts have changed"),
}
_UNTOLD = Reason(Why.UNTOLD, "the program, its templates or its fonts have changed")


def basis_told(manifest: Mapping[str, Any]) -> Basis:
    """The basis that a manifest tells of, as far as the version that wrote it told it."""
    issues, sources, made_by = manifest.get("issues"), manifest.get("sources"), manifest.get("made_by")
    return Basis(
        district=manifest["district"],
        period=manifest["period"],
        as_of=manifest["as_of"],
        inputs=tuple(
            BasisInput(
                told_name(one["workbook"]), told_path(one["origin"]), one["sha256"], one["received"], one["in_force"]
            )
            for one in manifest["inputs"]
        ),
        declarations={one["file"]: one["sha256"] for one in manifest["declarations"]},
        held_against=tuple(manifest["held_against"]),
        versions=manifest["versions"],
        issues=None if issues is None else tuple(issues),
        sources=None if sources is None else tuple(sources),
        made_by=made_by,
    )


def reasons_between(then: Basis, now: Basis) -> tuple[Reason, ...]:
    """What has changed from the one to the other, what people did first; nothing where the two are one."""
    return tuple(
        dict.fromkeys(
            (
                *_moment(then, now),
                *_inputs(then, now),
                *_declarations(then, now),
                *_issues(then, now),
                *_sources(then, now),
                *_made_by(then, now),
                *_versions(then, now),
            )
        )
    )


def reasons_stale(manifest: Mapping[str, Any], now: Basis) -> tuple[Reason, ...]:
    """Why the bulletin of this manifest isn't what would be made now; nothing where it is."""
    if manifest["fingerprint"] == now.fingerprint:
        return ()
    return reasons_between(basis_told(manifest), now) or (_UNTOLD,)


def is_used(told: tuple[Period, ...], blamed: tuple[Period | None, ...], period: Period) -> bool:
    """Whether a bulletin of the period may use a file, by the periods that it tells of and those its doubts blame.

    It uses all that tells of its year so far or of the year before. A file that tells of none is of every period,
    unless each of its doubts names one; what tells of later months only isn't its business.
    """
    first = Period(period.year - 1, 1)
    named = told or tuple(one for one in blamed if one is not None)
    if not told and (not blamed or None in blamed):
        return True
    return any(first <= one <= period for one in named)


def _moment(then: Basis, now: Basis) -> Iterator[Reason]:
    if then.as_of != now.as_of:
        known = f"as of {then.as_of}" if then.as_of else "from all that was known"
        yield Reason(
            Why.MOMENT, f"it was made {known}, and is wanted {f'as of {now.as_of}' if now.as_of else 'as of now'}"
        )


@dataclass(frozen=True, slots=True)
class _Words:
    came: str
    revised: str
    withdrawn: str
    counts: str
    counts_not: str


_SINCE = _Words("has come", "was revised", "was withdrawn", "counts again", "no longer counts")
_AT_THAT_MOMENT = _Words(
    came="was there at that moment",
    revised="was another at that moment",
    withdrawn="wasn't there at that moment",
    counts="counted at that moment",
    counts_not="didn't count at that moment",
)
"""An earlier moment undoes what came after it: a file that isn't among its inputs may be withdrawn or not yet there."""


def _inputs(then: Basis, now: Basis) -> Iterator[Reason]:
    words = _SINCE if now.as_of is None or now.as_of == then.as_of else _AT_THAT_MOMENT
    before = {(one.workbook, one.sha256): one for one in then.inputs}
    today = {(one.workbook, one.sha256): one for one in now.inputs}
    places, names = {one.origin for one in then.inputs}, {one.workbook for one in then.inputs}
    replaced = set()
    for key in sorted(today.keys() - before.keys()):
        one = today[key]
        if one.origin in places or one.workbook in names:
            replaced.add(one.workbook)
            yield Reason(Why.REVISED, f"{one.workbook} {words.revised}")
        else:
            yield Reason(Why.CAME, f"{one.workbook} {words.came}")
    for workbook, _ in sorted(before.keys() - today.keys()):
        if workbook not in replaced:
            replaced.add(workbook)
            yield Reason(Why.WITHDRAWN, f"{workbook} {words.withdrawn}")
    for key in sorted(before.keys() & today.keys()):
        one, other = before[key], today[key]
        if one.workbook in replaced or one == other:
            continue
        if one.in_force != other.in_force:
            yield Reason(Why.REVISED, f"{one.workbook} {words.counts if other.in_force else words.counts_not}")
        else:
            yield Reason(Why.RECEIVED, f"{one.workbook} lies elsewhere or came at another time ({other.origin})")


def _declarations(then: Basis, now: Basis) -> Iterator[Reason]:
    for file in sorted(then.declarations.keys() | now.declarations.keys()):
        if then.declarations.get(file) == now.declarations.get(file):
            continue
        done = (
            "has changed"
            if file in then.declarations and file in now.declarations
            else ("is new" if file in now.declarations else "is gone")
        )
        if "/edits/" in file:
            yield Reason(Why.EDITED, f"the edited text {file} {done}")
        else:
            yield Reason(Why.DECLARATION, f"{file} {done}")


def _issues(then: Basis, now: Basis) -> Iterator[Reason]:
    for one in now.held_against:
        if one not in then.held_against:
            yield Reason(Why.ISSUE, f"{one} is issued")
    for one in then.held_against:
        if one not in now.held_against:
            yield Reason(Why.ISSUE, f"it's no longer held against {one}")
    if then.held_against == now.held_against and then.issues is not None and then.issues != now.issues:
        yield Reason(Why.ISSUE, "the issues that it's held against aren't those of the same number any more")


def _sources(then: Basis, now: Basis) -> Iterator[Reason]:
    if then.sources is None or then.sources == now.sources:
        return
    for one in now.sources or ():
        if one not in then.sources:
            yield Reason(Why.SOURCE, f"a source couldn't be pulled: {one}")
    for one in then.sources:
        if one not in (now.sources or ()):
            yield Reason(Why.SOURCE, f"it no longer has to say: {one}")


def _made_by(then: Basis, now: Basis) -> Iterator[Reason]:
    if then.made_by is None or now.made_by is None:
        return
    for part, reason in _MADE_BY.items():
        if then.made_by.get(part) != now.made_by.get(part):
            yield reason


def _versions(then: Basis, now: Basis) -> Iterator[Reason]:
    for library in sorted(then.versions.keys() | now.versions.keys()):
        one, other = then.versions.get(library, "unknown"), now.versions.get(library, "unused")
        if one != other:
            yield Reason(Why.LIBRARY, f"{library} is {other}, and was {one}")
