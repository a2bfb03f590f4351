"""What prune deletes, what it never deletes, and when it refuses."""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import pytest

from extract.mirror import mirror, open_store, turns
from extract.mirror.errors import MirrorBusy, PruneRefused, WorkListMissing
from extract.mirror.kinds import KINDS
from extract.mirror.pruning import prune
from extract.mirror.store import ImageObject, Kept, Store
from extract.postgres.connections import connect
from tests.extract.mirror import images
from tests.extract.mirror.conftest import Place, Warehouse, series
from tests.extract.mirror.image_host import ImageHost
from tests.extract.mirror.object_store import BUCKET, object_client

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC).timestamp()


def mirrored(place: Place, host: ImageHost, warehouse: Warehouse, count: int = 30) -> None:
    """A warehouse that holds `count` logos."""
    paths = [f"/{number}.png" for number in range(count)]
    for number, path in enumerate(paths):
        host.serve(path, images.png(number))
    warehouse.want(*series(paths))
    assert mirror(place.settings).uploaded == count


def leave(warehouse: Warehouse, count: int) -> None:
    """Let so many networks show no logo any more."""
    warehouse.connection.execute(
        "delete from marts.image_candidates where owner_id::integer <= %s", (count,)
    )


def age_files(root: Path) -> None:
    """Let every file have been written long ago."""
    for path in root.rglob("*"):
        os.utime(path, (LONG_AGO, LONG_AGO))


def test_an_image_nobody_shows_is_released_and_deleted_a_week_later(
    in_folder: Place, host: ImageHost, warehouse: Warehouse
) -> None:
    mirrored(in_folder, host, warehouse)
    age_files(in_folder.settings.showhouse_home)
    warehouse.pass_days(8)
    leave(warehouse, 3)

    planned = mirror(in_folder.settings, prune=True, dry_run=True)
    assert (len(planned.released), planned.deleted) == (3, [])
    assert len(warehouse.receipts()) == 30

    released = mirror(in_folder.settings, prune=True)
    assert (released.released, released.deleted) == (planned.released, [])
    assert (len(warehouse.receipts()), len(in_folder.held())) == (27, 30)
    warehouse.pass_days(6)
    assert mirror(in_folder.settings, prune=True).deleted == []

    warehouse.pass_days(2)
    planned = mirror(in_folder.settings, prune=True, dry_run=True)
    assert (len(planned.deleted), len(in_folder.held())) == (3, 30)
    deleted = mirror(in_folder.settings, prune=True)
    assert deleted.deleted == planned.deleted
    assert set(in_folder.held()) == {receipt["key"] for receipt in warehouse.receipts().values()}
    assert len(in_folder.held()) == 27


def test_an_image_that_comes_back_within_the_week_is_kept_without_an_upload(
    place: Place, host: ImageHost, warehouse: Warehouse
) -> None:
    mirrored(place, host, warehouse)
    warehouse.pass_days(8)
    leave(warehouse, 1)
    assert mirror(place.settings, prune=True).released == ["networks/1/0.png"]
    warehouse.want(("networks", 1, "/0.png"))
    done = mirror(place.settings, prune=True)
    assert (done.uploaded, done.skipped, done.released, done.deleted) == (0, 1, [], [])
    assert len(warehouse.receipts()) == len(place.held()) == 30


def test_a_fresh_receipt_is_a_reference_before_the_warehouse_is_built_again(
    in_folder: Place, host: ImageHost, warehouse: Warehouse
) -> None:
    mirrored(in_folder, host, warehouse)
    leave(warehouse, 1)
    assert mirror(in_folder.settings, prune=True).released == []


def test_an_object_that_a_row_shows_is_never_deleted(
    in_folder: Place, host: ImageHost, warehouse: Warehouse
) -> None:
    mirrored(in_folder, host, warehouse)
    warehouse.pass_days(8)
    key = warehouse.receipts()["networks/1/0.png"]["key"]
    warehouse.connection.execute(
        "update marts.image_candidates set file_path = '/next.png', hosted_key = %s"
        " where owner_id = '1'",
        (key,),
    )
    assert mirror(in_folder.settings, prune=True).released == []


def test_what_a_killed_mirror_left_behind_goes_and_what_is_not_ours_stays(
    in_folder: Place, host: ImageHost, warehouse: Warehouse
) -> None:
    mirrored(in_folder, host, warehouse)
    root = in_folder.settings.showhouse_home / "mirror"
    ours = root / "images/logos/networks/1"
    (ours / ".unfinished-abc_123").write_bytes(b"half")
    (ours / f"{'0' * 64}.png").write_bytes(b"stored, but its receipt never landed")
    (ours / "notes.txt").write_text("somebody's own")
    (root / "elsewhere.png").write_bytes(b"somebody's own")
    age_files(root)
    deleted = mirror(in_folder.settings, prune=True).deleted
    assert sorted(key.rpartition("/")[2] for key in deleted) == [
        ".unfinished-abc_123",
        f"{'0' * 64}.png",
    ]
    assert len(in_folder.held()) == 32


