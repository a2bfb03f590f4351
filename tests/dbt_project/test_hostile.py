"""Values that a careless program breaks on break nothing here, and none goes by uncounted.

Half of sixty series carry one kind of hostile value each (`tests.tmdb.hostility`). All go through
client, landing and dbt with all its data tests; what cannot be read is rejected with the reason or
counted in `int_values__rejected`, and everything else is in core as it was answered.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
import pytest

from extract.run import Extracted
from tests.dbt_project.expectation.answers import Series
from tests.dbt_project.expectation.comparison import BESIDES, KEYS, differences, held
from tests.dbt_project.expectation.recorded import parse
from tests.dbt_project.expectation.tables import expected
from tests.dbt_project.expectation.values import entity_id
from tests.dbt_project.extraction import DATA_TESTS, extract_from, instants
from tests.dbt_project.warehouse import Warehouse
from tests.tmdb.control import Site
from tests.tmdb.hostility import HOSTILE, heading
from tests.tmdb.options import Options
from tests.tmdb.server import tmdb_server
from tests.tmdb.upstream import Upstream
from tests.tmdb.world import DETAILS, SETS, Part

AS_OF = date(2024, 6, 1)
OPTIONS = Options(
    series_count=60, people_count=100, hostile_share=0.5, hostile_kinds=tuple(HOSTILE)
)

ODD_OFFERS: Part = {
    "": {"flatrate": [{"provider_id": 900_001, "provider_name": "Shown nowhere"}]},
    "US": {
        "flatrate": [
            {"provider_id": 900_001, "provider_name": "Named first", "display_priority": 9},
            {"provider_id": 900_001, "provider_name": "Named again", "logo_path": "/again.png"},
            {"provider_id": None, "provider_name": "Without an id"},
        ]
    },
}
"""Offers of no region, and a provider that stands twice under one offer."""

SHAPES: dict[str, dict[str, type]] = {
    "season": {"episodes": list},
    "season_credits": {"cast": list},
    "keywords": {"results": list},
    "aggregate_credits": {"cast": list},
    "watch/providers": {"results": dict},
}
"""What a part holds where it holds anything, of those that some hostile value touches."""

UNFIT = {
    ("details", "first_air_date"): "stg_tmdb__shows",
    ("details", "last_air_date"): "stg_tmdb__shows",
    ("details", "number_of_episodes"): "stg_tmdb__shows",
    ("details", "number_of_seasons"): "stg_tmdb__shows",
    ("details", "networks"): "stg_tmdb__shows",
    ("details", "genres"): "stg_tmdb__shows",
    ("details", "vote_average"): "stg_tmdb__show_metrics",
    ("details", "vote_count"): "stg_tmdb__show_metrics",
    ("details", "seasons.*.episode_count"): "stg_tmdb__announced_seasons",
    ("season", "air_date"): "stg_tmdb__seasons",
    ("season", "episodes.*.air_date"): "stg_tmdb__episodes",
    ("season", "episodes.*.runtime"): "stg_tmdb__episodes",
    ("season", "episodes.*.vote_count"): "stg_tmdb__episodes",
    ("season_credits", "cast.*.order"): "stg_tmdb__season_cast",
    ("external_ids", "tvdb_id"): "stg_tmdb__show_external_ids",
    ("translations", "translations.*.data"): "stg_tmdb__show_translations",
}
"""The places whose hostile values become null, and the view that counts them."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the sixty series."""

    warehouse: Warehouse
    extracted: Extracted
    upstream: Upstream
    kinds: dict[int, str | None]

    def ids(self, *kinds: str | None) -> list[int]:
        """The series with one of these kinds of hostile value."""
        return [series_id for series_id, kind in self.kinds.items() if kind in kinds]


