"""Keeps a run that ends as failed, with its sentence, from being shown as a fault of the program with a traceback."""

from __future__ import annotations

import logging
from typing import Any

_LOGGERS = ("prefect.engine", "prefect.flow_runs")
"""What Prefect's engine tells with in the process of a deployed run."""


def without_traceback(flow: Any, flow_run: Any, state: Any) -> None:  # noqa: ARG001 - what Prefect calls a hook with
    """For the rest of this process: a state that a flow returned isn't told a second time, as an exception."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_is_news)


def _is_news(record: logging.LogRecord) -> bool:
    from prefect.exceptions import FailedRun

    return not (record.exc_info and isinstance(record.exc_info[1], FailedRun))
