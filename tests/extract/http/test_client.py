import asyncio
import gzip
import resource
import socket
import time
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from pydantic import SecretStr

from extract.errors import (
    AuthenticationRejected,
    BodyTooLarge,
    HostNotAllowed,
    RequestRejected,
    SourceUnavailable,
)
from extract.http.client import Answer, Client, Credentials, OpenGate, Slowdown, Verdict, Version
from extract.http.errors import ClientRefused
from extract.http.gate_row import Slot
from tests.extract.http.conftest import USER_AGENT, cases, client_of, get, patience, with_client
from tests.extract.http.faulty_server import (
    BODY,
    DRIP,
    HTML,
    SILENCE,
    THROTTLED,
    FaultyServer,
    Reply,
    faulty_server,
    gzipped,
)

TOKEN = Credentials(SecretStr("a-token-of-some-length"))

PASSING_FAULTS = {
    "status 500": Reply(500, b"{}"),
    "status 503": Reply(503, b""),
    "closed connection without sending complete": Reply(ending="cut"),
    "the connection broke.": Reply(ending="reset"),
    "<!DOCTYPE html>": HTML,
    "status 200 with": Reply(body=b'{"id": 1399, "na'),
    "was cut short": gzipped(BODY * 50, sent=60),
    "is damaged": gzipped(BODY * 50, damage=True),
    "`br`": Reply(headers={"content-encoding": "br"}),
    "silence for 3 s": SILENCE,
}
LASTING_FAULTS = {**PASSING_FAULTS, "no whole answer within 3 s": DRIP}


def test_an_answer_comes_whole_and_names_its_request(faulty: FaultyServer) -> None:
    faulty.usual = gzipped(BODY)
    answer = get(client_of(faulty), append_to_response="season/1,watch/providers")
    assert (answer.status, answer.body, answer.verdict) == (200, BODY, Verdict.OK)
    assert answer.request == "GET /tv/1399?append_to_response=season/1,watch/providers"
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.fetched_at.tzinfo is not None


def test_the_source_learns_who_asks_and_what_may_be_compressed_how(faulty: FaultyServer) -> None:
    get(client_of(faulty, credentials=TOKEN, headers={"accept": "application/json"}))
    sent = faulty.asked[0].headers
    assert sent["user-agent"] == USER_AGENT
    assert sent["authorization"] == "Bearer a-token-of-some-length"
    assert (sent["accept-encoding"], sent["accept"]) == ("gzip", "application/json")


def test_a_key_goes_as_a_parameter_only_where_there_is_no_token(faulty: FaultyServer) -> None:
    key = SecretStr("0123456789abcdef")
    get(client_of(faulty, credentials=Credentials(None, key)), page="2")
    get(client_of(faulty, credentials=Credentials(TOKEN.bearer_token, key)), page="2")
    targets = [asked.target for asked in faulty.asked]
    assert targets == ["/3/tv/1399?page=2&api_key=0123456789abcdef", "/3/tv/1399?page=2"]


def test_gone_is_an_answer_and_asked_once(faulty: FaultyServer) -> None:
    faulty.usual = Reply(404, b'{"status_code":34}')
    answer = get(client_of(faulty))
    assert (answer.verdict, answer.status, len(faulty.asked)) == (Verdict.GONE, 404, 1)


def test_after_refused_credentials_nothing_more_is_asked(faulty: FaultyServer) -> None:
    faulty.usual = Reply(401, b'{"status_code":7}', delay=0.05)

    async def many(client: Client) -> list[Any]:
        asked = (client.get(f"/tv/{number}") for number in range(50))
        return await asyncio.gather(*asked, return_exceptions=True)

    answers = with_client(client_of(faulty, max_connections=2), many)
    assert {type(answer) for answer in answers} == {AuthenticationRejected}
    assert str(answers[0]).startswith("TMDb answered 401 to GET /tv/")
    assert len(faulty.asked) <= 2


