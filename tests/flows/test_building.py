"""What a build of the command takes: what changed, the tests of what was written, or nothing."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from dbt.contracts.graph.nodes import GenericTestNode

from extract.settings import ROOT, Settings, load_settings
from flows import dbt_runner
from flows.builds import Built
from flows.needed import Books
from tests.dbt_project.histories import Payloads, landing
from tests.dbt_project.seeds import FRESH, fresh_seed, reporting
from tests.dbt_project.warehouse import TABLES, Warehouse, differences

pytestmark = [pytest.mark.build, pytest.mark.xdist_group("building")]

NETWORKS = [{"id": 7, "name": "Network"}]
OFFERS = {
    "id": 101,
    "results": {"US": {"flatrate": [{"provider_id": 8, "provider_name": "Eight"}]}},
}
BUILDS = "update staging.builds set"
TODAY = "select (now() at time zone 'utc')::date::text"


def series(number: int, **told: object) -> Payloads:
    details = {"id": number, "name": f"Series {number}", "networks": NETWORKS, "seasons": []}
    return {("tmdb_tv_details", str(number)): details | told}


class Builds:
    """Builds by the command's way, and the nodes each came to."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.names: list[str] = []

    def __call__(self, *arguments: str) -> Built:
        self.names.clear()
        return dbt_runner.build(
            self._settings, arguments, on_node=self.names.append, only_if_needed=True
        )


@pytest.fixture(scope="module")
def world(
    module_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Warehouse, Builds]]:
    """Two series, landed now, and how to build them."""
    folder = tmp_path_factory.mktemp("building")
    shutil.copy(ROOT / "profiles.example.yml", folder / "profiles.yml")
    warehouse = Warehouse(module_database, folder / "dbt")
    warehouse.clock = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    warehouse.answer(series(101) | series(102))
    settings = load_settings(database_url=module_database, showhouse_home=folder / "home")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DBT_PROFILES_DIR", str(folder))
        yield warehouse, Builds(settings)


@pytest.fixture
def warehouse(world: tuple[Warehouse, Builds]) -> Warehouse:
    """The warehouse of this module."""
    return world[0]


@pytest.fixture
def build(world: tuple[Warehouse, Builds]) -> Builds:
    """Its builds, after one that built all."""
    dbt_runner.require_success(world[1]())
    return world[1]


def test_where_nothing_changed_dbt_is_not_started(build: Builds, warehouse: Warehouse) -> None:
    before = warehouse.rows("select count(*) from staging.builds")
    built = build()
    assert built.is_left_out and build.names == []
    assert built.summary() == "Nothing has changed since the last build, so dbt was not started."
    assert warehouse.rows("select count(*) from staging.builds") == before


def _long(change: Callable[[Warehouse], object], name: str) -> Any:
    return pytest.param(change, id=name, marks=pytest.mark.long)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda w: w.answer(series(103)), id="landing"),
        _long(lambda w: w.execute(f"{BUILDS} as_of = as_of - 1"), "day"),
        _long(lambda w: w.execute("drop view marts.changes"), "view"),
        _long(lambda w: w.execute("drop table core.networks cascade"), "table"),
        _long(lambda w: w.execute(f"{BUILDS} code = 'of other models'"), "code"),
        _long(lambda w: w.execute(f"{BUILDS} code = null, finished_at = null"), "failure"),
        _long(lambda w: w.dbt("run", "--select", "networks"), "part"),
        _long(lambda w: w.execute("drop schema core, marts, staging cascade"), "everything"),
    ],
)
def test_whatever_changed_is_built_and_then_nothing_is_left(
    build: Builds, warehouse: Warehouse, change: Callable[[Warehouse], object]
) -> None:
    change(warehouse)
    built = build()
    assert not built.is_left_out and build.names
    dbt_runner.require_success(built)
    assert build().is_left_out
    incremental = warehouse.snapshot()
    [(today,)] = warehouse.rows(TODAY)
    warehouse.dbt("run", "--full-refresh", *TABLES, as_of=today)
    assert differences(incremental, warehouse.snapshot()) == []


def test_a_change_builds_what_reads_it_and_tests_what_was_written(
    build: Builds, warehouse: Warehouse
) -> None:
    warehouse.answer(series(101, overview="Another"))
    dbt_runner.require_success(build())
    assert {"shows", "show_details", "show_documents"} <= set(build.names)
    assert "holds_shows_season_count_0_and_episode_count_0" in build.names
    looking = "relationships_show_networks_show_id__show_id__ref_shows_"
    assert looking not in build.names, "no show came or went, so none can be missing"
    idle = {"people", "watch_providers", "person_images", "show_videos", "fandom_people"}
    tests = [
        node for node in warehouse._manifest().nodes.values() if isinstance(node, GenericTestNode)
    ]
    of_idle = {test.name for test in tests if _read_by(test) and _read_by(test) <= idle}
    assert of_idle and of_idle.isdisjoint(build.names)
    views = {name for name in build.names if name.startswith("stg_") or name == "changes"}
    assert views == set()
    assert "wiki_pages" not in build.names and "fandom_people" not in build.names
    warehouse.answer(series(105))
    dbt_runner.require_success(build())
    assert looking in build.names


def _read_by(test: GenericTestNode) -> set[str]:
    return {unique_id.split(".")[-1] for unique_id in test.depends_on.nodes}


