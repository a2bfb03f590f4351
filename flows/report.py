"""What a run did, for its three readers: the console, the run's page in Prefect, the exit code."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extract.landing import Counts
from extract.landing.purging import Purged
from extract.mirror import Mirrored
from flows.builds import Built, Node
from flows.drift import Drift

if TYPE_CHECKING:
    from extract.run import Extracted, NotLanded

SHOWN = 20
MANY = 1_000
"""A part that was asked for so often and never arrived did not fail: nobody is given it."""


_COLUMNS = ("asked", "arrived", "checked", "new", "rejected", "failed")


@dataclass(frozen=True, slots=True)
class Share:
    """How a run that took a share of another's work ended, and what it said."""

    name: str
    """`2/4`"""
    state: str
    """As Prefect calls it; `lost` and `late` are our own words."""
    message: str = ""
    has_failed: bool = False
    """Something in it failed. What a run left that was lost or cancelled is asked for after it."""

    def __str__(self) -> str:
        """In a sentence."""
        return f"Share {self.name} ended as {self.state}{f': {self.message}' * bool(self.message)}"


@dataclass(slots=True)
class Report:
    """Grows while a run goes on.

    `due_counts` are by subject; `shares` are the runs that extracted for this one; `stops` say
    which step could not be taken and why.
    """

    shares: list[Share] = field(default_factory=list)
    resources: dict[str, Counts] = field(default_factory=dict)
    due_counts: dict[str, int] = field(default_factory=dict)
    requests: int = 0
    failures: list["NotLanded"] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    builds: list[Built] = field(default_factory=list)
    images: Mirrored | None = None
    purged: Purged | None = None
    stops: list[str] = field(default_factory=list)

    def add(self, extracted: "Extracted | None") -> None:
        """Add what one batch of extraction did, if there was anything to do."""
        if extracted is None:
            return
        for resource, counts in extracted.by_resource.items():
            self.resources.setdefault(resource, Counts()).add(counts)
        for subject, count in extracted.due_counts.items():
            self.due_counts[subject] = self.due_counts.get(subject, 0) + count
        self.requests += extracted.requests
        self.failures += extracted.failures
        self.notices += extracted.notices

    @property
    def withheld(self) -> tuple[str, ...]:
        """The parts that arrived for nobody of many: asked for still, but not asked for twice."""
        return tuple(
            name
            for name, counts in sorted(self.resources.items())
            if counts.asked >= MANY and not counts.arrived
        )

    @property
    def drift(self) -> list[Drift]:
        """What answers hold that none held before; it breaks nothing, and somebody should look."""
        return [each for built in self.builds for each in built.drift]

    @property
    def failed_nodes(self) -> list[Node]:
        """The models and tests that failed, of all builds of the run."""
        return [node for built in self.builds for node in built.failures]

    def problems(self) -> tuple[str, ...]:
        """A sentence for each kind of thing that failed; empty when the run is good."""
        found = [str(share) for share in self.shares if share.has_failed]
        if self.failures:
            failed = self.failures[0]
            which = f"{failed.subject} {failed.key}"
            found.append(f"{len(self.failures):,} keys failed. First: {which} — {failed.why}")
        found.extend(
            f"`{name}` arrived for none of {self.resources[name].asked:,}: it is answered no more, "
            "or under another name. What is held of it was not changed."
            for name in self.withheld
        )
        rejected = sum(counts.rejected for counts in self.resources.values())
        if rejected:
            found.append(f"{rejected:,} answers were rejected; `raw.rejects` says why.")
        found.extend(built.summary() for built in self.builds if built.failures)
        if self.images and self.images.problems:
            first = self.images.problems[0]
            count = self.images.failed + self.images.rejected
            found.append(f"{count:,} images failed. First: {first.key} — {first.why}")
        return (*found, *self.stops)

    def lines(self) -> list[str]:
        """The whole of it in plain lines, one for each resource that was asked for."""
        width = max((len(name) for name in self.resources), default=0)
        lines = [_line(name.ljust(width), self.resources[name]) for name in sorted(self.resources)]
        lines.append(self._extent())
        lines += self.notices
        lines += map(str, self.shares)
        lines += _listed((f"{subject} {key}", why) for subject, key, why in self.failures)
        for built in self.builds:
            lines += [built.summary(), *built.remarks()]
            lines += _listed([(node.name, node.message) for node in built.failures])
        lines += _cut([f"  never seen before: {each}" for each in self.drift])
        if self.images:
            lines.append(_images_line(self.images))
            lines += _listed(_image_problems(self.images))
            lines += _cut(
                [f"  not scaled: {each.key} — {each.why}" for each in self.images.unscaled]
            )
        return [*lines, *self.stops]

    def markdown(self) -> str:
        """The same for the run's page."""
        problems = self.problems()
        title = "Something failed" if problems else "All well"
        parts = [f"# {title}", *(f"- {problem}" for problem in problems), "", self._extent(), ""]
        if self.resources:
            parts += [f"| resource | {' | '.join(_COLUMNS)} |", "|---|" + "--:|" * len(_COLUMNS)]
            parts += [_row(name, counts) for name, counts in sorted(self.resources.items())]
            parts.append("")
        parts += [f"- {share}" for share in self.shares if not share.has_failed]
        for built in self.builds:
            parts += [f"- {line}" for line in (built.summary(), *built.remarks())]
        if self.images:
            parts.append(f"- {_images_line(self.images)}")
        if self.drift:
            parts += ["", "## Never seen before", ""]
            parts += _cut([f"- {each}" for each in self.drift])
        return "\n".join(parts)

    def _extent(self) -> str:
        if self.purged:
            return purged_line(self.purged)
        if not any(self.due_counts.values()):
            return "Nothing was due."
        counts = ", ".join(f"{count:,} {name}" for name, count in self.due_counts.items() if count)
        return f"{counts} were due; {self.requests:,} requests."

    def rows(self) -> list[dict[str, str | int]]:
        """The resources, a row each."""
        return [
            {"resource": name, **dict(zip(_COLUMNS, _cells(counts), strict=True))}
            for name, counts in sorted(self.resources.items())
        ]

    def failed_rows(self) -> list[dict[str, str]]:
        """Everything that failed, a row each: what kind of thing, which one, why."""
        rows = list(map(tuple, self.failures))
        rows += [(node.kind, node.name, node.message) for node in self.failed_nodes]
        rows += [("image", key, why) for key, why in _image_problems(self.images)]
        return [{"what": what, "which": which, "why": why} for what, which, why in rows]


