"""Shows runs and backfills in Prefect when a server is configured; the only door to Prefect."""

from flows.orchestration.month import run_month, run_publication
from flows.orchestration.periods import run_backfill
from flows.orchestration.server import server_configured

__all__ = ["run_backfill", "run_month", "run_publication", "server_configured"]