def test_our_own_mistake_is_not_repeated(faulty: FaultyServer) -> None:
    faulty.usual = Reply(400, b'{"status_code":27,\n"status_message":"Too many append"}')
    with pytest.raises(RequestRejected, match=r"400 to GET /tv/1399: `.*Too many append"):
        get(client_of(faulty))
    assert len(faulty.asked) == 1


def test_a_refusal_of_this_client_is_asked_once_and_names_the_setting(faulty: FaultyServer) -> None:
    faulty.usual = Reply(402, b"<html>Payment\nRequired</html>")
    with pytest.raises(ClientRefused, match=r"402 to GET /tv/1399: `.*Payment Required") as raised:
        get(client_of(faulty))
    assert "SHOWHOUSE_USER_AGENT" in str(raised.value)
    assert len(faulty.asked) == 1


@pytest.mark.parametrize(("why", "reply"), cases(PASSING_FAULTS))
def test_a_fault_that_passes_is_not_noticed(faulty: FaultyServer, why: str, reply: Reply) -> None:
    faulty.script("/tv/1399", reply, Reply())
    client = client_of(faulty, **patience(reply))
    assert get(client).body == BODY
    assert len(faulty.asked) == 2
    assert (client.statistics.requests, client.statistics.retries) == (2, 1)


@pytest.mark.parametrize(("why", "reply"), cases(LASTING_FAULTS))
def test_a_fault_that_lasts_is_reported_with_its_reason(
    faulty: FaultyServer, why: str, reply: Reply
) -> None:
    faulty.usual = reply
    with pytest.raises(SourceUnavailable) as raised:
        get(client_of(faulty, attempts=2, **patience(reply)))
    assert why in str(raised.value)
    assert (raised.value.attempts, len(faulty.asked)) == (2, 2)
    assert raised.value.__context__ is None


def test_a_body_that_is_no_answer_is_kept_for_the_rejects(faulty: FaultyServer) -> None:
    faulty.usual = HTML
    with pytest.raises(SourceUnavailable) as raised:
        get(client_of(faulty, attempts=2))
    assert (raised.value.status, raised.value.body) == (200, HTML.body)
    assert "DOCTYPE" not in repr(raised.value).replace(raised.value.why, "")


def test_nobody_at_the_address_is_a_source_unavailable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = FaultyServer(port=taken.getsockname()[1])
        with pytest.raises(SourceUnavailable, match="no connection: "):
            get(client_of(nobody, attempts=2))


def test_a_request_to_be_patient_is_not_held_against_the_request(faulty: FaultyServer) -> None:
    patience = [Reply(429, THROTTLED)] * 7
    faulty.script("/tv/1399", *patience, Reply(500), Reply())
    client = client_of(faulty, attempts=2)
    assert get(client).status == 200
    assert client.statistics.throttled == 7


class NotingGate(OpenGate):
    """No limit; notes what it is told of an overloaded source: whether it counts our requests."""

    def __init__(self) -> None:
        self.told: list[bool] = []

    async def throttled(self, slot: Slot, pause: float | None, *, refused: bool) -> None:
        self.told.append(refused)


SLOWDOWNS_OF_A_SOURCE = {
    403: Slowdown(is_doubtful=True, meaning="slow down, perhaps"),
    428: Slowdown(counts_requests=True),
}


def _asked_of_a_source(faulty: FaultyServer, gate: NotingGate, **options: Any) -> Answer:
    return get(
        client_of(
            faulty,
            gate=gate,
            classify=lambda status, _: Verdict.OK if status == 200 else Verdict.RETRY,
            slowdowns=SLOWDOWNS_OF_A_SOURCE,
            **options,
        )
    )


def test_each_source_says_which_statuses_slow_the_gate_down(faulty: FaultyServer) -> None:
    faulty.script("/tv/1399", Reply(503), Reply(403), Reply(428), Reply())
    _asked_of_a_source(faulty, gate := NotingGate())
    assert gate.told == [False, True]


