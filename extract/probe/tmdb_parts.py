"""The questions about a series' parts and seasons, and about people and brands."""

from collections.abc import Iterable, Mapping
from typing import Any

from extract.canonical import canonical, content_hash
from extract.probe.outcomes import (
    Question,
    Replies,
    Told,
    judged,
    kind_of,
    mapping,
    not_asked,
    objects,
    otherwise,
)
from extract.probe.tmdb import (
    ABSENT_SEASON,
    NESTED,
    UNKNOWN_NAME,
    part_names,
    twenty_names,
)
from extract.sources.tmdb.bodies import is_error
from extract.sources.tmdb.resources import SEASONS


def _is_part(value: Any) -> bool:
    return isinstance(value, dict) and not is_error(value)


def _lacking(fields: Mapping[str, Any], names: Iterable[str]) -> list[str]:
    return [name for name in names if not _is_part(fields.get(name))]


def _told_of(names: Iterable[str], what: str, else_: str) -> str:
    listed = ", ".join(names)
    return f"{what}: {listed}" if listed else else_


def _seasons(series: Mapping[str, Any]) -> dict[int, Any]:
    """The ids that the details list, by number."""
    listed = objects(series.get("seasons"))
    numbers = ((each.get("season_number"), each.get("id")) for each in listed)
    return {number: identity for number, identity in numbers if type(number) is int}


def _twenty(replies: Replies) -> Told:
    reply = replies["series"]
    if reply.status != 200 or not reply.fields:
        return otherwise(reply.came)
    listed = _seasons(reply.fields)
    names = [name for name in twenty_names() if name.startswith("season/")]
    seasons = [name for name in names if name.count("/") == 1 and int(name[7:]) in listed]
    wanted = [*part_names(), *seasons]
    missing = _lacking(reply.fields, wanted)
    return judged(not missing, _told_of(missing, "missing", f"all {len(wanted)} that exist"))


def _appended_season(replies: Replies) -> Mapping[str, Any] | None:
    season = replies["series"].fields.get("season/1")
    return season if _is_part(season) else None


def _season_lacks_id(replies: Replies) -> Told:
    season = _appended_season(replies)
    if season is None:
        return otherwise("no appended season 1")
    listed = _seasons(replies["series"].fields).get(1)
    if "id" in season:
        return otherwise("the appended season 1 has an `id`")
    return judged(type(listed) is int, f"no `id`; in the list it is {kind_of(listed)}")


def _season_equals(replies: Replies) -> Told:
    season, alone = _appended_season(replies), replies["season"]
    if season is None:
        return not_asked("no season came that was appended")
    if alone.status != 200 or not alone.fields:
        return otherwise(f"alone: {alone.came}")
    if type(alone.fields.get("id")) is not int:
        return otherwise("alone, season 1 has no `id`")
    return _same(season, alone.fields)


def _same(appended: Mapping[str, Any], alone: Mapping[str, Any]) -> Told:
    """Hold an appended part against the answer of its own endpoint, but for the id."""
    names = sorted({*appended, *alone} - {"id"})
    differing = [name for name in names if _hash(appended, name) != _hash(alone, name)]
    return judged(not differing, _told_of(differing, "differing", f"{len(names)} equal fields"))


def _hash(season: Mapping[str, Any], name: str) -> object:
    if name not in season:
        return None
    value = {name: season[name]}
    return content_hash(value, canonical(value), SEASONS.volatile)


def _parts_lack_id(replies: Replies) -> Told:
    fields = replies["series"].fields
    came = [name for name in part_names() if _is_part(fields.get(name))]
    having = [name for name in came if "id" in fields[name]]
    return judged(bool(came) and not having, _told_of(having, "with an `id`", f"{len(came)} parts"))


def _left_out(name: str, *, error_counts: bool) -> Any:
    def check(replies: Replies) -> Told:
        reply = replies["nested"]
        if reply.status != 200 or not reply.fields:
            return otherwise(reply.came)
        if name not in reply.fields:
            return judged(True, f"no key `{name}`")
        value = reply.fields[name]
        is_absent = value is None or (isinstance(value, dict) and is_error(value))
        what = _kind(value)
        counts = is_absent and error_counts
        return judged(counts, f"{what} under `{name}`{', which counts as absent' * counts}")

    return check


def _kind(value: Any) -> str:
    return "an error object" if isinstance(value, dict) and is_error(value) else kind_of(value)


def _season_credits(replies: Replies) -> Told:
    value = replies["series"].fields.get("season/1/credits")
    is_there = _is_part(value) and isinstance(mapping(value).get("cast"), list)
    return judged(is_there, f"{_kind(value)} under `season/1/credits`")


def _season_credits_equal(replies: Replies) -> Told:
    value, alone = replies["series"].fields.get("season/1/credits"), replies["season_credits"]
    if not _is_part(value):
        return not_asked("no credits of a season came that were appended")
    if alone.status != 200 or not alone.fields:
        return otherwise(f"alone: {alone.came}")
    return _same(mapping(value), alone.fields)


