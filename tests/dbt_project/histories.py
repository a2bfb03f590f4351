"""Random histories of a small world: few ids, so that everything meets everything."""

from random import Random
from typing import Any

SERIES = (101, 102, 103, 22980)
"""The last is the talk show whose guests are looked at."""
PEOPLE = (51, 52, 53)
UNCLAIMED = 104
"""A series that IMDb alone has, unless one of TMDb's claims it."""
ALONE = 99
"""Somebody whom no document of TMDb's is about: IMDb alone knows them, unless a claim says so."""
REGULAR = 54
"""Somebody whom no other list names than those of seasons."""
SHARED = 999
GROUPS = (f"{61:024x}", f"{62:024x}")
Payloads = dict[tuple[str, str], dict[str, Any] | None]
_WORDS = ("Ash", "Birch", "Cedar", "", "  Elm ", None)
_DATES = ("2024-05-20", "2024-06-10", "2024-07-01", "2024-02-30", "", None, 7)


def _some(chance: Random, pool: tuple[Any, ...]) -> list[Any]:
    return chance.sample(pool, chance.randint(0, len(pool)))


def _owner(chance: Random, owner_id: int) -> dict[str, Any]:
    return {
        "id": owner_id,
        "name": f"Owner {owner_id}{chance.choice(('', ' Plus'))}",
        "logo_path": chance.choice((f"/logo{owner_id}.png", f"/logo{owner_id}b.svg", None)),
        "origin_country": chance.choice(("US", "", "GB")),
    }


def _claimed(chance: Random, own_id: int | None) -> int | None:
    """An id of a series' own, or one that any series may claim."""
    return SHARED if chance.random() < 0.15 else own_id


def details(chance: Random, series_id: int) -> dict[str, Any]:
    """A series' own document, with the mess that real ones have."""
    return {
        "id": series_id,
        "name": f"Series {series_id} {chance.choice(_WORDS)}",
        "overview": chance.choice(_WORDS),
        "status": chance.choice(("Ended", "Returning Series", "Odd", "")),
        "poster_path": chance.choice(("/a.jpg", "/own.jpg", "")),
        "backdrop_path": chance.choice(("/b.jpg", "/wide.jpg", None)),
        "first_air_date": chance.choice(_DATES),
        "episode_run_time": chance.choice(([], [45, 0], "none")),
        "networks": [_owner(chance, i) for i in _some(chance, (1, 2, 3, 3))],
        "production_companies": [_owner(chance, i) for i in _some(chance, (11, 12))] + [None],
        "genres": [{"id": i, "name": f"Genre {i}"} for i in _some(chance, (21, 22))],
        "seasons": [
            {
                "id": _claimed(chance, series_id * 100 + n),
                "season_number": n,
                "poster_path": chance.choice(("/s.jpg", "")),
            }
            for n in _some(chance, (0, 1, 2, 2))
        ],
    }


def season(chance: Random, series_id: int, number: int) -> dict[str, Any]:
    """A season's document; episodes stand twice, lack ids, air on impossible days."""
    return {
        "id": _claimed(chance, series_id * 100 + number),
        "season_number": number,
        "episodes": [
            {
                "id": _claimed(chance, chance.choice((series_id * 1000 + number * 10 + n, None))),
                "episode_number": n,
                "name": chance.choice(_WORDS),
                "air_date": chance.choice(_DATES),
                "still_path": chance.choice(("/still.jpg", "")),
                "runtime": chance.choice((0, 42, "long")),
                "vote_average": 7.5,
                "vote_count": chance.choice((0, 3)),
                "guest_stars": [_guest(chance, i) for i in _some(chance, PEOPLE)],
                "crew": [{"id": i, "job": "Writer"} for i in _some(chance, PEOPLE[:1])],
            }
            for n in _some(chance, (1, 2, 3, 3))
        ],
    }


def added_again(chance: Random, seasons: Payloads) -> Payloads:
    """Of a season that landed, some episodes deleted and added again, each under a new id."""
    part = chance.choice(sorted(seasons))
    told = seasons[part]
    if told is None:
        return {}
    episodes = [
        episode | {"id": episode["id"] + 100_000}
        if episode["id"] is not None and chance.random() < 0.6
        else episode
        for episode in told["episodes"]
    ]
    return {part: told | {"episodes": episodes}}


