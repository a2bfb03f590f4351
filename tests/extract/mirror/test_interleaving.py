"""Prune never deletes what a live receipt names, at whatever moments of a mirror it comes.

A store that is asked to keep an image lets a prune begin just before or just after, in a thread of
its own and on a connection of its own; hypothesis chooses the moments, what is held already, with
its receipt or without (a mirror was killed, an image was released), and what is wanted.
"""

import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any, cast
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extract.mirror import mirror, open_store
from extract.mirror.kinds import KINDS
from extract.mirror.pruning import prune
from extract.mirror.store import ImageObject, Kept, Store
from extract.postgres.connections import connect
from tests.extract.mirror import images
from tests.extract.mirror.conftest import Place, Warehouse
from tests.extract.mirror.image_host import ImageHost

OWNERS = range(4)
LOGOS = {owner: ("networks", owner, f"/{owner}.png") for owner in OWNERS}
HEAD_START_SECONDS = 0.15
"""Enough for a prune that nothing holds off."""


@dataclass(frozen=True)
class History:
    """What is held, what is wanted, and when prunes come: before or after the nth image."""

    held: frozenset[int]
    without_receipt: frozenset[int]
    wanted: frozenset[int]
    prunes: frozenset[tuple[int, bool]]


some = st.frozensets(st.sampled_from(OWNERS))
histories = st.builds(
    History,
    held=some,
    without_receipt=some,
    wanted=st.frozensets(st.sampled_from(OWNERS), min_size=1),
    prunes=st.frozensets(st.tuples(st.integers(0, 2), st.booleans()), min_size=1, max_size=2),
)


@dataclass
class Interrupted:
    """A store beside which something else happens at chosen moments."""

    store: Store
    moments: frozenset[tuple[int, bool]]
    meanwhile: Callable[[], None]
    _asked: "count[int]" = field(default_factory=count)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def keep(self, image: ImageObject) -> Kept:
        number = next(self._asked)
        self._pass(number, False)
        kept = self.store.keep(image)
        self._pass(number, True)
        return kept

    def _pass(self, *moment: object) -> None:
        if moment in self.moments:
            self.meanwhile()


def prepare(place: Place, warehouse: Warehouse, history: History) -> None:
    """Let the store and the ledger hold what the history says."""
    shutil.rmtree(place.settings.showhouse_home / "mirror", ignore_errors=True)
    warehouse.connection.execute(
        "truncate marts.image_candidates, raw.showhouse_mirrored_images, raw.fetches, raw.loads"
    )
    warehouse.want(*[LOGOS[owner] for owner in history.held | history.without_receipt])
    mirror(place.settings)
    warehouse.connection.execute(
        "delete from raw.showhouse_mirrored_images where payload ->> 'owner_id' = any(%s)",
        ([str(owner) for owner in history.without_receipt],),
    )
    warehouse.connection.execute("truncate marts.image_candidates")
    warehouse.want(*[LOGOS[owner] for owner in history.wanted])


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=histories)
def test_what_a_live_receipt_names_is_there_at_whatever_moments_prunes_come(
    in_folder: Place, host: ImageHost, warehouse: Warehouse, database: str, history: History
) -> None:
    for owner, (_, _, path) in LOGOS.items():
        host.serve(path, images.png(owner))
    prepare(in_folder, warehouse, history)
    store = open_store(in_folder.settings)
    threads: list[threading.Thread] = []
    failures: list[BaseException] = []

    def prune_at_once() -> None:
        try:
            with connect(database) as own:
                kinds = [KINDS["networks"]]
                prune(own, store, kinds, run_id=uuid4(), grace=timedelta(0), accept_shrink=True)
        except BaseException as error:
            failures.append(error)

    def begin() -> None:
        pruning = threading.Thread(target=prune_at_once)
        pruning.start()
        threads.append(pruning)
        pruning.join(HEAD_START_SECONDS)

    mirror(in_folder.settings, store=cast(Store, Interrupted(store, history.prunes, begin)))
    for thread in threads:
        thread.join()
    prune_at_once()
    assert failures == []
    receipts = warehouse.receipts()
    assert len(receipts) == len(history.wanted)
    assert {receipt["key"] for receipt in receipts.values()} == set(in_folder.held())
