"""One host's row of `raw.rate_gates`, from which every process on every machine takes its slots.

All times are the database's; each statement commits by itself and waits for the row no longer than
a second.
"""

import asyncio
import random
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg

from extract.errors import GateUnusable
from extract.http.clock import DatabaseClock

FURTHEST_SLOT = 5.0
"""Seconds: no slot is reserved further ahead."""
CAUGHT_UP = 0.04
"""Seconds by which a slot may lie in the past, where the one before it lay within `IN_MOTION`.

So a hiccup of all processes costs no slots. It makes no burst: slots stay evenly spaced, each is
used soon after its time or not at all.
"""
IN_MOTION = 0.25
RESERVED_AT_ONCE = 0.02
"""Seconds of slots that one reservation takes at most: one slot where the rate is below 100/s."""
SLOWEST = 100.0
"""Seconds between two slots at the lowest rate that there is."""
RESTORED_IN = 60.0
"""Seconds in which a rate would grow from nothing to the limit."""
CUT_TO = 0.7
LEAST_SHARE = 1 / 32
"""Of the limit: no cut goes deeper."""
SETTLING = 2.0
"""Seconds after a cut in which a refusal still speaks of the rate before it."""
PATIENCE = 60.0
"""Seconds for which Postgres may be away, as it is when it recovers."""

# A lost slot after a crash of the database costs nothing, a wait for the disk at each slot does.
_SESSION = """
    set lock_timeout = '1s';
    set statement_timeout = '5s';
    set synchronous_commit = off;
    set jit = off
"""

_CREATE = """
    insert into raw.rate_gates (host, requests_per_second)
    values (%(host)s, %(limit)s)
    on conflict (host) do nothing
"""

# No common table expression and no subquery: when the row was locked by another process, Postgres
# evaluates these expressions, `clock_timestamp()` among them, again once it has it.
# A `next_at` or `pause_until` further ahead than we ever set it means that the database's clock was
# set back, or that something slower than we allow was here: it is not believed.
_RESERVE = """
    update raw.rate_gates
    set
        requests_per_second = least(
            %(limit)s, requests_per_second + %(limit)s / (%(restored_in)s * requests_per_second)
        ),
        next_at = greatest(
            case
                when next_at < clock_timestamp() + make_interval(
                    secs => 1 + %(furthest)s + least(1 / requests_per_second, %(slowest)s)
                ) then next_at
            end,
            case
                when pause_until < clock_timestamp() + make_interval(secs => %(furthest)s)
                    then pause_until
            end,
            clock_timestamp() - make_interval(
                secs => case
                    when next_at > clock_timestamp() - make_interval(secs => %(in_motion)s)
                        then %(caught_up)s
                    else 0
                end
            )
        ) + make_interval(
            secs => %(count)s / least(
                %(limit)s, requests_per_second + %(limit)s / (%(restored_in)s * requests_per_second)
            )
        )
    where host = %(host)s
        and not next_at between
            clock_timestamp() + make_interval(secs => %(furthest)s)
            and clock_timestamp() + make_interval(
                secs => 1 + %(furthest)s + least(1 / requests_per_second, %(slowest)s)
            )
        and not pause_until between
            clock_timestamp() + make_interval(secs => %(furthest)s)
            and clock_timestamp() + make_interval(secs => %(longest_pause)s)
    returning
        extract(epoch from next_at)::float8 - %(count)s / requests_per_second,
        extract(epoch from clock_timestamp())::float8,
        1 / requests_per_second
"""

_LOOK = """
    select
        extract(epoch from greatest(next_at, pause_until) - clock_timestamp())::float8
    from raw.rate_gates
    where host = %(host)s
"""

_PAUSED = """
    select pause_until > clock_timestamp() from raw.rate_gates where host = %(host)s
"""

_CUT = """
    update raw.rate_gates
    set
        requests_per_second = least(
            requests_per_second, greatest(requests_per_second * %(cut_to)s, %(limit)s * %(least)s)
        ),
        last_cut_at = clock_timestamp()
    where host = %(host)s
        and (
            last_cut_at < to_timestamp(%(started_at)s) - make_interval(secs => %(settling)s)
            or last_cut_at > clock_timestamp()
        )
"""

_PAUSE = """
    update raw.rate_gates
    set pause_until = greatest(
        case
            when pause_until < clock_timestamp() + make_interval(secs => %(longest_pause)s)
                then pause_until
        end,
        clock_timestamp() + make_interval(secs => %(seconds)s)
    )
    where host = %(host)s
"""


@dataclass(frozen=True, slots=True)
class Slot:
    """The right to one request. `due` is on our monotonic clock, the rest on the database's."""

    at: float
    reserved_at: float
    due: float
    reserved_here: float


