"""`showhouse forget`: people who asked not to be in the warehouse, and are kept out of it."""

import re
from typing import TYPE_CHECKING, Any, LiteralString

import click

from extract.sources.fandom.resources import WIKI
from flows.cli.console import progress, say, show
from flows.cli.options import Words, verbose_option
from flows.progress import listening

if TYPE_CHECKING:
    import psycopg

NAMED: LiteralString = """
    select people.tmdb_id, people.imdb_id, people.known_for_department
    from core.people
    where lower(people.name) = lower(%s)
    order by people.tmdb_id, people.imdb_id
    limit 11
"""

IMDB_NAME = re.compile(r"nm[0-9]{7,10}")

PAGE: LiteralString = """
    select key
    from raw.fandom_profiles
    where superseded_by is null and rtrim(payload ->> 'url', '/') = %s
"""


@click.group()
def forget() -> None:
    """Keep people out who asked to be forgotten."""


@forget.command()
@click.argument("who", type=Words(), metavar="PERSON")
@click.option("--undo", is_flag=True, help="Show this person again, and fetch what was emptied.")
@verbose_option
def person(who: str, undo: bool) -> int:
    """Forget PERSON, by an id of TMDb's or IMDb's, or by name.

    An id of IMDb's is `nm0000093`, say; a name counts where only one person has it.

    What was landed of that person alone is emptied and not fetched again, and so are pages of wikis
    under a name of theirs; their photos leave the mirror's store; a build takes the person out of
    the tables. --undo takes the id.
    """
    from extract.errors import MirrorError
    from extract.settings import load_settings
    from extract.suppression import restore, suppress
    from flows import steps
    from flows.cli.run import conclude
    from flows.report import Report

    settings, report = load_settings(), Report()
    with progress() as tell, listening(tell):
        with steps.warehouse(settings) as connection:
            identity = _resolve(connection, who.strip(), undo=undo)
            if undo:
                if not restore(connection, identity):
                    raise click.UsageError(f"Person {identity} is not forgotten.")
                say(f"Person {identity} is shown again, from what series say and the next run.")
            else:
                emptied = suppress(connection, identity).count
                say(f"Person {identity} is forgotten; {emptied:,} payloads were emptied.")
        try:
            if deleted := steps.forget_photos(settings):
                say(f"{deleted:,} objects of theirs were deleted from the mirror's store.")
        except MirrorError as error:
            report.stops.append(f"Their photos stay in the store until the next mirror: {error}")
        report.builds.append(steps.build(settings))
        return conclude(report)


@forget.command()
@click.argument("which", type=Words(), metavar="PAGE")
@click.option("--undo", is_flag=True, help="Show this page again, and read it anew.")
@verbose_option
def page(which: str, undo: bool) -> int:
    """Forget a wiki's PAGE, of somebody whom it alone knows.

    PAGE is an address of a page that is held, or wiki and id, as core.fandom_people.page_key has it
    (real-housewives/5687). What was landed of it is emptied and not fetched again.
    """
    from extract.settings import load_settings
    from extract.suppression import restore_page, suppress_page
    from flows import steps
    from flows.cli.run import conclude
    from flows.report import Report

    settings = load_settings()
    with progress() as tell, listening(tell):
        with steps.warehouse(settings) as connection:
            key = _resolve_page(connection, which.strip())
            if undo:
                if not restore_page(connection, key):
                    raise click.UsageError(f"Page {key} is not forgotten.")
                say(f"Page {key} is read again with its wiki.")
            else:
                emptied = suppress_page(connection, key).count
                say(f"Page {key} is forgotten; {emptied:,} payloads were emptied.")
        return conclude(Report(builds=[steps.build(settings)]))


@forget.command("list")
@verbose_option
def list_() -> None:
    """List who is forgotten, by id, and pages of wikis.

    The list holds no names.
    """
    from extract.settings import load_settings
    from extract.suppression import suppressed, suppressed_pages
    from flows.steps import warehouse

    with warehouse(load_settings()) as connection:
        ids, pages = suppressed(connection), suppressed_pages(connection)
    if ids or pages:
        show("\n".join([*map(str, ids), *pages]))
    say(f"{len(ids):,} people are forgotten." if ids else "Nobody is forgotten.")
    if pages:
        say(f"{len(pages):,} pages of wikis are.")


def _resolve_page(connection: "psycopg.Connection[Any]", which: str) -> str:
    wiki, _, number = which.partition("/")
    if WIKI.fullmatch(wiki) and number.isascii() and number.isdigit() and 0 < int(number) < 2**31:
        return f"{wiki}/{int(number)}"
    address = which.partition("?")[0].partition("#")[0].rstrip("/")
    if found := connection.execute(PAGE, [address]).fetchone():
        return str(found[0])
    raise click.UsageError(
        f"No page is held whose address is `{which}`. Name it by wiki and id, as in "
        "`real-housewives/5687`."
    )


def _resolve(connection: "psycopg.Connection[Any]", who: str, *, undo: bool) -> int | str:
    number, name = who.removeprefix("tmdb:"), who.removeprefix("imdb:")
    if number.isascii() and number.isdigit() and 0 < int(number) < 2**31:
        return int(number)
    if IMDB_NAME.fullmatch(name):
        return name
    if undo:
        raise click.UsageError("Who is forgotten has no name here. Use an id of `forget list`.")
    row = connection.execute("select to_regclass('core.people') is not null").fetchone()
    if row != (True,):
        raise click.UsageError("Nothing is built yet, so a person is found by id only.")
    found = connection.execute(NAMED, [who]).fetchall()
    if not found:
        raise click.UsageError(f"Nobody held is called `{who}`. Use TMDb's id, or IMDb's.")
    ids = [(tmdb_id or imdb_id, known) for tmdb_id, imdb_id, known in found]
    if len(ids) > 1:
        told = "; ".join(f"{identity} ({known or 'unknown'})" for identity, known in ids[:10])
        more = " and more" if len(ids) > 10 else ""
        raise click.UsageError(f"`{who}` is the name of several: {told}{more}. Use the id.")
    identity: int | str = ids[0][0]
    return identity
