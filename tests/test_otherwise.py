"""Each belief about an upstream can be contradicted by its test server, or has a reason why not."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import httpx
import pytest

from extract.probe.beliefs import BELIEFS
from tests.extract.mirror.test_other_store import STORE
from tests.fandom.server import Page, Wikis, wikis
from tests.otherwise import NO_OTHER_WAY, Otherwise, switches
from tests.tmdb.handle import Tmdb
from tests.tmdb.options import Options
from tests.tmdb.server import tmdb_server

GET = partial(httpx.get, verify=False)  # without the certificates, which take long to load
GIANT = 999
SERIES = 3
NOW = datetime.now(UTC)
TWENTY = ",".join(f"season/{number}" for number in range(1, 21))
LANGUAGES = "en,de,fr,es,it,pt,nl,sv,da,fi,pl,ja"
PAGE = (
    '<aside class="portable-infobox"></aside>'
    '<h2><span class="mw-headline" id="T">Trivia</span></h2>'
)


def day(days_ago: int) -> str:
    return f"{NOW - timedelta(days=days_ago):%Y-%m-%d}"


TODAY = f"{NOW:%m_%d_%Y}"
COMPANIES = "/3/company/{}"
REFUSED = "/3/search/tv?query={}"
"""Some are refused at the first attempt, with a number filled in."""
_SERIES = f"/3/tv/{GIANT}?append_to_response="
TMDB = {
    "twenty_appends_come_whole": _SERIES + TWENTY,
    "twenty_one_appends_are_refused": f"{_SERIES}{TWENTY},season/21",
    "appended_season_lacks_id": f"{_SERIES}season/1",
    "appended_season_equals_standalone": f"/3/tv/{GIANT}/season/1",
    "appended_parts_lack_id": f"{_SERIES}keywords",
    "absent_season_is_left_out": f"{_SERIES}season/400",
    "unknown_append_is_left_out": f"{_SERIES}nonsense",
    "absent_season_alone_is_404": f"/3/tv/{GIANT}/season/400",
    "season_credits_may_be_appended": f"{_SERIES}season/1/credits",
    "appended_season_credits_equal_standalone": f"/3/tv/{GIANT}/season/1/credits",
    "nested_season_parts_may_be_appended": f"{_SERIES}season/1/images,season/1/watch/providers",
    "appended_lists_give_page_one": f"{_SERIES}recommendations",
    "people_take_appends": "/3/person/1000?append_to_response=images",
    "networks_take_appends": "/3/network/2?append_to_response=images",
    "companies_take_appends": "/3/company/5?append_to_response=images",
    "details_list_every_season": f"/3/tv/{GIANT}",
    "episodes_hold_guests_and_no_regulars": f"/3/tv/{GIANT}/season/1",
    "aggregate_credits_count_episodes": f"{_SERIES}aggregate_credits",
    "images_come_in_all_languages": f"/3/tv/{SERIES}/images",
    "many_image_languages_are_taken": f"/3/tv/{SERIES}/images?include_image_language={LANGUAGES}",
    "image_languages_leave_out_the_others": f"/3/tv/{SERIES}/images?include_image_language=de",
    "several_video_languages_are_taken": f"/3/tv/{SERIES}/videos?include_video_language=fr,de",
    "error_bodies_carry_a_status_code": "/3/tv/99999",
    "no_error_comes_with_200": REFUSED,
    "page_501_is_refused": "/3/search/tv?query=a&page=501",
    "fifteen_days_of_changes_are_refused": f"/3/tv/changes?start_date={day(15)}&end_date={day(0)}",
    "changes_name_ids_by_the_page": "/3/tv/changes",
    "no_time_to_wait_is_named": REFUSED,
    "api_answers_carry_an_etag": "/3/tv/1",
    "find_gives_series_as_tv_results": "/3/find/tt7?external_source=imdb_id",
    "lists_state_their_item_count": "/3/list/1",
    "exports_are_ready_at_eight": f"/p/exports/tv_series_ids_{TODAY}.json.gz",
    "exports_list_an_object_a_line": f"/p/exports/tv_series_ids_{TODAY}.json.gz",
    "a_failing_part_is_left_out": f"/3/tv/{GIANT}?append_to_response=videos",
    "forty_a_second_are_answered": REFUSED,
    "company_parent_is_told_in_brief": COMPANIES,
    "lists_come_in_pages": "/3/list/1",
    "absent_image_is_404": "/t/p/original/nothing",
    "datasets_are_gzipped": "/datasets/title.ratings.tsv.gz",
    "dataset_columns_are_as_documented": "/datasets/title.ratings.tsv.gz",
    "dataset_rows_fit_their_columns": "/datasets/title.ratings.tsv.gz",
    "datasets_name_their_version": "/datasets/title.ratings.tsv.gz",
    "held_dataset_is_304": "/datasets/title.ratings.tsv.gz",
    "datasets_come_in_parts": "/datasets/title.ratings.tsv.gz",
    "absent_dataset_is_403": "/datasets/title.nothing.tsv.gz",
}
"""What shows that TMDb's or IMDb's server contradicts a belief: a target."""
WITH_IT = {"no_time_to_wait_is_named": ("forty_a_second_are_answered",)}
"""Beliefs that show only where others are contradicted, too."""
FANDOM = {
    "fifty_titles_are_told_at_once": {"titles": "|".join(f"No {n}" for n in range(40))},
    "titles_tell_their_last_revision": {"titles": "One"},
    "titles_are_normalized_aloud": {"titles": "one"},
    "titles_are_composed_first": {"titles": "Rene\u0301e"},
    "too_many_titles_are_an_error": {"titles": "|".join(f"No {n}" for n in range(60))},
    "long_urls_are_refused": {"titles": "long " * 2_000},
    "pages_come_with_text_and_revision": {"pageid": "1"},
    "wiki_errors_come_with_200": {"pageid": "9"},
    "absent_page_is_nosuchpageid": {"pageid": "9"},
    "lag_is_told_as_maxlag": {"titles": "One"},
    "headings_have_a_known_form": {"pageid": "1"},
    "infoboxes_are_portable": {"pageid": "1"},
}
"""What shows that a wiki contradicts a belief: a question."""


def test_each_belief_has_a_switch_or_a_reason() -> None:
    names = [belief.name for belief in BELIEFS]
    assert len(names) == len(set(names))
    assert NO_OTHER_WAY.keys() <= set(names), "a reason for what is no belief"
    shown = TMDB.keys() | FANDOM.keys() | STORE.keys() | NO_OTHER_WAY.keys()
    assert shown == set(names)
    assert TMDB.keys() == switches("tmdb") | switches("imdb")


def test_a_typo_fails_at_once() -> None:
    with pytest.raises(ValueError, match="`appended_seasons_lack_id`"):
        Options(otherwise=("appended_seasons_lack_id",))
    with pytest.raises(ValueError, match="`people_take_appends`"), wikis("people_take_appends"):
        pass
    with pytest.raises(ValueError, match="`store_takes`"):
        assert "store_takes" in Otherwise((), "store")


@contextmanager
def _tmdb(target: str, *otherwise: str) -> Iterator[Tmdb]:
    count = GIANT if f"tv/{GIANT}" in target else 10
    options = Options(series_count=count, people_count=50, otherwise=otherwise)
    with tmdb_server(options) as tmdb:
        languages = [None, *LANGUAGES.split(",")]
        tmdb.override(SERIES, "images", {"posters": [{"iso_639_1": each} for each in languages]})
        tmdb.override(SERIES, "videos", {"results": [{"iso_639_1": each} for each in languages]})
        tmdb.claim("tt7", [7])
        tmdb.make_list(1, [1, 2, 3])
        tmdb.leave_out(f"tv/{GIANT}", "videos")
        yield tmdb


def _answered(tmdb: Tmdb, target: str) -> Any:
    if "{}" in target:
        return [_answered(tmdb, target.format(number)) for number in range(100)]
    headers = {"authorization": "Bearer any"}
    answer = GET(f"{tmdb.origin}{target}", headers=headers)
    if target.startswith("/datasets/") and "etag" in answer.headers:
        held = headers | {"if-none-match": answer.headers["etag"]}
        part = headers | {"range": "bytes=0-9"}
        again = [GET(f"{tmdb.origin}{target}", headers=each).status_code for each in (held, part)]
        return answer.status_code, {"again": str(again)}, answer.content
    return answer.status_code, dict(answer.headers), answer.content


@pytest.mark.parametrize("belief", TMDB)
def test_tmdb_and_imdb_answer_the_other_way(belief: str) -> None:
    target, more = TMDB[belief], WITH_IT.get(belief, ())
    with _tmdb(target, *more) as tmdb:
        believed = _answered(tmdb, target)
    with _tmdb(target, *more, belief) as tmdb:
        assert _answered(tmdb, target) != believed


def _told(state: Wikis, asked: dict[str, str]) -> Any:
    state.pages["a"] = {1: Page("One", 5, PAGE)}
    state.lagging = 2  # the first two requests are told of it
    url = state.base_url.format(wiki="a")
    first, _, last = (GET(url, params=asked | {"maxlag": "5"}) for _ in range(3))
    told = last.json() if last.status_code < 400 or b"{" in last.content else {}
    if "parse" in told:
        told["parse"]["text"] = str(told["parse"]["text"]).partition("<!--")[0]
    return first.content, first.status_code, last.status_code, told


@pytest.mark.parametrize("belief", FANDOM)
def test_wikis_answer_the_other_way(belief: str) -> None:
    with wikis() as state:
        believed = _told(state, FANDOM[belief])
    with wikis(belief) as state:
        assert _told(state, FANDOM[belief]) != believed
