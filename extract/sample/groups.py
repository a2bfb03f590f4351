"""Episode groups as `/tv/episode_group/{id}` answers them: the seasons, one sub-group each."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from extract.sample.facts import Facts, facts
from extract.sample.seasons import episode_in_brief, object_id

Document = dict[str, Any]


@cache
def groups() -> Mapping[str, tuple[int, list[Any]]]:
    """Every group by id: its series, and what the series says of it."""
    return {
        listed[0]: (show_id, listed)
        for show_id, show in facts().shows.items()
        for listed in show.get("groups", [])
    }


def group_details(facts: Facts, group_id: str) -> Document:
    """`/tv/episode_group/{id}`; the sub-groups are ours where TMDb's are not known."""
    show_id, (_, name, kind, episodes, count) = groups()[group_id]
    sizes = {number: int(row["episodes"]) for number, row in facts.seasons[show_id].items()}
    sizes[0] = min(sizes.get(0, 0), max(0, episodes - sum(sizes.values()) + sizes.get(0, 0)))
    return {
        "description": "",
        "episode_count": episodes,
        "group_count": count,
        "groups": [
            {
                "id": object_id("group", group_id, number),
                "name": row["name"],
                "order": order,
                "episodes": [
                    episode_in_brief(facts, show_id, number, episode) | {"order": episode - 1}
                    for episode in range(1, sizes[number] + 1)
                ],
                "locked": False,
            }
            for order, (number, row) in enumerate(sorted(facts.seasons[show_id].items()))
        ],
        "id": group_id,
        "name": name,
        "network": None,
        "type": kind,
    }
