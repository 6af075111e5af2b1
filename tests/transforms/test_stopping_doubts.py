"""A stopped run tells the warnings beside what stopped it, the nearest first and not too many."""

from __future__ import annotations

from transforms.arrivals import beside
from transforms.doubts import Doubt, Severity
from transforms.errors import DoubtError


def doubt(place: str, severity: Severity = Severity.WARNING) -> Doubt:
    return Doubt("tried", severity, "数", f"有误{place}", "无误", "改正", (place,))


STOPPING = doubt("月报.xlsx《表一》C5", Severity.CRITICAL)


def test_the_same_cell_comes_first_and_other_files_not_at_all() -> None:
    cell, sheet, file = doubt("月报.xlsx《表一》C5"), doubt("月报.xlsx《表一》D9"), doubt("月报.xlsx")
    others = [doubt("别的.xlsx《表一》C5"), doubt("月报.xlsx《表一》C5", Severity.INFO), doubt("区统计局")]
    assert beside([STOPPING, *others, file, sheet, cell], [STOPPING]) == (cell, file, sheet)


def test_the_message_is_bounded() -> None:
    warnings = [doubt(f"月报.xlsx《表一》A{number}") for number in range(30)]
    told = str(DoubtError("stopped", [STOPPING], warnings)).splitlines()
    assert told[1] == STOPPING.chinese()
    assert len(told) == 1 + 1 + 1 + 10 + 1
    assert told[-1].strip() == "……另有20条"
    assert str(DoubtError("stopped", [STOPPING])).splitlines() == ["stopped", STOPPING.chinese()]
