"""Writes the commentary on each section of the plan from its assessments; knows no markup and judges nothing."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.assessments import Assessment, Status
from transforms.declared.plan import Plan
from transforms.writing.assessment_wording import gap_words, list_name
from transforms.writing.bulletin import Commentary
from transforms.writing.wording import status_counts


def commentaries(plan: Plan, assessments: Sequence[Assessment]) -> tuple[Commentary, ...]:
    """One for each section that has indicators, in the plan's order."""
    made = []
    for section in plan.sections:
        chosen = [a for a in assessments if a.indicator.section == section.id]
        if chosen:
            made.append(Commentary(section.id, section.title, tuple(_told(chosen))))
    return tuple(made)


def _told(chosen: Sequence[Assessment]) -> list[str]:
    counts = [(status.chinese, sum(a.status is status for a in chosen)) for status in Status]
    told = [f"本部分{len(chosen)}项目标中，{status_counts(counts, len(chosen))}。"]
    gaps = [f"{list_name(a.indicator)}{gap}" for a in chosen if (gap := gap_words(a).partition("，")[0])]
    return [*told, f"{'；'.join(gaps)}。"] if gaps else told
