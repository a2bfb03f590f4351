"""Which images are fetched is for the settings to say: kinds, languages, how many of an owner."""

from typing import Any

import pytest

from extract.errors import SettingsError
from extract.mirror import mirror
from extract.mirror.kinds import IMAGE_SOURCES, KINDS
from extract.mirror.policy import policy_of
from extract.registry import RESOURCES
from extract.settings import load_settings
from tests.extract.mirror import images
from tests.extract.mirror.conftest import Place, Warehouse
from tests.extract.mirror.image_host import ImageHost

POSTERS = (("/en.jpg", "en"), ("/next.jpg", "en"), ("/plain.jpg", None), ("/de.jpg", "de"))
LOGOS = ("networks", "production_companies", "watch_providers")


@pytest.fixture
def posters(host: ImageHost, warehouse: Warehouse) -> Warehouse:
    """A show with four posters."""
    for number, (path, _) in enumerate(POSTERS):
        host.serve(path, images.png(number))
    warehouse.offer("show_posters", 1396, *POSTERS)
    return warehouse


def fetched(place: Place, host: ImageHost, **policy: Any) -> list[str]:
    """The paths that a mirror under that policy asks for."""
    host.asked.clear()
    mirror(place.settings.model_copy(update=policy))
    return sorted(host.asked)


def test_of_an_owner_so_many_are_fetched_as_the_policy_says_the_first_in_rank(
    in_folder: Place, host: ImageHost, posters: Warehouse
) -> None:
    assert fetched(in_folder, host) == ["/en.jpg"]
    assert fetched(in_folder, host) == []
    assert fetched(in_folder, host, mirror_images_per_owner=3) == ["/next.jpg", "/plain.jpg"]
    assert fetched(in_folder, host, mirror_images_per_owner=1) == []
    assert len(in_folder.held()) == 3


def test_a_language_that_is_not_named_is_left_out_and_what_has_none_never_is(
    in_folder: Place, host: ImageHost, posters: Warehouse
) -> None:
    assert fetched(in_folder, host, mirror_languages="de") == ["/plain.jpg"]
    more = {"mirror_languages": "de, fr", "mirror_images_per_owner": 9}
    assert fetched(in_folder, host, **more) == ["/de.jpg"]
    assert fetched(in_folder, host, mirror_images_per_owner=9) == ["/en.jpg", "/next.jpg"]


def test_only_kinds_that_the_policy_names_are_fetched_unless_the_command_names_others(
    in_folder: Place, host: ImageHost, posters: Warehouse
) -> None:
    logos = in_folder.settings.model_copy(update={"mirror_kinds": ",".join(LOGOS)})
    assert mirror(logos).wanted == 0
    assert mirror(logos, kinds=["show_posters"]).uploaded == 1


def test_a_new_image_ahead_of_a_held_one_is_fetched_and_the_held_one_stays(
    in_folder: Place, host: ImageHost, posters: Warehouse
) -> None:
    fetched(in_folder, host)
    host.serve("/better.jpg", images.png(9))
    posters.offer("show_posters", 1396, ("/better.jpg", "en"), *POSTERS)
    assert fetched(in_folder, host) == ["/better.jpg"]
    assert len(in_folder.held()) == 2


def test_images_of_a_source_whose_terms_forbid_copies_are_never_asked_for(
    in_folder: Place, host: ImageHost, warehouse: Warehouse
) -> None:
    for source in ("fandom", "imdb", "elsewhere"):
        warehouse.want(("person_photos", 1, "/a.png"), source=source)
        assert mirror(in_folder.settings).wanted == 0
    assert (host.requests, warehouse.failures()) == (0, {})


def test_tmdb_alone_allows_copies_of_its_images() -> None:
    sources = {resource.source.name: resource.source for resource in RESOURCES.values()}
    assert [name for name, source in sources.items() if source.images_may_be_kept] == ["tmdb"]
    assert policy_of(load_settings()).source_names == list(IMAGE_SOURCES) == ["tmdb"]


def test_without_settings_logos_are_mirrored_and_nothing_large() -> None:
    assert tuple(policy_of(load_settings()).kind_names) == LOGOS
    assert tuple(policy_of(load_settings(mirror_kinds="all")).kind_names) == tuple(KINDS)


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("mirror_kinds", "networks,posters", "`MIRROR_KINDS`.*`posters` is no kind"),
        ("mirror_languages", "en,german", "`MIRROR_LANGUAGES`.*`german` is no language"),
        ("mirror_languages", "EN", "`MIRROR_LANGUAGES`.*`EN` is no language"),
    ],
)
def test_a_policy_that_means_nothing_is_named(setting: str, value: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        policy_of(load_settings(**{setting: value}))
