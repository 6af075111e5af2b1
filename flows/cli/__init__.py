"""The command `yuebao`: reads arguments, calls the flows, and turns faults into a sentence and an exit status."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pkgutil import iter_modules

from cyclopts import CycloptsError

from flows import console
from flows.cli.arguments import app
from flows.usage import sentence
from transforms.errors import UsageError, YuebaoError

# Nobody is told of a run: Prefect's and Great Expectations' telemetry are off before either is imported.
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

# Each module of this package adds its commands to the program when it's imported.
for _module in iter_modules(__path__):
    if _module.name != "__main__":
        import_module(f"{__name__}.{_module.name}")

__all__ = ["app", "main"]


def main() -> None:
    """Run the command; a user's fault is a sentence on standard error, never a traceback."""
    try:
        app(sys.argv[1:], exit_on_error=False, print_error=False)
    except CycloptsError as error:
        sys.exit(console.complain(UsageError(sentence(error))))
    except YuebaoError as error:
        sys.exit(console.complain(error))
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output has gone away (yuebao plan show … | head); that is no fault.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
