"""What ops are told of a backfill that nobody watches: which periods failed, or why none was begun; once a district."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import closing

from flows.alerting import raise_alert
from flows.delivering import warn_directly
from flows.logs import tell
from flows.outcomes import Outcome
from flows.store import Store
from flows.workspace import Workspace
from transforms.alerts import Alert, AlertKind
from transforms.errors import YuebaoError
from transforms.periods import Period


def tell_of_failures(workspace: Workspace, outcomes: Sequence[Outcome]) -> None:
    """Tell the failed periods of each district under the first of them: that it's made one day ends the alert."""
    for district in workspace.districts():
        failed = [one for one in outcomes if one.district == district and one.exit_status]
        if failed:
            first, *others = failed
            names = "、".join(one.period.chinese() for one in others)
            also = f"\n同一次补做中失败的还有{names}，原因见Prefect的页面或yuebao log" if others else ""
            _tell(workspace, Alert(AlertKind.FAILED, district, first.period, "补做失败", f"{_cause(first)}{also}"))


def tell_of_fault(workspace: Workspace, districts: Collection[str], first: Period | None, fault: str) -> None:
    """Tell the districts what kept the whole backfill from being made, under its first period."""
    for district in workspace.districts_here(districts):
        _tell(workspace, Alert(AlertKind.FAILED, district, first, "补做未能进行", fault))


def _cause(failed: Outcome) -> str:
    """Without the traceback of a fault of the program, whose words may quote a secret."""
    return failed.message.splitlines()[0].rstrip(":") if failed.exit_status == 1 else failed.message


def _tell(workspace: Workspace, alert: Alert) -> None:
    """Owe the alert, or hand it over directly where the store is gone."""
    try:
        with closing(Store(workspace.store_address)) as store:
            raise_alert(workspace, alert, store)
    except YuebaoError as error:
        tell("a backfill's alert couldn't be kept", level="error", fault=str(error))
        warn_directly(workspace, alert)
