"""Lists and searches of the API, by the size of the catalogue: p50, p95 and p99 of each kind.

A few hundred made-up series are landed and built by dbt, for tables, documents and indexes as they
are. Then rows of `marts.show_documents` are multiplied by SQL, each under a title of its own: of
one to four words, of which some are in every third title and most are rare, with alternative ones.
Words and facets are then built of them by dbt, as wholes.
`showhouse serve` is asked over two connections, every answer checked to be a page with lines
wherever there must be some.

`python -m benchmarks.search [--shows 20000 200000] [--requests 150]`; about 2 GB at 200,000.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, LiteralString
from urllib.parse import urlencode

import psycopg

from benchmarks.figures import Figure, report
from benchmarks.load import served
from benchmarks.upstream import land_in_parts, made_up
from benchmarks.warehouse import run_dbt, scratch

SERIES = 300
CLIENTS = 2
SEARCH_MS = 50.0
FACETS_MS = 100.0
"""Wanted: the 95th percentile of a search, and of the facets of all shows."""
OF_ALL_SHOWS = ("show_words", "title_words", "show_facets")

# Word 0 is in every third title. Of the others low numbers are frequent, and most are rare.
WORDS: LiteralString = """
create function public.word(number integer) returns text immutable language sql as $$
    select case when number = 0 then 'the' else (
        select string_agg(
            (array['ba','ker','lin','do','ra','mis','ton','ve','sha','al','gu','por','ne','ti',
            'cor','mel','is','hu','wen','zo','fra','de','lu','pen','sto','ki','ar','mo','ster',
            'jen','bri','ca','o','nal','ry','es','vi','tor','ha','gle','si','en','dor','pa','mun',
            'cle','ty','wo','re','un','flo','as','ju','man','qui','le','bor','ta','sel','ix'])
            [1 + (number / (60 ^ place)::integer) % 60], '' order by place
        )
        from generate_series(0, case when number < 3600 then 1 else 2 end) as place
    ) end
$$;
create function public.title(seed bigint) returns text immutable language sql as $$
    select initcap(string_agg(public.word(case
        when place = 0 then 0
        else 1 + (60000 * power(abs(hashint8extended(seed, place) % 1000000) / 1e6, 3))::integer
    end), ' ' order by place))
    from generate_series(
        case when seed % 3 = 0 then 0 else 1 end, 1 + abs(hashint8(seed)) % 4
    ) as place
$$;
"""
COLUMNS: LiteralString = """
select string_agg(quote_ident(attname), ', ' order by attnum)
from pg_attribute
where attrelid = 'marts.show_documents'::regclass and attnum > 0 and not attisdropped
    and attname <> all (%s)
"""
MULTIPLY: LiteralString = """
with held as materialized (
    select *, row_number() over (order by show_id) as place, count(*) over () as held_count
    from marts.show_documents
    where tmdb_id < 1000000
)
insert into marts.show_documents (
    show_id, tmdb_id, name, search_text, summary, tmdb_popularity, premiere_date, {columns}
)
select
    md5('made up ' || n)::uuid,
    1000000 + n,
    made.name,
    lower(e'\\n ' || made.name || e' \\n\\n' || coalesce(made.others, '')),
    jsonb_set(held.summary::jsonb, '{{name}}', to_jsonb(made.name))::text,
    round((200 * power(abs(hashint8extended(n, 5) %% 100000) / 1e5, 8))::numeric, 3),
    date '1960-01-01' + abs(hashint8extended(n, 6) %% 24000)::integer,
    {held_columns}
from generate_series(%(first)s::bigint, %(last)s) as n
inner join held on held.place = 1 + n %% held.held_count
cross join lateral (
    select
        public.title(n) as name,
        (
            select string_agg(' ' || public.title(n * 100 + other) || e' \\n', '')
            from generate_series(1, (abs(hashint8extended(n, 7)) %% 4)::integer) as other
        ) as others
) as made
"""
Ask = Callable[[random.Random], str]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of request: its address by chance, its bound, whether a page must have lines."""

    name: str
    path: Ask
    slowest_ms: float | None = None
    finds: bool = True