@dataclass(frozen=True, slots=True)
class NotYet:
    """No slot could be reserved; ask again in so many seconds."""

    seconds: float


class GateRow:
    """The row of `host` in the database at `url`, with what this process may ask at most of it."""

    def __init__(self, url: str, host: str, limit: float, longest_pause: float) -> None:
        self.host = host
        self._url = url
        self._clock = DatabaseClock()
        self._connection: psycopg.AsyncConnection | None = None
        self._turn = asyncio.Lock()
        self._values: dict[str, Any] = {
            "host": host,
            "limit": limit,
            "furthest": FURTHEST_SLOT,
            "caught_up": CAUGHT_UP,
            "in_motion": IN_MOTION,
            "slowest": SLOWEST,
            "restored_in": RESTORED_IN,
            "cut_to": CUT_TO,
            "least": LEAST_SHARE,
            "settling": SETTLING,
            "longest_pause": longest_pause + 1,
        }

    def now(self) -> datetime:
        """What time it is by the database's clock, as far as that is known by now."""
        return datetime.fromtimestamp(self._clock.there(time.monotonic()), UTC)

    async def reserve(self, wanted: int = 1) -> list[Slot] | NotYet:
        """Take the next slots, `wanted` at most, or learn when to ask again."""
        count = max(1, min(wanted, int(self._values["limit"] * RESERVED_AT_ONCE)))
        row, sent, received = await self._ask(_RESERVE, {"count": count})
        if row is None:
            return await self._look()
        first, now, apart = row
        self._clock.observe(sent, now, received)
        times = [first + number * apart for number in range(count)]
        return [Slot(at, now, self._clock.here(at), received) for at in times]

    async def is_paused(self) -> bool:
        """Whether the source asked, meanwhile, to be left alone."""
        row, _, _ = await self._ask(_PAUSED)
        return row is not None and bool(row[0])

    async def cut(self, started_at: float) -> bool:
        """Lower the rate, once per cause; whether this was a new one."""
        row, _, _ = await self._ask(f"{_CUT} returning true", {"started_at": started_at})
        return row is not None

    async def pause(self, seconds: float) -> None:
        """Let no process ask for so long, from now."""
        await self._ask(f"{_PAUSE} returning true", {"seconds": seconds})

    async def close(self) -> None:
        """Close the connection; the next statement opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    async def _look(self) -> NotYet:
        row, _, _ = await self._ask(_LOOK)
        if row is None:
            await self._ask(f"{_CREATE} returning true")
            return NotYet(0.0)
        return NotYet(row[0] - FURTHEST_SLOT)

    async def _ask(
        self, query: str, values: Mapping[str, Any] | None = None
    ) -> tuple[tuple[Any, ...] | None, float, float]:
        """Run one statement, through restarts of the server; its row, when sent, when received."""
        async with self._turn:
            begun = time.monotonic()
            while True:
                try:
                    return await self._try(query, {**self._values, **(values or {})})
                except psycopg.OperationalError as error:
                    problem = _first_line(error)
                except psycopg.Error as error:
                    raise GateUnusable(self.host, _first_line(error)) from None
                if time.monotonic() - begun > PATIENCE:
                    raise GateUnusable(self.host, problem)
                await asyncio.sleep(random.uniform(0.05, 0.5))

    async def _try(
        self, query: str, values: Mapping[str, Any]
    ) -> tuple[tuple[Any, ...] | None, float, float]:
        try:
            connection = await self._connected()
            sent = time.monotonic()
            cursor = await connection.execute(query, values)
            row = await cursor.fetchone()
        except (psycopg.errors.LockNotAvailable, psycopg.errors.QueryCanceled):
            raise
        except BaseException:
            # Also when cancelled in between: what is left on the connection is not known.
            with suppress(psycopg.Error):
                await self.close()
            raise
        return row, sent, time.monotonic()

    async def _connected(self) -> psycopg.AsyncConnection:
        if self._connection is None or self._connection.closed:
            self._connection = await psycopg.AsyncConnection.connect(
                self._url,
                autocommit=True,
                application_name="showhouse rate gate",
                connect_timeout=10,
                # Or a connection whose other end has vanished is believed for a quarter of an hour.
                keepalives_idle=10,
                keepalives_interval=5,
                keepalives_count=3,
                tcp_user_timeout=15_000,
            )
            await self._connection.execute(_SESSION)
        return self._connection


def _first_line(error: psycopg.Error) -> str:
    # libpq puts the parameters that it could not read, a password among them, into these.
    if isinstance(error, psycopg.ProgrammingError) and error.sqlstate is None:
        return "the address cannot be read"
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]
