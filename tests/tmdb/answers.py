"""What TMDb answers: routes, credentials, limits and error bodies, over any world upstream.

Where the rules come from: routes, both kinds of credentials and errors [D]; twenty appends, and the
refusal of more, [L]; a path that is no id's is error 6 [D]; 429 beyond a limit [D], though nobody
met it at 33 a second [L]. What surrounds the answers stands in `tests.tmdb.envelope`.
"""

from urllib.parse import parse_qs, unquote

import orjson

from tests.otherwise import Otherwise
from tests.tmdb.catalogue import Catalogue
from tests.tmdb.chance import share, tag
from tests.tmdb.datasets import DATASETS, Datasets
from tests.tmdb.documents import Documents
from tests.tmdb.envelope import Envelope
from tests.tmdb.exports import EXPORTS, Exports
from tests.tmdb.faults import STATUS_FAULTS, Attempts, Faults
from tests.tmdb.journal import API, IMAGES, Journal, Request
from tests.tmdb.languages import languages_of
from tests.tmdb.leaving_out import LeavingOut
from tests.tmdb.limits import SlidingLimit
from tests.tmdb.options import Options
from tests.tmdb.otherwise import Asked, contradicted
from tests.tmdb.pace import Outages
from tests.tmdb.pictures import picture
from tests.tmdb.season_parts import append_nested, nested
from tests.tmdb.spoiling import error_body, late, spoilt
from tests.tmdb.upstream import Upstream
from tests.tmdb.wire import Incoming, Outgoing
from tests.tmdb.world import DETAILS, THINGS, Part, season_name, season_number

APPEND_LIMIT = 20

# [D] https://developer.themoviedb.org/docs/errors; recorded: 7, 20, 22 and 34.
_ERRORS = {
    6: (404, "Invalid id: The pre-requisite id is invalid or not found."),
    7: (401, "Invalid API key: You must be granted a valid key."),
    20: (422, "Invalid date range: Should be a range no longer than 14 days."),
    22: (400, "Invalid page: Pages start at 1 and max at 500. They are expected to be an integer."),
    23: (400, "Invalid date: Format needs to be YYYY-MM-DD."),
    25: (429, "Your request count (#) is over the allowed limit of (40)."),
    27: (400, "Too many append to response objects: The maximum number of remote calls is 20."),
    34: (404, "The resource you requested could not be found."),
    42: (405, "This request method is not supported for this resource."),
}
_MISSING = tag("missing image")


def error(code: int, *, retry_after: int | None = None) -> Outgoing:
    """Build an error answer with TMDb's body."""
    status, message = _ERRORS[code]
    headers = () if retry_after is None else (("retry-after", str(retry_after)),)
    return Outgoing(status, error_body(code, message), headers=headers)