def main() -> int:
    """Measure and judge."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--shows", type=int, nargs="+", default=[20_000, 200_000])
    parser.add_argument("--requests", type=int, default=150, help="of each kind")
    options = parser.parse_args()
    figures: list[Figure] = []
    with scratch() as place:
        url, upstream = place.migrated(), made_up(SERIES)
        land_in_parts(url, upstream, upstream.ids())
        run_dbt(url, place.folder / "dbt", "run", "--select", "+show_documents")
        with served(url, place.folder) as port:
            for count in sorted(options.shows):
                titles = multiply(url, count)
                count_all(url, place.folder / "dbt")
                figures += measure(port, count, titles, options.requests)
    return report(*figures)


def multiply(url: str, count: int) -> list[str]:
    """Fill up to so many shows; some of their titles."""
    own = ["show_id", "tmdb_id", "name", "search_text", "summary", "tmdb_popularity"]
    own.append("premiere_date")
    with psycopg.connect(url, autocommit=True) as connection:
        asked = connection.execute("select to_regproc('public.word')").fetchone()
        if asked == (None,):
            connection.execute(WORDS)
        ((columns,),) = connection.execute(COLUMNS, [own]).fetchall()
        ((held,),) = connection.execute("select count(*) from marts.show_documents").fetchall()
        statement = MULTIPLY.format(
            columns=columns, held_columns=", ".join(f"held.{each}" for each in columns.split(", "))
        )
        started = time.perf_counter()
        connection.execute(statement.encode(), {"first": held, "last": count - 1})
        connection.execute("vacuum analyze marts.show_documents")
        ((size,),) = connection.execute(
            "select pg_total_relation_size('marts.show_documents')"
        ).fetchall()
        took = time.perf_counter() - started
        print(f"{count:,} shows, {size / 1e6:,.0f} MB, made in {took:.0f} s", flush=True)
        sample = (
            "select name from marts.show_documents where tmdb_id % 97 = 1"
            " and name ~ '^[A-z ]+$' and is_adult is not true"
        )
        return [name for (name,) in connection.execute(sample).fetchall()]


def count_all(url: str, folder: Path) -> None:
    """Build what dbt makes of all shows, and show how long each took."""
    nodes = run_dbt(url, folder, "run", "--full-refresh", "--select", *OF_ALL_SHOWS)
    with psycopg.connect(url, autocommit=True) as connection:
        for node in (node for node in nodes if node.kind == "model"):
            connection.execute(f"vacuum analyze marts.{node.name}".encode())
            size = f"select pg_total_relation_size('marts.{node.name}')"
            ((held,),) = connection.execute(size.encode()).fetchall()
            print(f"  {node.name}: {node.seconds:.1f} s, {held / 1e6:,.0f} MB", flush=True)


def measure(port: int, count: int, titles: Sequence[str], requests: int) -> Iterator[Figure]:
    """Ask for each kind, and show it."""
    chance = random.Random(7)
    for kind in kinds(titles):
        paths = [kind.path(chance) for _ in range(requests)]
        share = [paths[number::CLIENTS] for number in range(CLIENTS)]
        with ThreadPoolExecutor(CLIENTS) as clients:
            parts = clients.map(lambda some, kind=kind: ask(port, some, kind), share)
            took = sorted(seconds for part in parts for seconds in part)
        p50, p95, p99 = (1000 * took[int(at * (len(took) - 1))] for at in (0.5, 0.95, 0.99))
        name = f"{kind.name}, {count:,} shows"
        print(f"  {name:48} p50 {p50:7.1f} ms  p95 {p95:7.1f} ms  p99 {p99:7.1f} ms", flush=True)
        limit, bound = kind.slowest_ms or SEARCH_MS, 1.0 if kind.slowest_ms else None
        yield Figure(f"{name}: p95", p95, "ms", "limit", limit, p95 / limit, at_most=bound)


def ask(port: int, paths: Sequence[str], kind: Kind) -> list[float]:
    """Ask one after the other; seconds of each."""
    connection, took = HTTPConnection("127.0.0.1", port), []
    for path in paths:
        started = time.perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        took.append(time.perf_counter() - started)
        if answer.status != 200:
            raise AssertionError(f"{path}: {answer.status} {body[:200]!r}")
        told = json.loads(body)
        if kind.finds and not told.get("items", told.get("show_count")):
            raise AssertionError(f"{path} has nothing")
    return took


def kinds(titles: Sequence[str]) -> Iterator[Kind]:
    """What is asked for."""

    def shows(**query: object) -> str:
        return f"/shows?{urlencode(query)}"

    def word(chance: random.Random) -> str:
        return chance.choice(chance.choice(titles).split())

    def part(chance: random.Random) -> str:
        title = chance.choice(titles)
        begin = chance.randrange(max(1, len(title) - 6))
        return title[begin : begin + chance.randint(4, 12)].strip() or title

    def misspelt(text: str, chance: random.Random) -> str:
        at = chance.randrange(max(1, len(text) - 2))
        return text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]

    def misspelt_word(chance: random.Random) -> str:
        return misspelt(max(chance.choice(titles).split(), key=len), chance)

    def misspelt_title(chance: random.Random) -> str:
        return " ".join(misspelt(text, chance) for text in chance.choice(titles).split())

    def unspaced(chance: random.Random) -> str:
        return chance.choice(titles).replace(" ", "")

    def year(chance: random.Random) -> int:
        return chance.randint(1960, 2020)

    search: dict[str, Any] = {"slowest_ms": SEARCH_MS}
    yield Kind("search, a word of a title", lambda c: shows(q=word(c)), **search)
    yield Kind("search, any part of a title", lambda c: shows(q=part(c)), **search)
    yield Kind("search, a title", lambda c: shows(q=c.choice(titles)), **search)
    yield Kind("search, a word in every third", lambda _: shows(q="the"), **search)
    yield Kind("search, two letters", lambda c: shows(q=word(c)[:2]), **search)
    unsure: dict[str, Any] = search | {"finds": False}
    yield Kind("search, misspelt", lambda c: shows(q=misspelt_word(c)), **unsure)
    yield Kind("search, each word misspelt", lambda c: shows(q=misspelt_title(c)), **unsure)
    yield Kind("search, a title without spaces", lambda c: shows(q=unspaced(c)), **unsure)
    yield Kind("search, like nothing", lambda _: shows(q="xqzzvk"), **unsure)
    yield Kind("search, by popularity", lambda c: shows(q=word(c), sort="-popularity"), **search)
    yield Kind("search, by title", lambda c: shows(q=word(c), sort="name"), **search)
    yield Kind("search, a title from the US", lambda c: shows(q=f"{c.choice(titles)} us"), **unsure)
    yield Kind("search, in a genre", lambda c: shows(q=word(c), genre="Drama"), **unsure)
    yield Kind("list, by title", lambda _: shows(limit=50))
    yield Kind("list, by popularity", lambda _: shows(sort="-popularity"))
    yield Kind("list, of a genre", lambda _: shows(genre="Drama", sort="-popularity"))
    yield Kind("list, of a year", lambda c: shows(year_from=(y := year(c)), year_to=y))
    yield Kind(
        "list, by genre, region and years",
        lambda c: shows(
            genre="Drama", provider_region="US", year_from=year(c), sort="-vote_average"
        ),
        finds=False,
    )
    yield Kind("facets of a search", lambda c: f"/shows/facets?{urlencode({'q': word(c)})}")
    yield Kind("facets of all", lambda _: "/shows/facets", FACETS_MS)


if __name__ == "__main__":
    sys.exit(main())
