"""Makes the notices (督办单) of a bulletin, one for each unit that has something to do, as documents beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flows.workspace import fonts_folder
from transforms.assessments import Assessment
from transforms.declared.district import District
from transforms.declared.plan import Plan
from transforms.doubts import Doubt
from transforms.writing.bulletin import Bulletin
from transforms.writing.notices import Unaddressed, notices


@dataclass(frozen=True, slots=True)
class MadeNotices:
    """The notices' documents by their names below the bulletin's folder, whom they go to, and whom none goes to."""

    documents: Mapping[str, bytes]
    files: Mapping[str, tuple[str, ...]]
    """The documents of each unit."""
    unaddressed: tuple[Unaddressed, ...]

    def told(self) -> dict[str, Any]:
        """What the manifest says of them."""
        return {
            "made": [{"unit": unit, "files": list(files)} for unit, files in self.files.items()],
            "none": [{"unit": one.unit, "why": one.why} for one in self.unaddressed],
        }


def make_notices(
    bulletin: Bulletin, plan: Plan, district: District, assessments: Sequence[Assessment], doubts: Sequence[Doubt]
) -> MadeNotices:
    """Make a notice for each unit that has something to do."""
    from flows.render import render_notices

    arranged = notices(bulletin, plan, district, assessments, doubts)
    rendered = render_notices(arranged.addressed, fonts_folder())
    return MadeNotices(
        {name: data for one in rendered for name, data in one.items()},
        {notice.unit: tuple(one) for notice, one in zip(arranged.addressed, rendered, strict=True)},
        arranged.unaddressed,
    )
