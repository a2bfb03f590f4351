"""The application: `uvicorn api.app:create_app --factory`, or `showhouse serve`.

It starts whether or not Postgres is there: until it is, paths that read answer 503.
"""

import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response

from api.access import KEY_HEADERS, Access
from api.aliases import NotStanding, answer_not_standing
from api.database import Database
from api.front import Front, access_log
from api.openapi import DESCRIPTION, program_version
from api.problems import (
    Invalid,
    Problem,
    answer_http_exception,
    answer_invalid_request,
    answer_problem,
)
from api.routers import (
    appearances,
    changes,
    companies,
    credits,
    drift,
    facets,
    freshness,
    media,
    networks,
    parts,
    people,
    reality,
    seasons,
    service,
    shows,
    stats,
    summaries,
    tmdb_documents,
    tmdb_lookups,
    tmdb_search,
    trends,
    watch_providers,
    wiki_pages,
)
from api.settings import ApiSettings, load_settings

# Earlier ones are tried first: the busiest path leads.
ROUTERS: tuple[APIRouter, ...] = (
    facets.router,
    shows.router,
    seasons.router,
    credits.router,
    watch_providers.router,
    freshness.router,
    parts.router,
    summaries.router,
    trends.router,
    appearances.router,
    people.router,
    networks.router,
    companies.router,
    stats.router,
    reality.router,
    wiki_pages.router,
    drift.router,
    changes.router,
    media.router,
    tmdb_documents.router,
    tmdb_search.router,
    tmdb_lookups.router,
    service.router,
)


class Cors(CORSMiddleware):
    """Starlette's, except that its refusals are problems like all others."""

    def preflight_response(self, request_headers: object) -> Response:
        """Answer OPTIONS of a browser that asks whether a page may call us."""
        response = super().preflight_response(request_headers)  # type: ignore[arg-type]
        if response.status_code < 400:
            return response
        return Invalid(
            "This origin, method or header may not be used from a page; "
            "`SHOWHOUSE_CORS_ORIGINS` lists the origins that may read."
        ).response()


def create_app(settings: ApiSettings | None = None) -> FastAPI:
    """The API over the warehouse that `settings` (default: the environment) name."""
    settings = settings or load_settings()
    _log_to_standard_error()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        # Ours is instead of it, and leaves keys out; by now the server has set up its logging.
        logging.getLogger("uvicorn.access").disabled = True
        app.state.database = Database(settings.conninfo)
        await app.state.database.open()
        yield
        await app.state.database.close()

    app = FastAPI(
        title="Showhouse",
        version=program_version(),
        description=DESCRIPTION,
        lifespan=lifespan,
        openapi_url=None,  # `/openapi.json` is a route of ours: with ETag, compressed
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.settings = settings
    app.router.routes.append(shows.PLAIN_SHOW)
    for router in ROUTERS:
        app.include_router(router)
    app.add_exception_handler(Problem, answer_problem)
    app.add_exception_handler(NotStanding, answer_not_standing)
    app.add_exception_handler(HTTPException, answer_http_exception)
    app.add_exception_handler(RequestValidationError, answer_invalid_request)
    if settings.api_keys:
        app.add_middleware(Access, keys=settings.api_keys)
    if settings.cors_origins:
        app.add_middleware(
            Cors,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "HEAD"],
            allow_headers=["If-None-Match", "X-Request-Id", *KEY_HEADERS],
            expose_headers=["ETag", "Link", "Retry-After", "X-Attribution", "X-Request-Id"],
            max_age=86_400,
        )
    app.add_middleware(Front)
    return app


def _log_to_standard_error() -> None:
    """One JSON line for each request, and warnings; a host program's own logging goes before."""
    if not access_log.handlers and not logging.getLogger("showhouse.api").handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(message)s"))
        logging.getLogger("showhouse.api").addHandler(handler)
        access_log.setLevel(logging.INFO)