def test_a_request_for_patience_is_what_the_source_says_it_is(faulty: FaultyServer) -> None:
    faulty.script("/tv/1399", *[Reply(428)] * 7, Reply())
    assert _asked_of_a_source(faulty, NotingGate(), attempts=2).status == 200


def test_a_doubtful_status_that_is_repeated_slows_the_others_down_once(
    faulty: FaultyServer,
) -> None:
    faulty.usual = Reply(403, b"<html>")
    gate = NotingGate()
    with pytest.raises(SourceUnavailable, match=r"status 403 \(slow down, perhaps\) with `<html>"):
        _asked_of_a_source(faulty, gate)
    assert (len(faulty.asked), gate.told) == (5, [False])


def test_retry_after_is_waited_for(faulty: FaultyServer) -> None:
    faulty.script("/tv/1399", Reply(429, THROTTLED, {"retry-after": "1"}), Reply())
    get(client_of(faulty))
    first, second = faulty.asked
    assert 1.0 <= second.at - first.at < 1.5


@pytest.mark.parametrize(
    "reply",
    [
        Reply(body=b"x" * 100_001),
        Reply(body=b"x" * 100_001, ending="unmeasured"),
        gzipped(b"x" * 100_001),
        Reply(
            body=gzip.compress(gzip.compress(b"\0" * 10**8)), headers={"content-encoding": "gzip"}
        ),
    ],
    ids=["declared", "not declared", "compressed", "compressed twice, which is short"],
)
def test_a_body_over_the_bound_is_refused_once(faulty: FaultyServer, reply: Reply) -> None:
    faulty.usual = reply
    bound = 50 if len(reply.body) < 1_000 else 100_000
    with pytest.raises(BodyTooLarge, match=f"more than {bound:,} bytes"):
        get(client_of(faulty, max_body_bytes=bound, expects_json=False))
    assert len(faulty.asked) == 1


def test_a_bomb_does_not_go_off(faulty: FaultyServer) -> None:
    bomb = gzip.compress(b"\0" * 512 * 1024 * 1024, 1)
    faulty.usual = Reply(body=bomb, headers={"content-encoding": "gzip"})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(BodyTooLarge):
        get(client_of(faulty, max_body_bytes=8 * 1024 * 1024))
    grown_mebibytes = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert grown_mebibytes < 64


def test_a_body_of_exactly_the_bound_is_read(faulty: FaultyServer) -> None:
    faulty.usual = gzipped(b"1" * 100_000)
    answer = get(client_of(faulty, max_body_bytes=100_000, expects_json=False))
    assert len(answer.body) == 100_000


def test_a_redirect_on_the_same_host_is_followed_with_credentials(faulty: FaultyServer) -> None:
    faulty.script("/tv/1399", Reply(301, headers={"location": "/3/tv/1400?x=1"}))
    answer = get(client_of(faulty, credentials=TOKEN))
    assert answer.request == "GET /tv/1399"
    assert [asked.target for asked in faulty.asked] == ["/3/tv/1399", "/3/tv/1400?x=1"]
    assert "authorization" in faulty.asked[1].headers


@pytest.mark.parametrize(
    "location",
    [
        "http://elsewhere.test/tv",
        "//elsewhere.test/tv",
        "https://127.0.0.1/tv",
        "http://user:password@127.0.0.1:1/tv",
        "ftp://127.0.0.1/tv",
    ],
)
def test_a_redirect_elsewhere_is_refused(faulty: FaultyServer, location: str) -> None:
    faulty.usual = Reply(302, headers={"location": location})
    with pytest.raises(HostNotAllowed, match="is not an allowed host") as raised:
        get(client_of(faulty))
    assert "password" not in str(raised.value)
    assert len(faulty.asked) == 1


def test_a_redirect_in_a_circle_ends(faulty: FaultyServer) -> None:
    faulty.usual = Reply(302, headers={"location": "/3/tv/1399"})
    with pytest.raises(SourceUnavailable, match="redirects more than 3 times"):
        get(client_of(faulty))
    assert len(faulty.asked) == 4