def purged_line(purged: Purged) -> str:
    """How many payloads went, and whose."""
    if not purged.count:
        return "No payload was overdue."
    parts = (f"{name} {count:,}" for name, count in sorted(purged.by_resource.items()))
    return f"{purged.count:,} payloads purged: {', '.join(parts)}."


def _line(name: str, counts: Counts) -> str:
    line = f"{name}  {counts.checked:>7,} checked  {counts.landed:>7,} new"
    line = f"{line}  {counts.rejected:,} rejected"
    line = f"{line}  {counts.failed:,} failed" if counts.failed else line
    return f"{line}  {counts.arrived:,} of {counts.asked:,} arrived" if counts.asked else line


def _cells(counts: Counts) -> tuple[int, ...]:
    """What `_COLUMNS` name; a resource that does not arrive with another was asked for 0 times."""
    asked = (counts.asked, counts.arrived)
    return (*asked, counts.checked, counts.landed, counts.rejected, counts.failed)


def _row(name: str, counts: Counts) -> str:
    return f"| {name} | " + " | ".join(f"{cell:,}" for cell in _cells(counts)) + " |"


def _images_line(images: Mirrored) -> str:
    counts = f"{images.wanted:,} wanted, {images.uploaded:,} stored"
    counts = f"{counts}, {images.skipped:,} held already"
    bad = f"{images.failed:,} failed, {images.rejected:,} rejected"
    pruned = f", {len(images.deleted):,} objects pruned" if images.deleted else ""
    made = f", {images.renditions:,} renditions stored" if images.renditions else ""
    return f"Images: {counts}, {bad}{made}{pruned}."


def _image_problems(images: Mirrored | None) -> list[tuple[str, str]]:
    return [(problem.key, problem.why) for problem in images.problems] if images else []


def _listed(pairs: Iterable[tuple[str, str]]) -> list[str]:
    return _cut([f"  failed: {name} — {why}" for name, why in pairs])


def _cut(lines: list[str]) -> list[str]:
    return [*lines[:SHOWN], f"  … and {len(lines) - SHOWN:,} more"] if len(lines) > SHOWN else lines
