"""Episode groups of the generated world: other orders of a series' episodes.

A group's id tells its series, so that the group can be made up from its id alone.
"""

from random import Random

from tests.tmdb.episodes import episode
from tests.tmdb.plan import Plan
from tests.tmdb.world import Part


def group_id(series_id: int, number: int, random: Random) -> str:
    """Make up an id: 24 hexadecimal digits, the last ten of them series and number."""
    return f"{random.getrandbits(96) >> 40:014x}{series_id:08x}{number:02x}"


def series_of_group(key: str) -> int:
    """Read the series out of a group's id; 0 for what is none."""
    return int(key[14:22], 16) if len(key) == 24 and not key.strip("0123456789abcdef") else 0


def group_part(seed: int, plan: Plan, listed: Part, revision: int) -> Part:
    """Give a group's details: every season a sub-group, its episodes backwards."""
    groups = [
        {
            "id": f"{season.season_id:024x}",
            "name": f"Part {season.number}",
            "order": order,
            "episodes": [
                {**episode(seed, plan, season, index), "order": len(season.episodes) - 1 - index}
                for index in reversed(range(len(season.episodes)))
            ],
            "locked": bool(plan.bits % 2),
        }
        for order, season in enumerate(plan.seasons, start=1)
    ]
    description = f"Edited {revision} times." if revision else listed["description"]
    return {**listed, "description": description, "groups": groups}
