"""What serves the API's lists and searches at size: indexes for each of its orders, trigrams."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from api.show_filters import ShowsQuery
from extract.postgres.connections import connect
from tests.dbt_project.warehouse import Warehouse

COLUMNS = {
    "name": "name",
    "premiere_date": "premiere_date",
    "popularity": "tmdb_popularity",
    "vote_average": "tmdb_vote_average",
    "last_aired_date": "last_aired_date",
}
WAITING = (
    "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
)


@pytest.fixture(scope="module")
def warehouse(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Built three times: the last two replace the table, and the very last what replaced it."""
    warehouse = Warehouse(module_database, tmp_path_factory.mktemp("dbt"))
    details = {"id": 101, "name": "Series 101", "networks": [], "seasons": []}
    warehouse.answer({("tmdb_tv_details", "101"): details})
    warehouse.dbt("run", "--select", "+title_words")
    for _ in range(2):
        marts = ("show_documents", "show_words", "title_words")
        warehouse.dbt("run", "--select", *marts, "--full-refresh")
    return warehouse


def _indexes(warehouse: Warehouse, table: str = "show_documents") -> list[str]:
    rows = warehouse.rows(
        "select substring(indexdef from ' USING (.*)') from pg_indexes"
        " where schemaname = 'marts' and tablename = %s",
        table,
    )
    return [index for (index,) in rows]


def test_each_order_of_the_list_of_shows_has_an_index(warehouse: Warehouse) -> None:
    sorts = ShowsQuery.model_json_schema()["properties"]["sort"]["enum"]
    sorts.remove("likeness")  # of what was typed; without that it is popularity
    assert {sort.removeprefix("-") for sort in sorts} == COLUMNS.keys()
    for sort in sorts:
        column = COLUMNS[sort.removeprefix("-")]
        direction = " DESC NULLS LAST" if sort.startswith("-") else ""
        assert f"btree ({column}{direction}, show_id)" in _indexes(warehouse)


def test_a_search_has_its_index_once_after_any_number_of_builds(warehouse: Warehouse) -> None:
    if not warehouse.rows("select from pg_available_extensions where name = 'pg_trgm'"):
        pytest.skip("this Postgres has no pg_trgm: a search reads every row")
    assert [i for i in _indexes(warehouse) if "search_text" in i] == [
        "gin (search_text gin_trgm_ops)"
    ]
    assert [i for i in _indexes(warehouse, "title_words") if "gin" in i] == [
        "gin (word gin_trgm_ops)"
    ]


def test_an_index_of_what_older_code_folded_is_replaced(warehouse: Warehouse) -> None:
    if not warehouse.rows("select from pg_available_extensions where name = 'pg_trgm'"):
        pytest.skip("this Postgres has no pg_trgm: a search reads every row")
    hook = _statement(warehouse)
    ((name,),) = warehouse.rows(
        "select indexname from pg_indexes where schemaname = 'marts'"
        " and tablename = 'show_documents' and strpos(indexdef, 'gin_trgm_ops') > 0"
    )
    warehouse.execute(
        f'drop index marts."{name}";'
        " create index on marts.show_documents using gin (lower(search_text) gin_trgm_ops)"
    )
    for _ in range(2):
        warehouse.execute(hook)
        assert [i for i in _indexes(warehouse) if "search_text" in i] == [
            "gin (search_text gin_trgm_ops)"
        ]


def test_a_word_goes_with_the_last_show_that_has_it(warehouse: Warehouse) -> None:
    kept = [("101", 1), ("ash", 1), ("birch", 1), ("series", 1)]
    assert _words_of(warehouse, "Ash Birch", "Ash-Cedar, the Ash") == [
        ("101", 1),
        ("ash", 2),
        ("ashcedar", 1),
        ("birch", 1),
        ("cedar", 1),
        ("series", 1),
        ("the", 1),
    ]
    assert _words_of(warehouse, "Ash Birch", "Élm") == sorted([*kept, ("elm", 1)])


def _words_of(warehouse: Warehouse, *names: str) -> list[tuple[str, int]]:
    """The words once series 101, which stands already, has these beside it."""
    for number, name in enumerate(names, 102):
        warehouse.answer({("tmdb_tv_details", str(number)): {"id": number, "name": name}})
    warehouse.dbt("run", "--select", "+title_words")
    return sorted(warehouse.rows("select word, show_count from marts.title_words"))


def test_two_models_may_want_trigrams_for_the_first_time_at_once(warehouse: Warehouse) -> None:
    warehouse.execute("drop extension if exists pg_trgm cascade")
    hook = _statement(warehouse)
    with connect(warehouse.url) as first, ThreadPoolExecutor(1) as other:
        with first.transaction():
            first.execute("create extension pg_trgm")
            second = other.submit(warehouse.execute, hook)
            while not warehouse.rows(WAITING):
                time.sleep(0.05)
        second.result(timeout=120)
    assert [i for i in _indexes(warehouse) if "search_text" in i]


def test_a_search_does_without_trigrams_where_they_may_not_be_used(warehouse: Warehouse) -> None:
    """As in a managed Postgres, where the extension belongs to others."""
    role = "builds_without_create"
    warehouse.execute("drop extension if exists pg_trgm cascade")
    warehouse.execute(f"create role {role} nosuperuser")
    try:
        hook = _statement(warehouse)
        warehouse.execute(f"grant usage on schema marts to {role}")
        warehouse.execute(f"grant all on marts.show_documents to {role}")
        warehouse.execute(f"set role {role}; {hook}")
        assert not [i for i in _indexes(warehouse) if "search_text" in i]
    finally:
        warehouse.execute(f"drop owned by {role}; drop role {role}")


def _statement(warehouse: Warehouse) -> str:
    """Render the hook as for the mart."""
    result = warehouse.dbt(
        "compile", "--inline", "{{ index_by_trigrams('search_text') }}", "--output", "json"
    )
    (compiled,) = (o.node.compiled_code for o in result.result.results)  # type: ignore[union-attr]
    return re.sub(r'"\w+"."\w+"."inline_query"', "marts.show_documents", str(compiled))
