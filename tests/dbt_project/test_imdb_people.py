"""Whom IMDb credits is the person whose TMDb document claims that name, else one of their own."""

import json
from collections.abc import Iterator
from hashlib import md5
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from extract.landing.purging import purge
from extract.postgres.connections import connect
from extract.registry import RESOURCES
from extract.sources.imdb.datasets import IMDB
from extract.suppression import restore, suppress
from tests.dbt_project.histories import Payloads
from tests.dbt_project.lives import DAY, assert_incremental_equals_full
from tests.dbt_project.test_given_up import KEPT_DAYS, answer
from tests.dbt_project.warehouse import Warehouse

_RUN = uuid4()
CREDITED = ("aliases", "wwhl_episodes", "show_credit_documents", "person_documents")
"""Whatever tells of people."""
WWHL, STAR, GUEST = 22980, 5, 6
CAST = "select tmdb_person_id, character, credit_category, sources from core.show_cast order by 1"
SEEN = (
    "select tmdb_person_id, appearance_type, is_self, sources from core.episode_appearances"
    " order by 1"
)
ALONE = "nm0000098"
OWN = (
    "select person_id, name, imdb_name, birth_year, birthday_source, imdb_id_evidence"
    " from core.people where tmdb_id is null order by imdb_id"
)
BOTH = ["imdb_title_principals", "tmdb_tv_seasons"]


