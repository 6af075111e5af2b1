"""The repository's prefect.yaml says the same as `yuebao deploy`, and a real server takes it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows.orchestration.deployments import EVERY, deployments, scheduled_districts
from flows.orchestration.server import HEARTBEATS
from flows.workspace import Workspace

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("prefect")]

ROOT = Path(__file__).resolve().parents[2]


def ours() -> dict[str, Any]:
    """What `yuebao deploy` would register of the repository's districts, by flow and name."""
    workspace = Workspace(ROOT)
    found = scheduled_districts(workspace, []).districts
    return {f"{one.flow_name}/{one.name}": one for one in deployments(workspace, found)}


def told(one: Any) -> tuple[str, dict[str, Any], list[str]]:
    """What must be the same; the workspace is each machine's own YUEBAO_WORKSPACE."""
    parameters = {name: value for name, value in one.parameters.items() if name != "workspace"}
    return one.entrypoint, parameters, sorted(one.tags)


def test_prefect_deploy_registers_what_yuebao_deploy_does(orchestrated: str, tmp_path: Path) -> None:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.exceptions import ObjectAlreadyExists

    declared = yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))["deployments"]
    (pool,) = {one["work_pool"]["name"] for one in declared}
    shutil.copy(ROOT / "prefect.yaml", tmp_path)
    deploy = [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all"]
    with get_client(sync_client=True) as client:
        with suppress(ObjectAlreadyExists):
            client.create_work_pool(WorkPoolCreate(name=pool, type="process"))
        done = subprocess.run(deploy, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        wanted = ours()
        assert len(declared) == len(wanted)
        try:
            for name, one in wanted.items():
                there = client.read_deployment_by_name(name)
                assert told(there) == told(one), name
                assert there.global_concurrency_limit is not None
                assert there.global_concurrency_limit.limit == one.concurrency_limit
                assert there.concurrency_options == one.concurrency_options
                assert there.work_pool_name == pool
                assert there.job_variables == {"env": HEARTBEATS}
                # A rule's moments are put in by the upkeep, which only replaces what is of its own kind.
                kinds = [type(schedule.schedule) for schedule in one.schedules or ()]
                assert [type(schedule.schedule) for schedule in there.schedules] == kinds, name
            upkeep = client.read_deployment_by_name("yuebao-upkeep/yuebao-upkeep")
            assert [getattr(one.schedule, "interval", None) for one in upkeep.schedules] == [EVERY]
        finally:
            for name in wanted:
                client.delete_deployment(client.read_deployment_by_name(name).id)
