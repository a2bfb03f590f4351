"""Seasons and episodes of a generated series."""

from datetime import date
from random import Random

from tests.tmdb.brands import networks_of
from tests.tmdb.chance import mix, stream, tag
from tests.tmdb.plan import Plan, SeasonPlan
from tests.tmdb.pools import Pools, image_path
from tests.tmdb.vocabulary import CHARACTERS, DEPARTMENTS, EPISODE_TYPES, SENTENCES, TITLES
from tests.tmdb.world import Part

_EPISODE, _SEASON = tag("episode"), tag("season")


def day_text(day: int | None, bits: int) -> str | None:
    """Write a day as TMDb does: ISO, or nothing in one of its two spellings."""
    if day is None or bits % 101 == 0:
        return "" if bits % 2 else None
    return date.fromordinal(day).isoformat()


def episode(seed: int, plan: Plan, season: SeasonPlan, index: int) -> Part:
    """Give an episode as a season lists it, without its credits."""
    episode_id = season.first_episode_id + index
    bits = mix(seed, _EPISODE, episode_id)
    number = season.episodes[index]
    name = TITLES[bits % len(TITLES)] if bits % 6 else f"Episode {number}"
    last = index == len(season.episodes) - 1
    answer: Part = {
        "air_date": day_text(season.air_day(index), bits >> 7),
        "episode_number": number,
        "episode_type": "finale" if last else EPISODE_TYPES[(bits >> 9) % len(EPISODE_TYPES)],
        "id": episode_id,
        "name": name + " " if bits % 59 == 0 else name,
        "overview": "" if bits % 5 == 0 else SENTENCES[(bits >> 11) % len(SENTENCES)],
        "production_code": "" if bits % 3 else f"{season.number}{number:02d}",
        "runtime": (None, 0)[bits & 1] if bits % 37 == 0 else 22 + (bits >> 17) % 45,
        "season_number": season.number,
        "show_id": plan.series_id,
        "still_path": None if bits % 4 == 0 else image_path(bits >> 3),
        "vote_average": ((bits >> 21) % 7_000 + 3_000) / 1_000 if bits % 3 else 0.0,
        "vote_count": (bits >> 31) % 90 if bits % 3 else 0,
    }
    if bits % 43 == 0:
        del answer["runtime"], answer["episode_type"]
    if bits % 103 == 0:
        del answer["air_date"]
    return answer


def season_part(seed: int, pools: Pools, plan: Plan, season: SeasonPlan, revision: int) -> Part:
    """Give a season with its episodes, their crew and guest stars."""
    random = stream(seed, _SEASON, season.season_id)
    bits = random.getrandbits(62)
    episodes = []
    for index in range(len(season.episodes)):
        entry = episode(seed, plan, season, index)
        entry["crew"] = _crew(pools, random)
        if bits % 47:
            entry["guest_stars"] = _guests(pools, random, plan.guest_count)
        episodes.append(entry)
    answer = {"_id": f"{random.getrandbits(96):024x}", **season_brief(plan, season, revision)}
    del answer["episode_count"]
    answer["episodes"] = episodes
    answer["networks"] = networks_of(pools, plan, 0)
    if revision and episodes:
        changed = episodes[revision % len(episodes)]
        changed["overview"] = f"{changed['overview']} Told again, version {revision}."
    if bits % 19 == 0:
        del answer["_id"]
    return answer


def season_brief(plan: Plan, season: SeasonPlan, revision: int) -> Part:
    """Give a season as the series' details list it."""
    bits = mix(plan.bits, season.season_id)
    plain = "Specials" if season.number == 0 else f"Season {season.number}"
    overview = SENTENCES[bits % len(SENTENCES)] if bits % 3 == 0 else ""
    return {
        "air_date": day_text(season.starts, bits >> 5),
        "episode_count": len(season.episodes),
        "id": season.season_id,
        "name": plain + " " if bits % 67 == 0 else plain,
        "overview": f"{overview} Version {revision}." if revision else overview,
        "poster_path": None if bits % 4 == 0 else image_path(bits >> 2),
        "season_number": season.number,
        "vote_average": ((bits >> 21) % 70 + 30) / 10 if bits % 2 else 0.0,
    }


def _crew(pools: Pools, random: Random) -> list[Part]:
    crew = []
    for _ in range(1 + random.getrandbits(8) % 3):
        bits = random.getrandbits(128)
        member = pools.people[bits % pools.people_count].copy()
        member["credit_id"] = f"{bits >> 32:024x}"
        member["department"], member["job"] = DEPARTMENTS[(bits >> 16) % len(DEPARTMENTS)]
        crew.append(member)
    return crew


def _guests(pools: Pools, random: Random, count: int) -> list[Part]:
    guests = []
    for order in range(500, 500 + count):
        bits = random.getrandbits(128)
        guest = pools.people[bits % pools.people_count].copy()
        guest["credit_id"] = f"{bits >> 32:024x}"
        guest["character"] = CHARACTERS[(bits >> 16) % len(CHARACTERS)]
        guest["order"] = order
        guests.append(guest)
    return guests
