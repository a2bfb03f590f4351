"""What a mirroring did, and the counting of it."""

from dataclasses import dataclass, field

LISTED_AT_MOST = 1000


@dataclass(frozen=True, slots=True)
class Problem:
    """An image that was not mirrored: the key of its receipt, and why."""

    key: str
    why: str


@dataclass(frozen=True, slots=True)
class Pruned:
    """Keys of receipts given up and of objects deleted; in a dry run, that would be."""

    released: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Mirrored:
    """Counts of one run; each wanted image is uploaded, skipped, rejected or failed in the end.

    `fetched` is less than the sum where owners share an image; `bytes` are those uploaded, those of
    renditions among them.
    """

    wanted: int = 0
    fetched: int = 0
    uploaded: int = 0
    skipped: int = 0
    rejected: int = 0
    failed: int = 0
    bytes: int = 0
    renditions: int = 0
    """Small copies that were uploaded."""
    unscaled: list[Problem] = field(default_factory=list)
    """The first 1,000 images that are held, and could not be scaled: no failure of the run."""
    moved: int = 0
    """Receipts landed anew because the public address of the objects changed."""
    released: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    """Keys of receipts and of objects: pruned, or of the forgotten; in a dry run, that would be."""
    lacking_renditions: int = 0
    """In a dry run, images that are held and would be scaled."""
    listed: list[str] = field(default_factory=list)
    """In a dry run, the first 1,000 keys of what would be fetched."""
    problems: list[Problem] = field(default_factory=list)
    """The first 1,000; raw.rejects and raw.fetches hold them all."""

    def add(self, pruned: Pruned) -> None:
        """Count what was given up and deleted."""
        self.released += pruned.released
        self.deleted += pruned.deleted

    def report_unscaled(self, key: str, why: str) -> None:
        """Remember an image that has no renditions."""
        if len(self.unscaled) < LISTED_AT_MOST:
            self.unscaled.append(Problem(key, why))

    def report(self, key: str, why: str) -> None:
        """Remember a problem."""
        if len(self.problems) < LISTED_AT_MOST:
            self.problems.append(Problem(key, why))