def test_whole_urls_are_asked_on_allowed_hosts_only_and_without_credentials(
    faulty: FaultyServer,
) -> None:
    with faulty_server() as other:
        url = f"http://localhost:{other.port}/a.png"
        with pytest.raises(HostNotAllowed, match="`localhost`"):
            get(client_of(faulty, credentials=TOKEN), url)
        assert other.asked == []
        hosts = ("127.0.0.1", "localhost")
        get(client_of(faulty, credentials=TOKEN, allowed_hosts=hosts), url)
        get(client_of(faulty, credentials=TOKEN), f"http://127.0.0.1:{other.port}/a.png")
        assert ["authorization" in asked.headers for asked in other.asked] == [False, False]


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/../../secret", "/3/%2E%2E/%2E%2E/secret"),
        ("/a.png?x=1#y", "/3/a.png%3Fx=1%23y"),
        ("//elsewhere.test/a", "/3/elsewhere.test/a"),
        ("/tv/1 2/ü%", "/3/tv/1%202/%C3%BC%25"),
        ("/a\r\nb", "/3/a%0D%0Ab"),
    ],
)
def test_a_path_stays_below_the_base_url(faulty: FaultyServer, path: str, target: str) -> None:
    get(client_of(faulty), path)
    assert faulty.asked[0].target == target


def test_no_more_requests_are_under_way_than_connections_allowed(faulty: FaultyServer) -> None:
    faulty.usual = Reply(delay=0.02)

    async def many(client: Client) -> None:
        await asyncio.gather(*(client.get(f"/tv/{number}") for number in range(60)))

    begun = time.monotonic()
    with_client(client_of(faulty, max_connections=5), many)
    assert faulty.most_at_once == 5
    assert faulty.connections == 5
    assert time.monotonic() - begun >= 60 / 5 * 0.02


def test_cookies_are_not_kept(faulty: FaultyServer) -> None:
    faulty.usual = Reply(headers={"set-cookie": "session=1; Path=/"})

    async def twice(client: Client) -> None:
        answer = await client.get("/tv/1")
        assert answer.headers["set-cookie"] == "***"
        await client.get("/tv/2")

    with_client(client_of(faulty), twice)
    assert "cookie" not in faulty.asked[1].headers


def test_an_answerer_stands_in_for_the_network_and_nothing_else() -> None:
    asked = []

    def answer(path: str, params: Any) -> tuple[int, dict[str, str], bytes]:
        asked.append((path, dict(params)))
        return (503, {}, b"") if len(asked) == 1 else (200, {"x": "y"}, BODY)

    client = client_of(FaultyServer(), answerer=answer)
    got = get(client, "/tv/1399", append_to_response="season/1,images")
    assert (got.body, got.headers) == (BODY, {"x": "y"})
    assert asked == [("/tv/1399", {"append_to_response": "season/1,images"})] * 2


def _download(server: FaultyServer, into: BinaryIO, path: str = "/file", **options: Any) -> Answer:
    client = client_of(server, expects_json=False, **options)
    return with_client(client, lambda client: client.download(path, into))


def test_a_download_is_in_the_file_as_it_was_sent_however_often_it_broke(
    faulty: FaultyServer, tmp_path: Path
) -> None:
    packed = gzip.compress(b"line\n" * 100_000)
    whole = Reply(body=packed, headers={"content-encoding": "gzip"})
    cut = Reply(body=packed * 2, ending="cut")
    faulty.script("/file", cut, Reply(status=503), whole)
    with (tmp_path / "file").open("w+b") as into:
        answer = _download(faulty, into)
        assert (answer.body, answer.verdict) == (b"", Verdict.OK)
        into.seek(0)
        assert into.read() == packed