def season_credits(chance: Random, series_id: int, number: int) -> dict[str, Any]:
    """The regulars of a season; roles stand twice, and the list may be empty or none at all."""
    regulars = [
        {
            "id": chance.choice((i, i, i, None)),
            "name": f"Person {i}{chance.choice(('', ' Senior'))}",
            "credit_id": f"s{series_id}-{number}-{i}-{chance.choice('ab')}",
            "character": chance.choice(("Self", "Self (archive footage)", "Ash", "", None)),
            "order": chance.choice((0, 1, None)),
        }
        for i in _some(chance, (*PEOPLE, *PEOPLE, REGULAR))
    ]
    said = chance.choice((regulars, regulars, regulars, [], "none"))
    return {"id": series_id * 100 + number, "cast": said, "crew": []}


def watch_providers(chance: Random, series_id: int) -> dict[str, Any]:
    """Offers by region, each set possibly empty."""
    offered = {
        region: {
            offer: [
                {
                    "provider_id": i,
                    "provider_name": f"Provider {i}",
                    "logo_path": f"/p{i}.png",
                    "display_priority": chance.choice((1, 2, None)),
                }
                for i in _some(chance, (31, 32, 33))
            ]
            for offer in _some(chance, ("flatrate", "buy"))
        }
        | {"link": f"https://example.org/{region}"}
        for region in _some(chance, ("US", "GB"))
    }
    return {"id": series_id, "results": chance.choice((offered, offered, {}, "none"))}


def images(chance: Random, series_id: int) -> dict[str, Any]:
    """Posters, backdrops and logos that share files, languages and votes."""
    return {
        "id": series_id,
        **{
            kind: [
                {
                    "file_path": f"/{path}.jpg",
                    "iso_639_1": chance.choice(("en", "de", "xx", None)),
                    "vote_count": chance.choice((0, 3, 9)),
                    "vote_average": 5.5,
                    "width": chance.choice((500, 1000, None)),
                }
                for path in _some(chance, ("a", "b", "c", "c"))
            ]
            for kind in _some(chance, ("posters", "backdrops", "logos"))
        },
    }


def credits(chance: Random, series_id: int) -> dict[str, Any]:
    """Who is in a series: few people, some of them twice."""
    return {
        "id": series_id,
        "cast": [
            {
                "id": i,
                "name": f"Person {i}{chance.choice(('', ' Junior'))}",
                "profile_path": chance.choice((f"/face{i}.jpg", None)),
                "roles": [
                    {
                        "credit_id": f"c{series_id}-{i}",
                        "character": chance.choice((*_WORDS, "Self", "Self")),
                        "episode_count": chance.choice((1, 4, 5, None)),
                    }
                ],
            }
            for i in _some(chance, PEOPLE)
        ],
        "crew": [],
    }


def _guest(chance: Random, person_id: int) -> dict[str, Any]:
    return {
        "id": person_id,
        "name": f"Person {person_id}",
        "character": chance.choice(("Self", "Self (archive footage)", "", None)),
    }


def person(chance: Random, person_id: int) -> dict[str, Any]:
    """A person's own document."""
    return {
        "id": person_id,
        "name": chance.choice((f"Person {person_id}", "")),
        "birthday": chance.choice(_DATES),
        "gender": chance.choice((0, 1, 2)),
        "imdb_id": _claim(chance, person_id),
        "adult": chance.random() < 0.1,
    }


def _claim(chance: Random, person_id: int) -> str | None:
    """A name of IMDb's: the person's own, nobody's, or one that another claims, too."""
    return chance.choice(
        (f"nm00000{person_id}", f"nm00000{person_id}", "nm0000051", f"nm00000{ALONE}", "", None)
    )


