"""The mirror as a whole: a real host of images, a real Postgres, a folder or an S3 server."""

import hashlib
import json
import re
import threading
from pathlib import Path

import pytest

from extract import sample as bundled
from extract.errors import SourceUnavailable
from extract.mirror import Mirrored, carrying, mirror
from extract.mirror.errors import KindUnknown, StoreUnusable, WorkListMissing
from extract.mirror.kinds import KINDS
from extract.postgres.connections import connect
from extract.sample import SERIES_IDS
from extract.settings import Settings
from tests.extract.mirror import images
from tests.extract.mirror.conftest import Place, Warehouse, folder, series, settings_of
from tests.extract.mirror.image_host import ImageHost
from tests.extract.mirror.object_store import BUCKET, ObjectServer, object_client

FOLDERS = {
    "networks": ("213", "logos/networks/213"),
    "production_companies": ("213", "logos/production_companies/213"),
    "watch_providers": ("8", "logos/watch_providers/8"),
    "show_posters": ("1396", "shows/1396/poster/tmdb"),
    "show_backdrops": ("1396", "shows/1396/backdrop/tmdb"),
    "show_logos": ("1396", "shows/1396/logo/tmdb"),
    "season_posters": ("1396/season-1", "seasons/1396/season-1/tmdb"),
    "episode_stills": ("1396/62085", "episodes/62085/tmdb"),
    "person_photos": ("287", "people/287/photos/tmdb"),
}
"""Of each kind, an owner as the work list names it, and where its images are kept."""
LOGOS = ("networks", "production_companies", "watch_providers")


def counts(done: Mirrored) -> tuple[int, ...]:
    """Wanted, fetched, uploaded, skipped, rejected, failed."""
    return done.wanted, done.fetched, done.uploaded, done.skipped, done.rejected, done.failed


def serve_all_types(host: ImageHost, warehouse: Warehouse) -> None:
    """One network's logo of each type."""
    for extension, (body, _) in images.WHOLE.items():
        host.serve(f"/{extension}.{extension}", body)
    warehouse.want(*series(f"/{extension}.{extension}" for extension in images.WHOLE))


def test_each_kind_of_image_is_kept_under_the_key_of_its_content(
    place: Place, host: ImageHost, warehouse: Warehouse
) -> None:
    kept = {}
    for number, (kind, (owner, place_of)) in enumerate(FOLDERS.items()):
        body = images.png(number)
        host.serve(f"/{kind}.png", body)
        warehouse.want((kind, owner, f"/{kind}.png"))
        kept[f"images/{place_of}/{hashlib.sha256(body).hexdigest()}.png"] = body
    done = mirror(place.settings)
    assert FOLDERS.keys() == KINDS.keys()
    assert counts(done) == (9, 9, 9, 0, 0, 0)
    assert done.bytes == sum(map(len, kept.values()))
    assert place.held() == kept


def test_a_receipt_says_where_an_image_is_and_what_it_is(
    place: Place, host: ImageHost, warehouse: Warehouse
) -> None:
    host.serve("/abc.png", images.png())
    warehouse.want(("networks", 213, "/abc.png"))
    mirror(place.settings)
    receipt = warehouse.receipts()["networks/213/abc.png"]
    sha256 = hashlib.sha256(images.png()).hexdigest()
    key = f"images/logos/networks/213/{sha256}.png"
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", receipt.pop("at"))
    assert receipt == {
        "kind": "networks",
        "owner_id": 213,
        "source": "tmdb",
        "file_path": "/abc.png",
        "store": "folder" if place.base_url == "/media" else f"s3://{BUCKET}",
        "key": key,
        "url": f"{place.base_url}/{key}",
        "sha256": sha256,
        "content_type": "image/png",
        "bytes": len(images.png()),
        "etag": hashlib.md5(images.png()).hexdigest(),
    }


