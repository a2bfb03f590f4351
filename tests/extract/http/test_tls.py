"""Over TLS, with a certificate of the server's own: HTTP/2 where it is offered, slow handshakes."""

import asyncio
import datetime as dt
import ipaddress
import logging
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import RequestReceived, StreamEnded
from pydantic import SecretStr

from extract.errors import SourceUnavailable
from extract.http.client import Client, Credentials, Gate
from tests.extract.http.conftest import client_of, with_client
from tests.extract.http.faulty_server import BODY, FaultyServer, running

TOKEN = "eyJhbGciOiJIUzI1NiJ9.an-http2-token"


@dataclass
class Http2Server(FaultyServer):
    """Answers each stream; `resets` of the first are broken off, after `goodbyes` it hangs up.

    A connection is closed after its GOAWAY and the streams that this names: RFC 9113, section 6.8.
    """

    resets: int = 0
    goodbyes: int = 0
    short: bool = False
    targets: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}/3"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        talk = H2Connection(H2Configuration(client_side=False))
        talk.initiate_connection()
        writer.write(talk.data_to_send())
        is_over = False
        with suppress(ConnectionError):
            while not is_over and (data := await reader.read(65_536)):
                for event in talk.receive_data(data):
                    if isinstance(event, RequestReceived):
                        self.targets.append(dict(event.headers)[b":path"].decode())
                    elif isinstance(event, StreamEnded) and not is_over:
                        is_over = self._answer_stream(talk, event.stream_id)
                writer.write(talk.data_to_send())
                await asyncio.sleep(0.02)
        writer.close()

    def _answer_stream(self, talk: H2Connection, stream: int) -> bool:
        """Whether it was the last one of this connection."""
        if self.resets:
            self.resets -= 1
            talk.reset_stream(stream)
            return False
        size = len(BODY) + (1 if self.short else 0)
        talk.send_headers(stream, [(":status", "200"), ("content-length", str(size))])
        talk.send_data(stream, BODY, end_stream=True)
        if not self.goodbyes:
            return False
        self.goodbyes -= 1
        talk.close_connection(last_stream_id=stream)
        return True


@dataclass
class SlowToConnect(FaultyServer):
    """Stands before another server on `behind` and lets the first bytes, the handshake's, wait."""

    behind: int = 0

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}/3"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        await asyncio.sleep(0.3)
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self.behind)
        try:
            await asyncio.gather(pass_on(reader, inner_writer), pass_on(inner_reader, writer))
        finally:
            inner_writer.transport.abort()


async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """All bytes until the end, which is passed on too."""
    with suppress(ConnectionError):
        while data := await reader.read(65_536):
            writer.write(data)
        writer.close()
        await writer.wait_closed()


@pytest.fixture
def context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's, which our client trusts."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate(tmp_path / "certificate.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    return context


@pytest.fixture
def http2(context: ssl.SSLContext) -> Iterator[Http2Server]:
    """One that is running."""
    context.set_alpn_protocols(["h2", "http/1.1"])
    with running(Http2Server(), context) as server:
        yield server


def certificate(path: Path) -> Path:
    """Write a certificate for 127.0.0.1 with its key, signed by itself."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = dt.datetime.now(dt.UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    format_, no_password = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    pem = key.private_bytes(encoding, format_, no_password)
    path.write_bytes(pem + made.public_bytes(encoding))
    return path


async def many(client: Client) -> None:
    """Thirty requests, some at once."""
    await client.get("/tv/0")
    answers = await asyncio.gather(*(client.get(f"/tv/{number}") for number in range(1, 30)))
    assert {answer.body for answer in answers} == {BODY}


def test_requests_share_one_connection_and_no_header_is_logged(
    http2: Http2Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with_client(client_of(http2, credentials=Credentials(SecretStr(TOKEN))), many)
    assert http2.connections == 1
    assert sorted(http2.targets) == sorted(f"/3/tv/{number}" for number in range(30))
    assert "GET /tv/29: 200" in caplog.text
    assert TOKEN not in caplog.text


def test_a_stream_that_is_broken_off_is_asked_for_again(http2: Http2Server) -> None:
    http2.resets = 2
    client = client_of(http2)
    with_client(client, many)
    assert client.statistics.retries == 2


def test_a_connection_that_says_goodbye_is_replaced(http2: Http2Server) -> None:
    http2.goodbyes = 3
    with_client(client_of(http2), many)
    assert http2.connections == 4


def test_a_body_of_another_length_than_announced_is_no_answer(http2: Http2Server) -> None:
    http2.short = True

    async def one(client: Client) -> None:
        with pytest.raises(SourceUnavailable, match="the connection broke"):
            await client.get("/tv/1")

    with_client(client_of(http2, attempts=2), one)


def test_a_slot_that_connecting_made_late_is_dropped_for_another(
    context: ssl.SSLContext, database: str
) -> None:
    gate = Gate(database, "slow.test", 40)

    async def two(client: Client) -> None:
        await client.get("/tv/1")
        await client.get("/tv/2")

    with (
        running(FaultyServer(), context) as server,
        running(SlowToConnect(behind=server.port)) as slow,
    ):
        with_client(client_of(slow, gate=gate), two)
        assert (slow.connections, len(server.asked)) == (1, 2)
    assert gate.statistics.slots == 2
    assert gate.statistics.dropped >= 1
