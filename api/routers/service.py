"""The service itself: `/health`, `/ready`, `/meta`, `/metrics`, `/openapi.json`."""

from datetime import datetime
from typing import Literal

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from api import metrics
from api.answers import conditional
from api.database import Database
from api.documents import Document, told
from api.openapi import REQUEST_ID, answers, describe, program_version
from api.parameters import TAKES_NOTHING
from api.problems import Unavailable

router = APIRouter(tags=["service"])

_NO_STORE = {"Cache-Control": "no-store"}


class Health(Document):
    """That the process answers."""

    status: Literal["ok"] = told("Always `ok`.", "ok")


class Readiness(Document):
    """That the marts can be read."""

    status: Literal["ready"] = told("Always `ready`; else the answer is a 503.", "ready")


class _Exposition(PlainTextResponse):
    """Prometheus' text format."""

    media_type = metrics.MEDIA_TYPE


class ResourceFreshness(Document):
    """How current one kind of document is."""

    resource: str = told("The resource.", "tmdb_tv_details")
    known_count: int = told("Keys known, asked for or not.", 233_310)
    held_count: int = told("Documents held.", 2000)
    never_asked_count: int = told("Keys that a document names, never asked for.", 120)
    gone_count: int = told("Documents that are gone upstream.", 3)
    due_count: int = told("Of them, due to be asked for again.", 12)
    due_today_count: int = told("Of them, due by midnight UTC.", 40)
    overdue_count: int = told("Of them, due for longer than they should be.", 0)
    failing_count: int = told("Of them, whose last try failed.", 1)
    oldest_checked_at: datetime | None = told("The longest unchecked.", "2026-11-13T08:00:00Z")
    newest_checked_at: datetime | None = told("The last check.", "2026-11-20T08:00:00Z")
    last_changed_at: datetime | None = told("The last change.", "2026-11-20T07:58:12Z")


class Source(Document):
    """A source: its terms, and how current it is."""

    source: str = told("The source.", "tmdb")
    attribution: str | None = told("The line to show with its data.", "Information from TMDb.")
    licence: str | None = told("Its terms.", "https://www.themoviedb.org/api-terms-of-use")
    retention_days: int | None = told("How long an unchecked document may be kept.", 180)
    resources: list[ResourceFreshness]


class Meta(Document):
    """What the warehouse holds and owes."""

    name: Literal["showhouse"]
    version: str = told("Version of the program.", "0.1.0")
    sources: list[Source]


_READY = """
select coalesce(bool_and(has_table_privilege(to_regclass(name), 'select')), false)
from unnest(array[
    'marts.show_documents', 'marts.season_documents', 'marts.show_watch_provider_documents',
    'marts.network_documents', 'marts.source_freshness', 'marts.show_freshness',
    'marts.show_completeness', 'marts.show_watch_provider_history_documents',
    'marts.show_part_documents', 'marts.person_documents', 'marts.company_documents',
    'marts.watch_provider_documents', 'marts.show_translations',
    'marts.changes', 'marts.change_windows', 'marts.tmdb_documents', 'marts.tmdb_external_ids',
    'marts.tmdb_genres', 'marts.network_stats', 'marts.show_rankings',
    'marts.catalogue_trends', 'marts.provider_availability', 'marts.show_trends',
    'marts.show_details', 'marts.team_summary', 'marts.show_appearances',
    'marts.qualified_people', 'marts.wwhl_episodes', 'marts.schema_drift', 'marts.wiki_pages'
]) as name
"""

_META = """
with by_source as (
    select
        source, attribution, licence, retention_days,
        json_agg(
            json_build_object(
                'resource', resource, 'known_count', known_count, 'held_count', held_count,
                'never_asked_count', never_asked_count, 'gone_count', gone_count,
                'due_count', due_count, 'due_today_count', due_today_count,
                'overdue_count', overdue_count, 'failing_count', failing_count,
                'oldest_checked_at', oldest_checked_at, 'newest_checked_at', newest_checked_at,
                'last_changed_at', last_changed_at
            )
            order by resource
        ) as resources
    from marts.source_freshness
    group by source, attribution, licence, retention_days
)
select coalesce(json_agg(by_source order by by_source.source, by_source.attribution), '[]')::text
from by_source
"""

_READY_ANSWERS = answers()
for _status in (304, 422):
    del _READY_ANSWERS[_status]
_READY_ANSWERS[200] = {}
_METRICS_ANSWERS = answers(reads=False)
for _status in (304, 422):
    del _METRICS_ANSWERS[_status]
_METRICS_ANSWERS[200] = {"headers": REQUEST_ID}


@router.get("/health", response_model=Health)
async def get_health() -> Response:
    """Whether the process answers; asks nothing of Postgres."""
    return Response(b'{"status":"ok"}', 200, _NO_STORE, "application/json")


@router.get("/ready", response_model=Readiness, responses=_READY_ANSWERS)
async def get_readiness(request: Request) -> Response:
    """Whether Postgres answers and the marts can be read."""
    database: Database = request.app.state.database
    row = await database.row(_READY, {})
    if row is None or not row[0]:
        raise Unavailable(
            "The marts are not built, or not readable by the role of the API. "
            "Whoever runs this warehouse builds them with `showhouse run`.",
            retry_after=60,
        )
    return Response(b'{"status":"ready"}', 200, _NO_STORE, "application/json")


@router.get("/meta", response_model=Meta, responses=answers(), dependencies=[TAKES_NOTHING])
async def get_meta(request: Request) -> Response:
    """How fresh the data is, and the attribution that showing it requires."""
    database: Database = request.app.state.database
    row = await database.row(_META, {})
    sources = row[0] if row else b"[]"
    name = orjson.dumps({"name": "showhouse", "version": program_version()})
    return await conditional(request, name[:-1] + b',"sources":' + sources + b"}")


@router.get("/metrics", response_class=_Exposition, responses=_METRICS_ANSWERS)
async def get_metrics() -> Response:
    """Figures for Prometheus; where keys are asked for, an admin's."""
    return Response(metrics.exposition(), 200, _NO_STORE, metrics.MEDIA_TYPE)


@router.get("/openapi.json", include_in_schema=False)
async def get_openapi_document(request: Request) -> Response:
    """The OpenAPI document; made once for each process."""
    state = request.app.state
    if not hasattr(state, "openapi"):
        state.openapi = orjson.dumps(
            describe(request.app, asks_for_keys=bool(state.settings.api_keys))
        )
    return await conditional(request, state.openapi)
