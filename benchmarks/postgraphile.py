"""PostGraphile 4 over the same table, as a peer of the API: a program of Node's that is not ours.

It is not among what this repository installs: `npm install postgraphile@4` somewhere else, and say
where its command is.
"""

import os
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from benchmarks.closed_loop import Asked, Question, ask

_QUERY = "query($id:UUID!){showDocumentByShowId(showId:$id){document}}"
_BEFORE, _AFTER = b'{"data":{"showDocumentByShowId":{"document":', b"}}}"


@contextmanager
def postgraphile(command: Path, url: str, port: int, workers: int) -> Iterator[None]:
    """Serve the schema `marts` of a database, quietly, with so many workers."""
    place = urlsplit(url)
    environment = os.environ | {
        "NODE_ENV": "production",
        "GRAPHILE_TURBO": "1",
        "PGUSER": place.username or "",
        "PGHOST": place.hostname or parse_qs(place.query)["host"][0],
        "PGDATABASE": place.path[1:],
        "PGPORT": str(place.port or 5432),
        "PGPASSWORD": place.password or "",
    }
    options = ["--schema", "marts", "--port", str(port), "--host", "127.0.0.1"]
    options += ["--disable-query-log", "--disable-graphiql", "--disable-default-mutations"]
    options += ["--cluster-workers", str(workers), "--max-pool-size", "8"]
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen([command, *options], env=environment, stdout=log, stderr=log)
        try:
            _wait_for(port)
            yield
        except TimeoutError:
            log.seek(0)
            raise RuntimeError(log.read().decode(errors="replace")[-2000:]) from None
        finally:
            server.terminate()
            server.wait(30)


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/graphql", timeout=1)
        except urllib.error.HTTPError:
            return  # it wants to be asked by POST
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("PostGraphile did not start within 30 s")


async def ask_postgraphile(asked: list[Asked], until: float) -> list[float]:
    """The document by id, as a prepared query with a variable."""
    port = int(os.environ["BENCHMARK_PEER_PORT"])
    return await ask(Question(port, _request, _is_answer), asked, until)


def _request(asked: Asked) -> bytes:
    body = f'{{"query":"{_QUERY}","variables":{{"id":"{asked.show_id}"}}}}'
    return (
        "POST /graphql HTTP/1.1\r\nHost: peer\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def _is_answer(asked: Asked, head: bytes, body: bytes) -> bool:
    length = len(_BEFORE) + asked.quoted_length + len(_AFTER)
    is_whole = len(body) == length and body.startswith(_BEFORE) and body.endswith(_AFTER)
    return head.startswith(b"HTTP/1.1 200") and is_whole
