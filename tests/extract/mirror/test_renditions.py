"""Renditions through the whole mirror: made once, kept as long as their original, and no longer."""

import hashlib
import os
from datetime import timedelta
from typing import Any

import pytest

from extract.errors import SettingsError
from extract.mirror import held, mirror, rebuild_urls, verify
from extract.mirror.policy import policy_of
from extract.postgres.connections import connect
from extract.settings import Settings, load_settings
from tests.clocks import set_clock
from tests.extract.mirror import images
from tests.extract.mirror.conftest import Place, Warehouse
from tests.extract.mirror.image_host import ImageHost
from tests.extract.mirror.test_scaling import encoded
from tests.extract.mirror.test_verifying import damage

POSTER = "show_posters/1396/a.png"
FOLDER = "images/shows/1396/poster/tmdb"


@pytest.fixture
def wanted(host: ImageHost, warehouse: Warehouse) -> bytes:
    """A poster that the warehouse wants: its bytes."""
    body = encoded("RGB", "PNG")
    host.serve("/a.png", body)
    warehouse.want(("show_posters", 1396, "/a.png"))
    return body


def with_widths(place: Place, widths: str) -> Settings:
    """The same settings, and renditions of these widths."""
    return place.settings.model_copy(update={"mirror_rendition_widths": widths})


def renditions(warehouse: Warehouse, key: str = POSTER) -> list[dict[str, Any]]:
    """Those that the receipt tells of."""
    told: list[dict[str, Any]] = warehouse.receipts()[key]["renditions"]
    return told


def test_an_image_is_kept_with_its_renditions_beside_it(
    place: Place, warehouse: Warehouse, wanted: bytes
) -> None:
    done = mirror(with_widths(place, "185,92"))
    assert (done.wanted, done.fetched, done.uploaded, done.renditions) == (1, 1, 1, 2)
    kept = place.held()
    assert kept.pop(f"{FOLDER}/{hashlib.sha256(wanted).hexdigest()}.png") == wanted
    told = renditions(warehouse)
    assert [(each["width"], each["height"]) for each in told] == [(92, 138), (185, 278)]
    for each in told:
        body = kept.pop(each["key"])
        sha256 = hashlib.sha256(body).hexdigest()
        assert each == {
            "width": each["width"],
            "height": each["height"],
            "key": f"{FOLDER}/w{each['width']}/{sha256}.webp",
            "url": f"{place.base_url}/{each['key']}",
            "sha256": sha256,
            "content_type": "image/webp",
            "bytes": len(body),
        }
    assert kept == {}
    assert held(place.settings).renditions == 2


def test_without_the_setting_a_receipt_says_nothing_of_renditions(
    place: Place, warehouse: Warehouse, wanted: bytes
) -> None:
    assert mirror(place.settings).renditions == 0
    assert not any("rendition" in name for name in warehouse.receipts()[POSTER])
    assert len(place.held()) == 1


def test_what_is_held_has_its_renditions_made_later_without_a_host(
    place: Place, host: ImageHost, warehouse: Warehouse, wanted: bytes
) -> None:
    mirror(place.settings)
    before, asked = warehouse.receipts()[POSTER], host.requests
    assert mirror(place.settings, dry_run=True).lacking_renditions == 0
    planned = mirror(with_widths(place, "92"), dry_run=True)
    assert (planned.lacking_renditions, planned.renditions, warehouse.versions()) == (1, 0, 1)
    done = mirror(with_widths(place, "92"))
    assert (done.wanted, done.renditions, host.requests) == (0, 1, asked)
    after = warehouse.receipts()[POSTER]
    assert {name: after[name] for name in before} == before
    assert [each["width"] for each in after["renditions"]] == [92]
    again = mirror(with_widths(place, "92"))
    assert (again.renditions, warehouse.versions()) == (0, 2)
    wider = mirror(with_widths(place, "185"))
    assert wider.renditions == 1
    assert [each["width"] for each in renditions(warehouse)] == [92, 185]
    assert mirror(place.settings).wanted == 0
    assert len(renditions(warehouse)) == 2, "what is held stays when the setting goes"


@pytest.mark.parametrize("days", [400, -400], ids=["behind", "ahead"])
def test_what_is_kept_is_dated_by_the_clock_of_the_database_and_not_by_our_own(
    place: Place, warehouse: Warehouse, wanted: bytes, database: str, days: int
) -> None:
    set_clock(database, timedelta(days=days))
    warehouse.want(("show_posters", 1397, "/absent.png"))
    mirror(place.settings)
    assert mirror(with_widths(place, "92")).renditions == 1
    assert [each["width"] for each in renditions(warehouse)] == [92]
    entered = "select greatest(last_checked_at, last_failed_at) as at from raw.fetches"
    far = (
        f"select count(*) from ({entered}) as entry where abs(extract(epoch from now() - at)) > 60"
    )
    with connect(database) as connection:  # a new one, with the clock that was set
        assert connection.execute(far.encode()).fetchone() == (0,)


