"""dbt in this process, without the work that no test looks at.

A run of all tables takes about half as much as dbt by itself does. Nothing of it reaches users: the
patches stand while `invoke` runs and are gone afterwards. `test_invocation` holds what such a run
builds against an unpatched one, row by row.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from types import CodeType
from typing import Any

import jinja2
import pytest
from dbt.adapters.base.connections import BaseConnectionManager
from dbt.adapters.contracts.connection import ConnectionState
from dbt.adapters.postgres.connections import PostgresConnectionManager
from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt.contracts.graph.manifest import Manifest
from dbt.contracts.graph.nodes import ParsedNode
from dbt_common.clients import agate_helper
from dbt_common.clients.jinja import MacroFuzzEnvironment, NativeSandboxEnvironment
from dbt_common.events.base_types import BaseEvent
from dbt_common.events.event_manager import EventManager


def invoke(
    manifest: Manifest | None, arguments: list[str], *, is_patched: bool = True
) -> dbtRunnerResult:
    """Run dbt on a parsed project, or have it parsed; `is_patched=False` is dbt as it comes."""
    runner = dbtRunner(manifest=manifest)
    if not is_patched:
        return runner.invoke(arguments)
    with _without_collector(), pytest.MonkeyPatch.context() as patch:
        for apply in (_keep_connections, _make_no_events, _write_no_files):
            apply(patch)
        for remember in (_remember_types, _remember_templates):
            remember(patch)
        return runner.invoke(arguments)


@contextmanager
def _without_collector() -> Iterator[None]:
    """The cycle collector walks the parsed project over and over, and finds nothing there."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _keep_connections(patch: pytest.MonkeyPatch) -> None:
    """A thread keeps its connection for the nodes to come; each node finds it as if it were new."""

    def reset(manager: BaseConnectionManager) -> None:
        connection = manager.get_if_exists()
        if connection is None or connection.state != ConnectionState.OPEN:
            return close(manager)
        try:
            connection.handle.reset()  # rolls back; discards settings, temporary tables and plans
        except Exception:
            return close(manager)
        connection.transaction_open = False
        return None

    close = PostgresConnectionManager.release
    patch.setattr(PostgresConnectionManager, "release", reset)


def _make_no_events(patch: pytest.MonkeyPatch) -> None:
    """Three thousand events a run become messages of protobuf only where somebody asks for one."""

    def note(event: BaseEvent, *arguments: Any, **fields: Any) -> None:
        event.__dict__["asked"] = (arguments, fields)

    def make(event: BaseEvent, name: str) -> Any:
        if "asked" not in event.__dict__:
            return find(event, name)
        arguments, fields = event.__dict__.pop("asked")
        begin(event, *arguments, **fields)
        return getattr(event, name)

    def fire(manager: EventManager, event: BaseEvent, *told: Any, **more: Any) -> None:
        # dbt's one callback counts warnings for its makers, to whom tests send nothing
        is_heard = manager.loggers or manager.require_warn_or_error_handling
        if is_heard or more.get("force_warn_or_error_handling") or len(told) > 2:
            handle(manager, event, *told, **more)

    begin, handle = BaseEvent.__init__, EventManager.fire_event
    find: Callable[[BaseEvent, str], Any] = BaseEvent.__getattr__
    patch.setattr(BaseEvent, "__init__", note)
    patch.setattr(BaseEvent, "__getattr__", make)
    patch.setattr(EventManager, "fire_event", fire)


def _write_no_files(patch: pytest.MonkeyPatch) -> None:
    """The compiled text of each node stands in its result; nobody reads it from a file."""
    patch.setattr(ParsedNode, "write_node", lambda *_: None)


def _remember_types(patch: pytest.MonkeyPatch) -> None:
    """What tells the types of a result's columns depends on the text columns' names alone."""
    build = agate_helper.build_type_tester
    built: dict[tuple[frozenset[str], Any], Any] = {}

    def remember(text_columns: Any, string_null_values: Any = ("null", "")) -> Any:
        key = frozenset(text_columns), string_null_values
        if key not in built:
            built[key] = build(*key)
        return built[key]

    patch.setattr(agate_helper, "build_type_tester", remember)
    patch.setattr(agate_helper, "empty_table", cache(agate_helper.empty_table))


_COMPILED: dict[tuple[type, str], CodeType] = {}


def _remember_templates(patch: pytest.MonkeyPatch) -> None:
    """A text that dbt renders compiles to the same code in every run of this process."""

    def remember(
        compile: Callable[..., CodeType],
    ) -> Callable[[jinja2.Environment, str], CodeType]:
        def compiled(environment: jinja2.Environment, source: str) -> CodeType:
            key = type(environment), source
            if key not in _COMPILED:
                _COMPILED[key] = compile(environment, source)
            return _COMPILED[key]

        return compiled

    for kind in (MacroFuzzEnvironment, NativeSandboxEnvironment):
        patch.setattr(kind, "compile", remember(kind.compile))
