"""What a build did, node by node."""

from dataclasses import dataclass

from flows.drift import Drift

BAD = frozenset({"error", "fail", "runtime error", "partial success"})
UNFINISHED = BAD | {"skipped"}
KINDS = {"model": "models", "seed": "seeds", "test": "tests", "unit_test": "tests"}


@dataclass(frozen=True, slots=True)
class Node:
    """One model, seed or test of a build: its kind, its name, how it ended and what dbt said."""

    kind: str
    name: str
    status: str
    message: str


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did."""

    nodes: tuple[Node, ...]
    seconds: float
    drift: tuple[Drift, ...] = ()
    """What answers hold that none held before; known to who asks for it after the build."""
    orphans: tuple[str, ...] = ()
    """What stands in the schemas of the warehouse and is made by no model."""
    is_left_out: bool = False
    """Nothing had changed since the last build, so dbt was not started."""

    @property
    def failures(self) -> tuple[Node, ...]:
        """The nodes that failed themselves."""
        return tuple(node for node in self.nodes if node.status in BAD)

    @property
    def skipped(self) -> tuple[Node, ...]:
        """The nodes left out because something before them failed."""
        return tuple(node for node in self.nodes if node.status == "skipped")

    def is_unfinished(self, name: str) -> bool:
        """Whether the node called `name` failed or was left out."""
        return any(node.name == name for node in self.nodes if node.status in UNFINISHED)

    def count(self, kind: str) -> int:
        """How many nodes of a kind ("models", "tests") the build came to."""
        return sum(node.kind == kind for node in self.nodes)

    def summary(self) -> str:
        """The build in one sentence: what stands, or how much failed and the first of it."""
        if self.is_left_out:
            return "Nothing has changed since the last build, so dbt was not started."
        kinds = list(dict.fromkeys((*KINDS.values(), *(node.kind for node in self.nodes))))
        if not self.failures:
            done = ", ".join(f"{self.count(kind)} {kind}" for kind in kinds if self.count(kind))
            return f"dbt build: {done or 'nothing selected'} ({self.seconds:.0f} s)."
        failed = {kind: sum(node.kind == kind for node in self.failures) for kind in kinds}
        parts = ", ".join(
            f"{failed[kind]} of {self.count(kind)} {kind}" for kind in kinds if failed[kind]
        )
        first = self.failures[0]
        return f"dbt build failed: {parts}. First: {first.name} — {first.message}"

    def remarks(self) -> tuple[str, ...]:
        """What somebody should know of it though nothing failed."""
        if not self.orphans:
            return ()
        return (
            f"No model makes {', '.join(self.orphans)}: left by older code, or by somebody. "
            "Nobody is granted it, and no export holds it.",
        )
