"""A small district whose sources a test declares, and what a pull of them tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flows.jobs import Job
from flows.monthly import Made, make_bulletin
from flows.pull import Pulled, SourcePulled, pull
from flows.sources.patience import Patience
from flows.store import Store, Vintage
from flows.workspace import Workspace
from tests.flows.small import DISTRICT, workbook
from transforms.periods import Period

FOLDER = "  - {kind: folder, path: inbox}\n"


@dataclass
class Puller:
    """Pulls a district, and remembers how long it would have waited."""

    workspace: Workspace
    waited: list[float] = field(default_factory=list)

    def declare(self, sources: str) -> None:
        """Put these sources in place of the folder."""
        file = self.workspace.folder("small") / "district.yaml"
        file.write_text(DISTRICT.replace(FOLDER, sources), encoding="utf-8")

    def pull(self, answer: float = 10.0) -> Pulled:
        """Pull everything."""
        store = Store(self.workspace.store_address)
        patience = Patience(answer=answer, sleep=self.waited.append)
        try:
            return pull(self.workspace, self.workspace.district("small"), store, patience)
        finally:
            store.close()

    def one(self, answer: float = 10.0) -> SourcePulled:
        """Pull a district that declares one source."""
        (told,) = self.pull(answer).sources
        return told

    def standing(self) -> list[Vintage]:
        """The vintages that count."""
        store = Store(self.workspace.store_address)
        try:
            return list(store.vintages("small"))
        finally:
            store.close()

    def bytes_of(self, vintage: Vintage) -> bytes:
        """What was kept."""
        return self.workspace.vintage_file("small", vintage.sha256).read_bytes()

    def bulletin(self, period: str = "2024-03") -> Made:
        """Make a bulletin."""
        return make_bulletin(Job(self.workspace, "small", Period.parse(period)))


def statistics(total: float, month: int = 3) -> bytes:
    """The statistics bureau's table."""
    rows: list[Sequence[object]] = [
        [f"小河区2024年{month}月主要经济指标（演示数据）"],
        ["制表单位：区统计局"],
        ["指标名称", "计量单位", "本月", "累计"],
        ["规模以上工业总产值", "亿元", 16.5, total],
    ]
    return workbook({"主要经济指标": rows})


def told(pulled: SourcePulled) -> tuple[int, int, int, int, int]:
    """How much was new, changed, unchanged, gone, failed."""
    return len(pulled.new), len(pulled.changed), pulled.unchanged, len(pulled.gone), len(pulled.faults)


def every_text(folder: Path) -> str:
    """All bytes below a folder as text, to look for what must not be there."""
    return "".join(file.read_bytes().decode("latin-1") for file in sorted(folder.rglob("*")) if file.is_file())
