"""How the API is run: uvicorn's options, and its HTTP protocol with bounds of our own.

uvicorn's fast protocol takes heads of any size and waits for their end for ever. Here a head may
have 64 KB and 10 seconds: what is larger is answered 431, what is slower is cut. The application
has tighter bounds (`api.front`), which hold under any server.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LARGEST_HEAD = 65_536
HEAD_SECONDS = 10.0
_REFUSAL = (
    b'{"type":"urn:problem-type:showhouse:too-large","title":"Too large","status":431,'
    b'"detail":"The head of a request may have 64 KB. Send fewer or shorter headers."}'
)

# For uvicorn.run and uvicorn.Config alike.
OPTIONS: dict[str, Any] = {
    "http": "api.serving:BoundedProtocol",
    "ws": "none",
    "access_log": False,  # `api.front` writes one
    "server_header": False,
    "timeout_keep_alive": 15,
    "timeout_graceful_shutdown": 20,
}


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's protocol over httptools, with bounds on the head of a request."""

    _head_bytes = 0
    _is_in_head = False
    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._hear_head()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes, unless they make a head too large."""
        if self._is_in_head:
            self._head_bytes += len(data)
            if self._head_bytes > LARGEST_HEAD:
                self._refuse()
                return
        super().data_received(data)

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._await_head()

    def on_headers_complete(self) -> None:
        """The head has ended."""
        self._hear_head()
        super().on_headers_complete()

    def _await_head(self) -> None:
        if not self._is_in_head:
            self._is_in_head = True
            self._head_bytes = 0
            self._patience = self.loop.call_later(HEAD_SECONDS, self._lose_patience)

    def _hear_head(self) -> None:
        self._is_in_head = False
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _lose_patience(self) -> None:
        self.transport.close()

    def _refuse(self) -> None:
        self._hear_head()
        if not self.transport.is_closing():
            self.transport.write(
                b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\n"
                b"content-type: application/problem+json\r\ncontent-length: "
                + str(len(_REFUSAL)).encode()
                + b"\r\n\r\n"
                + _REFUSAL
            )
            self.transport.close()
