"""The dbt runner: `dbt build` in this process, one build at a time, its result in a few words.

In process because dbt takes seconds to import and tenths of a second to run. The profile is the
user's (in `DBT_PROFILES_DIR`, or `profiles.yml` at the root) where there is one, else a copy of
`profiles.example.yml`; what dbt writes goes under `SHOWHOUSE_HOME/dbt`. A session advisory lock is
held for the whole build, which a lock of dbt's own could not be: each of its threads has its own
connection.

Not called `dbt`: Prefect puts this folder on the path of a deployed flow, where it would hide dbt.

Run it alone with `showhouse build`.
"""

import gc
import os
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import yaml
from psycopg.errors import InsufficientPrivilege

from extract.postgres.connections import connect, database_url
from extract.settings import ROOT, Settings
from flows.drift import Drift
from flows.errors import BuildFailed, DbtNotRun

AFTER_RECEIPTS = ("--select", "source:showhouse.showhouse_mirrored_images+")
KINDS = {"model": "models", "seed": "seeds", "test": "tests", "unit_test": "tests"}
BAD = frozenset({"error", "fail", "runtime error", "partial success"})
UNFINISHED = BAD | {"skipped"}
MESSAGE_CHARACTERS = 200
QUIET = ("--log-level", "none", "--log-level-file", "info", "--no-use-colors-file")

Say = Callable[[str], None]
OnNode = Callable[[str], None]


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


def build(
    settings: Settings,
    arguments: Sequence[str] = (),
    *,
    say: Say = lambda _: None,
    on_node: OnNode = lambda _: None,
    quiet: bool = True,
) -> Built:
    """Run `dbt build` with `arguments`, waiting for any other build to end.

    `on_node` is called with the name of each node as it ends. Not quiet, dbt prints what it prints.
    Raises DbtNotRun where dbt stops before its first node; failed nodes are in the result.
    """
    with between_builds(database_url(settings), say), _environment(settings):
        _keep_out(settings)
        return _invoke(["build", *_with_lock_held(arguments), *(QUIET if quiet else ())], on_node)


def _keep_out(settings: Settings) -> None:
    """Decide of the forgotten who came under another id; who may not land leaves it to a purge."""
    from extract.suppression import follow

    with suppress(InsufficientPrivilege), connect(database_url(settings)) as connection:
        follow(connection)


def require_success(built: Built) -> None:
    """Raise BuildFailed where anything in the build failed."""
    if built.failures:
        raise BuildFailed(built.summary())


def _invoke(arguments: Sequence[str], on_node: OnNode) -> Built:
    from dbt.artifacts.schemas.run import RunExecutionResult
    from dbt.cli.exceptions import DbtUsageException
    from dbt.cli.main import dbtRunner

    def tell(event: Any) -> None:
        if event.info.name == "ConcurrencyLine":
            # The project is parsed and stays: looked through again and again by the collector, it
            # cost a fifteenth of a build's time.
            gc.freeze()
        if event.info.name == "NodeFinished":
            on_node(event.data.node_info.node_name)

    with _interruptions() as interruptions:
        outcome = dbtRunner(callbacks=[tell]).invoke(list(arguments))
    gc.unfreeze()
    if interruptions or isinstance(outcome.exception, KeyboardInterrupt):
        raise KeyboardInterrupt  # dbt takes the signal for itself, and one was seen to get lost
    if not isinstance(outcome.result, RunExecutionResult):
        is_usage = isinstance(outcome.exception, DbtUsageException)
        raise DbtNotRun(_first_words(str(outcome.exception)), is_usage)
    nodes = (_node(result) for result in outcome.result.results)
    told = tuple(node for node in nodes if node.kind != "hooks" or node.status in UNFINISHED)
    return Built(told, outcome.result.elapsed_time)


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
    return Node(kind, name, str(result.status), _first_words(result.message or ""))


def _first_words(message: str) -> str:
    """The message on one line, without its headline and the path of the compiled file."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    if len(lines) > 1 and " Error" in lines[0]:
        lines = lines[1:]
    text = " ".join(line for line in lines if not line.startswith("compiled code at"))
    return text if len(text) <= MESSAGE_CHARACTERS else f"{text[:MESSAGE_CHARACTERS]}… (cut)"


def _with_lock_held(arguments: Sequence[str]) -> list[str]:
    """The arguments with `build_lock_held` among the variables, whatever others were given."""
    kept: list[str] = []
    variables: dict[str, Any] = {}
    remaining = iter(arguments)
    for argument in remaining:
        if argument == "--vars":
            variables |= _parse_variables(next(remaining, ""))
        elif argument.startswith("--vars="):
            variables |= _parse_variables(argument.removeprefix("--vars="))
        else:
            kept.append(argument)
    return [*kept, "--vars", yaml.safe_dump(variables | {"build_lock_held": True})]


def _parse_variables(text: str) -> Mapping[str, Any]:
    try:
        variables = yaml.safe_load(text)
    except yaml.YAMLError:
        variables = None
    if not isinstance(variables, dict):
        why = f"`--vars {text}` is not a YAML mapping. Write it as `{{as_of: 2026-01-31}}`."
        raise DbtNotRun(why, is_usage=True)
    return variables


@contextmanager
def between_builds(url: str, say: Say) -> Iterator[None]:
    """Hold the lock of builds, waiting for one that runs."""
    with connect(url, application="showhouse build") as connection:
        connection.execute("set statement_timeout = 0")
        connection.execute("set lock_timeout = 0")
        lock = "lock(hashtext('showhouse.build'))"
        taken = connection.execute(f"select pg_try_advisory_{lock}").fetchone()
        if taken is None or not taken[0]:
            say("Another build of this warehouse is running; waiting until it has ended.")
            connection.execute(f"select pg_advisory_{lock}")
        yield


@contextmanager
def _environment(settings: Settings) -> Iterator[None]:
    """What dbt and the profile read from the environment, for the time of one build."""
    home = settings.showhouse_home / "dbt"
    ours = {
        "SHOWHOUSE_HOME": str(settings.showhouse_home),
        "DBT_PROJECT_DIR": str(ROOT),
        "DBT_PROFILES_DIR": os.environ.get("DBT_PROFILES_DIR") or str(_profiles_directory(home)),
        "DBT_TARGET_PATH": str(home / "target"),
        "DBT_LOG_PATH": str(home / "logs"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
    }
    if settings.database_url:
        ours["DATABASE_URL"] = settings.database_url
    before = {name: os.environ.get(name) for name in ours}
    os.environ.update(ours)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _profiles_directory(home: Path) -> Path:
    if (ROOT / "profiles.yml").is_file():
        return ROOT
    home.mkdir(parents=True, exist_ok=True)
    example = (ROOT / "profiles.example.yml").read_bytes()
    # Renamed into place: two commands may start at once, and dbt must never read half of it.
    with tempfile.NamedTemporaryFile(dir=home, delete=False) as draft:
        draft.write(example)
    Path(draft.name).replace(home / "profiles.yml")
    return home
