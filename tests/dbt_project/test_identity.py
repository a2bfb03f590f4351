"""Who has which id follows from all claims together, whatever came first and was built when."""

from hashlib import md5
from random import Random
from typing import Any
from uuid import UUID

import pytest

from tests.dbt_project.seeds import FRESH, fresh_seed, reporting
from tests.dbt_project.warehouse import Warehouse, differences

BUILT = (
    *("run", "--select"),
    "shows int_people__mentioned people external_ids id_conflicts",
    "seasons episodes int_episodes__replaced aliases",
)
OF_EPISODES = (
    "select season_number, imdb_episode_id, title from core.episodes"
    " order by season_number, imdb_episode_id nulls first"
)
TITLE = "tt0000001"
IDS = (TITLE, "tt0000002", None)
Payloads = dict[tuple[str, str], dict[str, Any] | None]


@pytest.fixture(scope="module")
def standing(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return Warehouse(module_database, tmp_path_factory.mktemp("dbt"))


@pytest.fixture
def warehouse(standing: Warehouse) -> Warehouse:
    standing.forget()
    return standing


def _uuid(natural_key: str) -> UUID:
    return UUID(md5(natural_key.encode(), usedforsecurity=False).hexdigest())


def _series(number: int, imdb_id: str | None = None, **ids: Any) -> Payloads:
    return {
        ("tmdb_tv_details", str(number)): {"id": number, "name": f"Series {number}"},
        ("tmdb_tv_external_ids", str(number)): {"id": number, "imdb_id": imdb_id, **ids},
    }


def _person(number: int, own: str | None, other: str | None, wikidata: str = "") -> Payloads:
    ids = {"id": number, "imdb_id": other, "wikidata_id": wikidata}
    return {
        ("tmdb_person_details", str(number)): {"id": number, "name": "A", "imdb_id": own},
        ("tmdb_person_external_ids", str(number)): ids,
    }


def _title(key: str = TITLE, kind: str = "tvSeries") -> Payloads:
    row = {"tconst": key, "titleType": kind, "primaryTitle": f"Of {key}", "genres": "Drama"}
    return {("imdb_title_basics", key): row}


def _episode(number: int, *, season: str | None, of: str = TITLE) -> Payloads:
    """An episode of a series of IMDb's."""
    key = f"tt00000{number}"
    place = {"parentTconst": of, "seasonNumber": season, "episodeNumber": str(number)}
    return {
        ("imdb_title_episode", key): {"tconst": key, **place},
        ("imdb_title_basics", key): {"titleType": "tvEpisode", "primaryTitle": f"Own {number}"},
    }


def _tracked(key: str = TITLE, *, is_tracked: bool = True) -> Payloads:
    decision = {"imdb_id": key, "is_tracked": is_tracked, "tags": ["imdb-list:ls1"]}
    return {("showhouse_tracked_shows", f"imdb:{key}"): decision}


def _shows(warehouse: Warehouse) -> list[tuple[Any, ...]]:
    """TMDb's id, IMDb's id and what was refused, of each show."""
    return warehouse.rows(
        "select tmdb_id, imdb_id, refused_ids from core.shows order by tmdb_id, imdb_id"
    )


def _reasons(warehouse: Warehouse) -> list[tuple[Any, ...]]:
    return warehouse.rows(
        "select shows.tmdb_id, source || ':' || external_id, reason,"
        " cardinality(other_claimant_ids)"
        " from core.id_conflicts left join core.shows on entity_id = show_id order by 1, 2"
    )


def _build(warehouse: Warehouse, *landings: Payloads) -> None:
    for landing in landings:
        warehouse.answer(landing)
    warehouse.dbt(*BUILT)


def _assert_whole(warehouse: Warehouse) -> None:
    incremental = warehouse.snapshot()
    warehouse.dbt(*BUILT, "--full-refresh")
    assert differences(incremental, warehouse.snapshot()) == []


def _override(warehouse: Warehouse, *rows: str) -> None:
    """Put lines into the list of overrides; its code is not what it was, as a build would see."""
    values = ", ".join(rows) or "(null, null, null, null::boolean)"
    warehouse.execute(
        "create or replace view staging.stg_reference__id_overrides as"
        " select md5(key)::uuid as entity_id, id as external_id, key as natural_key,"
        " 'looked at'::text as reason, source, is_assigned"
        f" from (values {values}) as listed (key, source, id, is_assigned) where key is not null"
    )
    warehouse.execute(
        "update staging.watermarks set fingerprint = 'old' where model in ('shows', 'people')"
    )


def test_an_id_that_two_series_claim_is_given_to_neither(warehouse: Warehouse) -> None:
    _build(warehouse, _series(1, TITLE, tvdb_id=7))
    assert _shows(warehouse) == [(1, TITLE, [])]
    _build(warehouse, _series(2, TITLE, wikidata_id="Q7"))
    refused = [f"imdb:{TITLE}"]
    assert _shows(warehouse) == [(1, None, refused), (2, None, refused)]
    assert _reasons(warehouse) == [
        (number, refused[0], "claimed_by_several", 1) for number in (1, 2)
    ]
    assert warehouse.rows("select tvdb_id, wikidata_id from core.shows order by tmdb_id") == [
        (7, None),
        (None, "Q7"),
    ]
    _assert_whole(warehouse)


def test_an_id_moves_from_one_series_to_another_and_what_imdb_says_with_it(
    warehouse: Warehouse,
) -> None:
    rating = {"tconst": TITLE, "averageRating": "7.5", "numVotes": "12"}
    season = {"id": 9, "season_number": 1, "episodes": [{"id": 8, "episode_number": 1}]}
    place = {"parentTconst": TITLE, "seasonNumber": "1", "episodeNumber": "1"}
    landed: Payloads = {
        **_series(1, TITLE),
        **_series(2),
        ("imdb_title_ratings", TITLE): rating,
        ("imdb_title_episode", "tt0000009"): {"tconst": "tt0000009", **place},
    }
    for number in (1, 2):
        landed["tmdb_tv_seasons", f"{number}/season/1"] = season | {
            "id": number,
            "episodes": [{"id": 10 + number, "episode_number": 1}],
        }
    told = (
        "select shows.tmdb_id, shows.imdb_rating_count is not null, imdb_episode_id"
        " from core.shows inner join core.episodes using (show_id) order by 1"
    )
    warehouse.answer(landed)
    warehouse.dbt(*BUILT)
    assert warehouse.rows(told) == [(1, True, "tt0000009"), (2, False, None)]
    warehouse.answer(_series(2, TITLE))  # in dispute: neither's
    warehouse.dbt(*BUILT)
    assert warehouse.rows(told) == [(1, False, None), (2, False, None)]
    warehouse.answer(_series(1))
    warehouse.dbt(*BUILT)
    assert _reasons(warehouse) == []
    assert warehouse.rows(told) == [(1, False, None), (2, True, "tt0000009")]
    alias = "select alias_id, entity_id from core.aliases"
    assert warehouse.rows(alias) == [(_uuid(f"imdb:{TITLE}"), _uuid("tmdb:tv:2"))]


def test_a_series_that_is_gone_yields_its_id_to_one_that_is_not(warehouse: Warehouse) -> None:
    _build(warehouse, _series(1, TITLE) | _series(2, TITLE))
    _build(warehouse, {("tmdb_tv_details", "1"): None})
    assert _shows(warehouse) == [(1, None, [f"imdb:{TITLE}"]), (2, TITLE, [])]
    assert _reasons(warehouse) == [(1, f"imdb:{TITLE}", "gone_upstream", 0)]
    _assert_whole(warehouse)


def test_an_override_wins_and_is_taken_back(warehouse: Warehouse) -> None:
    _build(warehouse, _series(1, TITLE) | _series(2, TITLE) | _series(3))
    warehouse.dbt("run", "--select", "stg_reference__id_overrides")
    _override(warehouse, f"('tmdb:tv:1', 'imdb', '{TITLE}', true)")
    warehouse.dbt(*BUILT)
    assert _shows(warehouse) == [(1, TITLE, []), (2, None, [f"imdb:{TITLE}"]), (3, None, [])]
    assert _reasons(warehouse) == [(2, f"imdb:{TITLE}", "assigned_elsewhere", 0)]
    evidence = "select evidence from core.external_ids where source = 'imdb'"
    assert warehouse.rows(evidence) == [(["stg_reference__id_overrides"],)]

    # to whom nobody says it is of: what IMDb says of it later reaches that series
    _override(warehouse, f"('tmdb:tv:3', 'imdb', '{TITLE}', true)")
    warehouse.dbt(*BUILT)
    _build(warehouse, _title())
    assert warehouse.rows("select imdb_title from core.shows where tmdb_id = 3") == [
        (f"Of {TITLE}",)
    ]

    _override(warehouse, f"('tmdb:tv:2', 'imdb', '{TITLE}', false)")
    warehouse.dbt(*BUILT)
    assert _shows(warehouse) == [(1, TITLE, []), (2, None, [f"imdb:{TITLE}"]), (3, None, [])]
    assert _reasons(warehouse) == [(2, f"imdb:{TITLE}", "forbidden", 0)]
    _build(warehouse, _series(1, "tt0000002"))  # the forbidden one is forbidden alone, too
    assert _shows(warehouse)[1] == (2, None, [f"imdb:{TITLE}"])
    _override(warehouse)
    warehouse.dbt(*BUILT)
    assert _shows(warehouse)[:2] == [(1, "tt0000002", []), (2, TITLE, [])]


def test_people_have_the_id_of_their_own_document_and_none_that_two_claim(
    warehouse: Warehouse,
) -> None:
    _build(warehouse, _person(1, "nm0000001", "nm0000002") | _person(2, None, "nm0000002"))
    given = "select tmdb_id, imdb_id, imdb_id_evidence, refused_ids from core.people order by 1"
    other = ["tmdb_person_external_ids"]
    assert warehouse.rows(given) == [
        (1, "nm0000001", ["tmdb_person_details"], ["imdb:nm0000002"]),
        (2, "nm0000002", other, []),
    ]
    reasons = "select reason, evidence from core.id_conflicts order by 1"
    assert warehouse.rows(reasons) == [("contradicted", other)]
    _build(warehouse, {("tmdb_person_details", "1"): {"id": 1, "name": "A"}})
    assert warehouse.rows(given) == [(n, None, [], ["imdb:nm0000002"]) for n in (1, 2)]
    forgotten = {"tmdb_id": 1, "is_suppressed": True}
    _build(warehouse, {("showhouse_suppressed_people", "tmdb:person:1"): forgotten})
    assert warehouse.rows(given) == [(2, "nm0000002", other, [])]
    _assert_whole(warehouse)


def test_a_name_that_a_decision_no_longer_lists_is_shown_again(warehouse: Warehouse) -> None:
    """Whom it was about stands in the version that was superseded, and nowhere else."""
    decision = {"tmdb_id": 7, "is_suppressed": True}
    known = {"imdb_ids": ["nm0000001"]}
    told: Payloads = {("showhouse_suppressed_people", "tmdb:person:7"): decision | known}
    _build(warehouse, _person(1, "nm0000001", None), told)
    assert warehouse.rows("select tmdb_id from core.people") == []
    _build(warehouse, {("showhouse_suppressed_people", "tmdb:person:7"): decision})
    assert warehouse.rows("select tmdb_id from core.people") == [(1,)]


@pytest.mark.parametrize(
    "order", [(2, 1, 0), *(pytest.param(o, marks=pytest.mark.long) for o in [(0, 1, 2), (1, 2, 0)])]
)
def test_series_title_and_tracking_are_one_show_in_any_order(
    warehouse: Warehouse, order: tuple[int, ...]
) -> None:
    landings = (_series(1, TITLE), _title(), _tracked())
    for number in order:
        _build(warehouse, landings[number])
    assert _shows(warehouse) == [(1, TITLE, [])]
    alias = "select alias_id, entity_id, natural_key, entity_type from core.aliases"
    expected = (_uuid(f"imdb:{TITLE}"), _uuid("tmdb:tv:1"), f"imdb:{TITLE}", "show")
    assert warehouse.rows(alias) == [expected]
    _assert_whole(warehouse)


def test_a_tracked_title_is_a_show_of_its_own_while_tmdb_does_not_know_it(
    warehouse: Warehouse,
) -> None:
    own: tuple[Any, ...] = (None, TITLE, [])
    whole = _series(1, TITLE)
    _build(warehouse, _tracked())
    assert _shows(warehouse) == []  # nobody says what it is
    _build(warehouse, _title())
    assert _shows(warehouse) == [own]
    told = (
        "select show_id, name, genres, listed_on, needs_tmdb_resolution, needs_imdb_resolution"
        " from core.shows"
    )
    lists = ["imdb-list:ls1"]
    name = f"Of {TITLE}"
    row = (_uuid(f"imdb:{TITLE}"), name, ["Drama"], lists, True, False)
    assert warehouse.rows(told) == [row]
    _build(warehouse, whole)
    assert _shows(warehouse) == [(1, TITLE, [])]
    _build(warehouse, _series(1))  # undone
    assert _shows(warehouse) == [(1, None, []), own]
    assert warehouse.rows("select from core.aliases") == []
    _build(warehouse, whole | _series(2, TITLE))  # nobody's, so it is itself
    assert _shows(warehouse)[-1] == own
    assert {reason for _, _, reason, _ in _reasons(warehouse)} == {"claimed_by_several"}
    _build(warehouse, _tracked(is_tracked=False))
    assert len(_shows(warehouse)) == 2
    _assert_whole(warehouse)


def test_a_series_of_imdbs_has_its_episodes_until_tmdb_has_the_series(warehouse: Warehouse) -> None:
    warehouse.answer(_tracked() | _title() | _episode(11, season="1") | _episode(12, season="2"))
    warehouse.answer(_episode(13, season=None) | _episode(14, season="0"))
    warehouse.dbt(*BUILT)
    own = [(0, "tt0000014", "Own 14"), (1, "tt0000011", "Own 11"), (2, "tt0000012", "Own 12")]
    assert warehouse.rows(OF_EPISODES) == own
    counted = "select season_count, episode_count from core.shows"
    assert warehouse.rows(counted) == [(2, 2)]  # without the specials
    ids = "select season_id from core.seasons order by season_number"
    natural_keys = [f"imdb:{TITLE}/season/{number}" for number in (0, 1, 2)]
    assert warehouse.rows(ids) == [(_uuid(key),) for key in natural_keys]
    warehouse.answer(_episode(12, season="1"))
    warehouse.dbt(*BUILT)
    assert warehouse.rows("select season_number, episode_count from core.seasons order by 1") == [
        (0, 1),
        (1, 2),
    ]

    # TMDb's numbers alone stand where it has the series, those of IMDb's are matched with them
    season = {"id": 9, "season_number": 1, "episodes": [{"id": 8, "episode_number": 11}]}
    warehouse.answer(_series(1, TITLE) | {("tmdb_tv_seasons", "1/season/1"): season})
    warehouse.dbt(*BUILT)
    assert warehouse.rows(OF_EPISODES) == [(1, "tt0000011", "Own 11")]
    assert warehouse.rows("select tmdb_episode_id from core.episodes") == [(8,)]
    warehouse.answer(_series(1))
    warehouse.dbt(*BUILT)
    assert [row[1] for row in warehouse.rows(OF_EPISODES)] == [
        *("tt0000014", None, "tt0000011", "tt0000012"),
    ]
    incremental = warehouse.snapshot()
    warehouse.dbt(*BUILT, "--full-refresh")
    assert differences(incremental, warehouse.snapshot()) == []


@pytest.mark.parametrize("kind", ["movie", "tvEpisode"])
def test_a_title_that_is_no_series_is_no_show(warehouse: Warehouse, kind: str) -> None:
    _build(warehouse, _tracked() | _title(kind=kind) | _series(1))
    assert _shows(warehouse) == [(1, None, [])]


def _landing(chance: Random) -> Payloads:
    brought: Payloads = {}
    for number in chance.sample(range(1, 5), chance.randint(1, 3)):
        ids = {"tvdb_id": chance.choice((0, 7, 8, None)), "wikidata_id": chance.choice(("Q7", ""))}
        brought |= _series(number, chance.choice(IDS), **ids)
        if chance.random() < 0.2:
            brought[chance.choice(("tmdb_tv_details", "tmdb_tv_external_ids")), str(number)] = None
    for number in chance.sample(range(1, 4), chance.randint(0, 2)):
        names = ("nm0000001", "nm0000002", None)
        own, other = chance.choice(names), chance.choice(names)
        brought |= _person(number, own, other, chance.choice(("Q1", "Q2", "")))
        if chance.random() < 0.2:
            decision: dict[str, Any] = {"tmdb_id": number, "is_suppressed": chance.random() < 0.5}
            if chance.random() < 0.5:
                decision["imdb_ids"] = chance.sample(names[:2], 1)
            brought["showhouse_suppressed_people", f"tmdb:person:{number}"] = decision
    for name in ("nm0000001", "nm0000002"):
        if chance.random() < 0.4:
            credit = {"nconst": name, "category": chance.choice(("self", "director"))}
            brought["imdb_title_principals", f"{chance.choice(IDS[:2])}/{name[-1]}"] = credit
        if chance.random() < 0.4:
            brought["imdb_name_basics", name] = {"primaryName": chance.choice(("A", "B"))}
    for key in filter(None, IDS):
        if chance.random() < 0.4:
            brought |= _episode(chance.choice((11, 12)), season=chance.choice(("1", None)), of=key)
        if chance.random() < 0.4:
            brought |= _tracked(key, is_tracked=chance.random() < 0.8)
        if chance.random() < 0.4:
            brought |= _title(key)
    return brought


def _claimed_once(warehouse: Warehouse) -> None:
    """Each id stands at one series or person; what nobody else claims is given to a series.

    A person has two documents that may claim ids, and may be refused what the lesser one says.
    """
    several = "select from core.people group by imdb_id having count(imdb_id) > 1"
    assert warehouse.rows(several) == []
    for source in ("imdb", "tvdb", "wikidata"):
        column = f"{source}_id"
        several = f"select from core.shows group by {column} having count({column}) > 1"
        assert warehouse.rows(several) == [], column
    alone = (
        "select from core.id_conflicts where reason = 'claimed_by_several'"
        " and cardinality(other_claimant_ids) = 0 and entity_type = 'show'"
    )
    assert warehouse.rows(alone) == []


def _claim_at_random(warehouse: Warehouse, seed: int) -> None:
    chance = Random(seed)
    with reporting(seed):
        _build(warehouse, _landing(chance))
        for _ in range(5):
            warehouse.answer(_landing(chance))
            if chance.random() < 0.7:
                some = chance.choice(("shows", "people", "shows people"))
                warehouse.dbt("run", "--select", some)
        warehouse.dbt(*BUILT)
        _claimed_once(warehouse)
        _assert_whole(warehouse)


def test_claims_in_any_order_with_builds_between_end_where_a_full_build_does(
    warehouse: Warehouse,
) -> None:
    _claim_at_random(warehouse, 2)
    alone = "select from core.id_conflicts where cardinality(other_claimant_ids) = 0"
    assert warehouse.rows(f"{alone} and reason = 'claimed_by_several'") == []


@pytest.mark.long
@pytest.mark.parametrize("number", FRESH)
def test_fresh_claims_with_builds_between_end_where_a_full_build_does(
    warehouse: Warehouse, number: int
) -> None:
    _claim_at_random(warehouse, fresh_seed())