def _nested(replies: Replies) -> Told:
    reply = replies["nested"]
    missing = _lacking(reply.fields, (f"season/1/{name}" for name in NESTED))
    if reply.status != 200:
        return otherwise(reply.came)
    return judged(not missing, _told_of(missing, "missing", f"all {len(NESTED)}"))


def _page_one(replies: Replies) -> Told:
    part = mapping(replies["series"].fields.get("recommendations"))
    is_one = part.get("page") == 1 and isinstance(part.get("results"), list)
    came = f"page {kind_of(part.get('page'))}, results {kind_of(part.get('results'))}"
    return judged(is_one, came if part else "no recommendations")


def _takes_appends(name: str, *parts: str) -> Any:
    def check(replies: Replies) -> Told:
        reply = replies[name]
        if reply.status != 200:
            return otherwise(reply.came)
        missing = _lacking(reply.fields, parts)
        return judged(not missing, _told_of(missing, "missing", f"all {len(parts)}"))

    return check


def _every_season(replies: Replies) -> Told:
    fields = replies["series"].fields
    listed, count = _seasons(fields), fields.get("number_of_seasons")
    numbered = sum(number > 0 for number in listed)
    has_ids = bool(listed) and all(type(each) is int for each in listed.values())
    came = f"{numbered} numbered seasons, `number_of_seasons` {kind_of(count)}"
    if isinstance(count, int):
        came = f"{numbered} numbered seasons of {count}"
    is_so = has_ids and isinstance(count, int) and numbered >= count
    return judged(is_so, came if has_ids else f"{came}, not each with an id")


def _no_regulars(replies: Replies) -> Told:
    episodes = objects((_appended_season(replies) or {}).get("episodes"))
    if not episodes:
        return otherwise("no episodes in the appended season 1")
    with_cast = sum("cast" in each for each in episodes)
    lacking = sum(
        not isinstance(each.get(name), list)
        for each in episodes
        for name in ("guest_stars", "crew")
    )
    came = f"{len(episodes)} episodes, {with_cast} with `cast`, {lacking} lists missing"
    return judged(not with_cast and not lacking, came)


def _counted_episodes(replies: Replies) -> Told:
    cast = objects(mapping(replies["series"].fields.get("aggregate_credits")).get("cast"))
    if not cast:
        return not_asked("nobody is in the aggregate credits of this series")
    good = sum(
        isinstance(each.get("roles"), list) and type(each.get("total_episode_count")) is int
        for each in cast
    )
    return judged(good == len(cast), f"{good} of {len(cast)} entries")


_TWENTY = "`/tv/{id}` with twenty names"
_OTHERS = "`/tv/{id}` with four of them of season 1"

PART_QUESTIONS = (
    Question("twenty_appends_come_whole", _TWENTY, ("series",), _twenty),
    Question("appended_season_lacks_id", _TWENTY, ("series",), _season_lacks_id),
    Question(
        "appended_season_equals_standalone",
        "`/tv/{id}/season/1`, beside the appended one",
        ("series", "season"),
        _season_equals,
    ),
    Question("appended_parts_lack_id", _TWENTY, ("series",), _parts_lack_id),
    Question(
        "absent_season_is_left_out",
        f"`/tv/{{id}}` with `season/{ABSENT_SEASON}`",
        ("nested",),
        _left_out(f"season/{ABSENT_SEASON}", error_counts=True),
    ),
    Question(
        "unknown_append_is_left_out",
        f"`/tv/{{id}}` with `{UNKNOWN_NAME}`",
        ("nested",),
        _left_out(UNKNOWN_NAME, error_counts=False),
    ),
    Question("season_credits_may_be_appended", _TWENTY, ("series",), _season_credits),
    Question(
        "appended_season_credits_equal_standalone",
        "`/tv/{id}/season/1/credits`, beside the appended one",
        ("series", "season_credits"),
        _season_credits_equal,
    ),
    Question("nested_season_parts_may_be_appended", _OTHERS, ("nested",), _nested),
    Question("appended_lists_give_page_one", _TWENTY, ("series",), _page_one),
    Question(
        "people_take_appends",
        "`/person/{id}` of the first of the cast, with three names",
        ("person",),
        _takes_appends("person", "external_ids", "images", "translations"),
    ),
    Question(
        "networks_take_appends",
        "`/network/{id}` of the series' first, with two names",
        ("network",),
        _takes_appends("network", "alternative_names", "images"),
    ),
    Question(
        "companies_take_appends",
        "`/company/{id}` of the series' first, with two names",
        ("company",),
        _takes_appends("company", "alternative_names", "images"),
    ),
    Question("details_list_every_season", _TWENTY, ("series",), _every_season),
    Question("episodes_hold_guests_and_no_regulars", _TWENTY, ("series",), _no_regulars),
    Question("aggregate_credits_count_episodes", _TWENTY, ("series",), _counted_episodes),
)
