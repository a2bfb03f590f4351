"""Cast and crew of a generated series: the main cast, and everyone over all seasons."""

from dataclasses import dataclass

from tests.tmdb.chance import mix, stream, tag
from tests.tmdb.plan import Plan, SeasonPlan
from tests.tmdb.pools import Pools, Thing
from tests.tmdb.vocabulary import CHARACTERS, DEPARTMENTS
from tests.tmdb.world import Part

_CAST, _CREW = tag("cast"), tag("crew")


@dataclass(frozen=True, slots=True)
class Member:
    """One person in one function; `parts` are (character) or (department, job)."""

    person: Thing
    credit_id: str
    parts: tuple[str, ...]
    order: int
    episodes: int


def cast_of(seed: int, pools: Pools, plan: Plan) -> list[Member]:
    """List the cast, in one of 23 series with the first member twice."""
    random = stream(seed, _CAST, plan.series_id)
    roll = random.random
    most = 8 * len(plan.seasons)
    cast = [
        Member(
            person=pools.people[int(roll() * pools.people_count)],
            credit_id=f"{random.getrandbits(96):024x}",
            parts=(CHARACTERS[int(roll() * len(CHARACTERS))],),
            order=order,
            episodes=1 + int(roll() ** 2 * most),
        )
        for order in range(plan.cast_count)
    ]
    if cast and plan.bits % 23 == 0:
        again = cast[0]
        cast.append(Member(again.person, again.credit_id, ("",), again.order, again.episodes))
    return cast


def with_newcomer(cast: list[Member], pools: Pools, plan: Plan, revision: int) -> list[Member]:
    """Bring someone new to the front, as an edit does; every second edit takes the first away."""
    if not revision:
        return cast
    person = pools.people[(plan.bits + revision) % pools.people_count]
    arrival = Member(person, f"{revision:024x}", (f"Newcomer {revision}",), 0, 1)
    return [arrival, *cast[revision % 2 :]]


def crew_of(seed: int, pools: Pools, plan: Plan) -> list[Member]:
    """List the crew; it does not change with revisions."""
    random = stream(seed, _CREW, plan.series_id)
    roll = random.random
    return [
        Member(
            person=pools.people[int(roll() * pools.people_count)],
            credit_id=f"{random.getrandbits(96):024x}",
            parts=DEPARTMENTS[int(roll() * len(DEPARTMENTS))],
            order=order,
            episodes=1 + int(roll() * 10),
        )
        for order in range(int(roll() ** 2 * 6) + plan.cast_count // 3)
    ]


def main_cast(cast: list[Member]) -> list[Member]:
    """Give a third of the cast, four people at least: those who come first."""
    return cast[: max(4, len(cast) // 3)]


def credits_part(main: list[Member], crew: list[Member]) -> Part:
    """Give the current main cast and the crew, as ``credits`` does."""
    return {
        "cast": [
            member.person
            | {"character": member.parts[0], "credit_id": member.credit_id, "order": member.order}
            for member in main
        ],
        "crew": [
            member.person
            | {
                "credit_id": member.credit_id,
                "department": member.parts[0],
                "job": member.parts[1],
            }
            for member in crew
        ],
    }


def season_credits_part(season: SeasonPlan, cast: list[Member], crew: list[Member]) -> Part:
    """Give the regulars of a season and two of its crew, as ``season/N/credits`` does.

    Two thirds of the main cast are in a season; one season in seven has no list.
    """
    bits = mix(_CAST, season.season_id)
    main = [] if bits % 7 == 0 else main_cast(cast)
    present = [member for member in main if mix(bits, member.order) % 3]
    return {"id": season.season_id, **credits_part(present, crew[:2])}


def aggregate_credits_part(cast: list[Member], crew: list[Member]) -> Part:
    """Give everyone over all seasons, as ``aggregate_credits`` does."""
    return {
        "cast": [_aggregate_cast(member) for member in cast],
        "crew": [_aggregate_crew(member) for member in crew],
    }


def _aggregate_cast(member: Member) -> Part:
    role = {
        "credit_id": member.credit_id,
        "character": member.parts[0],
        "episode_count": member.episodes,
    }
    roles = [role]
    if member.order % 17 == 16:
        roles.append(
            {"credit_id": f"{member.credit_id[::-1]}", "character": "", "episode_count": 1}
        )
    return member.person | {
        "roles": roles,
        "total_episode_count": member.episodes + len(roles) - 1,
        "order": member.order,
    }


def _aggregate_crew(member: Member) -> Part:
    job = {
        "credit_id": member.credit_id,
        "job": member.parts[1],
        "episode_count": member.episodes,
    }
    return member.person | {
        "jobs": [job],
        "department": member.parts[0],
        "total_episode_count": member.episodes,
    }
