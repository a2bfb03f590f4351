"""Wherever one looks after a client was at work, its token is not there."""

import json
import logging
import pickle
import traceback
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from extract.errors import SettingsError, ShowhouseError
from extract.http.client import Credentials
from tests.extract.http.conftest import client_of, get
from tests.extract.http.faulty_server import FaultyServer, Reply

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJhdWQiOiJ0b2tlbi0xIn0.s3cr3t-signature_X"
KEY = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
BOTH = {"bearer": Credentials(SecretStr(TOKEN)), "key": Credentials(None, SecretStr(KEY))}


def echoes(secret: str) -> dict[str, Reply]:
    """Answers that tell the secret back, as debugging proxies do."""
    body = f'{{"id": 1, "you": "{secret}"}}'.encode()
    headers = {"x-echo": f"Bearer {secret}", "set-cookie": f"token={secret}"}
    return {
        "answer": Reply(200, body, headers),
        "mistake": Reply(400, body, headers),
        "refusal": Reply(401, body, headers),
        "fault": Reply(500, body, headers),
        "page": Reply(200, b"<html>" + body, headers),
        "redirect": Reply(302, body, {"location": f"https://elsewhere.test/?api_key={secret}"}),
        "strange redirect": Reply(302, body, {"location": f"http://{secret}.test:x/"}),
        "broken header": Reply(200, body, {f"x {secret}": secret}),
        "cut": Reply(200, body, ending="cut"),
        "packing": Reply(200, body, {"content-encoding": secret}),
    }


@pytest.mark.parametrize("credentials", BOTH.values(), ids=BOTH)
@pytest.mark.parametrize("name", echoes(TOKEN))
def test_no_secret_leaves_the_client(
    faulty: FaultyServer, caplog: pytest.LogCaptureFixture, credentials: Credentials, name: str
) -> None:
    caplog.set_level(logging.DEBUG)
    for logger in [*logging.root.manager.loggerDict]:
        if logger.startswith(("http", "h2", "h11", "hpack", "extract")):
            caplog.set_level(logging.DEBUG, logger=logger)
    (secret,) = credentials.secrets
    faulty.usual = echoes(secret)[name]
    client = client_of(faulty, credentials=credentials, attempts=2)
    told = [repr(client), str(credentials), repr(credentials)]
    try:
        answer = get(client)
    except ShowhouseError as error:
        told += [*everything_of(error)]
    else:
        told += [repr(answer), answer.body.decode(), repr(answer.headers), answer.request]
    told += [record.getMessage() + repr(record.args) for record in caplog.records]
    assert faulty.asked
    assert any("GET /tv/1399" in line for line in told)
    assert not [line for line in told if secret in line]


def everything_of(error: BaseException) -> list[str]:
    """Text, fields, pickle, traceback with its locals, and no other exception behind it."""
    assert error.__context__ is None
    assert error.__cause__ is None
    stack = traceback.TracebackException.from_exception(error, capture_locals=True)
    ours = [frame for frame in stack.stack if "tests" not in Path(frame.filename).parts]
    assert ours
    values = [value for frame in ours for value in (frame.locals or {}).values()]
    return [str(error), repr(error), repr(pickle.dumps(error)), repr(vars(error)), *values]


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    token=st.text([chr(code) for code in range(0x21, 0x7F) if chr(code) != "*"], min_size=8),
    is_bearer=st.booleans(),
)
def test_no_token_of_any_shape_is_told(faulty: FaultyServer, token: str, is_bearer: bool) -> None:
    secret = SecretStr(token)
    credentials = Credentials(secret) if is_bearer else Credentials(None, secret)
    faulty.usual = Reply(503, json.dumps({"id": 1, "you": token}).encode())
    client = client_of(faulty, credentials=credentials, attempts=1)
    with pytest.raises(ShowhouseError) as raised:
        get(client)
    assert token not in "".join(everything_of(raised.value))


@pytest.mark.parametrize("value", ["two words-of-a-token", "línea-de-un-token", "a-token\nX: y"])
def test_a_token_that_cannot_be_one_is_refused_without_quoting_it(value: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Credentials(SecretStr(value))
    assert value not in str(raised.value)
    assert "BEARER_TOKEN" in str(raised.value)


def test_blanks_around_a_token_are_not_part_of_it(faulty: FaultyServer) -> None:
    get(client_of(faulty, credentials=Credentials(SecretStr(f" {TOKEN}\n"))))
    assert faulty.asked[0].headers["authorization"] == f"Bearer {TOKEN}"
