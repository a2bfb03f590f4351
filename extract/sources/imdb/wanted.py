"""Which ids are wanted of IMDb's files: the series that are held, their episodes, their people.

A series is held where TMDb's document of it stands in raw and names its IMDb id; that of a tracked
series may be known from the search by which it was tracked, or be all that is known of it. Episodes
are those that landed with the first file, people those whom what landed of these titles names, but
for who is forgotten.
"""

from typing import TYPE_CHECKING, Any, LiteralString

from psycopg import Connection
from psycopg.sql import SQL, Identifier

from extract.sources.imdb.datasets import Dataset

if TYPE_CHECKING:
    from extract.sources.imdb.rows import Numbers

_SERIES: LiteralString = """
    select payload ->> 'imdb_id' as id
    from raw.tmdb_tv_external_ids
    where superseded_by is null and payload ->> 'imdb_id' ~ '^tt[0-9]{7,9}$'
    union
    select found.key
    from raw.tmdb_find as found
    where
        found.superseded_by is null
        and found.key ~ '^tt[0-9]{7,9}$'
        and jsonb_array_length(
            jsonb_path_query_array(found.payload, '$.tv_results[*].id')
        ) = 1
        and (jsonb_path_query_first(found.payload, '$.tv_results[0].id') #>> '{}') in (
            select tracked.payload ->> 'tmdb_id'
            from raw.showhouse_tracked_shows as tracked
            where tracked.superseded_by is null and tracked.payload @> '{"is_tracked": true}'
        )
    union
    select titles.payload ->> 'imdb_id'
    from raw.showhouse_tracked_shows as titles
    where titles.superseded_by is null and titles.payload @> '{"is_tracked": true}'
"""
# All versions: what else the files say of an episode that has left goes with it.
_EPISODES: LiteralString = """
    select id from pg_temp.wanted_series
    union
    select episode.key
    from raw.imdb_title_episode as episode
    inner join pg_temp.wanted_series as series on series.id = episode.payload ->> 'parentTconst'
"""
_TELEVISION: LiteralString = """
    select key as id from raw.imdb_title_basics
    where superseded_by is null and starts_with(payload ->> 'titleType', 'tv')
"""
_PEOPLE: LiteralString = """
    with credited as (
        select principal.payload ->> 'nconst' as id
        from raw.imdb_title_principals as principal
        inner join pg_temp.wanted_titles as titles on titles.id = split_part(principal.key, '/', 1)
        where principal.superseded_by is null
        union
        select named.id
        from raw.imdb_title_crew as crew
        inner join pg_temp.wanted_titles as titles on titles.id = crew.key
        cross join lateral regexp_split_to_table(
            concat_ws(',', crew.payload ->> 'directors', crew.payload ->> 'writers'), ','
        ) as named (id)
        where crew.superseded_by is null
    )
    select id from credited
    where not exists (select from raw.suppressed_names where imdb_person_id = credited.id)
"""
_FILL: LiteralString = """
    insert into {table} (id)
    select found.id from ({query}) as found (id) where found.id ~ '^[tn][tm][0-9]{{7,9}}$'
    on conflict do nothing
"""
_NAME: LiteralString = "select md5(string_agg(id, ',' order by id)) from {table}"
_TABLES: LiteralString = """
    drop table if exists pg_temp.wanted_series, pg_temp.wanted_titles, pg_temp.wanted_people;
    create temporary table wanted_series (id text primary key);
    create temporary table wanted_titles (id text primary key);
    create temporary table wanted_people (id text primary key);
"""

# Which held keys could have come with a file: those that it no longer has are gone.
_OF_TITLES: LiteralString = """exists (
    select from pg_temp.wanted_titles where wanted_titles.id = split_part(held.key, '/', 1)
)"""
_OF_SERIES: LiteralString = """exists (
    select from pg_temp.wanted_series where wanted_series.id = held.payload ->> 'parentTconst'
)"""
_OF_PEOPLE: LiteralString = "exists (select from pg_temp.wanted_people where id = held.key)"
_SELECTING = ("imdb_title_episode", "imdb_title_basics")
SCOPES: dict[str, LiteralString] = {
    "series": _OF_SERIES,
    "titles": _OF_TITLES,
    "people": _OF_PEOPLE,
}


class Wanted:
    """What is wanted, as far as it is known by now; with `catalogue`, all of television."""

    def __init__(self, connection: Connection[Any], *, catalogue: bool) -> None:
        self._connection, self._catalogue = connection, catalogue
        self._filled: set[str] = set()
        connection.execute(_TABLES)
        if not catalogue:
            self._fill("series", _SERIES)

    @property
    def is_anything(self) -> bool:
        """Whether any series is wanted."""
        found = self._connection.execute("select exists (select from pg_temp.wanted_series)")
        return self._catalogue or found.fetchone() == (True,)

    def takes_all(self, dataset: Dataset) -> bool:
        """Whether the file itself says what of it is television."""
        return self._catalogue and dataset.resource.name in _SELECTING

    def fingerprint(self, dataset: Dataset) -> str:
        """Find what is wanted of a file, and name it: another set, another name.

        Found once, when first asked: the files are read in an order in which it is complete then.
        """
        if self.takes_all(dataset):
            return "catalogue"
        if dataset.wanted != "series":
            self._fill("titles", _TELEVISION if self._catalogue else _EPISODES)
        if dataset.wanted == "people":
            self._fill("people", _PEOPLE)
        query = SQL(_NAME).format(table=_table(dataset.wanted))
        row = self._connection.execute(query).fetchone()
        return str(row[0]) if row and row[0] else "nothing"

    def numbers(self, dataset: Dataset) -> "Numbers | None":
        """The ids wanted of a file; None: what the file itself says."""
        if self.takes_all(dataset):
            return None
        query = SQL("select id from {table}").format(table=_table(dataset.wanted))
        with self._connection.transaction(), self._connection.cursor("wanted") as ids:
            ids.itersize = 50_000
            ids.execute(query)
            from extract.sources.imdb.rows import Numbers

            return Numbers(identity for (identity,) in ids)

    def scope(self, dataset: Dataset) -> LiteralString:
        """Which held keys the file would have, as a condition on `held`."""
        return "true" if self.takes_all(dataset) else SCOPES[dataset.wanted]

    def _fill(self, kind: str, query: LiteralString) -> None:
        if kind in self._filled:
            return
        self._filled.add(kind)
        table = _table(kind)
        self._connection.execute(SQL(_FILL).format(table=table, query=SQL(query)))
        self._connection.execute(SQL("analyze {table}").format(table=table))


def _table(kind: str) -> Identifier:
    return Identifier("pg_temp", f"wanted_{kind}")