@pytest.fixture(scope="module")
def world(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """A talk show of one episode: TMDb names its host, IMDb a guest, whom TMDb knows by that id."""
    scratch: Path = tmp_path_factory.mktemp("dbt")
    world = Warehouse(module_database, scratch)
    host = {"id": STAR, "name": "Andy Cohen", "character": "Self - Host"}
    episode = {"id": 11, "episode_number": 1, "name": "One", "guest_stars": [host]}
    answer(
        world,
        {
            ("tmdb_tv_details", str(WWHL)): {"id": WWHL, "name": "Live", "seasons": []},
            ("tmdb_tv_external_ids", str(WWHL)): {"id": WWHL, "imdb_id": "tt2057880"},
            ("tmdb_tv_seasons", f"{WWHL}/season/1"): {
                "id": 1,
                "season_number": 1,
                "episodes": [episode],
            },
            ("imdb_title_episode", "tt0000011"): {
                "parentTconst": "tt2057880",
                "seasonNumber": "1",
                "episodeNumber": "1",
            },
            ("imdb_title_principals", "tt0000011/1"): _self("nm0000006"),
            ("imdb_title_principals", "tt2057880/1"): _self("nm0000005"),
            ("imdb_name_basics", "nm0000006"): {"primaryName": "G. Uest", "birthYear": "1980"},
            ("tmdb_person_details", str(STAR)): _person(STAR, "Andy Cohen"),
            ("tmdb_person_details", str(GUEST)): _person(GUEST, "Guest"),
        },
    )
    _build(world)
    world.save()
    yield world
    world.drop_saved()


@pytest.fixture
def warehouse(world: Warehouse) -> Warehouse:
    """The world as it was when it was built."""
    world.rewind()
    return world


def _build(warehouse: Warehouse) -> None:
    warehouse.build(*CREDITED)


def _uuid(natural_key: str) -> UUID:
    return UUID(md5(natural_key.encode(), usedforsecurity=False).hexdigest())


def _self(name: str) -> dict[str, Any]:
    return {"nconst": name, "category": "self", "characters": '["Self"]'}


def _person(number: int, name: str, imdb_id: str | None = None) -> dict[str, Any]:
    return {"id": number, "name": name, "imdb_id": imdb_id or f"nm000000{number}"}


def test_who_is_credited_by_imdb_is_found_by_the_ids_that_tmdb_claims(warehouse: Warehouse) -> None:
    by_imdb = ["imdb_title_principals"]
    assert warehouse.rows(CAST) == [(STAR, "Self", "Self", by_imdb)]
    assert warehouse.rows(SEEN) == [
        (STAR, "guest", True, ["tmdb_tv_seasons"]),
        (GUEST, "guest", True, by_imdb),
    ]
    born = "select imdb_name, birth_year, birthday_source from core.people where tmdb_id = %s"
    assert warehouse.rows(born, GUEST) == [("G. Uest", 1980, "imdb")]
    guests = "select guest_names, classification from marts.wwhl_episodes"
    assert warehouse.rows(guests) == [(["Guest"], "NONE")]

    answer(warehouse, {("imdb_title_principals", "tt0000011/2"): _self("nm0000005")})
    _build(warehouse)
    assert warehouse.rows(SEEN)[0] == (STAR, "guest", True, BOTH)
    ((lines, members),) = warehouse.rows(
        "select cast_attribution, cast_members from marts.show_credit_documents"
    )
    assert IMDB.attribution in json.loads(lines)
    assert {tuple(member["sources"]) for member in json.loads(members)} == {
        ("tmdb", "imdb"),
        ("imdb",),
    }
    assert_incremental_equals_full(warehouse, *CREDITED)


def test_a_claim_that_moves_takes_the_credit_along_and_one_of_two_is_nobodys(
    warehouse: Warehouse,
) -> None:
    answer(warehouse, {("tmdb_person_details", "7"): _person(7, "Other", "nm0000006")})
    _build(warehouse)
    assert [row[0] for row in warehouse.rows(SEEN)] == [STAR, None]  # so it is its own
    moved = _person(GUEST, "Guest", "nm0000099")
    answer(warehouse, {("tmdb_person_details", str(GUEST)): moved})
    _build(warehouse)
    assert [row[0] for row in warehouse.rows(SEEN)] == [STAR, 7]
    swapped = {"7": _person(7, "Other", "nm0000099"), "6": _person(GUEST, "Guest", "nm0000006")}
    answer(warehouse, {("tmdb_person_details", key): told for key, told in swapped.items()})
    _build(warehouse)
    assert [row[0] for row in warehouse.rows(SEEN)] == [STAR, GUEST]
    assert_incremental_equals_full(warehouse, *CREDITED)


def test_whom_imdb_alone_knows_is_a_person_until_tmdb_claims_the_name(warehouse: Warehouse) -> None:
    answer(warehouse, {("imdb_title_principals", "tt2057880/2"): _self(ALONE)})
    _build(warehouse)
    assert warehouse.rows(OWN) == []  # nobody says who that is
    answer(
        warehouse, {("imdb_name_basics", ALONE): {"primaryName": "A. Lone", "birthYear": "1970"}}
    )
    _build(warehouse)
    own = (_uuid(f"imdb:{ALONE}"), "A. Lone", "A. Lone", 1970, "imdb", ["imdb_name_basics"])
    assert warehouse.rows(OWN) == [own]
    assert (None, "Self", "Self", ["imdb_title_principals"]) in warehouse.rows(CAST)
    ((members,),) = warehouse.rows("select cast_members from marts.show_credit_documents")
    assert [each["id"] for each in json.loads(members) if each["tmdb_id"] is None] == [str(own[0])]
    shown = f"select document from marts.person_documents where imdb_id = '{ALONE}'"
    ((document,),) = warehouse.rows(shown)
    assert [credit["sources"] for credit in json.loads(document)["cast"]] == [["imdb"]]
    assert IMDB.attribution in json.loads(document)["attribution"]

    answer(warehouse, {("tmdb_person_details", "9"): _person(9, "Alone", ALONE)})
    _build(warehouse)
    assert warehouse.rows(OWN) == []
    assert warehouse.rows(CAST)[-1][0] == 9
    alias = "select entity_id, entity_type from core.aliases where alias_id = %s"
    assert warehouse.rows(alias, own[0]) == [(_uuid("tmdb:person:9"), "person")]
    answer(warehouse, {("tmdb_person_details", "9"): _person(9, "Alone", "nm0000077")})
    _build(warehouse)
    assert warehouse.rows(OWN) == [own]
    assert warehouse.rows(alias, own[0]) == []
    answer(warehouse, {("imdb_title_principals", "tt2057880/2"): None})
    _build(warehouse)
    assert warehouse.rows(OWN) == []  # nothing credits them any more
    assert_incremental_equals_full(warehouse, *CREDITED)


@pytest.mark.parametrize("identity", [9, pytest.param(ALONE, marks=pytest.mark.long)])
def test_who_is_forgotten_comes_back_under_no_id_that_was_known(
    warehouse: Warehouse, identity: int | str
) -> None:
    names = {"primaryName": "A. Lone", "birthYear": "1970"}
    claimed = {("tmdb_person_details", "9"): _person(9, "Alone", ALONE)}
    credited = {("imdb_title_principals", "tt2057880/2"): _self(ALONE)}
    answer(warehouse, {("imdb_name_basics", ALONE): names, **claimed, **credited})
    _build(warehouse)
    shown = warehouse.rows(CAST)
    with connect(warehouse.url) as connection:
        suppress(connection, identity)
    _build(warehouse)
    held = f"select from core.people where tmdb_id = 9 or imdb_id = '{ALONE}'"
    assert warehouse.rows(held) == []
    assert len(warehouse.rows(CAST)) == len(shown) - 1
    # a file that is read late, and another person of TMDb's who is the same
    answer(warehouse, {("imdb_name_basics", ALONE): names | {"deathYear": "2020"}})
    answer(warehouse, {("tmdb_person_details", "10"): _person(10, "A. Lone", ALONE)})
    _build(warehouse)
    assert warehouse.rows(f"{held} or tmdb_id = 10") == []
    documents = "select resource from marts.tmdb_documents where document_key in ('9', '10')"
    warehouse.dbt("run", "--select", "tmdb_documents", "stg_tmdb__answers")
    assert warehouse.rows(documents) == []
    assert_incremental_equals_full(warehouse, *CREDITED)
    with connect(warehouse.url) as connection:
        assert restore(connection, ALONE)
    _build(warehouse)
    assert warehouse.rows("select tmdb_id, imdb_id from core.people where tmdb_id = 10") == [
        (10, ALONE)
    ]
    assert_incremental_equals_full(warehouse, *CREDITED)


def test_a_person_who_is_purged_is_imdbs_alone_and_one_who_is_forgotten_is_nobody(
    warehouse: Warehouse,
) -> None:
    names: Payloads = {("imdb_name_basics", "nm0000005"): {"primaryName": "Andy Cohen"}}
    answer(warehouse, names)
    with connect(warehouse.url) as connection:
        suppress(connection, STAR)
    _build(warehouse)
    assert warehouse.rows(CAST) == []
    assert [row[0] for row in warehouse.rows(SEEN)] == [GUEST]
    warehouse.clock += KEPT_DAYS * DAY
    answer(warehouse, names)
    series = {"id": WWHL, "name": "Live, still", "seasons": []}
    answer(warehouse, {("tmdb_tv_details", str(WWHL)): series})
    answer(
        warehouse,
        {("tmdb_tv_external_ids", str(WWHL)): {"id": WWHL, "imdb_id": "tt2057880", "tvdb_id": 1}},
    )
    with connect(warehouse.url) as connection:
        purge(connection, RESOURCES.values(), run_id=_RUN, at=warehouse.clock)
    _build(warehouse)
    assert [row[1] for row in warehouse.rows(OWN)] == ["G. Uest"]
    assert warehouse.rows("select tmdb_id from core.people") == [(None,)]
    assert_incremental_equals_full(warehouse, *CREDITED)
