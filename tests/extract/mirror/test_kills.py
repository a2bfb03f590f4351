"""A mirror killed at any moment, and run again, ends as one that was never disturbed.

`python -m benchmarks.mirror --kills 10 --images 5000` does the same at length.
"""

import os
import random
import subprocess
import sys
from datetime import timedelta
from uuid import uuid4

import pytest

from extract.mirror import mirror, open_store
from extract.mirror.kinds import KINDS
from extract.mirror.pruning import prune
from tests.extract.mirror import images
from tests.extract.mirror.conftest import Place, Warehouse, series
from tests.extract.mirror.image_host import ImageHost
from tests.waiting import wait_until, wait_until_left_alone

KILLS = 5
PROGRAM = """
from extract.mirror import ledger, mirror
from extract.settings import load_settings
ledger.BATCH_SIZE = 7
mirror(load_settings())
"""


def start(place: Place) -> "subprocess.Popen[bytes]":
    """A mirror in a process of its own, landing often."""
    chosen = place.settings
    environment = {
        "DATABASE_URL": chosen.database_url,
        "SHOWHOUSE_HOME": str(chosen.showhouse_home),
        "TMDB_IMAGE_BASE_URL": chosen.tmdb_image_base_url,
        "MIRROR_REQUESTS_PER_SECOND": str(chosen.mirror_requests_per_second),
        "TMDB_MAX_CONNECTIONS": "4",
        "AWS_S3_BUCKET": chosen.aws_s3_bucket,
        "AWS_ENDPOINT_URL_S3": chosen.aws_endpoint_url_s3,
    }
    given = {name: value for name, value in environment.items() if value}
    return subprocess.Popen([sys.executable, "-c", PROGRAM], env=os.environ | given)


def _wait_for_requests(process: "subprocess.Popen[bytes]", host: ImageHost, count: int) -> None:
    wait_until(
        lambda: host.requests >= count or process.poll() is not None, "no image is asked for"
    )


@pytest.mark.long
def test_a_mirror_killed_again_and_again_ends_as_an_undisturbed_one(
    place: Place, host: ImageHost, warehouse: Warehouse
) -> None:
    paths = [f"/{number}.png" for number in range(120)]
    for number, path in enumerate(paths):
        host.serve(path, images.png(number, padding=2000))
    warehouse.want(*series(paths))
    host.latency_seconds = 0.2  # by four connections: the last image comes seconds after a kill
    chance = random.Random(5)
    landed = []
    for _ in range(KILLS):
        asked = host.requests
        with start(place) as process:
            _wait_for_requests(process, host, asked + chance.randint(1, 20))
            process.kill()
        wait_until_left_alone(place.settings.database_url or "", warehouse.backend)
        landed.append(len(warehouse.receipts()))
    assert landed[0] < 120, "the first kill came too late to show anything"
    assert landed == sorted(landed)

    host.latency_seconds = 0
    last = mirror(place.settings)
    assert last.uploaded + last.skipped == 120 - landed[-1]
    receipts = warehouse.receipts()
    prune(
        warehouse.connection,
        open_store(place.settings),
        list(KINDS.values()),
        run_id=uuid4(),
        grace=timedelta(0),
        accept_shrink=True,
    )
    whole = place.held()
    assert {receipt["key"] for receipt in receipts.values()} == set(whole)
    assert sorted(whole.values()) == sorted(host.images[path].body for path in paths)
    assert len(receipts) == warehouse.versions() == 120
    assert mirror(place.settings).wanted == 0