def name(chance: Random, person_id: int) -> Payloads:
    """What IMDb's files say of a person."""
    key = f"nm00000{person_id}"
    told = {"primaryName": chance.choice(_WORDS), "birthYear": chance.choice(("1980", "x", None))}
    gone = chance.random() < 0.15
    return {("imdb_name_basics", key): None if gone else {"nconst": key} | told}


def forgotten(chance: Random, person_id: int) -> Payloads:
    """Who asked to be forgotten, by the ids that were known, or takes it back."""
    names = [f"nm00000{one}" for one in _some(chance, (person_id, 51, ALONE))]
    known: Any = chance.choice(({}, {"imdb_ids": names}, {"imdb_ids": "none"}))
    decision: dict[str, Any] = {"tmdb_id": person_id, "is_suppressed": chance.random() < 0.6}
    decision |= known
    if person_id == ALONE or chance.random() < 0.2:
        decision |= {"tmdb_id": None, "imdb_ids": [f"nm00000{person_id}"]}
        return {("showhouse_suppressed_people", f"imdb:nm00000{person_id}"): decision}
    return {("showhouse_suppressed_people", f"tmdb:person:{person_id}"): decision}


def group(chance: Random, group_id: str) -> dict[str, Any]:
    """An order of episodes, some of them held, in parts."""
    return {
        "id": group_id,
        "name": chance.choice(_WORDS),
        "type": chance.choice((1, 3, 9, None)),
        "groups": [
            {"name": name, "episodes": [{"id": i} for i in _some(chance, (101011, 102012, 7))]}
            for name in _some(chance, ("One", "Two"))
        ],
    }


def photos(chance: Random, person_id: int) -> dict[str, Any]:
    """Photos of a person, that of the credits perhaps among them."""
    return {
        "id": person_id,
        "profiles": [
            {"file_path": path, "vote_count": chance.choice((0, 3, 9)), "vote_average": 5.5}
            for path in _some(chance, (f"/face{person_id}.jpg", "/x.jpg", "/y.jpg", ""))
        ],
    }


def imdb(chance: Random, series_id: int) -> Payloads:
    """What IMDb's files say of a series and of its episodes, which may move to another one."""
    brought: Payloads = {}
    series = f"tt0000{series_id}"
    for number in _some(chance, (0, 1, 2, 3)):
        title = f"tt9{series_id:03d}{number:03d}" if number else series
        rows: Payloads = {
            ("imdb_title_basics", title): {
                "tconst": title,
                "titleType": "tvEpisode" if number else "tvSeries",
                "primaryTitle": chance.choice((f"Title {number}", None)),
                "startYear": chance.choice(("1999", "soon", None)),
            },
            ("imdb_title_ratings", title): {
                "tconst": title,
                "averageRating": chance.choice(("7.5", "x")),
                "numVotes": chance.choice(("10", "20")),
            },
        }
        if number:
            rows["imdb_title_episode", title] = {
                "tconst": title,
                "parentTconst": f"tt0000{chance.choice((series_id, SERIES[0]))}",
                "seasonNumber": chance.choice(("1", "1", "2", None)),
                "episodeNumber": chance.choice((str(number), "1")),
            }
        rows |= _credits_and_names(chance, title)
        for part in _some(chance, tuple(rows)):
            brought[part] = None if chance.random() < 0.15 else rows[part]
    if chance.random() < 0.3:
        entries = [
            {"imdb_id": f"tt9{series_id:03d}00{n}", "season_number": 1, "episode_number": n}
            | {"title": chance.choice(_WORDS), "air_date": chance.choice(_DATES)}
            for n in _some(chance, (1, 2, 3))
        ]
        brought["imdb_parsed_pages", f"{series}/episodes/1"] = {"episodes": entries}
        brought["imdb_parsed_pages", f"{series}/title"] = {"content_rating": chance.choice(_WORDS)}
    return brought


def tracked_title(chance: Random, series_id: int) -> Payloads:
    """Somebody follows a series by its IMDb id, or no longer."""
    title = f"tt0000{series_id}"
    decision = {
        "imdb_id": title,
        "is_tracked": chance.random() < 0.8,
        "tags": _some(chance, ("imdb-list:ls5",)),
    }
    return {("showhouse_tracked_shows", f"imdb:{title}"): decision}


