"""Tells which readings a plan and a district have names for, and which of them a judged figure rests on."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.area_names import area_name
from transforms.declared.district import District
from transforms.declared.plan import Indicator, Plan
from transforms.observations import WHOLE
from transforms.readings import Measure, Reading
from transforms.tables.labels import plain_label
from transforms.wanted import measures_of

_LEVELS = (Measure.MONTH, Measure.YEAR_TO_DATE, Measure.LEVEL)
_GROWTHS = (Measure.MONTH_GROWTH, Measure.YEAR_TO_DATE_GROWTH)


def known_labels(plan: Plan | None) -> frozenset[str]:
    """Every label that the plan names, in its own words and plain."""
    if plan is None:
        return frozenset()
    labels = [label for indicator in plan.indicators for label in indicator.labels]
    labels += [label for task in plan.qualitative for label in task.labels]
    return frozenset(labels) | {plain_label(label) for label in labels}


class Known:
    """What the plan and the district have names for."""

    def __init__(self, plan: Plan | None, district: District) -> None:
        self.plan = plan
        self.district = district
        self.labels = known_labels(plan)
        self._plain: dict[str, str] = {}
        self._indicators: dict[str, list[Indicator]] = {}
        for indicator in plan.indicators if plan else ():
            words = (word for label in indicator.labels for word in (label, plain_label(label)))
            for word in dict.fromkeys(words):
                self._indicators.setdefault(word, []).append(indicator)

    def label(self, reading: Reading) -> str:
        """The label as the plan knows it, or else as it stands."""
        known = self._plain.get(reading.label)
        if known is None:  # The same labels come back every month, and each costs a dozen expressions.
            plain = plain_label(reading.label)
            known = plain if reading.label not in self.labels and plain in self.labels else reading.label
            self._plain[reading.label] = known
        return known

    def indicators(self, reading: Reading) -> Sequence[Indicator]:
        """The indicators that the reading's label names."""
        return self._indicators.get(self.label(reading), ())

    def needs(self, reading: Reading) -> bool:
        """Whether a judged figure rests on the cell: the whole's, or a ranked area's, that no ledger is counted for."""
        area = area_name(reading.area, self.district)
        return any(
            reading.measure in measures_of(indicator)
            and (
                (area == WHOLE and indicator.counted is None)
                or (bool(area) and indicator.code in self.district.bulletin.ranked)
            )
            for indicator in self.indicators(reading)
        )

    def due_units(self, reading: Reading) -> tuple[str, ...] | None:
        """The units that a reading's can be turned into; empty where any known one does, None where none is due."""
        indicators = self.indicators(reading)
        if not indicators:
            return None
        if reading.measure in _GROWTHS:
            return ("%",)
        if reading.measure not in _LEVELS:
            return None
        levels = [i.unit for i in indicators if i.target.kind not in {"grow", "range", "milestone", "either"}]
        return tuple(dict.fromkeys(levels))
