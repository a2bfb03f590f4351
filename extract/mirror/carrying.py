"""Many images at once: each by one thread, which fetches it, looks at it and stores it.

One thread (the caller's) has the connection: it hands out what is wanted, and lands what came of it
while the others go on. As many images are under way as connections are allowed, and as many wait
for their turn, or have ended and wait to be landed: of those only refused ones still hold a body.
So memory is bounded by the number of connections, twice at worst, times the bound on a body.
"""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from queue import SimpleQueue

from extract.mirror import hosts, worklist
from extract.mirror.kinds import IMAGE_SOURCES
from extract.mirror.ledger import Ledger
from extract.mirror.policy import Policy
from extract.mirror.transfer import Carried, Transfer
from extract.postgres import clock
from extract.settings import Settings

UNAVAILABLE_IN_A_ROW = 100


def carry_staged(
    settings: Settings, url: str, ledger: Ledger, policy: Policy, *, sample: bool
) -> None:
    """Carry everything that `worklist.stage` fixed.

    Raises StoreUnusable, and SourceUnavailable once a host answers nothing any more.
    """
    at_once = settings.tmdb_max_connections
    bound = max(kind.max_bytes for kind in policy.kinds)
    stop = threading.Event()
    with ExitStack() as stack:
        stack.callback(ledger.settle)  # whatever happens, as the last
        clients = {
            source.name: stack.enter_context(
                hosts.client(settings, source, url, bound, stop, sample=sample)
            )
            for source in IMAGE_SOURCES.values()
        }
        threads = stack.enter_context(ThreadPoolExecutor(at_once, "mirror"))
        try:
            now = clock.steady(ledger.connection)
            transfer = Transfer(ledger.store, clients, now, policy.rendition_widths)
            _write_all(_carried(ledger, transfer, threads, at_once), ledger)
        except BaseException:
            stop.set()
            threads.shutdown(wait=False, cancel_futures=True)
            raise


def _carried(
    ledger: Ledger, transfer: Transfer, threads: ThreadPoolExecutor, at_once: int
) -> Iterator[Carried]:
    """What came of each image, as they end."""
    ended: SimpleQueue[Future[Carried]] = SimpleQueue()
    in_hand = 0
    for page in worklist.staged(ledger.connection):
        for wanted in page:
            threads.submit(transfer.carry, wanted).add_done_callback(ended.put)
            in_hand += 1
            if in_hand == 2 * at_once:
                yield ended.get().result()
                in_hand -= 1
    for _ in range(in_hand):
        yield ended.get().result()


def _write_all(every: Iterator[Carried], ledger: Ledger) -> None:
    unavailable = 0
    for carried in every:
        ledger.result.fetched += carried.is_fetched
        ledger.write(carried.outcomes)
        if carried.unavailable is None:
            unavailable = 0
            continue
        unavailable += 1
        if unavailable >= UNAVAILABLE_IN_A_ROW:
            raise carried.unavailable