def _credits_and_names(chance: Random, title: str) -> Payloads:
    """Who is in a title by IMDb, and what it is called elsewhere."""
    rows: Payloads = {}
    for place in ("1", "2"):
        rows["imdb_title_principals", f"{title}/{place}"] = {
            "nconst": f"nm00000{chance.choice((*PEOPLE, ALONE))}",
            "category": chance.choice(("self", "actress", "archive_footage", "director", None)),
            "characters": chance.choice((None, '["Self"]', '["Ash", "Birch"]', "[")),
        }
        rows["imdb_title_akas", f"{title}/{place}"] = {
            "ordering": place,
            "title": chance.choice(_WORDS),
            "region": chance.choice(("DE", None)),
            "language": chance.choice(("de", None)),
            "isOriginalTitle": chance.choice(("0", "1")),
        }
    return rows


def _results(chance: Random, series_id: int, entries: list[dict[str, Any]]) -> dict[str, Any]:
    return {"id": series_id, "results": _some(chance, tuple(entries))}


def landing(chance: Random) -> Payloads:
    """What one batch brings: some parts of some series."""
    brought: Payloads = {}
    for series_id in _some(chance, SERIES) or [chance.choice(SERIES)]:
        key = str(series_id)
        parts: Payloads = {
            ("tmdb_tv_details", key): details(chance, series_id),
            ("tmdb_tv_metrics", key): {
                "id": series_id,
                "popularity": chance.choice((1.5, 2.5)),
                "vote_average": 8.1,
                "vote_count": chance.choice((0, 10)),
            },
            ("tmdb_tv_external_ids", key): {
                "id": series_id,
                "imdb_id": chance.choice(
                    (*(f"tt0000{n}" for n in (series_id, SERIES[0], UNCLAIMED)), "", None)
                ),
                "tvdb_id": chance.choice((series_id, SERIES[0], 0)),
            },
            ("tmdb_tv_keywords", key): _results(
                chance, series_id, [{"id": i, "name": f"Word {i}"} for i in (41, 42)]
            ),
            ("tmdb_tv_recommendations", key): _results(
                chance,
                series_id,
                [
                    {"id": i, "name": f"Series {i}", "first_air_date": chance.choice(_DATES)}
                    | chance.choice(({}, {"media_type": "tv"}, {"media_type": "movie"}))
                    for i in (*SERIES, 7, SERIES[0])
                ],
            ),
            ("tmdb_tv_content_ratings", key): _results(
                chance, series_id, [{"iso_3166_1": c, "rating": "12"} for c in ("DE", "DE", "US")]
            ),
            ("tmdb_tv_alternative_titles", key): _results(
                chance, series_id, [{"iso_3166_1": "FR", "title": t} for t in ("Un", "Deux", "")]
            ),
            ("tmdb_tv_videos", key): _results(
                chance, series_id, [{"id": v, "key": v, "site": "YouTube"} for v in ("v1", "v2", 3)]
            ),
            ("tmdb_tv_images", key): images(chance, series_id),
            ("tmdb_tv_aggregate_credits", key): credits(chance, series_id),
            ("tmdb_tv_credits", key): {
                "id": series_id,
                "cast": [{"id": i, "character": "Self"} for i in _some(chance, PEOPLE)],
                "crew": [{"id": i, "job": "Creator"} for i in _some(chance, PEOPLE)],
            },
            ("tmdb_tv_episode_groups", key): _results(
                chance, series_id, [{"id": i, "name": "Order", "type": 3} for i in GROUPS]
            ),
            ("tmdb_tv_watch_providers", key): watch_providers(chance, series_id),
            **{
                ("tmdb_tv_seasons", f"{key}/season/{n}"): season(chance, series_id, n)
                for n in (0, 1, 2)
            },
            **{
                ("tmdb_tv_season_credits", f"{key}/season/{n}"): season_credits(
                    chance, series_id, n
                )
                for n in (0, 1, 2)
            },
        }
        for part in _some(chance, tuple(parts)):
            brought[part] = None if chance.random() < 0.15 else parts[part]
        brought |= imdb(chance, series_id)
        if chance.random() < 0.3:
            brought |= tracked_title(chance, series_id)
        if chance.random() < 0.3:
            brought[("showhouse_tracked_shows", f"tmdb:tv:{series_id}")] = {
                "tmdb_id": series_id,
                "is_tracked": chance.random() < 0.7,
                "tags": _some(chance, ("tmdb-list:5", "own")),
            }
    if chance.random() < 0.5:
        brought |= imdb(chance, UNCLAIMED) | tracked_title(chance, UNCLAIMED)
    for person_id in PEOPLE:
        if chance.random() < 0.3:
            brought[("tmdb_person_images", str(person_id))] = photos(chance, person_id)
        if chance.random() < 0.3:
            gone = chance.random() < 0.15
            brought[("tmdb_person_details", str(person_id))] = (
                None if gone else person(chance, person_id)
            )
        if chance.random() < 0.3:
            gone = chance.random() < 0.15
            brought[("tmdb_person_external_ids", str(person_id))] = (
                None if gone else {"id": person_id, "imdb_id": _claim(chance, person_id)}
            )
    for person_id in (*PEOPLE, ALONE, REGULAR):
        if chance.random() < 0.3:
            brought |= name(chance, person_id)
        if chance.random() < 0.1:
            brought |= forgotten(chance, person_id)
    for group_id in GROUPS:
        if chance.random() < 0.3:
            gone = chance.random() < 0.15
            brought[("tmdb_episode_group_details", group_id)] = (
                None if gone else group(chance, group_id)
            )
    if chance.random() < 0.3:
        brought[("tmdb_network_details", "1")] = _owner(chance, 1) | {"headquarters": "Here"}
    for kind, owner, path in MIRRORED:
        if chance.random() < 0.3:
            gone = chance.random() < 0.2
            brought[("showhouse_mirrored_images", f"{kind}/{owner}{path}")] = (
                None if gone else _receipt(chance, kind, owner, path)
            )
    return brought


