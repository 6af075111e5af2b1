"""The memory: vintages, what was read from them, runs, what was published; append-only, the door to SQLAlchemy."""

from flows.store.issues import Issue, Issues, NumberTaken
from flows.store.moving import Moving, RowsInTheWay
from flows.store.outbox import Outbox
from flows.store.quotes import Quotes
from flows.store.reads import Input, Kept, Reads, StandingVintage
from flows.store.runs import AssessedFigure, Run, Runs
from flows.store.tries import Approval, Tries, Try
from flows.store.vintages import Vintage

__all__ = [
    "Approval",
    "AssessedFigure",
    "Input",
    "Issue",
    "Kept",
    "NumberTaken",
    "RowsInTheWay",
    "Run",
    "StandingVintage",
    "Store",
    "Try",
    "Vintage",
]


class Store(Reads, Runs, Quotes, Issues, Tries, Outbox, Moving):
    """One store, on SQLite or PostgreSQL by its address.

    Times are kept as UTC texts, which sort, and given in the districts' time.
    """
