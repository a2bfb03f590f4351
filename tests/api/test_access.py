"""API keys: who is let in, to what, how often; what keys look like where they are configured."""

import hashlib
import json
import logging
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api.access import Key, new_key, parse_keys
from api.rates import Allowances
from api.settings import ApiSettingsError, load_settings
from tests.api.conftest import logged, serve
from tests.api.test_problems import problem

VIEWER, ADMIN, SLOW = "v" * 43, "a" * 43, "s" * 43


def entry(name: str, role: str, key: str, rate: str = "") -> str:
    """The entry of the setting for a key."""
    return f"{name}:{role}:{hashlib.sha256(key.encode()).hexdigest()}{rate}"


KEYS = ",".join(
    [
        entry("ann", "viewer", VIEWER, ":100000"),
        entry("prometheus", "admin", ADMIN),
        entry("slow", "editor", SLOW, ":1"),
    ]
)


@pytest.fixture(scope="module")
def guarded(marts: str, home: Path) -> Iterator[httpx.Client]:
    """A client without a key, of an API that asks for one."""
    settings = load_settings(
        database_url=marts,
        showhouse_home=home,
        showhouse_api_keys=KEYS,
        showhouse_cors_origins="https://showhouse.test",
    )
    with serve(settings) as url, httpx.Client(base_url=url, timeout=300) as client:
        yield client


def bearer(key: str) -> dict[str, str]:
    """The header that presents a key."""
    return {"Authorization": f"Bearer {key}"}


FORGED = {
    "none": {},
    "empty": {"Authorization": "Bearer"},
    "another scheme": {"Authorization": f"Basic {VIEWER}"},
    "unknown": bearer("x" * 43),
    "a part": bearer(VIEWER[:-1]),
    "longer": bearer(VIEWER + "v"),
    "another case": bearer(VIEWER.upper()),
    "the hash itself": bearer(hashlib.sha256(VIEWER.encode()).hexdigest()),
    "the entry itself": bearer(entry("ann", "viewer", VIEWER)),
    "injected": {"X-Api-Key": "' or true --"},
    "no text": {"X-Api-Key": b"\xff\xfe\x80".decode("latin-1")},
    "huge": {"X-Api-Key": "v" * 20_000},
}


@pytest.mark.parametrize("path", ["/shows", "/shows/tmdb:1396", "/meta", "/metrics", "/nowhere"])
@pytest.mark.parametrize("headers", FORGED.values(), ids=FORGED)
def test_without_a_known_key_nothing_is_told(
    guarded: httpx.Client, path: str, headers: dict[str, str]
) -> None:
    encoded = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    answer = guarded.get(path, headers=encoded)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert "key" in problem(answer).detail
    assert not any(len(value) > 10 and value in answer.text for value in headers.values())


def test_a_key_in_the_address_is_no_key(guarded: httpx.Client) -> None:
    """It would stand in logs and histories."""
    assert guarded.get(f"/shows?api_key={VIEWER}").status_code == 401


@pytest.mark.parametrize("headers", FORGED.values(), ids=FORGED)
def test_without_a_known_key_a_client_of_tmdbs_is_told_so_as_tmdb_tells_it(
    guarded: httpx.Client, headers: dict[str, str]
) -> None:
    encoded = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    for key in ("", "forged", "v" * 10_000, "'"):
        answer = guarded.get("/3/tv/1396", headers=encoded, params={"api_key": key} if key else {})
        assert answer.status_code == 401
        told = answer.json()
        assert (told["success"], told["status_code"], list(told)[2]) == (False, 7, "status_message")
        assert len(answer.text) < 500


@pytest.mark.parametrize(
    ("query", "headers"), [(f"?api_key={VIEWER}", {}), ("", bearer(VIEWER))], ids=["key", "bearer"]
)
def test_a_client_of_tmdbs_sends_its_key_as_it_sends_tmdb_its_own(
    guarded: httpx.Client, query: str, headers: dict[str, str]
) -> None:
    answer = guarded.get(f"/3/tv/1396{query}", headers=headers)
    assert (answer.status_code, answer.json()["id"]) == (200, 1396)
    assert answer.headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize("headers", [bearer(VIEWER), {"X-Api-Key": VIEWER}], ids=str)