@pytest.fixture(scope="module")
def outcome(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    warehouse = Warehouse(module_database, tmp_path_factory.mktemp("dbt"))
    upstream = Site(OPTIONS).upstream
    healthy = next(number for number in upstream.ids() if not upstream.hostile_kind(number))
    upstream.override(healthy, "watch/providers", {"results": ODD_OFFERS})
    with tmdb_server(OPTIONS) as tmdb:
        tmdb.override(healthy, "watch/providers", {"results": ODD_OFFERS})
        extracted = extract_from(tmdb, warehouse, upstream.ids(), series_only=True)
    warehouse.dbt(*DATA_TESTS, as_of=str(AS_OF))
    kinds = {series_id: upstream.hostile_kind(series_id) for series_id in upstream.ids()}
    return Outcome(warehouse, extracted, upstream, kinds)


def test_every_kind_of_hostile_value_is_among_the_series(outcome: Outcome) -> None:
    assert set(outcome.kinds.values()) == {None, *HOSTILE}
    assert len(outcome.ids(None)) > 20


def _parts(outcome: Outcome, series_id: int) -> Iterator[tuple[str, Part]]:
    """What was answered of a series, hostile values included."""
    for name in outcome.upstream.names(series_id):
        if name == DETAILS or name in SETS or heading(name) in ("season", "season_credits"):
            yield name, parse(orjson.dumps(outcome.upstream.document(series_id, name)))


def _is_whole(name: str, part: Part) -> bool:
    shape = SHAPES.get(heading(name), {})
    return all(
        not part.get(field) or isinstance(part[field], kind) for field, kind in shape.items()
    )


def test_what_cannot_be_believed_is_rejected_with_the_reason_and_nothing_else(
    outcome: Outcome,
) -> None:
    wanted = Counter(
        (str(series_id), "wrong_shape")
        for series_id in outcome.kinds
        for name, part in _parts(outcome, series_id)
        if not _is_whole(name, part)
    )
    assert {outcome.kinds[int(key)] for key, _ in wanted} == {
        "object_for_array",
        "array_for_object",
    }
    unreadable = [str(series_id) for series_id in outcome.ids("half_surrogate")]
    wanted += Counter((key, "half_surrogate") for key in unreadable)
    found = outcome.warehouse.rows("select split_part(key, '/', 1), reason from raw.rejects")
    assert Counter(found) == wanted
    assert outcome.warehouse.rows("select key from raw.rejects where detail = ''") == []
    assert {failure.key for failure in outcome.extracted.failures} == set(unreadable)


def test_core_holds_all_that_can_be_read_of_all_series(outcome: Outcome) -> None:
    known = []
    for series_id in outcome.kinds.keys() - set(outcome.ids("half_surrogate")):
        parts = {name: part for name, part in _parts(outcome, series_id) if _is_whole(name, part)}
        series = Series(series_id)
        series.answer(parts)
        known.append(series)
    wanted = expected(known, AS_OF, instants(outcome.warehouse))
    for table in KEYS:
        assert wanted[table] or table in BESIDES, (
            f"{table}: nothing was expected, so the comparison says nothing"
        )
        assert differences(table, held(outcome.warehouse, table), wanted[table])[:10] == []


def test_every_value_that_does_not_fit_is_counted(outcome: Outcome) -> None:
    wanted = Counter(
        (UNFIT[place, ".".join(path)], path[-1])
        for series_id, kind in outcome.kinds.items()
        for name, part in _parts(outcome, series_id)
        for place, path, _ in HOSTILE.get(kind or "", ())
        if kind != "strangers_in_array"  # the list is one, and what is no object in it is left out
        if place == heading(name) and (place, ".".join(path)) in UNFIT and _has(part, path)
    )
    found = outcome.warehouse.rows(
        "select model, field, sum(value_count)::integer"
        " from staging.int_values__rejected group by model, field"
    )
    assert {(model, field): count for model, field, count in found} == wanted


def _has(node: Any, path: tuple[str, ...]) -> bool:
    if not path:
        return True
    head, rest = path[0], path[1:]
    if head == "*":
        return isinstance(node, list) and bool(node) and _has(node[0], rest)
    return isinstance(node, dict) and head in node and _has(node[head], rest)


def test_healthy_series_are_complete(outcome: Outcome) -> None:
    healthy = [entity_id(f"tmdb:tv:{series_id}") for series_id in outcome.ids(None)]
    found = outcome.warehouse.rows(
        "select show_id from core.shows where show_id = any (%s) and is_active", healthy
    )
    assert len(found) == len(healthy)
