"""Commands that let the districts run by themselves: served here, or by workers of a pool."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from flows.cli.arguments import WorkspaceOption, app, whole_number
from flows.workspace import Workspace
from transforms.errors import UsageError

Districts = Annotated[str, Parameter(help="Districts with a schedule; all that have one by default.")]


@app.command
def serve(
    *districts: Districts,
    port: Annotated[
        int | None, Parameter(converter=whole_number, help="Where our own server listens; any free port by default.")
    ] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Run the districts by themselves: each when its schedule says, until this is ended.

    Against the Prefect server that is configured, or one of its own, whose database and log are in data_out/prefect.
    It proves at start that each district's next run is scheduled, else it ends with status 7.
    """
    from flows.orchestration.serving import serve_districts

    if port is not None and not 1 <= port <= 65535:
        raise UsageError(f"--port {port}: a port goes from 1 to 65535")
    serve_districts(Workspace.at(workspace), _names(districts), port, lambda text: print(text, flush=True))


@app.command
def deploy(
    *districts: Districts,
    pool: Annotated[str, Parameter(help="The process work pool whose workers run them.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Register the districts' schedules into a work pool, for workers on several machines.

    Workers are started by `prefect worker start --pool POOL`, where yuebao is installed and the workspace is mounted.
    """
    from flows.orchestration.serving import deploy_districts

    deploy_districts(Workspace.at(workspace), _names(districts), pool, lambda text: print(text, flush=True))


def _names(districts: tuple[object, ...]) -> tuple[str, ...]:
    return tuple(str(one) for one in districts)
