"""A server that speaks the S3 protocol, counts what it is asked and may be otherwise than S3.

How S3 itself answers is moto's, by Amazon's reference ([D]); what is otherwise, our own
(`tests.extract.mirror.other_store`).
"""

import logging
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.extract.mirror.other_store import contradicting
from tests.otherwise import Otherwise

BUCKET = "showhouse-images"


@dataclass
class ObjectServer:
    """An S3 protocol server; counts requests by method, and lets `tamper` change bodies."""

    url: str = ""
    asked: Counter[str] = field(default_factory=Counter)
    tamper: Callable[[bytes], bytes] | None = None
    otherwise: Otherwise = field(default_factory=lambda: Otherwise((), "store"))
    """The beliefs about stores that this one contradicts."""

    def bucket(self) -> dict[str, bytes]:
        """Everything in the bucket."""
        client = object_client(self.url)
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
        keys = [found["Key"] for page in pages for found in page.get("Contents", ())]
        return {key: client.get_object(Bucket=BUCKET, Key=key)["Body"].read() for key in keys}

    def __call__(self, app: Any) -> Any:
        def counting(environ: dict[str, Any], start_response: Any) -> Any:
            self.asked[environ["REQUEST_METHOD"]] += 1
            if self.tamper and environ["REQUEST_METHOD"] == "PUT":
                body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
                environ["wsgi.input"] = _Body(self.tamper(body))
            answer = contradicting(app, self.otherwise) if self.otherwise else app
            return answer(environ, start_response)

        return counting


class _Body:
    def __init__(self, body: bytes) -> None:
        self._body = body

    def read(self, size: int = -1) -> bytes:
        end = len(self._body) if size < 0 else size
        part, self._body = self._body[:end], self._body[end:]
        return part


def object_client(url: str) -> Any:
    """A client of the test's own."""
    import boto3

    return boto3.client("s3", endpoint_url=url, region_name="us-east-1")


@contextmanager
def object_store() -> Iterator[ObjectServer]:
    """Run one on a free port; all of a process share their buckets."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    os.environ |= {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    counted = ObjectServer()
    app = DomainDispatcherApplication(create_backend_app)
    server = make_server("127.0.0.1", 0, counted(app), threaded=True)
    counted.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield counted
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        del os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"]
