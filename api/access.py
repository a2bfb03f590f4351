"""Who may call: API keys, their roles, and how often each may.

`SHOWHOUSE_API_KEYS` lists `name:role:hash` or `name:role:hash:rate`, between commas; `showhouse key
NAME` makes one. The hash is the SHA-256 of the key in hex: a key is 256 random bits, so a slow hash
would guard nothing that a fast one does not. Whoever reads the settings cannot call the API.
Without keys everybody may read, and nobody is limited.

A viewer reads, an editor writes (what later versions let him), an admin sees the service itself.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import Forbidden, Problem, TooManyRequests, Unauthorized, is_tmdb
from api.rates import Allowances

ROLES = ("viewer", "editor", "admin")
KEY_HEADERS = ("Authorization", "X-Api-Key")
PER_SECOND = 50.0
_BURST_SECONDS = 2.0
# What supervisors ask before they trust us with keys.
OPEN_PATHS = frozenset({"/health", "/ready"})
_ADMIN_PATHS = frozenset({"/metrics"})
_ENTRY = re.compile(
    r"(?P<name>[A-Za-z0-9._-]{1,64}):(?P<role>[a-z]+):(?P<hash>[0-9a-f]{64})"
    r"(:(?P<rate>[0-9]{1,6}(\.[0-9]{1,3})?))?"
)


@dataclass(frozen=True, slots=True)
class Key:
    """One key as it is configured: never the key itself."""

    name: str
    role: str
    hashed: bytes
    per_second: float = PER_SECOND

    def may(self, role: str) -> bool:
        """Whether the key's role is that role or one above it."""
        return ROLES.index(self.role) >= ROLES.index(role)


def parse_keys(text: str) -> tuple[Key, ...]:
    """The keys that a setting lists. Raises ValueError, which never quotes the setting."""
    keys: list[Key] = []
    for entry in filter(None, (part.strip() for part in text.split(","))):
        found = _ENTRY.fullmatch(entry)
        if found is None or found["role"] not in ROLES:
            raise ValueError(
                f"is wrong in entry {len(keys) + 1} (each is `name:role:sha256`, the role one of "
                f"{', '.join(ROLES)}; `showhouse key NAME` makes one)"
            )
        rate = float(found["rate"] or PER_SECOND)
        if not rate:
            raise ValueError(f"is wrong in entry {len(keys) + 1} (its rate is 0)")
        keys.append(Key(found["name"], found["role"], bytes.fromhex(found["hash"]), rate))
    if len({key.name for key in keys}) < len(keys):
        raise ValueError("is wrong (two keys have one name)")
    return tuple(keys)


def new_key(name: str, role: str) -> tuple[str, str]:
    """A fresh key, to be given to its holder, and the entry of the setting that admits it."""
    key = secrets.token_urlsafe(32)
    return key, f"{name}:{role}:{_hash(key.encode()).hex()}"


class Access:
    """ASGI middleware: admits who has a key, and not more often than the key may."""

    def __init__(self, app: ASGIApp, keys: tuple[Key, ...]) -> None:
        self._app = app
        self._keys = keys
        self._allowances = Allowances(len(keys), _BURST_SECONDS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request of who may make it; any other is a problem."""
        if scope["type"] != "http" or scope["path"] in OPEN_PATHS:
            await self._app(scope, receive, send)
            return
        try:
            self._admit(scope)
        except Problem as problem:
            await problem.response(scope["path"])(scope, receive, send)
            return
        await self._app(scope, receive, _kept_private(send))

    def _admit(self, scope: Scope) -> None:
        presented = _presented(scope)
        if presented is None:
            raise Unauthorized("This API asks for a key: send `Authorization: Bearer KEY`.")
        place = self._place_of(_hash(presented))
        if place is None:
            raise Unauthorized("No such key is known here. Ask whoever runs this warehouse.")
        key = self._keys[place]
        scope["showhouse.key"] = key.name
        role = "admin" if scope["path"] in _ADMIN_PATHS else "viewer"
        if not key.may(role):
            raise Forbidden(f"This path is for the role {role}; this key's role is {key.role}.")
        wait = self._allowances.take(place, key.per_second)
        if wait:
            raise TooManyRequests(
                f"This key may ask {key.per_second:g} times a second, and has asked more often.",
                wait,
            )

    def _place_of(self, hashed: bytes) -> int | None:
        """Which key it is; takes as long whichever it is, and if it is none."""
        found = None
        for place, key in enumerate(self._keys):
            if hmac.compare_digest(key.hashed, hashed):
                found = place
        return found


def _kept_private(send: Send) -> Send:
    """What a key admits to is not for caches that others share."""

    async def send_private(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.add_vary_header("Authorization, X-Api-Key")
            cache = headers.get("cache-control", "")
            headers["cache-control"] = cache.replace("public", "private")
        await send(message)

    return send_private


def _presented(scope: Scope) -> bytes | None:
    """The key sent: as bearer, as `X-Api-Key`, or under `/3` as TMDb's clients send theirs."""
    for name, value in scope["headers"]:
        if name == b"authorization":
            scheme, _, key = value.partition(b" ")
            if scheme.lower() == b"bearer" and key.strip():
                return bytes(key.strip())
        elif name == b"x-api-key" and value:
            return bytes(value)
    if is_tmdb(scope["path"]):
        query = scope["query_string"].decode("latin-1")
        return next((v.encode() for k, v in parse_qsl(query) if k == "api_key"), None)
    return None


def _hash(key: bytes) -> bytes:
    return hashlib.sha256(key).digest()
