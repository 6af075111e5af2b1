"""Where a district's periods stand and who has reported, as text and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from flows.console.deliveries import delivery_lines, told_of
from flows.console.issues import altered_words, issue_words
from flows.console.showing import Show
from transforms.scheduling.owed import Outcome

if TYPE_CHECKING:
    from flows.status import DistrictStatus, PeriodStatus, Reports
    from transforms.arrivals import SourceRecord
    from transforms.reporting.owed import UnitReport


def print_status(told: Sequence[tuple[str, DistrictStatus, Reports | None]], show: Show) -> None:
    """For each district its periods by what has been made, then its units by what they have sent."""
    show(
        [_status(*one) for one in told],
        lambda: (line for one in told for line in _status_lines(*one)),
    )


def _status(district: str, status: DistrictStatus, reports: Reports | None) -> dict[str, Any]:
    return {
        "district": district,
        "periods": [
            {
                "period": str(one.period),
                "standing": one.standing.value,
                "files": one.files,
                "message": one.message,
                "run": one.run,
                "reasons": [{"why": reason.why.value, "words": reason.words} for reason in one.reasons],
                "by_itself": one.by_itself
                and {
                    "outcome": one.by_itself.outcome.value,
                    "at": one.by_itself.at.isoformat(),
                    "details": one.by_itself.details,
                },
                "approval": one.approval
                and {
                    "decision": one.approval.decision,
                    "by": one.approval.by,
                    "how": one.approval.how,
                    "remark": one.approval.remark,
                    "at": one.approval.at.isoformat(),
                },
                "publication": one.publication.value,
                "issue": one.issue
                and {
                    "designation": one.issue.designation,
                    "folder": one.issue.folder,
                    "by": one.issue.by,
                    "at": one.issue.at.isoformat(),
                },
            }
            for one in status.periods
        ],
        "altered_issues": [{"folder": one.issue.folder, "files": list(one.files)} for one in status.altered],
        "undelivered": told_of(status.undelivered),
        "not_pulled": list(status.waiting),
        "reports": reports
        and {
            "period": str(reports.period),
            "units": [
                {
                    "unit": one.unit,
                    "state": one.state.value,
                    "received": [moment.isoformat() for moment in one.received],
                    "missing": list(one.missing),
                    "missing_files": list(one.missing_files),
                    "empty": list(one.empty),
                    "newest": str(one.newest) if one.newest else None,
                }
                for one in reports.units
            ],
        },
    }


def _status_lines(district: str, status: DistrictStatus, reports: Reports | None) -> Iterator[str]:
    yield f"{district}:"
    if not status.periods:
        yield "  nothing pulled yet; run `yuebao pull` or `yuebao run`"
    for one in status.periods:
        publication = f"{one.publication}: {issue_words(one.issue)}" if one.issue else one.publication.value
        told = ("" if one.publication.value == "none" else publication, one.message)
        yield f"  {one.period}  {one.standing:<8} {one.files:>3} files  {'; '.join(filter(None, told))}".rstrip()
        yield from (f"           stale: {reason}" for reason in one.reasons)
        yield from (f"           {line}" for line in _by_itself_lines(one))
    yield from (f"  {altered_words(one)}" for one in status.altered)
    yield from (f"  undelivered, {line}" for line in delivery_lines(status.undelivered))
    for source in status.elsewhere:
        yield f"  {source.place}  {_last_pulled(source.record)}"
    for origin in status.waiting:
        yield f"  not pulled yet: {origin}"
    if reports is None:
        yield "  reports: no planned month has ended, or a declaration has faults (see `yuebao plan check`)"
        return
    counts = Counter(unit.state.value for unit in reports.units)
    chosen = " (the newest finished month with anything due)" if reports.chosen else ""
    yield f"  reports for {reports.period}{chosen}: {', '.join(f'{n} {state}' for state, n in counts.items())}"
    for unit in reports.units:
        yield f"    {unit.state:<12} {unit.unit}{_report_words(unit)}"
        for words, names in (("no figure", unit.missing), ("no file", unit.missing_files), ("left empty", unit.empty)):
            if names:
                yield f"                 {words}: {'、'.join(names)}"


def _by_itself_lines(one: PeriodStatus) -> Iterator[str]:
    """What a run by itself waits for or failed at, and who decided; one that ended well has nothing to say."""
    tried, decided = one.by_itself, one.approval
    if tried is not None and tried.outcome not in {Outcome.DRAFTED, Outcome.ISSUED}:
        details = tried.details.splitlines()[0].rstrip(":") if tried.details else ""
        yield f"by itself: {tried.outcome} since {tried.at:%Y-%m-%d %H:%M}" + (f": {details}" if details else "")
    if decided is not None:
        verb = "approved" if decided.decision == "approve" else "rejected"
        remark = f": {decided.remark}" if decided.remark else ""
        yield f"{verb} by {decided.by} on {decided.at:%Y-%m-%d %H:%M}{remark}"


def _report_words(unit: UnitReport) -> str:
    if unit.received:
        days = list(dict.fromkeys(f"{moment:%Y-%m-%d}" for moment in unit.received))
        return f"  received {days[0]}" + (f", last {days[-1]}" if len(days) > 1 else "")
    return f"  last reported for {unit.newest}" if unit.newest else ""


def _last_pulled(record: SourceRecord | None) -> str:
    if record is None:
        return "never pulled"
    if not record.faults:
        return f"pulled {record.tried:%Y-%m-%d %H:%M}"
    whole = f"last whole {record.whole:%Y-%m-%d %H:%M}" if record.whole else "never whole"
    return f"failed {record.tried:%Y-%m-%d %H:%M}, {whole}: {record.faults[0]}"
