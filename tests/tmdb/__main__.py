"""Run the test server by hand, from the repository root.

Made-up series, 40 answers a second at most: ``python -m tests.tmdb --port 8099 --limit 40``. The
recordings: ``python -m tests.tmdb --port 8099 --recordings``. A client then needs
``TMDB_BASE_URL=http://127.0.0.1:8099/3``, ``TMDB_IMAGE_BASE_URL=http://127.0.0.1:8099/t/p`` and
any ``TMDB_BEARER_TOKEN``. The world is changed through ``/control/`` (`tests.tmdb.handle`).
"""

import argparse
import asyncio
from concurrent.futures import Future

from tests.tmdb.faults import DEFAULT_KINDS, FAULTS, Faults
from tests.tmdb.options import Options
from tests.tmdb.pace import AT_ONCE, REAL
from tests.tmdb.server import serve


def main() -> None:
    """Serve until interrupted; the address goes to standard output."""
    options = _options()
    started: Future[int] = Future()
    started.add_done_callback(
        lambda done: done.exception() or print(f"http://{options.host}:{done.result()}", flush=True)
    )

    async def run() -> None:
        await serve(options, started, asyncio.Event())

    try:
        asyncio.run(run())
    except KeyboardInterrupt:
        return
    started.result(0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.tmdb", description="A TMDb to test against."
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1")
    add("--port", type=int, default=0, help="0: any free one")
    add("--recordings", action="store_true", help="serve the recordings, not made-up series")
    add("--series", type=int, default=2_000, help="how many series are made up")
    add("--people", type=int, default=20_000, help="how many people share them")
    add("--seed", type=int, default=1)
    add("--drift", action="store_true", help="popularity changes from day to day")
    add("--hostile", type=float, default=0.0, metavar="SHARE", help="series with hostile values")
    add("--token", action="append", default=[], help="accept this token only (repeatable)")
    add("--limit", type=int, help="answers in any sliding second, 429 beyond")
    add("--retry-after", type=int, help="seconds in the header of a 429")
    add("--latency", type=float, default=0.0, help="seconds an answer takes")
    add("--jitter", type=float, default=0.0, help="seconds it may take longer")
    add("--real", action="store_true", help="the latency and the bursts of 502 of the real TMDb")
    add("--faults", type=float, default=0.0, metavar="SHARE", help="answers that go wrong")
    add("--fault-kinds", nargs="+", choices=FAULTS, default=DEFAULT_KINDS)
    add("--sticky", action="store_true", help="a series that fails, fails always")
    add(
        "--left-out",
        type=float,
        default=0.0,
        metavar="SHARE",
        help="parts that do not come at once",
    )
    add("--otherwise", nargs="+", default=[], metavar="BELIEF", help="beliefs to contradict")
    add("--image-faults", type=float, default=0.0, metavar="SHARE")
    return parser


def _options() -> Options:
    given = _parser().parse_args()
    return Options(
        world="recordings" if given.recordings else "generated",
        host=given.host,
        port=given.port,
        series_count=given.series,
        people_count=given.people,
        seed=given.seed,
        drift=given.drift,
        hostile_share=given.hostile,
        tokens=tuple(given.token),
        per_second=given.limit,
        left_out_share=given.left_out,
        otherwise=tuple(given.otherwise),
        retry_after=given.retry_after,
        latency_seconds=given.latency,
        latency_jitter_seconds=given.jitter,
        manner=REAL if given.real else AT_ONCE,
        faults=Faults(
            share=given.faults,
            kinds=tuple(given.fault_kinds),
            seed=given.seed,
            sticky=given.sticky,
        ),
        image_faults=Faults(share=given.image_faults, seed=given.seed, sticky=given.sticky),
    )


if __name__ == "__main__":
    main()
