"""Random lives of a warehouse: whatever lands, is given up and is built, in whatever order.

A life follows from its seed alone, whatever the day and however busy the machine: the database
tells the time of the warehouse's clock, and what lands at one instant lands in one order.
"""

from datetime import UTC, datetime, timedelta
from random import Random
from uuid import uuid4

from extract.landing.purging import Purged, purge
from extract.landing.taking_back import take_back
from extract.postgres.connections import connect
from extract.registry import RESOURCES
from tests.clocks import set_clock
from tests.dbt_project.histories import DATES, SELECTIONS, Payloads, added_again, landing
from tests.dbt_project.warehouse import TABLES, Warehouse, differences

DAY = timedelta(days=1)
REFRESHED = ("shows", "seasons episodes", "people", "show_status_history", "networks", "core")
"""Parts of the graph that somebody may build anew while the rest stands."""


class Life:
    """A warehouse that is lived in at random."""

    def __init__(self, warehouse: Warehouse, seed: int) -> None:
        """Begin with an empty warehouse."""
        self.warehouse = warehouse
        self.happened: list[str] = []
        """For whoever has to find out why it ended elsewhere."""
        self._chance = Random(seed)
        self._loads: list[int] = []
        self._seasons: Payloads = {}
        self._is_built = False
        warehouse.forget()

    def go_on(self, steps: int) -> None:
        """Let things happen, and builds between them."""
        for _ in range(steps):
            for _ in range(self._chance.randint(1, 3)):
                self._happen()
            if not self._is_built or self._chance.random() < 0.85:  # else a build is skipped
                self._build()

    def _happen(self) -> None:
        warehouse, chance = self.warehouse, self._chance
        warehouse.clock += chance.choice((0, 0, 1, 60, 120)) * DAY
        if chance.random() < 0.3:
            self._land_at_once(3)
        elif chance.random() < 0.15:
            self._land_late()
        else:
            self._land_at_once(1)
        if chance.random() < 0.3:
            self._note(f"purge: {purge_all(warehouse).by_resource}")
        if self._loads and chance.random() < 0.3:
            load_id = self._loads.pop(chance.randrange(len(self._loads)))
            give_back(warehouse, load_id)
            self._note(f"take back load {load_id}")

    def _land_at_once(self, batches: int) -> None:
        """Land batches that were all answered at one instant, as by writers at once."""
        self.warehouse.clock += timedelta(minutes=1)
        for _ in range(batches):
            self._land(self.warehouse.clock)

    def _land_late(self) -> None:
        """Land what was answered long ago, and lay about since."""
        self._land(self.warehouse.clock - self._chance.choice((1, 30, 90)) * DAY)

    def _land(self, answered_at: datetime) -> None:
        now, payloads = self.warehouse.clock, landing(self._chance)
        if self._seasons and self._chance.random() < 0.5:
            payloads |= added_again(self._chance, self._seasons)
        self._seasons |= {
            key: told for key, told in payloads.items() if key[0] == "tmdb_tv_seasons"
        }
        tell_time(self.warehouse)
        self.warehouse.clock = answered_at
        documents = [self.warehouse.document(*key, told) for key, told in payloads.items()]
        load_id = self.warehouse.land(documents)
        self.warehouse.clock = now
        if load_id is not None:
            self._loads.append(load_id)
        self._note(f"land {len(documents)} documents of {answered_at:%Y-%m-%d %H:%M}: {load_id}")

    def _build(self) -> None:
        chance, arguments = self._chance, list(TABLES)
        if self._is_built and chance.random() < 0.2:
            arguments = ["--full-refresh", "--select", *chance.choice(REFRESHED).split()]
        elif self._is_built:
            arguments = ["--select", *chance.choice(SELECTIONS).split()]
        as_of = chance.choice(DATES)
        self._note(f"run {' '.join(arguments)}, as of {as_of}")
        self.warehouse.dbt("run", *arguments, as_of=as_of)
        self._is_built = True

    def _note(self, told: str) -> None:
        self.happened.append(told)


def tell_time(warehouse: Warehouse) -> None:
    """Have the database tell the time of the warehouse's clock."""
    set_clock(warehouse.url, warehouse.clock - datetime.now(UTC))


def purge_all(warehouse: Warehouse) -> Purged:
    """Empty what may be kept no longer by the warehouse's clock."""
    tell_time(warehouse)
    with connect(warehouse.url) as connection:
        return purge(connection, RESOURCES.values(), run_id=uuid4(), at=warehouse.clock)


def give_back(warehouse: Warehouse, load_id: int | None) -> None:
    """Take a load back."""
    assert load_id is not None
    tell_time(warehouse)
    with connect(warehouse.url) as connection:
        take_back(connection, load_id, run_id=uuid4())


def assert_incremental_equals_full(
    warehouse: Warehouse, *models: str, as_of: str = "2024-06-15", may_be_empty: bool = False
) -> None:
    """Build what changed, then everything anew, and compare every row: of all models, or of some.

    What these are made of is built and compared as well. What is left at the end of a history of
    chance may be nothing; an example that compares nothing is a mistake in it.
    """
    warehouse.build(*models, as_of=as_of)
    incremental = warehouse.snapshot()
    warehouse.build(*models, more=["--full-refresh"], as_of=as_of)
    found = differences(incremental, warehouse.snapshot())
    assert not found, "\n".join(found)
    says_something = may_be_empty or incremental["core.shows"]
    assert says_something, "the history brought no show, so the comparison says nothing"