def test_an_image_that_cannot_be_scaled_is_held_and_the_reason_told_once(
    place: Place, host: ImageHost, warehouse: Warehouse
) -> None:
    for path, body in (
        ("/a.png", images.png(pixels=b"none")),
        ("/b.svg", images.SVG),
        ("/c.png", images.png()),
    ):
        host.serve(path, body)
        warehouse.want(("show_logos", ord(path[1]), path))
    done = mirror(with_widths(place, "92"))
    assert (done.uploaded, done.renditions, done.rejected, done.failed) == (3, 0, 0, 0)
    assert [each.key for each in done.unscaled] == ["show_logos/97/a.png"]
    assert not done.problems
    receipt = warehouse.receipts()["show_logos/97/a.png"]
    assert (receipt["renditions"], receipt["rendition_widths"]) == ([], [92])
    assert receipt["rendition_failure"] == done.unscaled[0].why
    landed = warehouse.versions()
    assert mirror(with_widths(place, "92")).unscaled == []
    assert warehouse.versions() == landed


def test_an_original_that_was_lost_is_told_and_not_tried_at_every_run(
    place: Place, warehouse: Warehouse, wanted: bytes
) -> None:
    mirror(place.settings)
    damage(place, warehouse.receipts()[POSTER]["key"], None)
    lost = mirror(with_widths(place, "92"))
    assert (lost.failed, lost.renditions) == (1, 0)
    assert "missing or damaged" in lost.problems[0].why
    assert mirror(with_widths(place, "92")).failed == 1, "once more at once, as all that fails"
    assert mirror(with_widths(place, "92")).failed == 0
    assert verify(place.settings, sample=None).wrong_count == 1
    warehouse.pass_days(1)
    assert mirror(with_widths(place, "92")).renditions == 1


def test_renditions_are_pruned_with_their_original_and_never_before(
    in_folder: Place, host: ImageHost, warehouse: Warehouse, wanted: bytes
) -> None:
    host.serve("/b.png", images.png())
    warehouse.want(("show_posters", 2, "/b.png"))
    mirror(with_widths(in_folder, "92,185"))
    _pass_days(in_folder, warehouse, 30)
    assert mirror(in_folder.settings, prune=True).deleted == []
    assert len(in_folder.held()) == 4
    warehouse.connection.execute("delete from marts.image_candidates where owner_id = '1396'")
    assert mirror(in_folder.settings, prune=True).deleted == []
    _pass_days(in_folder, warehouse, 8)
    gone = {key for key in in_folder.held() if key.startswith(FOLDER)}
    assert len(gone) == 3
    assert set(mirror(in_folder.settings, prune=True).deleted) == gone
    assert len(in_folder.held()) == 1


def _pass_days(place: Place, warehouse: Warehouse, days: int) -> None:
    """Let the files have been written long ago, as well."""
    warehouse.pass_days(days)
    for path in (place.settings.showhouse_home / "mirror").rglob("*.*"):
        os.utime(path, (0, 0))


def test_a_rendition_that_is_lost_is_found_out_and_made_anew(
    place: Place, warehouse: Warehouse, wanted: bytes
) -> None:
    settings = with_widths(place, "92")
    mirror(settings)
    before = place.held()
    (small,) = renditions(warehouse)
    assert verify(settings, sample=None).wrong_count == 0
    damage(place, small["key"], None)
    found = verify(settings, sample=None)
    assert (found.held, found.objects, found.wrong_count) == (2, 2, 1)
    assert found.wrong[0].key == small["key"]
    mirror(settings)
    assert place.held() == before


def test_renditions_follow_a_new_address_of_the_store(
    in_bucket: Place, warehouse: Warehouse, wanted: bytes
) -> None:
    mirror(with_widths(in_bucket, "92"))
    moved = in_bucket.settings.model_copy(update={"aws_cdn_base_url": "https://cdn.test"})
    assert rebuild_urls(moved) == 1
    (small,) = renditions(warehouse)
    assert small["url"] == f"https://cdn.test/{small['key']}"
    assert rebuild_urls(moved) == 0


@pytest.mark.parametrize("setting", ["0", "185x", "2001", "-5", "1.5", "185 500"])
def test_a_width_that_is_none_is_refused_in_a_sentence(setting: str) -> None:
    with pytest.raises(SettingsError, match="MIRROR_RENDITION_WIDTHS"):
        policy_of(load_settings(mirror_rendition_widths=setting))
    assert policy_of(load_settings(mirror_rendition_widths="500, 185")).rendition_widths == (
        185,
        500,
    )
