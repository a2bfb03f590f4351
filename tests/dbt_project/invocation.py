"""dbt in this process, without the work that no test looks at.

A run of all tables takes about half as much as dbt by itself does. Nothing of it reaches users: the
patches stand while `invoke` runs and are gone afterwards. `test_invocation` holds what such a run
builds against an unpatched one, row by row.
"""

import gc
from collections import ChainMap
from collections.abc import Callable, Iterator, KeysView, Mapping
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
from dbt.clients.jinja import MacroGenerator
from dbt.context.base import BaseContext
from dbt.context.configured import ConfiguredContext
from dbt.context.macros import MacroNamespace, MacroNamespaceBuilder
from dbt.context.manifest import ManifestContext
from dbt.contracts.graph.manifest import Manifest
from dbt.contracts.graph.nodes import Macro, ParsedNode
from dbt_common.behavior_flags import BehaviorFlagRendered
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
    with lighter_dbt(), _without_collector(), pytest.MonkeyPatch.context() as patch:
        for apply in (_keep_connections, _make_no_events, _write_no_files):
            apply(patch)
        return runner.invoke(arguments)


@contextmanager
def lighter_dbt() -> Iterator[None]:
    """For the block, dbt in this process does the same with less work, whoever calls it."""
    with pytest.MonkeyPatch.context() as patch:
        for apply in (_walk_no_stacks, _remember_types, _remember_templates, _make_macros_late):
            apply(patch)
        yield


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


def _walk_no_stacks(patch: pytest.MonkeyPatch) -> None:
    """To name its own module, each flag of the adapter reads the source of all frames below it.

    Under pytest there are sixty, and for each all modules are walked: 0.7 CPU s a run.
    """
    patch.setattr(BehaviorFlagRendered, "_default_source", staticmethod(lambda: "dbt"))


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


class _Late(dict[str, Any]):
    """What was set by name, and `others`, of which each is made when it is asked for."""

    def __init__(
        self,
        others: Mapping[str, Any] | None = None,
        make: Callable[[Any], Any] = lambda other: other,
    ):
        super().__init__()
        self.others, self._make = others or {}, make

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or name in self.others

    def __missing__(self, name: str) -> Any:
        return self._make(self.others[name])

    def __iter__(self) -> Iterator[str]:
        """All of them: what a test of data is told is rendered with a copy of the names."""
        return iter({*super().keys(), *self.others})

    def keys(self) -> Any:
        return KeysView(self)

    def get(self, name: str, default: Any = None) -> Any:
        try:
            return self[name]
        except KeyError:
            return default


def _make_macros_late(patch: pytest.MonkeyPatch) -> None:
    """A node calls some forty of eight hundred macros; dbt makes all of them twice a node."""

    def begin(context: BaseContext, *arguments: Any, **more: Any) -> None:
        initialize(context, *arguments, **more)
        context._ctx = _Late()

    def build(
        builder: MacroNamespaceBuilder, by_package: dict[str, dict[str, Macro]], names: _Late
    ) -> MacroNamespace:
        def make(macro: Macro) -> MacroGenerator:
            return MacroGenerator(macro, names, builder.node, builder.thread_ctx)

        order = builder.internal_package_names_order
        internal = ChainMap(*(by_package[package] for package in order if package in by_package))
        packages: dict[str, Any] = {
            package: _Late(parsed, make)
            for package, parsed in by_package.items()
            if package not in builder.internal_package_names
        }
        is_root = builder.search_package == builder.root_package
        return MacroNamespace(
            global_namespace={} if is_root else packages.get(builder.root_package, {}),
            local_namespace=packages.get(builder.search_package, {}),
            global_project_namespace=_Late(internal, make),
            packages=packages,
        )

    def name_all(context: ManifestContext) -> dict[str, Any]:
        if not isinstance(context.namespace, MacroNamespace):  # of a generic test, while parsing
            return name_macros(context)
        names: Any = ConfiguredContext.to_dict(context)
        for each in [each for each in names if each in context.namespace]:
            del names[each]  # a macro goes before what dbt has under its name
        names.others = context.namespace
        return names  # type: ignore[no-any-return]

    initialize = BaseContext.__init__
    name_macros: Callable[[ManifestContext], dict[str, Any]] = ManifestContext.to_dict
    patch.setattr(BaseContext, "__init__", begin)
    patch.setattr(MacroNamespaceBuilder, "build_namespace", build)
    patch.setattr(ManifestContext, "to_dict", name_all)
