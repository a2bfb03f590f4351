"""Payloads that may be kept no longer are emptied; then the models that showed them.

Run it alone with `showhouse purge`, or `prefect deployment run 'purge/nightly'`.
"""

from prefect import flow

from extract.settings import load_settings
from flows import alerts, job
from flows.report import Report
from flows.tasks import TaskCall, publish


@flow(
    name="purge",
    description=__doc__,
    on_failure=[alerts.on_failure],
    on_crashed=[alerts.on_failure],
)
def purge() -> Report:
    """Enforce the retention of every source. Raises RunIncomplete, with the report, on failure."""
    report = Report()
    job.purge_overdue(TaskCall(), load_settings(), report)
    return publish(report)
