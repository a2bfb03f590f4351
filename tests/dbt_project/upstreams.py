"""All upstreams at once, as believed or otherwise, and one whole extraction from them.

What they hold is the same whatever they are told to contradict: made-up series with their people,
networks, companies and episode groups, the exports and the change feed, a list, IMDb's datasets, a
wiki, the images, and a store to mirror them to.
"""

import asyncio
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from extract.datasets import extract_datasets
from extract.mirror import mirror
from extract.news import read_news
from extract.postgres.connections import connect
from extract.references import Reference, parse
from extract.resolving import Resolver
from extract.run import Selection, extract
from extract.settings import Settings, load_settings
from extract.sources.tmdb.connection import open_client
from extract.tracking import track
from extract.wikis import extract_wikis
from tests.dbt_project.warehouse import Warehouse
from tests.extract.mirror.object_store import BUCKET, ObjectServer, object_client, object_store
from tests.fandom.server import Page, Wikis, wikis
from tests.fandom.tracked import page_text
from tests.otherwise import Otherwise, switches
from tests.tmdb.handle import Tmdb
from tests.tmdb.options import Options
from tests.tmdb.server import tmdb_server

COUNT = 60
MANY_SEASONS = 5
LIST, GONE, TITLED = 7, 11, 12
TITLE, IMDB_ID = "A rare title", "tt9000001"
SERIES = (1, 2, 3, GONE)
"""Besides those that the list, an id of IMDb's and a title name."""
NEWS = ("tmdb_tv_series_ids", "tmdb_tv_network_ids", "tmdb_tv_changes", "tmdb_person_changes")
KINDS = ("networks", "watch_providers", "show_posters")
WIKI = "made-up"
SECTION = '<h2><span class="mw-headline">Trivia</span></h2><ul><li>Made up.</li></ul>'


@dataclass(slots=True)
class Upstreams:
    """The servers, all running; the addresses of wikis and store stay, whatever they answer."""

    fandom: Wikis
    store: ObjectServer
    failures: list[str] = field(default_factory=list)
    """What did not land, in whatever step."""
    _tmdb: Tmdb | None = None

    @property
    def tmdb(self) -> Tmdb:
        """TMDb's server, which has IMDb's files as well."""
        assert self._tmdb, "it runs within `otherwise`"
        return self._tmdb

    @contextmanager
    def otherwise(self, *names: str) -> Iterator[None]:
        """Begin anew, with upstreams that contradict those beliefs that are about them."""
        of_tmdb = switches("tmdb") | switches("imdb")
        self.fandom.otherwise = Otherwise(switches("fandom") & {*names}, "fandom")
        self.store.otherwise = Otherwise(switches("store") & {*names}, "store")
        self.failures.clear()
        options = Options(
            series_count=COUNT,
            people_count=25,
            left_out_share=0.02,
            otherwise=tuple(name for name in names if name in of_tmdb),
        )
        client = object_client(self.store.url)
        client.create_bucket(Bucket=BUCKET)
        with tmdb_server(options) as self._tmdb:
            _fill(self._tmdb, self.fandom)
            yield
        self.store.otherwise = Otherwise((), "store")
        for key in self.store.bucket():
            client.delete_object(Bucket=BUCKET, Key=key)
        client.delete_bucket(Bucket=BUCKET)

    def settings(self, warehouse: Warehouse, home: Path) -> Settings:
        """Give the settings of a program that asks them."""
        return load_settings(
            database_url=warehouse.url,
            showhouse_home=home,
            tmdb_bearer_token="any",
            tmdb_base_url=self.tmdb.base_url,
            tmdb_image_base_url=self.tmdb.image_base_url,
            tmdb_exports_base_url=self.tmdb.exports_base_url,
            imdb_datasets_base_url=self.tmdb.datasets_base_url,
            tmdb_requests_per_second=500,
            fandom_base_url=self.fandom.base_url,
            fandom_requests_per_second=500.0,
            mirror_kinds=",".join(KINDS),
            mirror_requests_per_second=10_000,
            aws_s3_bucket=BUCKET,
            aws_endpoint_url_s3=self.store.url,
        )


@contextmanager
def upstreams() -> Iterator[Upstreams]:
    """Run them."""
    with wikis() as fandom, object_store() as store:
        yield Upstreams(fandom, store)


def _fill(tmdb: Tmdb, fandom: Wikis) -> None:
    cast = tmdb.document(SERIES[0], "aggregate_credits")["cast"]
    large = [each for each in tmdb.ids() if "season/9" in tmdb.names(each)]
    tmdb.override(TITLED, "details", {"name": TITLE, "original_name": TITLE})
    tmdb.claim(IMDB_ID, [TITLED + 1])
    grouped = [each for each in tmdb.ids() if tmdb.document(each, "episode_groups")["results"]]
    tmdb.make_list(LIST, [4, 5, grouped[0], *large[:MANY_SEASONS]], [4, 6])
    tmdb.touch_thing("person", str(cast[0]["id"]))
    tmdb.delete_series(GONE)
    names = list(dict.fromkeys(str(member["name"]).strip() for member in cast))
    fandom.pages[WIKI] = {
        number: Page(name, 100 + number, page_text(name, "May 4, 1980") + SECTION)
        for number, name in enumerate(names, 1)
    }
    fandom.lagging = 1


def extract_all(
    upstreams: Upstreams, warehouse: Warehouse, home: Path, *, but: Collection[str] = ()
) -> None:
    """Land all that there is; but not from the sources named, `imdb` or `fandom`.

    Wikis are read twice: what the first reading was not told, the second one asks for, and what
    fails then has failed.
    """
    settings = upstreams.settings(warehouse, home)
    asyncio.run(_resolve(settings, upstreams.tmdb))
    steps = [read_news(settings, NEWS), extract(settings, Selection(tracked=True))]
    steps += [extract_datasets(settings)] if "imdb" not in but else []
    readings = [extract_wikis(settings), extract_wikis(settings)] if "fandom" not in but else []
    for step in [*steps, *readings]:
        done = asyncio.run(step)
        if step in readings[:1]:
            continue
        upstreams.failures += [f"{each.subject} {each.key}: {each.why}" for each in done.failures]


def mirror_all(upstreams: Upstreams, warehouse: Warehouse, home: Path) -> dict[str, bytes]:
    """Mirror what is wanted; gives all that the store holds then."""
    done = mirror(upstreams.settings(warehouse, home))
    assert done.failed == done.rejected == 0, done
    upstreams.store.otherwise = Otherwise((), "store")  # it may be one that lists nothing
    return upstreams.store.bucket()


async def _resolve(settings: Settings, tmdb: Tmdb) -> None:
    """Track the series: by their ids, and by what a list, an id of IMDb's and a title name."""
    named = [parse(text) for text in (f"tmdb-list:{LIST}", IMDB_ID, TITLE)]
    with connect(settings.database_url or "") as connection:
        async with open_client(settings, settings.database_url or "") as client:
            resolver = Resolver(client, connection, uuid4())
            found = await resolver.resolve([*named, *(_numbered(each) for each in SERIES)])
        ids = [tmdb_id for each in found for tmdb_id in each.tmdb_ids]
        track(connection, [*ids, TITLED + 1])
        track(connection, SERIES[:1], [f"fandom:{WIKI}"])


def _numbered(tmdb_id: int) -> Reference:
    return parse(f"tmdb:{tmdb_id}")
