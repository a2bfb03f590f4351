"""Objects are read back and held against the ledger; what is missing or wrong is fetched again."""

from pathlib import Path

import pytest

from extract.mirror import held, mirror, rebuild_urls, verify
from extract.mirror.errors import VerifyRefused
from tests.extract.mirror import images
from tests.extract.mirror.conftest import Place, Warehouse
from tests.extract.mirror.image_host import ImageHost
from tests.extract.mirror.object_store import BUCKET, ObjectServer, object_client

COUNT = 30


@pytest.fixture
def mirrored(place: Place, host: ImageHost, warehouse: Warehouse) -> Place:
    """A store with the posters of thirty shows."""
    for number in range(COUNT):
        host.serve(f"/{number}.jpg", images.png(number))
        warehouse.want(("show_posters", number, f"/{number}.jpg"))
    assert mirror(place.settings).uploaded == COUNT
    return place


def damage(place: Place, key: str, body: bytes | None) -> None:
    """Put other bytes in the place of an object, or none."""
    if place.settings.aws_s3_bucket is None:
        path = place.settings.showhouse_home / "mirror" / key
        path.unlink() if body is None else path.write_bytes(body)
        return
    client = object_client(place.settings.aws_endpoint_url_s3 or "")
    if body is None:
        client.delete_object(Bucket=BUCKET, Key=key)
    else:
        client.put_object(Bucket=BUCKET, Key=key, Body=body)


def damage_three(place: Place) -> dict[str, str]:
    """Lose one object, cut one short, change a byte of another; what is said of each."""
    whole = sorted(place.held().items())[:3]
    (lost, _), (cut, body), (changed, other) = whole
    damage(place, lost, None)
    damage(place, cut, body[:-4])
    damage(place, changed, other[:-1] + b"!")
    return {
        lost: "it is missing",
        cut: f"it has {len(body) - 4} bytes, not {len(body)}",
        changed: "its bytes are others than those that were stored",
    }


def test_a_store_that_holds_what_was_stored_is_told_to_be_whole(
    mirrored: Place, warehouse: Warehouse
) -> None:
    found = verify(mirrored.settings, sample=None)
    assert (found.held, found.objects, found.wrong_count) == (COUNT, COUNT, 0)
    assert found.bytes == sum(map(len, mirrored.held().values()))
    assert warehouse.versions() == COUNT


def test_what_is_missing_or_wrong_is_told_and_fetched_anew_by_the_next_run(
    mirrored: Place, host: ImageHost, warehouse: Warehouse
) -> None:
    before = mirrored.held()
    wrong = damage_three(mirrored)
    found = verify(mirrored.settings, sample=None)
    assert {problem.key: problem.why for problem in found.wrong} == wrong
    assert len(warehouse.receipts()) == COUNT - 3
    host.asked.clear()
    again = mirror(mirrored.settings)
    assert (again.wanted, again.uploaded, host.requests) == (3, 3, 3)
    assert mirrored.held() == before
    assert verify(mirrored.settings, sample=None).wrong_count == 0


def test_a_dry_run_tells_and_gives_up_no_receipt(mirrored: Place, warehouse: Warehouse) -> None:
    damage_three(mirrored)
    assert verify(mirrored.settings, sample=None, dry_run=True).wrong_count == 3
    assert len(warehouse.receipts()) == COUNT


def test_a_sample_reads_so_many_objects_and_none_twice(mirrored: Place, s3: ObjectServer) -> None:
    s3.asked.clear()
    found = verify(mirrored.settings, sample=7)
    assert (found.held, found.objects) == (COUNT, 7)
    assert s3.asked["GET"] in (0, 7)


def test_only_objects_of_the_kinds_asked_for_are_read(mirrored: Place) -> None:
    assert verify(mirrored.settings, kinds=["networks"]).objects == 0
    assert verify(mirrored.settings, kinds=["show_posters"]).objects == COUNT


def test_a_store_that_is_not_the_one_it_was_gives_up_nothing_unless_told_so(
    mirrored: Place, warehouse: Warehouse
) -> None:
    for key in mirrored.held():
        damage(mirrored, key, None)
    with pytest.raises(VerifyRefused, match="30 of 30 objects are not what was stored"):
        verify(mirrored.settings, sample=None)
    assert len(warehouse.receipts()) == COUNT
    assert verify(mirrored.settings, sample=None, accept_shrink=True).wrong_count == COUNT
    assert warehouse.receipts() == {}


def test_an_object_with_several_receipts_is_wanted_again_for_each(
    in_folder: Place, host: ImageHost, warehouse: Warehouse
) -> None:
    for path in ("/one.jpg", "/other.jpg"):
        host.serve(path, images.png(1))
    warehouse.want(("episode_stills", "1/70", "/one.jpg"), ("episode_stills", "2/70", "/other.jpg"))
    mirror(in_folder.settings)
    (key,) = in_folder.held()
    damage(in_folder, key, b"")
    assert verify(in_folder.settings).objects == 1
    assert warehouse.receipts() == {}


def test_what_several_receipts_share_is_counted_once_and_told_as_saved(
    in_folder: Place, host: ImageHost, warehouse: Warehouse
) -> None:
    body = images.png(1)
    for path in ("/one.jpg", "/other.jpg", "/third.jpg"):
        host.serve(path, body)
    host.serve("/own.jpg", images.png(2))
    warehouse.offer("show_posters", 1, *[(f"/{name}.jpg", None) for name in ("one", "other")])
    warehouse.want(("show_posters", 2, "/third.jpg"), ("show_posters", 3, "/own.jpg"))
    mirror(in_folder.settings.model_copy(update={"mirror_images_per_owner": 2}))
    found = held(in_folder.settings)
    assert (found.images, found.objects, found.sharing) == (4, 3, 2)
    assert (found.bytes, found.saved_bytes) == (2 * len(body) + len(images.png(2)), len(body))
    assert len(in_folder.held()) == 3


def test_addresses_are_rebuilt_without_a_request_to_anybody(
    in_bucket: Place, host: ImageHost, warehouse: Warehouse, s3: ObjectServer, tmp_path: Path
) -> None:
    for number in range(3):
        host.serve(f"/{number}.jpg", images.png(number))
        warehouse.want(("person_photos", number, f"/{number}.jpg"))
    mirror(in_bucket.settings)
    host.asked.clear()
    s3.asked.clear()
    moved = in_bucket.settings.model_copy(update={"aws_cdn_base_url": "https://cdn.test/m"})
    assert (rebuild_urls(moved), rebuild_urls(moved)) == (3, 0)
    assert (host.requests, s3.asked.total()) == (0, 0)
    for receipt in warehouse.receipts().values():
        assert receipt["url"] == f"https://cdn.test/m/{receipt['key']}"
