"""Asks TMDb: a dozen requests of the API, and the first bytes of four exports.

Which parts, people and brands are asked for follows from the first answer. The questions about what
came stand in `tmdb_parts` and `tmdb_rules`.
"""

from datetime import UTC, timedelta

from extract.http.client import Client, Credentials, Gate, host_of
from extract.probe.asking import (
    ATTEMPTS,
    DEADLINE_SECONDS,
    MOST_FILE_BYTES,
    SILENCE_SECONDS,
    Asker,
    as_it_comes,
    refusal,
)
from extract.probe.files import is_file
from extract.probe.outcomes import Replies, Reply, mapping, objects
from extract.settings import Settings
from extract.sources.tmdb.catalogue import EXPORTS, newest_day
from extract.sources.tmdb.requests import VIDEO_LANGUAGES
from extract.sources.tmdb.resources import PARTS, TMDB
from extract.sources.tmdb.verdicts import TMDB_SLOWDOWNS

SERIES_ID = 1396
"""The series that is asked for: one with five seasons and specials, which ended."""
MOST_APPENDS = 20
ABSENT_SEASON = 987
UNKNOWN_NAME = "showhouse_probe"
IMAGE_LANGUAGES = ("en", "de", "es", "fr", "ja", "it", "pt", "ru", "pl", "ko", "tr", "null")
LAST_VIDEO_LANGUAGES = tuple(VIDEO_LANGUAGES.split(",")[-2:])
"""Of the five that a run asks for: those that would be left out of a list that is cut."""
CHANGE_DAYS = 15
NESTED = ("aggregate_credits", "images", "watch/providers", "external_ids")
"""What is appended of season 1, beside its credits."""

_LISTED = "recommendations"
_BODY_BYTES = 16 * 1024 * 1024
_DAY = timedelta(days=1)


def part_names() -> tuple[str, ...]:
    """The parts that the first request appends: those that a run asks for, and one with pages."""
    names = (part.appended_as or "" for part in PARTS)
    return tuple(dict.fromkeys((*names, _LISTED)))


def twenty_names() -> tuple[str, ...]:
    """Season 1 with its credits, all parts, and as many further seasons as there is room for."""
    names = ("season/1", "season/1/credits", *part_names(), "season/0")
    more = (f"season/{number}" for number in range(2, 2 + MOST_APPENDS - len(names)))
    return (*names, *more)[:MOST_APPENDS]


def open_api(settings: Settings, database: str) -> Client:
    """Make a client that takes errors for answers."""
    return Client(
        source=TMDB.title,
        base_url=settings.tmdb_base_url,
        gate=Gate(database, host_of(settings.tmdb_base_url), settings.tmdb_requests_per_second),
        credentials=Credentials(settings.tmdb_bearer_token, settings.tmdb_api_key),
        user_agent=settings.showhouse_user_agent,
        classify=as_it_comes(),
        slowdowns=TMDB_SLOWDOWNS,
        max_connections=1,
        max_body_bytes=_BODY_BYTES,
        timeout=SILENCE_SECONDS,
        deadline=DEADLINE_SECONDS,
        attempts=ATTEMPTS,
    )


def open_exports(settings: Settings, database: str) -> Client:
    """Make a client of the exports' host that reads no file to its end and asks twice at most."""
    base_url = settings.tmdb_exports_base_url
    return Client(
        source=TMDB.title,
        base_url=base_url,
        gate=Gate(database, host_of(base_url), settings.tmdb_requests_per_second),
        user_agent=settings.showhouse_user_agent,
        classify=as_it_comes(),
        max_connections=1,
        max_body_bytes=MOST_FILE_BYTES,
        timeout=SILENCE_SECONDS,
        deadline=DEADLINE_SECONDS,
        attempts=ATTEMPTS,
    )


async def ask(
    settings: Settings, database: str, replies: dict[str, Reply], series_id: int = SERIES_ID
) -> str:
    """Ask everything; `replies` receives what comes, in order. Gives why TMDb cannot be asked.

    Raises GivenUp, GateUnusable, SettingsError.
    """
    async with open_api(settings, database) as client:
        asker = Asker(client, replies)
        if trouble := await _ask_series(asker, series_id):
            return trouble
        await _ask_errors(asker, series_id)
        await _ask_others(asker)
    async with open_exports(settings, database) as client:
        await _ask_exports(Asker(client, replies))
    return ""


async def _ask_series(asker: Asker, series_id: int) -> str:
    path = f"/tv/{series_id}"
    twenty = {"append_to_response": ",".join(twenty_names())}
    first = await asker.get("series", path, twenty | {"include_video_language": VIDEO_LANGUAGES})
    if trouble := refusal(TMDB.title, first):
        return trouble
    nested = (f"season/1/{name}" for name in NESTED)
    names = (f"season/{ABSENT_SEASON}", UNKNOWN_NAME, "images", "videos", *nested)
    asked = {
        "append_to_response": ",".join(names),
        "include_image_language": ",".join(IMAGE_LANGUAGES),
        "include_video_language": ",".join(LAST_VIDEO_LANGUAGES),
    }
    await asker.get("nested", path, asked)
    await asker.get("season", f"{path}/season/1")
    await asker.get("season_credits", f"{path}/season/1/credits")
    return ""


async def _ask_errors(asker: Asker, series_id: int) -> None:
    path = f"/tv/{series_id}"
    seasons = ",".join(f"season/{number}" for number in range(MOST_APPENDS + 1))
    await asker.get("twenty_one", path, {"append_to_response": seasons})
    await asker.get("absent_season", f"{path}/season/{ABSENT_SEASON}")
    await asker.get("page_501", "/search/tv", {"query": "a", "page": "501"})
    today = asker.client.now().astimezone(UTC).date()
    window = {"start_date": (today - CHANGE_DAYS * _DAY).isoformat()}
    await asker.get("long_changes", "/tv/changes", window | {"end_date": today.isoformat()})


async def _ask_others(asker: Asker) -> None:
    """Ask for what the series names, where it does name any."""
    series = asker.replies["series"].fields
    imdb_id = mapping(series.get("external_ids")).get("imdb_id")
    if isinstance(imdb_id, str) and imdb_id.isalnum():
        await asker.get("find", f"/find/{imdb_id}", {"external_source": "imdb_id"})
    cast = mapping(series.get("aggregate_credits")).get("cast")
    for name, kind, listed, appends in (
        ("person", "person", cast, "external_ids,images,translations"),
        ("network", "network", series.get("networks"), "alternative_names,images"),
        ("company", "company", series.get("production_companies"), "alternative_names,images"),
    ):
        ids = (each.get("id") for each in objects(listed))
        number = next((each for each in ids if type(each) is int), None)
        if number is not None:
            await asker.get(name, f"/{kind}/{number}", {"append_to_response": appends})


async def _ask_exports(asker: Asker) -> None:
    newest = newest_day(asker.client.now())
    for export in EXPORTS.values():
        await asker.beginning(f"{export.kind}_export", f"/{export.file(newest)}")
    if not is_file(asker.replies["tv_series_export"]):
        await asker.beginning(
            "last_export", f"/{EXPORTS['tmdb_tv_series_ids'].file(newest - _DAY)}"
        )


def api_replies(replies: Replies) -> dict[str, Reply]:
    """Give the answers of the API alone."""
    return {name: each for name, each in replies.items() if not name.endswith("_export")}