MIRRORED = (
    ("networks", "1", "/logo1.png"),
    ("watch_providers", "31", "/p31.png"),
    ("show_posters", "101", "/a.jpg"),
    ("show_backdrops", "102", "/b.jpg"),
    ("season_posters", "101/season-1", "/s.jpg"),
    ("episode_stills", "101/101011", "/still.jpg"),
    ("episode_stills", f"102/{SHARED}", "/still.jpg"),
    ("person_photos", "51", "/face51.jpg"),
)


def _receipt(chance: Random, kind: str, owner: str, path: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "owner_id": int(owner) if owner.isdigit() else owner,
        "source": "tmdb",
        "file_path": path,
        "key": f"images/{kind}/{owner}/{chance.choice('ab')}.png",
        "url": f"/media/{chance.choice('ab')}.png",
        "sha256": "00",
        "content_type": "image/png",
        "bytes": 10,
        "etag": "e",
        "at": "2024-05-02T00:00:00Z",
        **chance.choice(RENDITIONS),
    }


# Of receipts from before there were any, of those with some, and of what nobody writes.
RENDITIONS: tuple[dict[str, Any], ...] = (
    {},
    {"renditions": [], "rendition_failure": "OSError: broken"},
    {"renditions": [{"url": "/s.webp", "width": 185, "height": 278, "bytes": 9}]},
    {"renditions": [{"url": "/s.webp", "width": "wide"}, 7, {"width": 1}]},
    {"renditions": {"width": 185}},
)

SELECTIONS = (
    "shows",
    "shows+",
    "seasons",
    "episodes",
    "int_networks__mentioned",
    "networks+",
    "people",
    "show_cast show_appearances",
    "season_cast",
    "season_cast show_appearances qualified_people",
    "qualified_people",
    "show_cast episode_appearances show_titles",
    "episode_orders",
    "show_watch_providers watch_providers",
    "show_documents",
    "season_documents",
    "core",
    "marts",
    "intermediate core",
)
DATES = ("2024-05-15", "2024-06-01", "2024-06-15", "2024-08-01")
