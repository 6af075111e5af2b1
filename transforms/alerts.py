"""What ops must be told of a district's runs, and when two alerts are the same one; sends nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from transforms.periods import Period


class AlertKind(StrEnum):
    """What befell a run, or a delivery."""

    FAILED = "failed"
    BLOCKED = "blocked"
    """A critical doubt stands in the way of the period."""
    LATE = "late"
    """A source that the period needs isn't there yet, or the deadline passed without it."""
    CRASHED = "crashed"
    UNCERTAIN = "uncertain"
    """A delivery of which nobody knows whether it arrived."""
    REFUSED = "refused"
    """A delivery that was refused for good."""
    UNDELIVERED = "undelivered"
    """A delivery that was tried in vain for more than an hour, and goes on being tried."""
    APPROVAL = "approval"
    """A draft that awaits somebody's decision, or wasn't approved."""
    UPKEEP = "upkeep"
    """What looks after the runs fails itself."""

    @property
    def chinese(self) -> str:
        """How a message to the district's ops calls it."""
        return _CHINESE[self]


_CHINESE = {
    AlertKind.FAILED: "运行失败",
    AlertKind.BLOCKED: "数据存疑，通报未能生成",
    AlertKind.LATE: "数据逾期未到",
    AlertKind.CRASHED: "运行中断",
    AlertKind.UNCERTAIN: "投递结果不明",
    AlertKind.REFUSED: "投递被拒",
    AlertKind.UNDELIVERED: "投递多次未成功",
    AlertKind.APPROVAL: "通报草稿审批",
    AlertKind.UPKEEP: "例行维护失败",
}
UNMADE = frozenset({AlertKind.FAILED, AlertKind.BLOCKED, AlertKind.CRASHED})
"""Over once the period's bulletin is made, whoever makes it."""
OF_RUNS = UNMADE | {AlertKind.LATE, AlertKind.APPROVAL}
"""Over once the period's bulletin is issued."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to be told to a district's ops, once.

    ``title`` and ``details`` are told as they are, so they're Chinese, or a YuebaoError's own sentence. ``details``
    holds of the figures no more than a doubt's own text; ``files`` are the workbooks or sources named.
    """

    kind: AlertKind
    district: str
    period: Period | None
    title: str
    details: str
    files: tuple[str, ...] = ()
    delivery: str | None = None
    """The code of the delivery that it's about: a person ends such an alert, not the period's next run."""

    @property
    def cause(self) -> str:
        """Equal for alerts that tell the same: kind, period and details, or kind and delivery.

        The title may differ from try to try, and so may what a delivery's server answers.
        """
        if self.delivery is not None:
            return f"{of_delivery(self.delivery)}{self.kind}"
        told = "\n".join((self.kind, str(self.period), self.details))
        return f"{of_kind(self.kind)}{hashlib.sha256(told.encode()).hexdigest()[:32]}"


def of_kind(kind: AlertKind) -> str:
    """What the causes of such alerts begin with, unless they're about a delivery."""
    return f"alert/{kind}/"


def of_delivery(code: str) -> str:
    """What the causes of a delivery's alerts begin with."""
    return f"alert/delivery/{code}/"
