"""`showhouse status`: what is held, how old it is, what is due, what fails."""

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, LiteralString

import click

from flows.cli.ages import age, until
from flows.cli.console import duration, say, show, table
from flows.cli.holdings import show_holdings
from flows.cli.options import Words, verbose_option
from flows.cli.titles import show_title

if TYPE_CHECKING:
    import psycopg

    from extract.settings import Settings

FRESHNESS: LiteralString = """
    select
        resource, known_count, held_count, due_count, overdue_count, failing_count,
        oldest_checked_at, newest_checked_at, last_changed_at
    from marts.source_freshness
    order by source, resource
"""

AGES = ("oldest", "newest", "changed")
WORK = (
    *("source", "what", "known", "held", "never asked", "due", "overdue", "failing"),
    *("requests today", "takes"),
)
MEANING = """\
known: named by TMDb's list of ids, or in a document held    held: answered, and kept
due: would be asked for now    overdue: due for more than a day    failing: the last try failed
requests today: what is due by midnight UTC takes, at least"""

PARTS: LiteralString = """
    select resource, key, status, last_checked_at, last_changed_at, next_due_at, attempts, error
    from raw.fetches
    where (resource like 'tmdb\\_tv\\_%%' and key = %(key)s)
        or (
            resource in ('tmdb_tv_seasons', 'tmdb_tv_season_credits')
            and starts_with(key, %(key)s || '/')
        )
    order by resource, length(key), key
"""

# The feed and the exports speak of the series as a whole.
SIGNALS: LiteralString = """
    select
        (
            select max(changes.fetched_at) from raw.tmdb_tv_changes as changes
            where
                md5('tmdb:tv:' || split_part(changes.key, '/', 1))::uuid
                = md5('tmdb:tv:' || %(key)s)::uuid
        ),
        (
            select listed.fetched_at from raw.tmdb_tv_series_ids as listed
            where listed.key = %(key)s and listed.superseded_by is null and listed.is_tombstone
        )
"""

# A title is looked for as it is, then within titles, folded as they are; of several shows, the user
# has to choose.
MATCHES: LiteralString = """
    with matches as (
        select
            tmdb_id, name, premiere_date, imdb_id,
            case
                when show_id::text = lower(%(show)s) or imdb_id = %(show)s then 1
                when lower(name) = lower(%(show)s) then 2
                else 3
            end as rank
        from marts.show_documents
        where
            show_id::text = lower(%(show)s)
            or imdb_id = %(show)s
            or strpos(search_text, {folded}) > 0
    )
    select tmdb_id, name, premiere_date, imdb_id from matches
    where rank = (select min(rank) from matches)
    order by name, tmdb_id, imdb_id
    limit 11
"""

# What no build has seen yet.
CLAIMED: LiteralString = """
    select key from raw.tmdb_tv_external_ids
    where payload ->> 'imdb_id' = %(imdb_id)s and superseded_by is null
    order by key
    limit 1
"""


@click.command()
@click.argument("show_name", type=Words(), metavar="[SHOW]", required=False)
@click.option("--check", is_flag=True, help="Only say what is overdue, alert, and end with 1 then.")
@verbose_option
def status(show_name: str | None, check: bool) -> int:
    """Show how fresh everything is, or each part of one SHOW.

    SHOW is an id or a title: 1396, tt0903747, 'Breaking Bad'.
    """
    from extract.postgres.connections import connect, database_url
    from extract.settings import load_settings

    settings = load_settings()
    if check:
        return _check(settings)
    with connect(database_url(settings)) as connection:
        _require_tables(connection)
        if show_name is None:
            if _exists(connection, "marts.source_freshness"):
                show_holdings(connection)
            show_work(connection, settings.tmdb_requests_per_second)
            _show_resources(connection)
        else:
            found = _resolve(connection, show_name.strip())
            if isinstance(found, str):
                show_title(connection, found)
            else:
                _show_parts(connection, found)
    return 0


def _require_tables(connection: "psycopg.Connection[Any]") -> None:
    if not _exists(connection, "raw.fetches"):
        raise click.ClickException("Nothing is held yet. Begin with `showhouse run --sample`.")


def _check(settings: "Settings") -> int:
    import psycopg

    from extract.errors import ShowhouseError
    from extract.postgres.connections import connect, database_url
    from flows.alerts import problems_of, send
    from flows.overdue import overdue

    try:
        with connect(database_url(settings)) as connection:
            _require_tables(connection)
            found = overdue(connection)
    except (ShowhouseError, psycopg.Error) as error:
        # A warehouse that cannot be asked is what somebody should hear of before all else.
        send(settings, "what is overdue cannot be told", problems_of(error), "`showhouse status`")
        raise
    for sentence in found:
        show(sentence)
    if found:
        send(settings, "something is overdue", found, "`showhouse status`")
        return 1
    show("Nothing is overdue.")
    return 0


def _show_resources(connection: "psycopg.Connection[Any]") -> None:
    if not _exists(connection, "marts.source_freshness"):
        raise click.ClickException("Nothing is built yet. Build it with `showhouse build`.")
    rows = connection.execute(FRESHNESS).fetchall()
    headings = ("resource", "known", "held", "due", "overdue", "failing", *AGES)
    show("\n" + table(headings, [(*row[:6], *map(age, row[6:])) for row in rows]))