def test_a_second_run_asks_nobody_for_anything(
    place: Place, host: ImageHost, warehouse: Warehouse, object_server: ObjectServer
) -> None:
    serve_all_types(host, warehouse)
    first = mirror(place.settings)
    asked, landed = host.requests, warehouse.versions()
    object_server.asked.clear()
    second = mirror(place.settings)
    assert counts(first) == (6, 6, 6, 0, 0, 0)
    assert counts(second) == (0, 0, 0, 0, 0, 0)
    assert (host.requests, warehouse.versions()) == (asked, landed)
    assert not object_server.asked


def test_every_hostile_answer_is_rejected_with_its_reason_and_nothing_of_it_is_kept(
    place: Place, host: ImageHost, warehouse: Warehouse
) -> None:
    expected = {}
    for number, (body, reason) in enumerate(images.REFUSED.values(), 1):
        host.serve(f"/{number}.png", body)
        warehouse.want(("networks", number, f"/{number}.png"))
        expected[f"networks/{number}/{number}.png"] = reason
    host.serve("/good.png", images.png())
    warehouse.want(("networks", 999, "/good.png"))
    done = mirror(place.settings)
    assert counts(done) == (len(expected) + 1, len(expected) + 1, 1, 0, len(expected), 0)
    assert warehouse.rejects() == expected
    assert {problem.key for problem in done.problems} == set(expected)
    assert list(place.held().values()) == [images.png()]
    assert list(warehouse.receipts()) == ["networks/999/good.png"]
    asked = host.requests
    assert mirror(place.settings).wanted == 0
    assert host.requests == asked


def test_names_and_headers_that_lie_are_not_believed(
    in_folder: Place, host: ImageHost, warehouse: Warehouse
) -> None:
    host.serve("/logo.png", images.JPEG, headers={"Content-Type": "text/html"})
    warehouse.want(("networks", 1, "/logo.png"))
    mirror(in_folder.settings)
    receipt = warehouse.receipts()["networks/1/logo.png"]
    assert receipt["content_type"] == "image/jpeg"
    assert receipt["key"].endswith(".jpg")


def test_a_body_over_the_bound_is_rejected_unread(
    in_folder: Place, host: ImageHost, warehouse: Warehouse
) -> None:
    host.serve("/huge.png", b"\x89PNG\r\n\x1a\n" + bytes(KINDS["networks"].max_bytes))
    warehouse.want(("networks", 1, "/huge.png"))
    assert counts(mirror(in_folder.settings, kinds=["networks"])) == (1, 0, 0, 0, 1, 0)
    assert warehouse.rejects() == {"networks/1/huge.png": "too_large"}


def test_a_missing_image_is_reported_and_left_alone_for_longer_each_time(
    in_folder: Place, host: ImageHost, warehouse: Warehouse
) -> None:
    warehouse.want(("networks", 1, "/missing.png"))
    done = mirror(in_folder.settings)
    assert counts(done) == (1, 0, 0, 0, 0, 1)
    assert "404" in done.problems[0].why
    waits = []
    for _ in range(3):
        days = 0
        while not mirror(in_folder.settings).failed:
            warehouse.pass_days(1)
            days += 1
        waits.append(days)
    assert waits == [1, 2, 4]
    assert host.requests == 4
    host.serve("/missing.png", images.png())
    warehouse.pass_days(8)
    assert mirror(in_folder.settings).uploaded == 1
    assert warehouse.failures() == {}


def test_faults_of_the_host_hold_up_no_other_image_and_are_tried_again(
    in_folder: Place, host: ImageHost, warehouse: Warehouse
) -> None:
    host.serve("/broken.png", b"Internal Server Error", status=403)
    host.serve("/cut.png", images.png(1, padding=5000), sent=100)
    host.serve("/good.png", images.png(2))
    warehouse.want(*series(["/broken.png", "/cut.png", "/good.png"]))
    done = mirror(in_folder.settings)
    assert (done.uploaded, done.failed) == (1, 2)
    assert set(warehouse.failures()) == {"networks/1/broken.png", "networks/2/cut.png"}
    host.serve("/broken.png", images.png(3))
    host.serve("/cut.png", images.png(1, padding=5000))
    assert counts(mirror(in_folder.settings)) == (2, 2, 2, 0, 0, 0)
    assert len(in_folder.held()) == 3


