"""TMDb's documents as they would be if what we believe of them were wrong, belief by belief.

Each rule takes an answer as it is believed to be and makes it the opposite. Beliefs about manners
(errors, headers, limits) are contradicted in `tests.tmdb.answers`, `exports` and `datasets`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.otherwise import Otherwise
from tests.tmdb.documents import WITHOUT_ID
from tests.tmdb.world import APPENDABLE, Part, season_number

MOST_APPENDED = 19
"""So many names come of a request for twenty, where not all come."""


@dataclass(slots=True)
class Asked:
    """One answer and what was asked for; `steps` are those of its path: `tv`, `1396`, `season`."""

    steps: Sequence[str]
    document: Part
    appended: Sequence[str] = ()
    left_out: frozenset[str] = field(default=frozenset())
    """The parts that fail upstream."""

    @property
    def is_series(self) -> bool:
        """Whether it is about a series, not about a part of one."""
        return self.steps[0] == "tv" and len(self.steps) == 2

    @property
    def is_season(self) -> bool:
        """Whether it is a season by itself."""
        return self.steps[0] == "tv" and list(self.steps[2:3]) == ["season"]

    def listed_id(self, number: int) -> Any:
        """Give the id that the details list for a season."""
        seasons = self.document.get("seasons")
        for season in seasons if isinstance(seasons, list) else []:
            if isinstance(season, dict) and season.get("season_number") == number:
                return season.get("id")
        return None


def contradicted(asked: Asked, otherwise: Otherwise) -> Part:
    """Give the answer of a server that is otherwise in these beliefs."""
    for name, contradict in _RULES.items():
        if name in otherwise:
            contradict(asked)
    return asked.document


def _of_season(name: str) -> int | None:
    """Read the number out of `season/1` and `season/1/credits`; None for another part."""
    return season_number("/".join(name.split("/")[:2]))


def _not_all_twenty(asked: Asked) -> None:
    for name in asked.appended[MOST_APPENDED:]:
        asked.document.pop(name, None)


def _with_season_id(asked: Asked) -> None:
    for name in asked.appended:
        number, part = season_number(name), asked.document.get(name)
        if number is not None and isinstance(part, dict):
            part.setdefault("id", asked.listed_id(number))


def _with_part_id(asked: Asked) -> None:
    for name in asked.appended:
        part = asked.document.get(name)
        has_none = name in WITHOUT_ID or season_number(name) is not None
        if isinstance(part, dict) and not has_none:
            number = _of_season(name)
            own = asked.document.get("id") if number is None else asked.listed_id(number)
            part.setdefault("id", own)


def _error_for_season(asked: Asked) -> None:
    for name in asked.appended:
        if _of_season(name) is not None and name not in asked.left_out:
            asked.document.setdefault(name, _not_found())


def _error_for_unknown(asked: Asked) -> None:
    if asked.is_series:
        for name in set(asked.appended) - APPENDABLE:
            if _of_season(name) is None:
                asked.document.setdefault(name, _not_found())


def _error_for_failing(asked: Asked) -> None:
    for name in asked.left_out:
        asked.document.setdefault(name, _not_found(11, "Internal error: Something went wrong."))


def _without(kind: str) -> "Callable[[Asked], None]":
    """Make a rule that appends nothing to a person, a network or a company."""

    def rule(asked: Asked) -> None:
        if asked.steps[0] == kind:
            for name in asked.appended:
                asked.document.pop(name, None)

    return rule


def _without_season_parts(*kinds: str) -> "Callable[[Asked], None]":
    def rule(asked: Asked) -> None:
        for name in asked.appended:
            if _of_season(name) is not None and name.split("/", 2)[2:] in [
                [kind] for kind in kinds
            ]:
                asked.document.pop(name, None)

    return rule


def _more_alone(asked: Asked) -> None:
    if asked.is_season and len(asked.steps) == 4:
        asked.document["account_states"] = []


def _more_credits_alone(asked: Asked) -> None:
    if asked.is_season and list(asked.steps[4:]) == ["credits"]:
        asked.document["guest_stars"] = []


def _without_page(asked: Asked) -> None:
    for name in asked.appended:
        part = asked.document.get(name)
        if isinstance(part, dict):
            for key in ("page", "total_pages", "total_results"):
                part.pop(key, None)


def _list_short_of_one(asked: Asked) -> None:
    if asked.is_series and isinstance(asked.document.get("seasons"), list):
        asked.document["seasons"] = asked.document["seasons"][:-1]


def _cast_of_episodes(asked: Asked) -> None:
    parts = [asked.document.get(name) for name in asked.appended if season_number(name) is not None]
    for season in [*parts, asked.document]:
        episodes = season.get("episodes") if isinstance(season, dict) else None
        for episode in episodes if isinstance(episodes, list) else []:
            if isinstance(episode, dict):
                episode["cast"] = []


def _uncounted(asked: Asked) -> None:
    part = asked.document.get("aggregate_credits")
    if list(asked.steps[2:]) == ["aggregate_credits"]:
        part = asked.document
    cast = part.get("cast") if isinstance(part, dict) else None
    for member in cast if isinstance(cast, list) else []:
        if isinstance(member, dict):
            member.pop("total_episode_count", None)
            member.pop("roles", None)


def _found_as_nothing(asked: Asked) -> None:
    if asked.steps[0] == "find":
        asked.document["tv_results"] = []


def _uncounted_list(asked: Asked) -> None:
    if asked.steps[0] == "list":
        asked.document.pop("item_count", None)


def _changes_without_count(asked: Asked) -> None:
    if asked.steps[1:] == ["changes"]:
        del asked.document["total_pages"], asked.document["total_results"]


def _parent_by_id(asked: Asked) -> None:
    if asked.steps[0] == "company" and isinstance(asked.document.get("parent_company"), dict):
        asked.document["parent_company"] = asked.document["parent_company"].get("id")


def _not_found(code: int = 34, message: str = "The resource could not be found.") -> Part:
    return {"success": False, "status_code": code, "status_message": message}


_RULES: Mapping[str, Callable[[Asked], None]] = {
    "twenty_appends_come_whole": _not_all_twenty,
    "season_credits_may_be_appended": _without_season_parts("credits"),
    "nested_season_parts_may_be_appended": _without_season_parts(
        "aggregate_credits", "images", "watch/providers", "external_ids"
    ),
    "people_take_appends": _without("person"),
    "networks_take_appends": _without("network"),
    "companies_take_appends": _without("company"),
    "appended_season_lacks_id": _with_season_id,
    "appended_season_equals_standalone": _more_alone,
    "appended_season_credits_equal_standalone": _more_credits_alone,
    "appended_parts_lack_id": _with_part_id,
    "appended_lists_give_page_one": _without_page,
    "episodes_hold_guests_and_no_regulars": _cast_of_episodes,
    "aggregate_credits_count_episodes": _uncounted,
    "details_list_every_season": _list_short_of_one,
    "absent_season_is_left_out": _error_for_season,
    "unknown_append_is_left_out": _error_for_unknown,
    "a_failing_part_is_left_out": _error_for_failing,
    "find_gives_series_as_tv_results": _found_as_nothing,
    "lists_state_their_item_count": _uncounted_list,
    "changes_name_ids_by_the_page": _changes_without_count,
    "company_parent_is_told_in_brief": _parent_by_id,
}
"""In this order: what is taken away goes before what is put in its place."""
