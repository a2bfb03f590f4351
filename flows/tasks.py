"""The steps of a job as Prefect tasks, and what the page of a run shows at its end."""

from typing import Any
from uuid import UUID, uuid4

from prefect import task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from flows import calling
from flows.calling import P, R, Step
from flows.job import require_complete
from flows.report import Report


class TaskCall:
    """Calls each step as a task of the flow run that is under way, whose id the loads carry.

    So a load leads to the page of its run. Prefect is handed a function without parameters: the
    settings, which hold secrets, are none of its business.
    """

    def __init__(self) -> None:
        self.run_id = UUID(flow_run.get_id()) if flow_run.get_id() else uuid4()

    def __call__(self, step: Step[P, R], /, *arguments: P.args, **options: P.kwargs) -> R:
        """Call the step; Prefect tries it again where the database went away."""

        @task(
            name=step.name,
            cache_policy=NO_CACHE,
            retries=calling.RETRIES if step.is_retried else 0,
            retry_delay_seconds=calling.RETRY_DELAY_SECONDS,
            retry_condition_fn=_is_lost_connection,
        )
        def run() -> R:
            return step.function(*arguments, **options)

        return run()


def _is_lost_connection(_task: Any, _run: Any, state: Any) -> bool:
    return calling.is_lost_connection(state.result(raise_on_failure=False))


def publish(report: Report) -> Report:
    """Put the report on the page of the run. Raises RunIncomplete where anything failed."""
    name = (flow_run.get_flow_name() or "run").replace("_", "-")
    create_markdown_artifact(report.markdown(), key=f"{name}-summary", description="What was done")
    if report.resources:
        create_table_artifact(report.rows(), key=f"{name}-resources", description="Per resource")
    if failed := report.failed_rows():
        create_table_artifact(failed, key=f"{name}-failures", description="What failed")
    return require_complete(report)
