"""A real HTTP server of images, which counts what it is asked for and misbehaves on demand.

A 404 for what is not there is the belief `absent_image_is_404`; 403, 428 and 429 to a page full of
posters were measured ([L] 2025).
"""

import socket
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Reply:
    """What a path is answered; `sent` bytes of the body arrive before the connection breaks."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    sent: int | None = None


@dataclass
class ImageHost:
    """`images` by file path, as `/abc.png`; whatever is not there is a 404.

    The first requests are answered by the statuses in `refusals`, whatever they ask for.
    """

    base_url: str = ""
    images: dict[str, Reply] = field(default_factory=dict)
    refusals: deque[int] = field(default_factory=deque)
    asked: Counter[str] = field(default_factory=Counter)
    most_at_once: int = 0
    latency_seconds: float = 0
    _now: int = 0
    _counting: threading.Lock = field(default_factory=threading.Lock)

    @property
    def requests(self) -> int:
        """How many there were."""
        return self.asked.total()

    def serve(self, path: str, body: bytes, **reply: object) -> None:
        """Answer `path` so from now on."""
        self.images[path] = Reply(body, **reply)  # type: ignore[arg-type]

    @contextmanager
    def answering(self, path: str) -> Iterator[Reply]:
        """Count a request for as long as it takes."""
        with self._counting:
            self.asked[path] += 1
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        try:
            missing = Reply(b"<h1>404 Not Found</h1>", 404, {"Content-Type": "text/html"})
            if self.refusals:
                yield Reply(b"<h1>Slow down</h1>", self.refusals.popleft())
            else:
                yield self.images.get(path, missing)
        finally:
            with self._counting:
                self._now -= 1


@contextmanager
def image_host() -> Iterator[ImageHost]:
    """Run one on a free port; its images are at `/t/p/original/…`."""
    host = ImageHost()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # or each body waits 40 ms for its head to be acknowledged

        def do_GET(self) -> None:
            with host.answering(self.path.removeprefix("/t/p/original")) as reply:
                time.sleep(host.latency_seconds)
                self.send_response(reply.status)
                for name, value in {"Content-Type": "image/png", **reply.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body[: reply.sent])
                if reply.sent is not None:
                    self.wfile.flush()
                    self.connection.shutdown(socket.SHUT_RDWR)
                    self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def handle_error(self, request: object, client_address: object) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    host.base_url = f"http://127.0.0.1:{server.server_port}/t/p"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
