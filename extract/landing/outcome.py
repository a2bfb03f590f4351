"""What a landing did, in numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class Counts:
    """Keys of one resource."""

    checked: int = 0
    """Answers of the source: documents and tombstones."""
    landed: int = 0
    """New versions among them, tombstones included."""
    tombstones: int = 0
    rejected: int = 0
    failed: int = 0
    asked: int = 0
    """Where it arrives with another: how many exist and were asked for."""
    arrived: int = 0
    """How many of those arrived, fit or not."""

    def add(self, other: "Counts") -> None:
        """Add another count of the same resource."""
        self.checked += other.checked
        self.landed += other.landed
        self.tombstones += other.tombstones
        self.rejected += other.rejected
        self.failed += other.failed
        self.asked += other.asked
        self.arrived += other.arrived


@dataclass(frozen=True, slots=True)
class Landed:
    """One landing, or several added up; `load_id` is the highest, None when nothing was new."""

    load_id: int | None = None
    by_resource: Mapping[str, Counts] = field(default_factory=dict)

    @property
    def checked(self) -> int:
        """How many answers there were."""
        return sum(counts.checked for counts in self.by_resource.values())

    @property
    def landed(self) -> int:
        """How many new versions there are."""
        return sum(counts.landed for counts in self.by_resource.values())

    @property
    def rejected(self) -> int:
        """How many answers were refused."""
        return sum(counts.rejected for counts in self.by_resource.values())

    @property
    def failed(self) -> int:
        """How many keys went without an answer."""
        return sum(counts.failed for counts in self.by_resource.values())

    def __add__(self, other: "Landed") -> "Landed":
        """Add another landing, later or earlier."""
        loads = [load for load in (self.load_id, other.load_id) if load is not None]
        total: dict[str, Counts] = {}
        for part in (self, other):
            for resource, counts in part.by_resource.items():
                total.setdefault(resource, Counts()).add(counts)
        return Landed(max(loads, default=None), total)
