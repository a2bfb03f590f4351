"""One file on its way: asked for where it is new, and gone on with where an attempt broke off.

A part is gone on with only where the server named the version that it is of (a strong ETag, or when
it was last modified) and still has that; otherwise the file is begun anew.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from extract.http.bodies import Broken, FileBody

_CONTENT_RANGE = re.compile(r"bytes ([0-9]{1,18})-[0-9]{1,18}/([0-9]{1,18}|\*)")


@dataclass(frozen=True, slots=True)
class Version:
    """What a server calls a version of a file; either may be empty."""

    etag: str = ""
    last_modified: str = ""

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> "Version":
        """Read it off an answer, names in lower case."""
        return cls(headers.get("etag", ""), headers.get("last-modified", ""))

    @property
    def unless_held(self) -> dict[str, str]:
        """The headers that ask for another version than this one only."""
        named = {"if-none-match": self.etag, "if-modified-since": self.last_modified}
        return {name: value for name, value in named.items() if value}

    @property
    def of_part(self) -> str:
        """What a part of this version is recognised by; empty: by nothing that is certain."""
        return self.last_modified if self.etag.startswith("W/") else self.etag or self.last_modified


@dataclass(slots=True)
class Download:
    """Takes one file in over any number of attempts; `held` is the version that is held already.

    With `first_bytes` only so many from its start are asked for: whoever only looks at a file need
    not fetch it. Each attempt begins anew then.
    """

    into: BinaryIO
    held: Version = field(default_factory=Version)
    first_bytes: int = 0
    _version: Version = field(default_factory=Version)
    _body: FileBody | None = None

    @property
    def headers(self) -> dict[str, str]:
        """What the next attempt asks for."""
        asked = {"accept-encoding": "identity"}
        if self.first_bytes:
            return asked | {"range": f"bytes=0-{self.first_bytes - 1}"}
        if self._body and self._body.size and self._version.of_part:
            here = f"bytes={self._body.size}-"
            return asked | {"range": here, "if-range": self._version.of_part}
        return asked | self.held.unless_held

    def body(self, status: int, headers: Mapping[str, str], limit: int) -> FileBody | None:
        """What takes the answer of one attempt in; None where it is not the file."""
        if status == 206 and self.first_bytes:
            return FileBody(self.into, limit)
        if status == 206 and self._body:
            found = _CONTENT_RANGE.fullmatch(headers.get("content-range", ""))
            if not found or int(found[1]) != self._body.size:
                self._body = None
                raise Broken("it is another part than was asked for")
            self._body.whole_size = int(found[2]) if found[2] != "*" else None
            return self._body
        if status != 200:
            self._body = None if status == 416 else self._body
            return None
        self._version, self._body = Version.of(headers), FileBody(self.into, limit)
        return self._body
