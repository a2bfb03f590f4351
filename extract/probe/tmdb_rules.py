"""The questions about TMDb's manners: errors, headers, lookups and exports."""

from collections.abc import Iterable
from typing import Any

import orjson

from extract.http.unpacking import GZIP
from extract.probe.files import beginning_of, is_file, whole_lines
from extract.probe.outcomes import (
    Question,
    Replies,
    Reply,
    Told,
    Unasked,
    judged,
    kind_of,
    not_asked,
    objects,
    otherwise,
)
from extract.probe.tmdb import api_replies
from extract.sources.tmdb.bodies import complaint
from extract.sources.tmdb.catalogue import EXPORTS

_ERRORS = ("twenty_one", "absent_season", "page_501", "long_changes")


def _credentials(replies: Replies) -> Told:
    reply = replies["series"]
    return judged(reply.status == 200, reply.came)


def _answered(name: str, statuses: tuple[int, ...], code: int | None) -> Any:
    def check(replies: Replies) -> Told:
        reply = replies[name]
        # Whether errors have codes is a belief of its own.
        is_code = code is None or reply.fields.get("status_code", code) == code
        return judged(reply.status in statuses and is_code, reply.came)

    return check


def _error_bodies(replies: Replies) -> Told:
    errors = [each for each in map(replies.get, _ERRORS) if each and (each.status or 0) >= 400]
    if not errors:
        return otherwise("none of the requests that are wrong was answered with an error")
    good = sum(map(_is_error_body, errors))
    bad = next((each.came for each in errors if not _is_error_body(each)), "")
    return judged(good == len(errors), f"{good} of {len(errors)} errors{bad and ': '}{bad}")


def _is_error_body(reply: Reply) -> bool:
    fields = reply.fields
    is_coded = type(fields.get("status_code")) is int and "status_message" in fields
    return is_coded or isinstance(fields.get("errors"), list)


def _no_error_with_200(replies: Replies) -> Told:
    # What comes of a request that is wrong is a belief of its own.
    right = (each for name, each in api_replies(replies).items() if name not in _ERRORS)
    came = [each for each in right if each.status == 200]
    bad = [each for each in came if complaint(each.body)]
    told = f"{len(came) - len(bad)} of {len(came)} answers"
    return judged(not bad, f"{told}; {bad[0].request}: {complaint(bad[0].body)}" if bad else told)


def _no_time_to_wait(replies: Replies) -> Told:
    named = [each for each in replies.values() if "retry-after" in each.headers]
    return judged(not named, f"{len(named)} of {len(replies)} answers name one")


def _etag(replies: Replies) -> Told:
    came = [each for each in api_replies(replies).values() if each.status == 200]
    having = sum("etag" in each.headers for each in came)
    return judged(having == len(came) > 0, f"{having} of {len(came)} answers have one")


def _find(replies: Replies) -> Told:
    reply, series = replies["find"], replies["series"].fields
    results = reply.fields.get("tv_results")
    ids = [each.get("id") for each in objects(results)]
    if reply.status != 200 or not isinstance(results, list):
        return otherwise(f"{reply.came}, `tv_results` {kind_of(results)}")
    return judged(
        series.get("id") in ids, f"{len(ids)} series, the right one {_among(series, ids)}"
    )


def _among(series: Any, ids: Iterable[Any]) -> str:
    return "among them" if series.get("id") in ids else "not among them"


def _exports(replies: Replies) -> dict[str, Reply]:
    return {each.kind: replies[f"{each.kind}_export"] for each in EXPORTS.values()}


def _export_names(replies: Replies) -> Told:
    last = replies.get("last_export")
    if last and is_file(last):
        return judged(
            True, "that of the day before is there; whether today's is late is told beside"
        )
    missing = {kind: each for kind, each in _exports(replies).items() if not is_file(each)}
    came = "; ".join(f"{kind}: {each.came}" for kind, each in missing.items())
    return judged(not missing, came or f"{len(_exports(replies))} files are there")