class Answers:
    """Answers requests and writes them down; what may change while it runs are plain attributes."""

    def __init__(self, options: Options, upstream: Upstream, journal: Journal) -> None:
        self.options = options
        self.limit = SlidingLimit(options.per_second)
        self.retry_after = options.retry_after
        self.latency_seconds = options.latency_seconds
        self.latency_jitter_seconds = options.latency_jitter_seconds
        self.faults = options.faults
        self.image_faults = options.image_faults
        self.leaving_out = LeavingOut(
            options.left_out_share, seed=options.seed, for_good=options.left_out_for_good
        )
        self.otherwise = Otherwise(options.otherwise, "tmdb", "imdb")
        self._journal = journal
        self._attempts = Attempts()
        self._outages = Outages(options.manner.bursts)
        self._envelope = Envelope(self.otherwise)
        self._documents = Documents(upstream, options.cache_bytes)
        self.catalogue = Catalogue(upstream, self.otherwise)
        self.exports = Exports(upstream, self.otherwise)
        self.datasets = Datasets(upstream, self.otherwise)
        self._things = upstream.things

    def answer(self, incoming: Incoming) -> Outgoing:
        """Answer one request, write it down, and let it take its time."""
        path, _, query = incoming.target.partition("?")
        path = unquote(path)
        if path.startswith(IMAGES):
            fault, outgoing = self._image(path)
        elif path.startswith(EXPORTS):
            fault, outgoing = self.exports.answer(path)
        elif path.startswith(DATASETS):
            fault, outgoing = self.datasets.answer(incoming, path)
        else:
            fault, outgoing = self._api(incoming, path, query)
            outgoing = self._envelope.dressed(outgoing)
        self._write_down(incoming, outgoing, fault)
        delay = self._latency(incoming) + outgoing.delay
        return late(outgoing, delay) if delay else outgoing

    def _api(self, incoming: Incoming, path: str, query: str) -> tuple[str | None, Outgoing]:
        if not self.limit.admits(incoming.at):
            return None, error(25, retry_after=self.retry_after)
        parameters = parse_qs(query, keep_blank_values=True)
        if not self._is_known(incoming.headers.get("authorization", ""), parameters):
            return None, error(7)
        if incoming.method != "GET":
            return None, error(42)
        if self._outages.hits(incoming.target):
            return "502", self._failure("502")
        if refusal := self._envelope.refusal(incoming.target):
            return None, refusal
        steps = path.split("/")
        subject = "/".join(steps[3:5] if "episode_group" in steps else steps[2:4])
        fault = self._fault(self.faults, subject, path)
        if fault in STATUS_FAULTS:
            return fault, self._failure(fault)
        outgoing = self._route(path, parameters)
        return (fault, spoilt(fault, outgoing, self.faults)) if fault else (None, outgoing)

    def _is_known(self, authorization: str, parameters: dict[str, list[str]]) -> bool:
        tokens, keys = self.options.tokens, self.options.api_keys
        scheme, _, token = authorization.partition(" ")
        key = parameters.get("api_key", [""])[0]
        if not tokens and not keys:
            return bool((scheme.lower() == "bearer" and token) or key)
        return (scheme.lower() == "bearer" and token in tokens) or key in keys

    def _route(self, path: str, parameters: dict[str, list[str]]) -> Outgoing:
        steps = path[len(API) :].split("/") if path.startswith(API) else []
        found = self.catalogue.answer(steps, parameters)
        if isinstance(found, int):
            return self._error(found, steps, parameters)
        if found is not None:
            return self._answered(Asked(steps, found))
        is_group = steps[:2] == ["tv", "episode_group"]
        if is_group or (len(steps) > 1 and steps[0] in THINGS.keys() - {"episode_group"}):
            return self._thing(steps[is_group:], parameters)
        if len(steps) < 2 or steps[0] != "tv":
            return error(34)
        if not (steps[1].isascii() and steps[1].isdigit() and len(steps[1]) < 10):
            return error(6)
        return self._series(int(steps[1]), steps, parameters)

    def _series(
        self, series_id: int, steps: list[str], parameters: dict[str, list[str]]
    ) -> Outgoing:
        rest, languages = "/".join(steps[2:]), languages_of(parameters, self.otherwise)
        if rest:
            is_season = len(steps) == 4 and steps[2] == "season" and steps[3].isdigit()
            name = season_name(int(steps[3])) if is_season else rest
            body = None if name == DETAILS else self._documents.part(series_id, name, languages)
            return self._absent(name) if body is None else self._as_bytes(Asked(steps, {}), body)
        appended = _appended(parameters)
        if len(appended) > APPEND_LIMIT and "twenty_one_appends_are_refused" not in self.otherwise:
            return error(27)
        left_out = self.leaving_out.takes(f"tv/{series_id}", appended)
        body = self._documents.details(series_id, appended, languages, left_out)
        if body is None:
            return error(34)
        return self._as_bytes(Asked(steps, {}, appended, left_out), body)

    def _absent(self, name: str) -> Outgoing:
        """Answer for what is not there: belief `absent_season_alone_is_404` for a season."""
        is_season = season_number(name) is not None
        if is_season and "absent_season_alone_is_404" in self.otherwise:
            return Outgoing(200, error(34).body)
        return error(34)

    def _thing(self, steps: list[str], parameters: dict[str, list[str]]) -> Outgoing:
        appended, part = _appended(parameters), "/".join(steps[2:]) or DETAILS
        if len(appended) > APPEND_LIMIT:
            return error(27)
        if len(steps) < 2:
            return error(34)
        left_out = self.leaving_out.takes(f"{steps[0]}/{steps[1]}", appended)
        kept = [name for name in appended if name not in left_out]
        body = self._things.body(steps[0], steps[1], part, kept)
        return (
            error(34)
            if body is None
            else self._as_bytes(Asked(steps, {}, appended, left_out), body)
        )

    def _as_bytes(self, asked: Asked, body: bytes) -> Outgoing:
        """Answer with a document, which is read again only where something is changed in it."""
        if not self.otherwise and not any(map(nested, asked.appended)):
            return Outgoing(200, body)
        asked.document = orjson.loads(body)
        append_nested(asked.document, asked.appended)
        return self._answered(asked)

    def _answered(self, asked: Asked) -> Outgoing:
        return Outgoing(200, orjson.dumps(contradicted(asked, self.otherwise)))

    def _error(self, code: int, steps: list[str], parameters: dict[str, list[str]]) -> Outgoing:
        """Answer an error of what lists series, or an empty page in its place."""
        is_page = code == 22 and parameters.get("page") == ["501"] and steps[0] == "search"
        if (is_page and "page_501_is_refused" in self.otherwise) or (
            code == 20 and "fifteen_days_of_changes_are_refused" in self.otherwise
        ):
            empty: Part = {"page": 501 if is_page else 1, "results": []}
            return Outgoing(200, orjson.dumps(empty | {"total_pages": 500, "total_results": 9_999}))
        return error(code)

    def _image(self, path: str) -> tuple[str | None, Outgoing]:
        name = path.rpartition("/")[2]
        drawn = picture(
            name,
            mislabelled=self.options.mislabelled_image_share,
            scripted=self.options.scripted_svg_share,
        )
        if (
            drawn is None
            or path.count("/") != IMAGES.count("/") + 1
            or share(_MISSING, tag(name)) < self.options.missing_image_share
        ):
            status = 403 if "absent_image_is_404" in self.otherwise else 404
            return None, Outgoing(status, b"Not found", "text/plain")
        outgoing = Outgoing(200, drawn[0], drawn[1])
        fault = self._fault(self.image_faults, path, path)
        if fault in STATUS_FAULTS:
            return fault, Outgoing(STATUS_FAULTS[fault][0], b"Try again.", "text/plain")
        return (fault, spoilt(fault, outgoing, self.image_faults)) if fault else (None, outgoing)

    def _fault(self, faults: Faults, subject: str, path: str) -> str | None:
        if not faults.share:
            return None
        if faults.sticky:
            return faults.at(subject, 0)
        return faults.at(path, self._attempts.next(path))

    def _failure(self, fault: str) -> Outgoing:
        status, code, message = STATUS_FAULTS[fault]
        if code == 25:
            return error(25, retry_after=self.retry_after)
        return Outgoing(status, error_body(code, message))

    def _latency(self, incoming: Incoming) -> float:
        latency = self.options.manner.latency
        if not self.latency_jitter_seconds and latency is None:
            return self.latency_seconds
        drawn = share(tag(incoming.target), incoming.connection)
        seconds = self.latency_seconds + drawn * self.latency_jitter_seconds
        return seconds + (latency.at(drawn) if latency else 0.0)

    def _write_down(self, incoming: Incoming, outgoing: Outgoing, fault: str | None) -> None:
        status = 0 if outgoing.ending == "reset" else outgoing.status
        target = _without_key(incoming.target) if "api_key=" in incoming.target else incoming.target
        self._journal.requests.append(
            Request(incoming.at, target, status, incoming.connection, fault)
        )


def _appended(parameters: dict[str, list[str]]) -> list[str]:
    return [name for name in parameters.get("append_to_response", [""])[0].split(",") if name]


def _without_key(target: str) -> str:
    path, _, query = target.partition("?")
    kept = [pair for pair in query.split("&") if not pair.startswith("api_key=")]
    return f"{path}?{'&'.join(kept)}" if kept else path
