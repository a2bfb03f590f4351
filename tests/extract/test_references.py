"""What people write for a series is recognised, whatever form it has."""

import pytest

from extract.references import Kind, parse
from extract.references import normalised as same


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("1396", Kind.TMDB, "1396"),
        (" 01396 ", Kind.TMDB, "1396"),
        ("tmdb:1396", Kind.TMDB, "1396"),
        ("https://www.themoviedb.org/tv/1396-breaking-bad?language=de", Kind.TMDB, "1396"),
        ("https://www.themoviedb.org/tv/1396/season/2", Kind.TMDB, "1396"),
        ("tt0903747", Kind.IMDB, "tt0903747"),
        ("https://m.imdb.com/title/tt0903747/?ref_=x", Kind.IMDB, "tt0903747"),
        ("https://www.imdb.com/de/title/tt0903747", Kind.IMDB, "tt0903747"),
        ("list/5", Kind.LIST, "5"),
        ("tmdb-list:5", Kind.LIST, "5"),
        ("https://www.themoviedb.org/list/5-favourites", Kind.LIST, "5"),
        ("6F1ED002-AB55-5959-0B8B-4F8E5D8F3C11", Kind.SHOW, "6f1ed002-ab55-5959-0b8b-4f8e5d8f3c11"),
        ("Breaking  Bad", Kind.TITLE, "Breaking Bad"),
        ("tt1", Kind.TITLE, "tt1"),
    ],
)
def test_a_text_names_what_its_form_says(text: str, kind: Kind, value: str) -> None:
    reference = parse(text)
    assert (reference.kind, reference.value) == (kind, value)


def test_a_number_is_a_title_when_its_year_is_written() -> None:
    reference = parse("24 (2001)")
    assert (reference.kind, reference.value, reference.year) == (Kind.TITLE, "24", 2001)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "https://www.themoviedb.org/movie/550",
        "https://www.imdb.com/name/nm0186505/",
        "https://example.com/tv/1396",
        "https://www.imdb.com/tv/1396",
    ],
)
def test_an_address_of_something_else_is_refused_with_those_there_are(text: str) -> None:
    with pytest.raises(ValueError, match=r"There are https://www\.themoviedb\.org/tv/1396"):
        parse(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Amazing Race", "amazing race"),
        ("Élite!", "elite"),
        ("Law & Order: SVU", "law and order svu"),
        ("  Below   Deck ", "Below Deck"),
    ],
)
def test_titles_that_differ_in_dress_only_are_the_same(one: str, other: str) -> None:
    assert same(one) == same(other)


def test_a_title_that_is_an_article_stays_one() -> None:
    assert same("The") == "the"
    assert same("A House") != same("House Arrest")