def test_a_host_that_answers_nothing_any_more_ends_the_run(
    in_folder: Place,
    host: ImageHost,
    warehouse: Warehouse,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(carrying, "UNAVAILABLE_IN_A_ROW", 3)
    for number in range(30):
        host.serve(f"/{number}.png", images.png(number, padding=500), sent=50)
    warehouse.want(*series(f"/{number}.png" for number in range(30)))
    chosen = in_folder.settings.model_copy(update={"tmdb_max_connections": 2})
    with pytest.raises(SourceUnavailable):
        mirror(chosen)
    assert 3 <= len(warehouse.failures()) < 10


@pytest.mark.parametrize(
    "path", ["/../secret.png", "//elsewhere.test/a.png", "http://elsewhere.test/a", "/a.png?b", "/"]
)
def test_a_path_that_could_lead_elsewhere_is_not_asked_for(
    in_folder: Place, host: ImageHost, warehouse: Warehouse, path: str
) -> None:
    warehouse.want(("networks", 1, path))
    done = mirror(in_folder.settings)
    assert (done.failed, host.requests) == (1, 0)


def test_an_image_of_several_owners_is_fetched_once_and_kept_for_each(
    place: Place, host: ImageHost, warehouse: Warehouse
) -> None:
    host.serve("/shared.png", images.png())
    warehouse.want(*[(kind, number, "/shared.png") for kind in LOGOS for number in (1, 2)])
    assert counts(mirror(place.settings)) == (6, 1, 6, 0, 0, 0)
    assert host.requests == 1
    assert len(place.held()) == len(warehouse.receipts()) == 6


def test_only_the_kinds_asked_for_are_mirrored(
    in_folder: Place, host: ImageHost, warehouse: Warehouse
) -> None:
    host.serve("/a.png", images.png())
    warehouse.want(*[(kind, 1, "/a.png") for kind in LOGOS])
    assert mirror(in_folder.settings, kinds=["watch_providers"]).wanted == 1
    assert list(warehouse.receipts()) == ["watch_providers/1/a.png"]
    with pytest.raises(KindUnknown, match="`posters` is no kind"):
        mirror(in_folder.settings, kinds=["posters"])


def test_a_changed_logo_path_is_mirrored_anew(
    in_folder: Place, host: ImageHost, warehouse: Warehouse
) -> None:
    for number, path in enumerate(["/old.png", "/new.png"]):
        host.serve(path, images.png(number))
        warehouse.want(("networks", 1, path))
        assert mirror(in_folder.settings).uploaded == 1
    assert len(in_folder.held()) == 2


def test_a_dry_run_lists_and_writes_nothing(
    in_folder: Place, host: ImageHost, warehouse: Warehouse
) -> None:
    serve_all_types(host, warehouse)
    done = mirror(in_folder.settings, dry_run=True)
    assert done.wanted == 6
    assert "networks/1/png.png" in done.listed
    assert (host.requests, warehouse.versions(), in_folder.held()) == (0, 0, {})


def test_more_is_never_asked_for_at_once_than_connections_are_allowed(
    database: str, host: ImageHost, warehouse: Warehouse, tmp_path: Path
) -> None:
    paths = [f"/{number}.png" for number in range(60)]
    for number, path in enumerate(paths):
        host.serve(path, images.png(number))
    warehouse.want(*series(paths))
    settings = settings_of(database, host, tmp_path, tmdb_max_connections=3)
    assert mirror(settings).uploaded == 60
    assert host.most_at_once <= 3


def test_two_mirrors_at_once_come_to_the_same_end(
    place: Place, host: ImageHost, warehouse: Warehouse
) -> None:
    paths = [f"/{number}.png" for number in range(40)]
    for number, path in enumerate(paths):
        host.serve(path, images.png(number))
    warehouse.want(*series(paths))
    results: list[Mirrored] = []
    threads = [
        threading.Thread(target=lambda: results.append(mirror(place.settings))) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [done.failed for done in results] == [0, 0]
    assert sum(done.uploaded for done in results) >= 40
    assert len(place.held()) == len(warehouse.receipts()) == 40
    assert {receipt["key"] for receipt in warehouse.receipts().values()} == set(place.held())


def test_images_that_a_folder_holds_are_mirrored_again_into_a_new_bucket(
    in_folder: Place, host: ImageHost, warehouse: Warehouse, s3: ObjectServer
) -> None:
    serve_all_types(host, warehouse)
    mirror(in_folder.settings)
    warehouse.connection.execute("delete from marts.image_candidates")
    bucket = {"aws_s3_bucket": BUCKET, "aws_endpoint_url_s3": s3.url}
    moved: Settings = in_folder.settings.model_copy(update=bucket)
    assert counts(mirror(moved)) == (6, 6, 6, 0, 0, 0)
    assert s3.bucket() == in_folder.held()
    assert {receipt["store"] for receipt in warehouse.receipts().values()} == {f"s3://{BUCKET}"}


def test_a_new_cdn_moves_the_addresses_without_asking_for_an_image(
    in_bucket: Place, host: ImageHost, warehouse: Warehouse, s3: ObjectServer
) -> None:
    serve_all_types(host, warehouse)
    mirror(in_bucket.settings)
    asked = host.requests
    s3.asked.clear()
    cdn = "https://cdn.example.test/media"
    done = mirror(in_bucket.settings.model_copy(update={"aws_cdn_base_url": cdn}))
    assert (done.moved, done.wanted, host.requests, s3.asked.total()) == (6, 0, asked, 0)
    for receipt in warehouse.receipts().values():
        assert receipt["url"] == f"{cdn}/{receipt['key']}"


def test_before_the_first_build_the_remedy_is_named(database: str, in_folder: Place) -> None:
    with connect(database) as connection:
        connection.execute("drop schema marts cascade")
    with pytest.raises(WorkListMissing, match="showhouse build"):
        mirror(in_folder.settings)


def test_a_folder_that_cannot_be_written_ends_the_run_in_one_sentence(
    in_folder: Place, host: ImageHost, warehouse: Warehouse, tmp_path: Path
) -> None:
    serve_all_types(host, warehouse)
    (tmp_path / "mirror").write_text("a file where a folder should be")
    with pytest.raises(StoreUnusable, match="cannot be used"):
        mirror(in_folder.settings)
    assert warehouse.versions() == 0


def test_the_sample_is_mirrored_without_any_network(
    in_folder: Place, host: ImageHost, warehouse: Warehouse
) -> None:
    for show_id in SERIES_IDS:
        _, _, body = bundled.answer(f"/tv/{show_id}", {})
        details = json.loads(body)
        for kind in ("networks", "production_companies"):
            logos = [(kind, owner["id"], owner["logo_path"]) for owner in details[kind]]
            warehouse.want(*[logo for logo in logos if logo[2]])
    done = mirror(in_folder.settings, sample=True)
    assert done.problems == []
    assert done.uploaded == done.wanted > 20
    assert host.requests == 0


def test_objects_in_a_bucket_are_cached_for_ever_and_open_no_script(
    in_bucket: Place, host: ImageHost, warehouse: Warehouse, s3: ObjectServer
) -> None:
    serve_all_types(host, warehouse)
    mirror(in_bucket.settings)
    client = object_client(s3.url)
    for receipt in warehouse.receipts().values():
        held = client.head_object(Bucket=BUCKET, Key=receipt["key"])
        assert held["ContentType"] == receipt["content_type"]
        assert held["CacheControl"] == "public, max-age=31536000, immutable"
        assert held["Metadata"] == {"sha256": receipt["sha256"]}
        is_svg = receipt["content_type"] == "image/svg+xml"
        assert (held.get("ContentDisposition") == "attachment") == is_svg
    assert folder(in_bucket.settings.showhouse_home) == {}
