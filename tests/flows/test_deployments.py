"""The deployments file: its schedules, and that every parameter is one of its flow."""

import importlib.util
import inspect
from pathlib import Path
from typing import Any

import pytest
import yaml
from prefect import Flow

from extract.settings import ROOT
from flows.errors import SampleNotShared
from flows.refresh import refresh
from flows.sharing import DEPLOYMENT

FILE = ROOT / "flows" / "prefect.yaml"
DEPLOYMENTS = {
    f"{each['entrypoint'].rpartition(':')[2]}/{each['name']}": each
    for each in yaml.safe_load(FILE.read_text())["deployments"]
}

SCHEDULES = {
    "refresh/daily": "20 9 * * * UTC",
    "refresh/hourly": "50 * * * * UTC",
    "mirror-images/nightly": "35 2 * * * UTC",
    "purge/nightly": "20 3 * * * UTC",
}


def flow_of(deployment: dict[str, Any]) -> "Flow[Any, Any]":
    file, _, name = deployment["entrypoint"].partition(":")
    assert not Path(file).is_absolute()
    spec = importlib.util.spec_from_file_location("deployed", ROOT / file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    flow = getattr(module, name)
    assert isinstance(flow, Flow)
    return flow


def test_the_schedules_are_those_that_were_agreed() -> None:
    found = {
        f"{flow_of(each).name}/{each['name']}": f"{schedule['cron']} {schedule['timezone']}"
        for each in DEPLOYMENTS.values()
        for schedule in each["schedules"]
    }
    assert found == SCHEDULES


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_every_parameter_is_one_of_its_flow(name: str) -> None:
    flow = flow_of(DEPLOYMENTS[name])
    parameters = DEPLOYMENTS[name]["parameters"]
    inspect.signature(flow.fn).bind(**parameters)
    assert parameters.items() <= flow.validate_parameters(parameters).items()


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_every_deployment_runs_in_the_one_pool_and_only_shares_beside_each_other(name: str) -> None:
    assert DEPLOYMENTS[name]["work_pool"]["name"] == "showhouse"
    limit = DEPLOYMENTS[name].get("concurrency_limit", {"limit": None})["limit"]
    assert limit == (None if name == DEPLOYMENT else 1)


def test_shares_are_started_by_the_name_that_they_are_deployed_under() -> None:
    assert flow_of(DEPLOYMENTS[DEPLOYMENT]).name == "extract"


def test_a_run_on_the_sample_is_not_shared_by_runs_that_would_ask_tmdb() -> None:
    with pytest.raises(SampleNotShared, match="among 4 runs"):
        refresh.fn(sample=True, shards=4)
