"""The fact files agree with each other, stay small, and name nothing that they do not hold."""

from datetime import date
from pathlib import Path

from extract.sample import facts as module
from extract.sample.facts import facts
from extract.sample.series import IMAGE_KINDS

FOLDER = Path(module.__file__).parent
PACKED_LIMIT = 2 * 1024 * 1024


def test_the_whole_sample_is_below_two_megabytes() -> None:
    files = [path for path in FOLDER.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    assert 0 < sum(path.stat().st_size for path in files) < PACKED_LIMIT


def test_every_name_that_a_series_uses_is_held() -> None:
    known = facts()
    for show in known.shows.values():
        assert set(show["networks"]) <= set(known.networks), show["name"]
        assert set(show.get("companies", ())) <= set(known.companies), show["name"]
        assert {str(genre) for genre in show["genres"]} <= set(known.genres), show["name"]
        assert set(show["countries"]) <= set(known.countries), show["name"]
        assert {image[0] for image in show.get("images", ())} <= set(IMAGE_KINDS), show["name"]


def test_every_row_belongs_to_a_series_and_names_what_is_held() -> None:
    known = facts()
    named = {show for show, _ in known.episodes} | {show for show, _, _ in known.credits}
    named |= set(known.availability) | set(known.seasons)
    assert named == set(known.shows)
    for rows in known.credits.values():
        assert {int(row["person"]) for row in rows} <= set(known.people)
        assert {row["kind"] for row in rows} <= {"cast", "crew", "guest"}
    for rows in known.availability.values():
        assert {int(key) for row in rows for key in row["providers"].split()} <= set(
            known.providers
        )


def test_dates_are_dates_and_in_order() -> None:
    for rows in facts().seasons.values():
        for row in rows.values():
            first, last = row["first_air_date"], row["last_air_date"]
            if last:
                assert date.fromisoformat(first) <= date.fromisoformat(last), row


def test_an_overview_is_one_short_sentence() -> None:
    for show in facts().shows.values():
        assert 20 < len(show["overview"]) < 140, show["name"]
        assert show["overview"].endswith("."), show["name"]


def test_every_brand_but_a_few_has_a_logo_and_no_two_brands_share_a_row() -> None:
    known = facts()
    for brands in (known.networks, known.companies, known.providers):
        with_logo = [row for row in brands.values() if row["logo"].startswith("/")]
        assert len(with_logo) > len(brands) / 2
