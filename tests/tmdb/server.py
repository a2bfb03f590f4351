"""A TMDb to test against: a real HTTP server on a real port.

In a test's own process (a thread; shares the interpreter with the client) or in one of its own
(for measurements):

    with tmdb_server(Options(series_count=50, per_second=40)) as tmdb:
        load_settings(tmdb_base_url=tmdb.base_url, tmdb_image_base_url=tmdb.image_base_url)

    with tmdb_process(Options(series_count=5_000)) as tmdb:
        …

By hand, from the repository root: ``python -m tests.tmdb --port 8099 --series 5000`` (see
``--help``). Any bearer token or `api_key` is accepted unless the options name some.
"""

import asyncio
import multiprocessing
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from multiprocessing.connection import Connection as Pipe

from tests.tmdb.control import Site
from tests.tmdb.handle import Tmdb
from tests.tmdb.options import Options
from tests.tmdb.wire import Connection

START_SECONDS = 60


@contextmanager
def tmdb_server(options: Options | None = None) -> Iterator[Tmdb]:
    """Run a server in a thread of this process for the length of a block."""
    options = options or Options()
    started: Future[int] = Future()
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()
    thread = threading.Thread(
        target=_run_in_thread, args=(loop, options, started, stop), name="tmdb", daemon=True
    )
    thread.start()
    try:
        yield Tmdb(options.host, started.result(START_SECONDS))
    finally:
        if thread.is_alive():
            loop.call_soon_threadsafe(stop.set)
        thread.join(START_SECONDS)


@contextmanager
def tmdb_process(options: Options | None = None) -> Iterator[Tmdb]:
    """Run a server in a process of its own for a block; it ends with this process at the latest."""
    options = options or Options()
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_run_in_process, args=(options, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        if not ours.poll(START_SECONDS):
            raise TimeoutError(f"The test server did not start within {START_SECONDS} s.")
        answer = ours.recv()
        if isinstance(answer, Exception):
            raise answer
        yield Tmdb(options.host, answer)
    finally:
        ours.close()
        process.join(5)
        if process.is_alive():
            process.kill()
            process.join()


async def serve(options: Options, started: "Future[int]", stop: asyncio.Event) -> None:
    """Serve until told to stop; `started` receives the port, or what went wrong."""
    loop = asyncio.get_running_loop()
    try:
        site = Site(options)
        server = await loop.create_server(
            lambda: Connection(site.serve, site.journal), options.host, options.port, backlog=1_024
        )
    except Exception as problem:
        started.set_exception(problem)
        return
    async with server:
        started.set_result(server.sockets[0].getsockname()[1])
        await stop.wait()


def _run_in_thread(
    loop: asyncio.AbstractEventLoop, options: Options, started: "Future[int]", stop: asyncio.Event
) -> None:
    try:
        loop.run_until_complete(serve(options, started, stop))
    finally:
        loop.close()


def _run_in_process(options: Options, pipe: Pipe) -> None:
    asyncio.run(_serve_until_hung_up(options, pipe))


async def _serve_until_hung_up(options: Options, pipe: Pipe) -> None:
    started: Future[int] = Future()
    stop = asyncio.Event()
    started.add_done_callback(lambda done: pipe.send(done.exception() or done.result()))
    # The parent sends nothing: the pipe becomes readable when it hangs up, however it ended.
    asyncio.get_running_loop().add_reader(pipe.fileno(), stop.set)
    await serve(options, started, stop)