def test_objects_of_a_bucket_are_deleted_too(
    in_bucket: Place, host: ImageHost, warehouse: Warehouse
) -> None:
    mirrored(in_bucket, host, warehouse)
    client = object_client(in_bucket.settings.aws_endpoint_url_s3 or "")
    key = f"images/logos/networks/1/{'0' * 64}.png"
    client.put_object(Bucket=BUCKET, Key=key, Body=b"never landed")
    store = open_store(in_bucket.settings)
    done = prune(
        warehouse.connection, store, list(KINDS.values()), run_id=uuid4(), grace=timedelta(0)
    )
    assert (done.released, done.deleted) == ([], [key])
    assert len(in_bucket.held()) == 30


def _empty_warehouse(warehouse: Warehouse) -> None:
    warehouse.connection.execute("truncate marts.image_candidates")


def _half_warehouse(warehouse: Warehouse) -> None:
    leave(warehouse, 25)


def _purged_receipt(warehouse: Warehouse) -> None:
    warehouse.connection.execute(
        "update raw.showhouse_mirrored_images set payload = null, purged_at = now()"
        " where key = 'networks/1/0.png'"
    )
    warehouse.connection.execute("truncate marts.image_candidates")


def _other_database(warehouse: Warehouse) -> None:
    warehouse.connection.execute("truncate raw.showhouse_mirrored_images, marts.image_candidates")


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (_empty_warehouse, "names no image"),
        (_half_warehouse, "25 of 30 images would be released"),
        (_purged_receipt, "receipts were purged"),
        (_other_database, "30 of 30 stored objects were never known"),
    ],
)
def test_a_list_of_references_that_looks_truncated_is_not_believed(
    in_folder: Place,
    host: ImageHost,
    warehouse: Warehouse,
    damage: Callable[[Warehouse], None],
    why: str,
) -> None:
    mirrored(in_folder, host, warehouse)
    age_files(in_folder.settings.showhouse_home)
    warehouse.pass_days(8)
    damage(warehouse)
    before = warehouse.versions()
    with pytest.raises(PruneRefused, match=why):
        mirror(in_folder.settings, prune=True)
    assert (len(in_folder.held()), warehouse.versions()) == (30, before)


def test_what_looks_truncated_goes_when_told_so(
    in_folder: Place, host: ImageHost, warehouse: Warehouse
) -> None:
    mirrored(in_folder, host, warehouse)
    warehouse.pass_days(8)
    leave(warehouse, 25)
    assert len(mirror(in_folder.settings, prune=True, accept_shrink=True).released) == 25


def test_without_the_models_nothing_is_pruned(
    in_folder: Place, host: ImageHost, warehouse: Warehouse
) -> None:
    mirrored(in_folder, host, warehouse)
    warehouse.connection.execute("drop table marts.image_candidates")
    with pytest.raises(WorkListMissing, match=r"marts\.image_candidates"):
        mirror(in_folder.settings, prune=True)


def test_a_sweep_waits_for_a_running_mirror_and_gives_up_with_a_reason(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "SWEEP_WAITS_SECONDS", 1)
    with connect(database) as one, connect(database) as two, connect(database) as three:
        with (
            turns.mirroring(one),
            turns.mirroring(two),
            pytest.raises(MirrorBusy, match="A mirror has been working"),
            turns.sweeping(three),
        ):
            raise AssertionError("the sweep did not wait")
        with turns.sweeping(three):
            entered: list[float] = []
            waiting = threading.Thread(target=_enter, args=(one, entered))
            waiting.start()
            time.sleep(0.3)
            assert entered == []
        waiting.join()
        assert len(entered) == 1


def _enter(connection: object, entered: list[float]) -> None:
    with turns.mirroring(connection):  # type: ignore[arg-type]
        entered.append(time.monotonic())


@dataclass
class SlowReceipts:
    """A store after which there is time for a sweep before the receipt is landed."""

    store: Store
    meanwhile: Callable[[], None]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def keep(self, image: ImageObject) -> Kept:
        kept = self.store.keep(image)
        self.meanwhile()
        return kept


def test_a_sweep_never_comes_between_an_object_and_its_receipt(
    place: Place, host: ImageHost, warehouse: Warehouse, database: str
) -> None:
    mirrored(place, host, warehouse, count=1)
    warehouse.connection.execute("truncate raw.showhouse_mirrored_images")
    sweeps: list[threading.Thread] = []

    def sweep() -> None:
        with connect(database) as own:
            kinds = list(KINDS.values())
            store = open_store(place.settings)
            prune(own, store, kinds, run_id=uuid4(), grace=timedelta(0), accept_shrink=True)

    def sweep_meanwhile() -> None:
        sweeps.append(threading.Thread(target=sweep))
        sweeps[-1].start()
        sweeps[-1].join(1)

    slow = SlowReceipts(open_store(place.settings), sweep_meanwhile)
    assert mirror(place.settings, store=cast(Store, slow)).skipped == 1
    for thread in sweeps:
        thread.join()
    assert {receipt["key"] for receipt in warehouse.receipts().values()} == set(place.held())
    assert len(place.held()) == 1