def test_what_no_model_reads_starts_no_dbt_and_is_noted(
    build: Builds, warehouse: Warehouse
) -> None:
    [(horizon,)] = warehouse.rows("select max(load_id) from raw.loads")
    warehouse.answer({("tmdb_find", "imdb_id/tt0000001"): {"tv_results": []}})
    assert warehouse.rows("select max(load_id) from raw.loads") > [(horizon,)]
    build()
    assert build().is_left_out


def test_all_tests_run_where_they_are_asked_for_and_what_no_model_makes_is_named(
    build: Builds, warehouse: Warehouse
) -> None:
    warehouse.execute("create table marts.renamed_away as select 1 as id")
    built = build("--all-tests")
    warehouse.execute("drop table marts.renamed_away")
    dbt_runner.require_success(built)
    assert built.orphans == ("marts.renamed_away",)
    parsed = warehouse._manifest().nodes.values()
    assert built.count("tests") == sum(node.resource_type == "test" for node in parsed)  # type: ignore[comparison-overlap]
    assert build().is_left_out


def test_a_selection_builds_that_and_tests_what_it_wrote(
    build: Builds, warehouse: Warehouse
) -> None:
    warehouse.answer(series(101, overview="Another", networks=[{"id": 8, "name": "Other"}]))
    dbt_runner.require_success(build("--select", "shows", "networks", "seasons"))
    assert {"shows", "networks", "seasons"} <= set(build.names)
    assert "show_details" not in build.names
    assert "holds_shows_season_count_0_and_episode_count_0" in build.names
    assert not [name for name in build.names if name.startswith("holds_seasons")]
    dbt_runner.require_success(build())
    assert build().is_left_out


def test_no_mart_is_built_from_what_a_test_refuses(build: Builds, warehouse: Warehouse) -> None:
    told = "select status from marts.show_details where name = 'Series 101'"
    before = warehouse.rows(told)
    warehouse.answer(series(101, status="Canceled"))
    warehouse.execute("update core.shows set season_count = -1 where name = 'Series 102'")
    built = build()
    assert [node.name for node in built.failures] == [
        "holds_shows_season_count_0_and_episode_count_0"
    ]
    assert built.is_unfinished("marts.show_details")
    assert built.is_unfinished("marts.image_candidates"), "its images would be mirrored"
    assert warehouse.rows(told) == before
    again = build()
    assert [node.name for node in again.failures] == [node.name for node in built.failures]
    warehouse.execute("update core.shows set season_count = 0 where name = 'Series 102'")
    dbt_runner.require_success(build())
    assert warehouse.rows(told) == [("Cancelled",)] != before
    assert build().is_left_out


def test_what_reads_a_model_that_failed_is_left_out(build: Builds, warehouse: Warehouse) -> None:
    warehouse.answer(series(101, overview="Another"))
    warehouse.execute(
        "create function core.refuse() returns trigger language plpgsql as"
        " 'begin raise exception ''refused''; end'"
    )
    warehouse.execute(
        "create trigger refuse before insert on core.shows"
        " for each row execute function core.refuse()"
    )
    built = build()
    assert [node.name for node in built.failures] == ["core.shows"]
    for name in ("core.seasons", "marts.show_details", "marts.image_candidates"):
        assert built.is_unfinished(name), name
    finished = "select finished_at is null from staging.builds order by build_id desc limit 1"
    assert warehouse.rows(finished) == [(True,)]
    warehouse.execute("drop trigger refuse on core.shows")
    dbt_runner.require_success(build())
    assert build().is_left_out


def test_what_lands_while_a_build_is_planned_is_the_next_ones(
    build: Builds, warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def first(books: Books, *asked: Any) -> frozenset[str]:
        found = changed_sources(books, *asked)
        monkeypatch.setattr(Books, "changed_sources", changed_sources)
        warehouse.answer({("tmdb_tv_watch_providers", "101"): OFFERS})
        return found

    changed_sources = Books.changed_sources
    warehouse.answer({("tmdb_tv_keywords", "101"): {"id": 101, "results": []}})
    monkeypatch.setattr(Books, "changed_sources", first)
    dbt_runner.require_success(build())
    offers = "select count(*) from core.show_watch_providers"
    assert warehouse.rows(offers) == [(0,)]
    dbt_runner.require_success(build())
    assert warehouse.rows(offers) == [(1,)]
    assert build().is_left_out


def live(warehouse: Warehouse, build: Builds, chance: Random) -> None:
    """Land and build at random, through the command and beside it."""
    for _ in range(3):
        for _ in range(chance.randint(0, 2)):
            warehouse.answer(landing(chance))
        chosen = chance.randrange(6)
        if chosen == 0:
            warehouse.dbt("run", "--select", chance.choice(("shows+", "+networks", "core")))
        elif chosen == 1:
            refreshed = chance.choice(("shows", "seasons show_details", "people")).split()
            warehouse.dbt("run", "--full-refresh", "--select", *refreshed)
        elif chosen == 2:
            build("--vars", f"{{as_of: '2024-06-{chance.randint(1, 28):02}'}}")
        dbt_runner.require_success(build())


@pytest.mark.long
@pytest.mark.parametrize("number", FRESH)
def test_any_history_of_the_commands_builds_ends_where_a_full_build_does(
    build: Builds, warehouse: Warehouse, number: int
) -> None:
    seed = fresh_seed()
    with reporting(seed):
        live(warehouse, build, Random(seed))
        assert build().is_left_out
        incremental = warehouse.snapshot()
        [(today,)] = warehouse.rows(TODAY)
        warehouse.dbt("run", "--full-refresh", *TABLES, as_of=today)
        assert differences(incremental, warehouse.snapshot()) == []
