"""Against recorded answers of TMDb: the same shapes, the same facts, none of its sentences."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from extract.sample import SERIES_IDS, answer
from extract.sample.facts import facts
from extract.sample.series import PARTS
from tests.tmdb.recordings import RecordingsAbsentError, recordings_folder

FOLDERS = {part: "tv_" + part.replace("/", "_") for part in PARTS}
LATER_THAN_THE_RECORDINGS = {"wikidata_id", "official", "published_at", "original_name", "adult"}
OFFERS = {"flatrate", "free", "ads", "rent", "buy"}  # whichever there are
WORDS_IN_A_ROW = 6

Places = dict[str, list[set[str]]]  # where in a document → the keys of each object there


@pytest.fixture(scope="module")
def folder() -> Path:
    try:
        return recordings_folder() / "tmdb"
    except RecordingsAbsentError as absent:
        pytest.skip(str(absent))


def recorded(folder: Path) -> Iterator[Any]:
    for path in sorted(folder.glob("*.json")):
        yield json.loads(path.read_text(encoding="utf-8"))


def keys_by_place(document: Any, place: str = "", found: Places | None = None) -> Places:
    found = defaultdict(list) if found is None else found
    if isinstance(document, dict):
        regions = all(re.fullmatch("[A-Z]{2}", key) for key in document)
        if not regions:
            found[place].append(set(document))
        for key, value in document.items():
            keys_by_place(value, f"{place}/{'*' if regions else key}", found)
    elif isinstance(document, list):
        for value in document:
            keys_by_place(value, place + "[]", found)
    return found


def compare(ours: list[Any], theirs: list[Any]) -> None:
    our_places, their_places = keys_by_place(ours), keys_by_place(theirs)
    for place in set(our_places) & set(their_places):
        possible = set.union(*their_places[place]) | LATER_THAN_THE_RECORDINGS
        certain = set.intersection(*their_places[place]) - OFFERS
        for keys in our_places[place]:
            assert keys <= possible, f"{place}: keys that TMDb does not send: {keys - possible}"
            assert certain <= keys, f"{place}: keys that TMDb always sends: {certain - keys}"


@pytest.mark.parametrize("part", sorted(PARTS))
def test_a_part_has_the_keys_of_the_recorded_ones(folder: Path, part: str) -> None:
    theirs = list(recorded(folder / FOLDERS[part]))
    assert theirs
    compare([json.loads(answer(f"/tv/{key}/{part}")[2]) for key in SERIES_IDS], theirs)


def test_details_have_the_keys_of_the_recorded_ones(folder: Path) -> None:
    whole = [key for key, show in facts().shows.items() if "without" not in show]
    ours = [json.loads(answer(f"/tv/{key}")[2]) for key in whole]
    compare(ours, list(recorded(folder / "tv_details")))


def test_seasons_have_the_keys_of_the_recorded_ones(folder: Path) -> None:
    known = facts()
    ours = [
        json.loads(answer(f"/tv/{key}/season/{season}")[2])
        for key, rows in known.seasons.items()
        for season in rows
    ]
    compare(ours, list(recorded(folder / "tv_season")))


def test_networks_are_called_what_tmdb_calls_them(folder: Path) -> None:
    names: dict[int, set[str]] = defaultdict(set)
    for document in recorded(folder / "tv_details"):
        for network in document["networks"]:
            names[network["id"]].add(network["name"])
    for key in set(names) & set(facts().networks):
        assert facts().networks[key]["name"] in names[key]


def test_providers_have_tmdbs_ids_and_pictures(folder: Path) -> None:
    listed: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for document in recorded(folder / "watch_provider_list_tv"):
        for provider in document["results"]:
            name = provider["provider_name"].strip()
            listed[provider["provider_id"]].add((name, provider["logo_path"]))
    known = [key for key in facts().providers if key in listed]
    assert len(known) > len(facts().providers) / 2
    for key in known:
        assert facts().providers[key]["name"].strip() in {name for name, _ in listed[key]}


def test_no_overview_repeats_a_recorded_one(folder: Path) -> None:
    runs: set[tuple[str, ...]] = set()
    for path in folder.rglob("*.json"):
        for text in sentences(json.loads(path.read_text(encoding="utf-8"))):
            runs |= runs_of_words(text)
    assert runs
    for show in facts().shows.values():
        assert not runs_of_words(show["overview"]) & runs, show["name"]


def sentences(document: Any) -> Iterator[str]:
    if isinstance(document, dict):
        for key, value in document.items():
            if key in {"overview", "biography", "tagline"} and isinstance(value, str):
                yield value
            yield from sentences(value)
    elif isinstance(document, list):
        for value in document:
            yield from sentences(value)


def runs_of_words(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[at : at + WORDS_IN_A_ROW]) for at in range(len(words) - WORDS_IN_A_ROW + 1)}
