"""One invocation of dbt in this process, its result in our words."""

import signal
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

from flows.builds import KINDS, UNFINISHED, Built, Node
from flows.errors import DbtNotRun, first_words
from flows.project import Project

# Nobody reads dbt's manifest.json here, which takes longer to write than a small build.
QUIET = (
    *("--log-level", "none", "--log-level-file", "info", "--no-use-colors-file"),
    "--no-write-json",
)

_CHOSEN = "chosen"

OnNode = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Dbt:
    """dbt with the parsed project handed over, so that it parses nothing."""

    project: Project
    on_node: OnNode
    """Called with the name of each node as it ends."""
    is_quiet: bool = True
    """Otherwise dbt prints what it prints."""

    def run(self, arguments: Sequence[str]) -> Built:
        """Run a command of dbt that builds or tests. Raises DbtNotRun where it comes to no node."""
        from dbt.artifacts.schemas.run import RunExecutionResult

        result = self._result([*arguments, *(QUIET if self.is_quiet else ())], RunExecutionResult)
        nodes = (_node(each) for each in result.results)
        told = tuple(node for node in nodes if node.kind != "hooks" or node.status in UNFINISHED)
        return Built(told, result.elapsed_time)

    def only(self, names: Collection[str]) -> tuple[str, str]:
        """Options of dbt that select these models and tests.

        They are tagged in the parsed project, which belongs to this build alone. Selected by name,
        each would cost dbt a walk over all nodes.
        """
        for node in self.project.manifest.nodes.values():
            others = [tag for tag in node.tags if tag != _CHOSEN]
            node.tags = [*others, _CHOSEN] if node.name in names else others
        return "--select", f"tag:{_CHOSEN}"

    def names(self, arguments: Sequence[str]) -> frozenset[str]:
        """The names of the models and tests that dbt's selection comes to. Raises DbtNotRun."""
        return frozenset(self._result(["ls", "--output", "name", *QUIET, *arguments], list))

    def _result(self, arguments: list[str], expected: type) -> Any:
        from dbt.cli.exceptions import DbtUsageException
        from dbt.cli.main import dbtRunner

        def tell(event: Any) -> None:
            if event.info.name == "NodeFinished":
                self.on_node(event.data.node_info.node_name)

        with _interruptions() as interruptions:
            runner = dbtRunner(manifest=self.project.manifest, callbacks=[tell])
            outcome = runner.invoke(arguments)
        if interruptions or isinstance(outcome.exception, KeyboardInterrupt):
            raise KeyboardInterrupt  # dbt takes the signal for itself, and one was seen to get lost
        if not isinstance(outcome.result, expected):
            is_usage = isinstance(outcome.exception, DbtUsageException)
            raise DbtNotRun(first_words(str(outcome.exception)), is_usage)
        return outcome.result


@contextmanager
def _interruptions() -> Iterator[list[int]]:
    """Note each SIGINT beside what it does; only the main thread can, and only it is sent any."""
    noted: list[int] = []
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield noted
        return

    def note(number: int, frame: FrameType | None) -> None:
        noted.append(number)
        before(number, frame)

    signal.signal(signal.SIGINT, note)
    try:
        yield noted
    finally:
        signal.signal(signal.SIGINT, before)


def _node(result: Any) -> Node:
    kind = KINDS.get(str(result.node.resource_type), "hooks")
    name = f"{result.node.schema}.{result.node.name}" if kind == "models" else result.node.name
    return Node(kind, name, str(result.status), first_words(result.message or ""))