def _show_parts(connection: "psycopg.Connection[Any]", tmdb_id: int) -> None:
    from extract.tracking import tracked

    rows = connection.execute(PARTS, {"key": str(tmdb_id)}).fetchall()
    if not rows:
        raise click.ClickException(
            f"Nothing is held of series {tmdb_id}. "
            f"Fetch it with `showhouse run --tmdb-id {tmdb_id}`."
        )
    headings = ("resource", "key", "status", "checked", "changed", "due", "why", "last error")
    show(table(headings, [_part(*row) for row in rows]))
    failing = sum(row[6] > 0 for row in rows)
    say(f"Series {tmdb_id}: {len(rows):,} parts, {failing:,} failing.")
    if tmdb_id not in tracked(connection):
        say(
            "It is not tracked, so `showhouse run` leaves it out: `--changes` asks for all that is "
            f"held, and `showhouse track add {tmdb_id}` tracks it."
        )
    _say_what_upstream_tells(
        connection, tmdb_id, max((row[3] for row in rows if row[3]), default=None)
    )


def _say_what_upstream_tells(
    connection: "psycopg.Connection[Any]", tmdb_id: int, checked: datetime | None
) -> None:
    if checked is None or not _exists(connection, "raw.tmdb_tv_changes"):
        return
    row = connection.execute(SIGNALS, {"key": str(tmdb_id)}).fetchone()
    changed, dropped = row or (None, None)
    if changed and changed > checked:
        say(f"TMDb told {age(changed)} ago that it was edited: due at the next run.")
    if dropped and dropped > checked:
        say(f"TMDb's last two exports leave it out, as of {age(dropped)} ago: due at the next run.")


def show_work(connection: "psycopg.Connection[Any]", rate: float) -> None:
    """Each kind of thing, and what today's work still asks for at the rate limit."""
    from extract.workload import workloads

    if not _exists(connection, "raw.tmdb_tv_changes"):
        return
    works = workloads(connection)
    rows = [
        (
            *(work.source, work.subject, work.known, work.held, work.never_asked),
            *(work.due, work.overdue, work.failing, work.requests),
            duration(work.requests / rate) if work.requests else None,
        )
        for work in works
    ]
    show(table(WORK, rows))
    say(MEANING)
    total = sum(work.requests for work in works)
    if not total:
        say("Nothing is left for today.")
        return
    takes = f"{duration(total / rate)} at the limit of {rate:g} a second"
    say(f"Left for today: {total:,} requests or more, {takes}. `showhouse run --changes` asks.")


def _part(
    resource: str,
    key: str,
    state: str,
    checked: datetime | None,
    changed: datetime | None,
    due: datetime | None,
    attempts: int,
    error: str | None,
) -> tuple[str | None, ...]:
    said = f"{error} (failed {attempts} times)" if attempts > 1 else error
    why = _why(state, checked, due)
    return (resource, key, state, age(checked), age(changed), until(due), why, said)


def _why(state: str, checked: datetime | None, due: datetime | None) -> str:
    """Why a part is as old as it is, in words; how old it may be follows from when it is due."""
    if state == "failed":
        return "the last try failed"
    if state == "gone":
        return "TMDb says there is no such thing"
    if state == "known":
        return "never asked for"
    is_due = due is not None and due <= datetime.now(UTC)
    said = "older than it may be" if is_due else "fresh enough"
    if checked is None or due is None or due <= checked:
        return said
    return f"{said}: asked for every {duration((due - checked).total_seconds())}"


def _matches() -> LiteralString:
    from api.search import folded  # here, since it loads FastAPI, which takes its time

    return MATCHES.format(folded=folded("%(show)s::text"))


def _resolve(connection: "psycopg.Connection[Any]", text: str) -> int | str:
    """Give TMDb's id, or IMDb's of a series that TMDb does not have. Raises ClickException."""
    by_id = re.fullmatch(r"(?:tmdb:)?([1-9][0-9]{0,8})", text)
    if by_id:
        return int(by_id[1])
    is_built = _exists(connection, "marts.show_documents")
    found = connection.execute(_matches(), {"show": text}).fetchall() if is_built else []
    if not found and re.fullmatch(r"tt[0-9]{7,9}", text):
        claimed = connection.execute(CLAIMED, {"imdb_id": text}).fetchone()
        return int(claimed[0]) if claimed else text
    if not is_built:
        raise click.ClickException("Nothing is built yet, so a show is found by its TMDb id only.")
    if not found:
        raise click.UsageError(f"No show held is called `{text}`, or has that id.")
    if len(found) > 1:
        names = "; ".join(
            f"{tmdb_id or imdb_id} {name} ({premiere or 'no date'})"
            for tmdb_id, name, premiere, imdb_id in found[:10]
        )
        more = " and more" if len(found) > 10 else ""
        raise click.UsageError(f"`{text}` fits several shows; name one by its id: {names}{more}.")
    tmdb_id, _, _, imdb_id = found[0]
    return str(imdb_id) if tmdb_id is None else int(tmdb_id)


def _exists(connection: "psycopg.Connection[Any]", relation: str) -> bool:
    row = connection.execute("select to_regclass(%s) is not null", [relation]).fetchone()
    return bool(row and row[0])
