"""Prints for the operator and for other programs; decides nothing."""

from flows.console.audits import print_audited
from flows.console.backfills import print_backfill, print_foreseen, telling_progress
from flows.console.contents import print_contents
from flows.console.deliveries import print_deliveries, print_handed_over
from flows.console.examining import print_examined, tell_finding, tell_nobody
from flows.console.issues import print_issued, print_proposal
from flows.console.keeping import print_moved, print_verified
from flows.console.log import print_log, print_log_as_kept
from flows.console.making import print_archived, print_forms, print_made, print_pulled
from flows.console.plans import print_plan
from flows.console.showing import Show, as_json, as_text, complain, telling_stages
from flows.console.standing import print_status

__all__ = [
    "Show",
    "as_json",
    "as_text",
    "complain",
    "print_archived",
    "print_audited",
    "print_backfill",
    "print_contents",
    "print_deliveries",
    "print_examined",
    "print_foreseen",
    "print_forms",
    "print_handed_over",
    "print_issued",
    "print_log",
    "print_log_as_kept",
    "print_made",
    "print_moved",
    "print_plan",
    "print_proposal",
    "print_pulled",
    "print_status",
    "print_verified",
    "tell_finding",
    "tell_nobody",
    "telling_progress",
    "telling_stages",
]