def _ready(replies: Replies) -> Told:
    reply = replies["tv_series_export"]
    return judged(is_file(reply), reply.request if is_file(reply) else reply.came)


def _export_lines(replies: Replies) -> Told:
    files = _exports(replies)
    if "last_export" in replies:
        files["tv_series"] = replies["last_export"]
    came = {kind: each for kind, each in files.items() if is_file(each)}
    if not came:
        return not_asked("no export is there")
    for kind, reply in came.items():
        if wrong := _wrong_export(kind, reply):
            return otherwise(f"{kind}: {wrong}")
    return judged(True, f"{len(came)} files")


def _wrong_export(kind: str, reply: Reply) -> str:
    text = beginning_of(reply.body)
    if text is None or not reply.body.startswith(GZIP):
        return f"not gzip but {kind_of(None, reply.body)}"
    for line in filter(None, whole_lines(text)[:100] or [text]):
        try:
            entry = orjson.loads(line)
        except orjson.JSONDecodeError:
            return "a line that is no JSON"
        if not isinstance(entry, dict) or type(entry.get("id")) is not int:
            return f"a line that is {kind_of(entry)} without a numeric `id`"
        is_measured = isinstance(entry.get("popularity"), int | float)
        if kind == "tv_series" and not is_measured:
            return "a line without `popularity`"
    return "" if text.strip() else "no line"


_ALL = "every answer of the probe"
_FILES = "the first bytes of the four newest exports"

RULE_QUESTIONS = (
    Question("credentials_open_v3", "the first request", ("series",), _credentials),
    Question(
        "twenty_one_appends_are_refused",
        "`/tv/{id}` with seasons 0 to 20",
        ("twenty_one",),
        _answered("twenty_one", (400,), 27),
    ),
    Question(
        "absent_season_alone_is_404",
        "`/tv/{id}/season/987`",
        ("absent_season",),
        _answered("absent_season", (404,), 34),
    ),
    Question(
        "error_bodies_carry_a_status_code",
        "the four requests that are wrong",
        _ERRORS,
        _error_bodies,
    ),
    Question("no_error_comes_with_200", _ALL, ("series",), _no_error_with_200),
    Question(
        "page_501_is_refused",
        "`/search/tv?query=a&page=501`",
        ("page_501",),
        _answered("page_501", (400,), 22),
    ),
    Question(
        "fifteen_days_of_changes_are_refused",
        "`/tv/changes` from fifteen days ago to today",
        ("long_changes",),
        _answered("long_changes", (422,), None),
    ),
    Question("no_time_to_wait_is_named", _ALL, ("series",), _no_time_to_wait),
    Question("api_answers_carry_an_etag", _ALL, ("series",), _etag),
    Question(
        "find_gives_series_as_tv_results",
        "`/find/{IMDb id of the series}`",
        ("find",),
        _find,
    ),
    Question("exports_are_named_by_day", _FILES, ("tv_series_export",), _export_names),
    Question(
        "exports_are_ready_at_eight",
        "the export of series of the newest day that should be there",
        ("tv_series_export",),
        _ready,
    ),
    Question("exports_list_an_object_a_line", _FILES, ("tv_series_export",), _export_lines),
)

UNASKED = (
    Unasked(
        "changes_name_ids_by_the_page",
        "not asked: each run reads the feed by itself and tells of a fault",
    ),
    Unasked(
        "lists_state_their_item_count",
        "not asked: there is no list of which it is known how many items it has",
    ),
    Unasked("a_failing_part_is_left_out", "not asked: only a failure at TMDb shows it"),
    Unasked("forty_a_second_are_answered", "not asked: a dozen requests are no load"),
    Unasked("deleted_ids_are_not_used_again", "not asked: only years show it"),
    Unasked(
        "company_parent_is_told_in_brief",
        "not asked: no company is known of which TMDb holds a parent",
    ),
    Unasked("lists_come_in_pages", "not asked: there is no list that is known to be long"),
    Unasked("merged_person_is_404", "not asked: there is no person who is known to be merged"),
    Unasked("absent_image_is_404", "not asked: each run of the mirror tells of what is not there"),
)
