"""Images that are wanted and not held go to the object store; then the models that show them.

Run it alone with `prefect deployment run 'mirror-images/nightly'`.
"""

from prefect import flow

from extract.settings import load_settings
from flows import alerts, job
from flows.report import Report
from flows.tasks import TaskCall, publish


@flow(
    name="mirror-images",
    description=__doc__,
    on_failure=[alerts.on_failure],
    on_crashed=[alerts.on_failure],
)
def mirror_images(
    kinds: list[str] | None = None, prune: bool = False, sample: bool = False
) -> Report:
    """Mirror the images of `kinds`, by default those of `MIRROR_KINDS`.

    `prune` deletes what nothing refers to any more; `sample`: the bundled images. Raises
    RunIncomplete, with the report, if anything failed.
    """
    report = Report()
    job.mirror_wanted(TaskCall(), load_settings(), report, kinds=kinds, prune=prune, sample=sample)
    return publish(report)