def test_a_known_key_reads(guarded: httpx.Client, headers: dict[str, str]) -> None:
    answer = guarded.get("/shows/tmdb:1396", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, no-cache"
    assert "Authorization" in answer.headers["vary"]
    tag = {"If-None-Match": answer.headers["etag"]}
    assert guarded.get("/shows/tmdb:1396", headers=headers | tag).status_code == 304


def test_supervisors_need_no_key(guarded: httpx.Client) -> None:
    assert [guarded.get(path).status_code for path in ("/health", "/ready")] == [200, 200]


def test_figures_of_the_service_are_the_admins(guarded: httpx.Client) -> None:
    refused = guarded.get("/metrics", headers=bearer(VIEWER))
    assert refused.status_code == 403
    assert "admin" in problem(refused).detail
    assert guarded.get("/metrics", headers=bearer(ADMIN)).status_code == 200


def test_a_key_that_asks_too_often_is_told_when_to_come_back(guarded: httpx.Client) -> None:
    statuses = [200]
    while statuses[-1] == 200:
        assert len(statuses) < 100, "faster than the machine can ask"
        answer = guarded.get("/shows/tmdb:1396", headers=bearer(SLOW))
        statuses.append(answer.status_code)
    assert len(statuses) >= 4, "a burst of two is allowed"
    assert statuses[-1] == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 2
    assert "once" in problem(answer).detail or "1 times" in problem(answer).detail
    assert guarded.get("/shows/tmdb:1396", headers=bearer(VIEWER)).status_code == 200
    time.sleep(int(answer.headers["retry-after"]))
    assert guarded.get("/shows/tmdb:1396", headers=bearer(SLOW)).status_code == 200


def test_a_browser_asks_first_without_a_key_and_reads_refusals(guarded: httpx.Client) -> None:
    origin = {"Origin": "https://showhouse.test"}
    asked = origin | {
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization, x-api-key",
    }
    assert guarded.options("/shows", headers=asked).status_code == 200
    refused = guarded.get("/shows", headers=origin)
    assert refused.status_code == 401
    assert refused.headers["access-control-allow-origin"] == "https://showhouse.test"


def test_the_log_names_the_key_and_never_holds_it(
    guarded: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "showhouse.api.access"):
        path = f"/shows?api_key={VIEWER}&q=x&session_id=abc"
        guarded.get(path, headers=bearer(VIEWER) | {"X-Request-Id": "log-me"})
        line = logged(caplog, "log-me")
    assert VIEWER not in line
    assert json.loads(line)["query"] == "api_key=***&q=x&session_id=***"
    assert json.loads(line)["key"] == "ann"


ENCODED = ["api_%6Bey", "api_%6bey", "api%5Fkey", "%61%70%69%5f%6B%65%79", "api_k%65y"]
NO_KEYS = [
    "api+key",
    "api_key+",
    "+api_key",
    "api_%256Bey",
    "api_%25256Bey",
    "API_K%45Y",
    "Api_Key",
]


@pytest.mark.parametrize("name", ["api_key", *ENCODED, *NO_KEYS])
@pytest.mark.parametrize("value", [VIEWER, f"%76{VIEWER[1:]}", f"{VIEWER}&api_key={VIEWER}"])
def test_however_its_name_is_written_a_key_is_not_logged(
    guarded: httpx.Client, caplog: pytest.LogCaptureFixture, name: str, value: str
) -> None:
    path = f"/3/tv/1396?q=x&{name}={value}"
    with caplog.at_level(logging.INFO, "showhouse.api.access"):
        answer = guarded.get(path, headers={"X-Request-Id": f"encoded-{hash((name, value))}"})
        line = json.loads(logged(caplog, answer.headers["x-request-id"]))
    is_admitted = name in ("api_key", *ENCODED) or "&" in value
    assert answer.status_code == (200 if is_admitted else 401)
    assert VIEWER[1:] not in str(line)
    assert line["query"].startswith(f"q=x&{name}=***")


def test_the_openapi_tells_of_keys_where_they_are_asked_for(
    guarded: httpx.Client, client: httpx.Client
) -> None:
    told = guarded.get("/openapi.json", headers=bearer(VIEWER)).json()
    assert set(told["components"]["securitySchemes"]) == {"bearer", "key", "tmdb"}
    assert {"tmdb": []} in told["paths"]["/3/tv/{id}"]["get"]["security"]
    assert {"tmdb": []} not in told["paths"]["/shows"]["get"]["security"]
    assert {"401", "403", "429"} <= told["paths"]["/shows"]["get"]["responses"].keys()
    assert "security" not in told["paths"]["/health"]["get"]
    assert "securitySchemes" not in client.get("/openapi.json").json()["components"]


def test_a_new_key_is_admitted_by_its_entry_and_by_nothing_shorter() -> None:
    key, made = new_key("ann", "editor")
    assert len(key) >= 43
    assert key not in made
    (held,) = parse_keys(made)
    assert (held.name, held.role) == ("ann", "editor")
    assert held.hashed == hashlib.sha256(key.encode()).digest()
    assert new_key("ann", "editor")[0] != key


def test_a_role_may_what_those_below_it_may() -> None:
    key = Key("ann", "editor", b"")
    assert [key.may(role) for role in ("viewer", "editor", "admin")] == [True, True, False]


WRONG = {
    "a key in the clear": VIEWER,
    "no role": f"ann:{'0' * 64}",
    "an unknown role": f"ann:owner:{'0' * 64}",
    "a short hash": f"ann:viewer:{'0' * 63}",
    "a rate of nothing": f"ann:viewer:{'0' * 64}:0",
    "one name twice": f"ann:viewer:{'0' * 64},ann:admin:{'1' * 64}",
}


@pytest.mark.parametrize("setting", WRONG.values(), ids=WRONG)
def test_a_wrong_setting_is_refused_without_being_shown(setting: str) -> None:
    with pytest.raises(ApiSettingsError, match="`SHOWHOUSE_API_KEYS` is wrong") as caught:
        load_settings(showhouse_api_keys=setting)
    assert VIEWER not in str(caught.value)
    assert "000" not in str(caught.value)


def test_workers_that_share_a_folder_share_what_a_key_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    workers = [Allowances(2, burst_seconds=2) for _ in range(4)]
    allowed: list[float] = []

    def ask(worker: Allowances) -> None:
        allowed.extend(w for w in (worker.take(1, 10) for _ in range(20)) if not w)

    threads = [threading.Thread(target=ask, args=[worker]) for worker in workers]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 20 <= len(allowed) <= 21 + 10 * (time.monotonic() - started)
    assert not workers[0].take(0, 10), "another key has its own"
