import json
from urllib.parse import quote, quote_plus, urlencode

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from extract.http.redact import HIDDEN, Redactor
from tests.waiting import within_cpu_seconds

PRINTABLE = [chr(code) for code in range(0x21, 0x7F) if chr(code) != "*"]
secrets = st.text(PRINTABLE, min_size=8, max_size=80)
surroundings = st.text(max_size=40)

WAYS_OF_WRITING = {
    "as it is": str,
    "percent-encoded": lambda secret: quote(secret, safe=""),
    "in small letters": lambda secret: "".join(f"%{ord(c):02x}" for c in secret),
    "as a form": quote_plus,
    "as httpx does": lambda secret: str(httpx.URL("http://h/", params={"x": secret})),
    "as JSON": json.dumps,
    "as Python": repr,
    "as Python's bytes": lambda secret: repr(secret.encode()),
}


@pytest.mark.parametrize("write", WAYS_OF_WRITING.values(), ids=WAYS_OF_WRITING)
@given(secret=secrets, before=surroundings, after=surroundings)
@example(secret="a'b\"c\\d&e%f+g", before="%", after="%")
def test_a_known_secret_is_hidden_however_it_is_written(
    write: object, secret: str, before: str, after: str
) -> None:
    assert callable(write)
    written = write(secret)
    shown = Redactor([secret]).text(f"{before}\n{written}\n{after}")
    inner = written.strip("'\"b")
    assert secret not in shown
    assert inner not in shown


@given(secret=secrets, text=surroundings)
def test_what_is_hidden_once_stays_as_it_is(secret: str, text: str) -> None:
    redactor = Redactor([secret])
    once = redactor.text(text + secret + text)
    assert redactor.text(once) == once


@given(first=secrets, second=secrets, between=surroundings)
def test_one_secret_within_another_leaves_no_rest(first: str, second: str, between: str) -> None:
    longer = first + second
    shown = Redactor([first, longer]).text(f"{between} {longer} {between} {first}")
    assert second not in shown.replace(between, "")


@given(secret=secrets)
def test_an_unknown_secret_is_hidden_where_secrets_stand(secret: str) -> None:
    query = urlencode({"page": "2", "api_key": secret, "language": "en"})
    redactor = Redactor()
    url = redactor.text(f"https://host.test/3/tv?{query}#x")
    assert url == f"https://host.test/3/tv?page=2&api_key={HIDDEN}&language=en#x"
    assert redactor.headers({"Authorization": f"Bearer {secret}"}) == {"authorization": HIDDEN}
    shown = redactor.request("/tv/1", {"api_key": secret, "session_id": secret, "page": "2"})
    assert shown == "GET /tv/1?api_key=***&session_id=***&page=2"


@pytest.mark.parametrize(
    "text",
    [
        "{'Authorization': 'Bearer eyJhbGciOi.J9-x_y'}",
        "[(b'authorization', b'Bearer eyJhbGciOi.J9-x_y')]",
        "authorization: Bearer eyJhbGciOi.J9-x_y",
        "Illegal header value b'Bearer eyJhbGciOi.J9-x_y'",
        '{"access_token": "eyJhbGciOi.J9-x_y"}',
        "http://user:eyJhbGciOi.J9-x_y@host.test/",
        "TMDB_API_KEY=eyJhbGciOi.J9-x_y",
        "X-Api-Key: eyJhbGciOi.J9-x_y",
    ],
)
def test_the_places_of_secrets_are_known(text: str) -> None:
    assert "eyJ" not in Redactor().text(text)


@pytest.mark.parametrize(
    "text",
    [
        "GET /tv/1399?append_to_response=season/1,watch/providers&language=en",
        "TMDb answered 401: the token was rejected.",
        "Keys of the tokenizer: a secretary's cookie recipe",
        "https://image.tmdb.org/t/p/original/abc.png",
    ],
)
def test_what_is_no_secret_stays_readable(text: str) -> None:
    assert Redactor(["a-token-of-some-length", "key"]).text(text) == text


def test_a_long_value_and_a_long_body_are_cut_and_marked() -> None:
    redactor = Redactor()
    shown = redactor.request("/tv/1", {"include_image_language": "aa," * 200, "page": "1"})
    assert shown.endswith("…&page=1")
    assert len(shown) < 400
    excerpt = redactor.excerpt(b"<html>\r\n\0  `x` " + b"y" * 10_000)
    assert excerpt.startswith("<html> 'x' yyy")
    assert (len(excerpt), excerpt[-1]) == (200, "…")


@given(secret=secrets, before=st.integers(0, 400))
def test_a_secret_at_the_end_of_an_excerpt_is_not_half_shown(secret: str, before: int) -> None:
    excerpt = Redactor([secret]).excerpt(b"." * before + secret.encode() + b"." * 400)
    assert secret.replace("`", "'")[:6] not in excerpt or set(secret[:6]) == {"."}


def test_a_long_header_with_many_hyphens_is_looked_through_once() -> None:
    value = "a-" * 30_000
    headers = {"x-any": value, "x-other": f"{value}token=abc", "x-session-token": value}
    hidden = {"x-other": f"{value}token={HIDDEN}", "x-session-token": HIDDEN}
    with within_cpu_seconds(20):
        assert Redactor().headers(headers) == headers | hidden
