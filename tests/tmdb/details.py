"""The details of a generated series: the document that the other parts hang on."""

from tests.tmdb.brands import networks_of
from tests.tmdb.chance import mix
from tests.tmdb.credits import Member
from tests.tmdb.episodes import day_text, episode, season_brief
from tests.tmdb.plan import TODAY, Plan, SeasonPlan
from tests.tmdb.pools import COMPANY_COUNT, Pools, drifted, image_path
from tests.tmdb.vocabulary import (
    GENRES,
    LANGUAGES,
    NAMES,
    SENTENCES,
    STATUSES,
    TYPES,
)
from tests.tmdb.world import Part, season_name


def details_part(
    seed: int, pools: Pools, plan: Plan, crew: list[Member], revisions: dict[str, int], day: int
) -> Part:
    """Give the details; every revision edits the overview, the networks and the votes."""
    revision = revisions.get("details", 0)
    bits = plan.bits
    language, country, native, english = LANGUAGES[_low(bits, len(LANGUAGES))]
    name = NAMES[plan.name_bits % len(NAMES)]
    status = STATUSES[(bits >> 6) % len(STATUSES)]
    seasons = [
        season_brief(plan, season, revisions.get(season_name(season.number), 0))
        for season in plan.seasons
    ]
    answer: Part = {
        "adult": bits % 97 == 0,
        "backdrop_path": None if bits % 3 == 0 else image_path(bits >> 4),
        "created_by": [_creator(member) for member in crew[: bits % 3]],
        "episode_run_time": [] if bits % 5 else [22 + bits % 40],
        "first_air_date": day_text(plan.first_day, bits >> 8),
        "genres": _genres(plan),
        "homepage": "" if bits % 2 else f"https://www.example.org/shows/{plan.series_id}",
        "id": plan.series_id,
        "in_production": status == "Returning Series",
        "languages": [language] if bits % 7 else [],
        "name": name + " " if bits % 61 == 0 else name,
        "networks": networks_of(pools, plan, revision),
        "origin_country": [country] if bits % 11 else [],
        "original_language": language,
        "original_name": name,
        "overview": _overview(plan, revision),
        "popularity": drifted((bits >> 16) % 900_000 / 10_000, day, plan.series_id),
        "poster_path": None if bits % 10 == 0 else image_path(bits >> 2),
        "production_companies": _companies(pools, plan),
        "production_countries": [{"iso_3166_1": country, "name": country}] if bits % 3 else [],
        "seasons": seasons,
        "softcore": False,
        "spoken_languages": [{"english_name": english, "iso_639_1": language, "name": native}],
        "status": status,
        "tagline": "" if bits % 3 else "Nobody leaves early.",
        "type": TYPES[(bits >> 11) % len(TYPES)],
    }
    _add_votes(answer, plan, revision)
    _add_counts_and_latest(answer, seed, plan)
    _forget(answer, plan)
    return answer


def _add_votes(answer: Part, plan: Plan, revision: int) -> None:
    bits = plan.bits
    answer["vote_average"] = ((bits >> 21) % 7_000 + 3_000) / 1_000 if bits % 4 else 0.0
    answer["vote_count"] = (((bits >> 31) % 2_000) if bits % 4 else 0) + revision


def _low(bits: int, count: int) -> int:
    """Choose an index, English in two thirds of the cases."""
    return 0 if bits % 3 else (bits >> 12) % count


def _creator(member: Member) -> Part:
    person = member.person
    keys = ("id", "name", "original_name", "gender", "profile_path")
    return {"credit_id": member.credit_id, **{key: person[key] for key in keys if key in person}}


def _genres(plan: Plan) -> list[Part]:
    first = plan.name_bits % len(GENRES)
    chosen = [first, (first + 5) % len(GENRES), (first + 9) % len(GENRES)][: plan.bits % 4]
    return [{"id": GENRES[index][0], "name": GENRES[index][1]} for index in chosen]


def _companies(pools: Pools, plan: Plan) -> list[Part]:
    first = mix(plan.bits, 2)
    numbers = [mix(first, index) % COMPANY_COUNT for index in range(first % 4)]
    return [pools.company(number) for number in dict.fromkeys(numbers)]


def _overview(plan: Plan, revision: int) -> str:
    bits = plan.name_bits
    if bits % 12 == 0 and not revision:
        return ""
    text = " ".join(
        SENTENCES[(bits >> shift) % len(SENTENCES)] for shift in (3, 13, 23)[: 1 + bits % 3]
    )
    return f"{text} Edited {revision} times." if revision else text


def _add_counts_and_latest(answer: Part, seed: int, plan: Plan) -> None:
    regular = [season for season in plan.seasons if season.number > 0]
    stated = sum(len(season.episodes) for season in regular)
    answer["number_of_seasons"] = len(regular)
    answer["number_of_episodes"] = stated + (2 if plan.bits % 29 == 0 else 0)
    latest, following = _around_today(regular)
    answer["last_episode_to_air"] = episode(seed, plan, *latest) if latest else None
    answer["next_episode_to_air"] = episode(seed, plan, *following) if following else None
    aired = latest[0].air_day(latest[1]) if latest else None
    answer["last_air_date"] = day_text(aired, plan.bits >> 9)


def _around_today(
    seasons: list[SeasonPlan],
) -> tuple[tuple[SeasonPlan, int] | None, tuple[SeasonPlan, int] | None]:
    """Find the last episode that has aired and the first that has not."""
    latest: tuple[SeasonPlan, int] | None = None
    for season in seasons:
        if season.starts is None or not season.episodes:
            continue
        aired = max(0, min(len(season.episodes), (TODAY - season.starts) // season.step + 1))
        if aired:
            latest = (season, aired - 1)
        if aired < len(season.episodes):
            return latest, (season, aired)
    return latest, None


def _forget(answer: Part, plan: Plan) -> None:
    """Leave out what older payloads do not have."""
    bits = plan.name_bits
    if bits % 37 == 0:
        del answer["adult"], answer["tagline"], answer["next_episode_to_air"]
    if bits % 41 == 0:
        for season in answer["seasons"]:
            del season["vote_average"], season["episode_count"]
    if bits % 83 == 0:
        del answer["last_air_date"]