def test_a_download_goes_on_where_it_broke_and_only_with_the_same_version(
    faulty: FaultyServer, tmp_path: Path
) -> None:
    old, new = b"old" * 1_000, b"new" * 1_000
    part = Reply(body=old, ending="cut", headers={"etag": '"1"'})
    another = Reply(body=new, headers={"etag": '"2"'})
    rest = Reply(206, old[1_500:], headers={"content-range": "bytes 1500-2999/3000"})
    for path, second in (("/same", rest), ("/other", another)):
        faulty.script(path, part, second)
        with (tmp_path / "file").open("w+b") as into:
            assert _download(faulty, into, path).status == 200
            into.seek(0)
            assert into.read() == (old if second is rest else new)
    asked = [each.headers for each in faulty.asked]
    ranges = [(each.get("range"), each.get("if-range")) for each in asked]
    assert ranges == [(None, None), ("bytes=1500-", '"1"')] * 2


@pytest.mark.parametrize("told", ["bytes 7-2999/3000", "bytes 1500-2999/4000", "", "rows 1-2/3"])
def test_another_part_than_was_asked_for_never_becomes_part_of_the_file(
    faulty: FaultyServer, tmp_path: Path, told: str
) -> None:
    body = b"abc" * 1_000
    part = Reply(body=body, ending="cut", headers={"etag": '"1"'})
    wrong = Reply(206, body[1_500:], headers={"content-range": told})
    faulty.script("/file", part, wrong, Reply(416), Reply(body=body))
    with (tmp_path / "file").open("w+b") as into:
        _download(faulty, into, classify=lambda s, _: Verdict.OK if s == 200 else Verdict.RETRY)
        into.seek(0)
        assert into.read() == body


def test_a_version_that_is_held_is_not_sent_again(faulty: FaultyServer, tmp_path: Path) -> None:
    faulty.script("/file", Reply(304, b""))
    held = Version('"1"', "Sat, 21 Nov 2026 08:00:00 GMT")
    with (tmp_path / "file").open("w+b") as into:
        client = client_of(faulty, expects_json=False, classify=lambda *_: Verdict.OK)
        answer = with_client(client, lambda client: client.download("/file", into, held))
    assert (answer.status, into.closed) == (304, True)
    headers = faulty.asked[0].headers
    assert headers["if-none-match"] == held.etag
    assert headers["if-modified-since"] == held.last_modified


def test_a_download_that_is_refused_leaves_the_file_alone_and_tells_why(
    faulty: FaultyServer, tmp_path: Path
) -> None:
    faulty.script("/file", Reply(status=404, body=b"NoSuchKey"))
    with (tmp_path / "file").open("w+b") as into:
        answer = _download(faulty, into)
        assert (answer.body, answer.verdict) == (b"NoSuchKey", Verdict.GONE)
        assert into.seek(0, 2) == 0


def test_the_first_bytes_of_a_file_are_asked_for_anew_at_each_attempt(
    faulty: FaultyServer, tmp_path: Path
) -> None:
    about = {"etag": '"1"', "content-range": "bytes 0-9/2000"}
    part = Reply(status=206, body=b"0123456789", headers=about)
    faulty.script("/file", Reply(body=b"x" * 9, ending="cut", headers=about), part)
    client = client_of(faulty, expects_json=False)
    with (tmp_path / "file").open("w+b") as into:
        answer = with_client(client, lambda client: client.download("/file", into, first_bytes=10))
        into.seek(0)
        assert (answer.status, into.read()) == (200, b"0123456789")
    assert answer.headers["content-range"] == "bytes 0-9/2000"
    assert [asked.headers["range"] for asked in faulty.asked] == ["bytes=0-9"] * 2
    assert not any("if-range" in asked.headers for asked in faulty.asked)


def test_a_download_over_the_bound_is_refused(faulty: FaultyServer, tmp_path: Path) -> None:
    faulty.script("/file", Reply(body=b"x" * 2_000))
    with (tmp_path / "file").open("w+b") as into, pytest.raises(BodyTooLarge):
        _download(faulty, into, max_body_bytes=1_999)
