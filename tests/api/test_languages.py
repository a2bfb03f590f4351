"""Title and texts in the client's language, where a translation is held."""

import json

import httpx
import pytest

PORTUGUESE = ("Breaking Bad: A Química do Mal", "Um professor.", "Change the equation.")
OF_PORTUGAL = ("Ruptura Total", "Um químico.", "Muda.")
GERMAN = ("Breaking Bad", "Ein Lehrer.", "Change the equation.")
ENGLISH = ("Breaking Bad", "A chemistry teacher turns to crime.", "Change the equation.")
ASKED = {
    "pt": PORTUGUESE,
    "pt-PT": OF_PORTUGAL,
    "pt-BR": PORTUGUESE,
    "pt-AO": PORTUGUESE,
    "de": GERMAN,
    "fr": ENGLISH,
    "ja": ENGLISH,
    "en": ENGLISH,
    "en-GB": ENGLISH,
}
ACCEPTED = {
    "pt-PT,pt;q=0.9,en;q=0.8": OF_PORTUGAL,
    "de-AT, de;q=0.9": GERMAN,
    "en, de;q=0.5": ENGLISH,
    "ja, de;q=0.5, en;q=0.1": GERMAN,
    "de;q=0.2, pt;q=0.3": PORTUGUESE,
    "pt-pt": OF_PORTUGAL,
    "de-Latn-DE": GERMAN,
    "de;q=0": ENGLISH,
    "de;q=2": ENGLISH,
    "*": ENGLISH,
    "": ENGLISH,
    ";;;,,,=": ENGLISH,
    "de'; drop table marts.show_documents; --": ENGLISH,
    "d" * 9_000: ENGLISH,
    "de," * 2_000: GERMAN,
}


def _texts(answer: httpx.Response) -> tuple[str, str, str]:
    assert answer.status_code == 200
    assert "Accept-Language" in answer.headers["vary"]
    told = answer.json()
    return told["name"], told["description"], told["tagline"]


@pytest.mark.parametrize(("language", "texts"), ASKED.items())
def test_a_show_is_told_in_the_language_asked_for(
    client: httpx.Client, language: str, texts: tuple[str, str, str]
) -> None:
    asked = {"language": language}
    answer = client.get("/shows/tmdb:1396", params=asked, headers={"Accept-Language": "de"})
    assert _texts(answer) == texts
    whole = client.get("/shows/tmdb:1396").json()
    assert answer.json() | {"name": 0, "description": 0, "tagline": 0} == whole | {
        "name": 0,
        "description": 0,
        "tagline": 0,
    }


@pytest.mark.parametrize(("accepted", "texts"), ACCEPTED.items(), ids=lambda x: str(x)[:20])
def test_a_show_is_told_in_the_language_that_the_client_accepts(
    client: httpx.Client, accepted: str, texts: tuple[str, str, str]
) -> None:
    answer = client.get("/shows/tmdb:1396", headers={"Accept-Language": accepted})
    assert _texts(answer) == texts


def test_each_language_has_a_tag_of_its_own(client: httpx.Client) -> None:
    tags = {}
    for language in ("en", "pt-PT", "pt-BR", "de", "ja"):
        tag = client.get("/shows/tmdb:1396", params={"language": language}).headers["etag"]
        tags[language] = tag
        held = {"If-None-Match": tag, "Accept-Language": language}
        again = client.get("/shows/tmdb:1396", headers=held)
        assert (again.status_code, again.headers["etag"]) == (304, tag)
        assert "Accept-Language" in again.headers["vary"]
    assert len(set(tags.values())) == 4
    assert tags["en"] == tags["ja"] == client.get("/shows/tmdb:1396").headers["etag"]


def test_lists_and_searches_are_in_that_language_too(client: httpx.Client) -> None:
    for query in ({}, {"q": "breaking"}, {"q": "braking bad"}):
        answer = client.get("/shows", params={**query, "language": "pt-BR"})
        names = {item["tmdb_id"]: item["name"] for item in answer.json()["items"]}
        assert names[1396] == "Breaking Bad: A Química do Mal", query
        english = client.get("/shows", params=query).json()["items"]
        others = {item["tmdb_id"]: item["name"] for item in english} | {1396: names[1396]}
        assert names == others


def test_a_page_goes_on_in_another_language(client: httpx.Client) -> None:
    first = client.get("/shows", params={"limit": 1, "language": "de"}).json()
    rest = client.get("/shows", params={"limit": 100, "cursor": first["next"]}).json()
    everything = client.get("/shows", params={"limit": 100}).json()["items"]
    assert json.dumps(first["items"] + rest["items"]) == json.dumps(everything)


@pytest.mark.parametrize("language", ["", "deu", "DE", "de_DE", "de-de", "x", "de-DE-1", "\x00"])
def test_what_is_no_language_is_refused(client: httpx.Client, language: str) -> None:
    for path in ("/shows", "/shows/tmdb:1396"):
        answer = client.get(path, params={"language": language})
        assert answer.status_code == 422
        assert "`language`" in answer.json()["detail"]


def test_what_is_misspelt_is_told_in_a_language_too(client: httpx.Client) -> None:
    (show,) = client.get("/shows", params={"q": "braking bad", "language": "pt-BR"}).json()["items"]
    assert show["name"] == "Breaking Bad: A Química do Mal"
