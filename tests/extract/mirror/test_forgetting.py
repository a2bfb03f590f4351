"""Photos of whoever is forgotten leave the store, whatever else is in it and whoever comes next."""

import pytest

from extract.mirror import forget, mirror
from extract.suppression import restore, suppress
from tests.extract.mirror import images
from tests.extract.mirror.conftest import Place, Warehouse
from tests.extract.mirror.image_host import ImageHost

FORGOTTEN, OTHER = 5, 6


@pytest.fixture
def photos(place: Place, host: ImageHost, warehouse: Warehouse) -> Warehouse:
    """Two people with a photo each, of whom the first had another one before."""
    for number, path in enumerate(("/old.png", "/new.png", "/other.png")):
        host.serve(path, images.png(number))
    warehouse.want(("person_photos", FORGOTTEN, "/old.png"), ("person_photos", OTHER, "/other.png"))
    mirror(place.settings)
    warehouse.want(("person_photos", FORGOTTEN, "/new.png"))
    scaled = place.settings.model_copy(update={"mirror_rendition_widths": "2"})
    mirror(scaled)
    assert len(warehouse.receipts()) == 3
    assert len(place.held()) > 3, "renditions are there, too"
    return warehouse


def owners(place: Place) -> set[str]:
    return {key.split("/")[2] for key in place.held()}


def test_every_object_of_theirs_goes_at_once_and_of_nobody_else(
    place: Place, photos: Warehouse
) -> None:
    suppress(photos.connection, FORGOTTEN)
    done = forget(place.settings)
    assert (len(done.released), len(done.deleted)) == (2, 4)
    assert owners(place) == {str(OTHER)}
    assert set(photos.receipts()) == {f"person_photos/{OTHER}/other.png"}
    told = "payload is not null and key like 'person_photos/5/%'"
    assert photos.one(f"select count(*) from raw.showhouse_mirrored_images where {told}") == 0
    rows = photos.versions()
    assert not forget(place.settings).deleted
    assert photos.versions() == rows, "done is done"


def test_a_mirror_takes_them_out_and_fetches_them_no_more_though_nothing_is_built_yet(
    place: Place, host: ImageHost, photos: Warehouse
) -> None:
    suppress(photos.connection, FORGOTTEN)
    asked = host.requests
    done = mirror(place.settings)
    assert (done.wanted, len(done.deleted), host.requests) == (0, 4, asked)
    assert owners(place) == {str(OTHER)}
    assert mirror(place.settings, prune=True).deleted == []
    assert restore(photos.connection, FORGOTTEN)
    assert mirror(place.settings).uploaded == 1
    assert owners(place) == {str(FORGOTTEN), str(OTHER)}
