"""One build: which models and tests it takes, and in which invocations of dbt.

Where all tests are wanted, it is one `dbt build`. Else the models below the marts come first, then
the tests of what was written there together with the marts that read it, so that no mart is built
from what a test refuses, and last the tests of the marts that were written.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

import yaml

from extract.postgres.connections import connect
from flows.builds import BAD, UNFINISHED, Built, Node
from flows.dbt_arguments import AS_OF, Arguments
from flows.invoking import Dbt
from flows.needed import Books, Changed, Complete, tests_of
from flows.project import Model, Test

WITHOUT_UNIT_TESTS = ("--exclude-resource-type", "unit_test")
MARTS = "marts"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a build takes."""

    models: frozenset[str]
    horizon: int
    """The highest load of the world that is built: what lands from now on is the next build's."""
    as_of: date
    since: Complete
    """The complete build after which what was written is to be tested."""
    is_pruned: bool
    """Of the marts, those that read something that changed."""
    tests: frozenset[str] | None = None
    """The tests that were selected; None: any."""


@dataclass(slots=True)
class Build:
    """A build under way. `code` is the hash of the project."""

    url: str
    asked: Arguments
    code: str
    dbt: Dbt
    plan: Plan | None = None
    """None: everything asked for is built and tested."""
    name: str = field(default_factory=lambda: str(uuid4()))
    done: list[Built] = field(default_factory=list)

    def run(self) -> Built:
        """Build, test and note how it ended."""
        with connect(self.url) as connection:
            self.plan = self._planned(Books(connection, self.dbt.project.staging))
        if self.plan is None:
            self._invoke(["build", *self.asked.selection, *self._without_unit_tests()])
        else:
            self._build_in_parts(self.plan)
        built = self._built()
        return self._noted(built)

    def _planned(self, books: Books) -> Plan | None:
        project, last = self.dbt.project, books.last_complete()
        is_same = last is not None and last.code == self.code
        if last is None or not is_same or self.asked.is_for_all_tests:
            return None
        today, horizon = books.now()
        as_of = date.fromisoformat(str(dict(self.asked.variables).get(AS_OF) or today))
        if self.asked.selection:
            selected = self.dbt.names([*self.asked.selection, *self.asked.state])
            models = selected & project.models.keys()
            return Plan(models, horizon, as_of, last, False, selected)
        missing = books.missing(project)
        wanted = project.with_readers(frozenset(m for m in missing if not self._is_view(m)))
        is_whole = not last.is_last or last.as_of != as_of or bool(self.asked.others)
        if is_whole:
            wanted |= project.models.keys()
        else:
            wanted |= project.reading(books.changed_sources(project, last.horizon))
        tables = frozenset(name for name in wanted if not self._is_view(name))
        return Plan(tables | missing, horizon, as_of, last, not is_whole)

    def _is_view(self, name: str) -> bool:
        return self.dbt.project.models[name].is_view

    def _without_unit_tests(self) -> tuple[str, ...]:
        is_named = any("unit" in value for value in self.asked.selection)
        return () if is_named else WITHOUT_UNIT_TESTS

    def _build_in_parts(self, plan: Plan) -> None:
        project = self.dbt.project
        models = [project.models[name] for name in plan.models]
        marts = [model for model in models if model.layer == MARTS]
        self._build([model for model in models if model.layer != MARTS], ())
        tests, behind = self._after(plan, marts)
        below = [test for test in tests if not self._reads_marts(test)]
        self._build(behind if plan.is_pruned else marts, below)
        tests, _ = self._after(plan, ())
        self._build((), [test for test in tests if self._reads_marts(test)])

    def _reads_marts(self, test: Test) -> bool:
        return any(self.dbt.project.models[name].layer == MARTS for name in test.models)

    def _after(self, plan: Plan, marts: Collection[Model]) -> tuple[list[Test], list[Model]]:
        """The tests of what is written so far, and those of the marts that are behind."""
        project = self.dbt.project
        with connect(self.url) as connection:
            books = Books(connection, project.staging)
            sources = books.changed_sources(project, plan.since.horizon)
            since = plan.since.build_id
            changed = Changed(books.written(since), books.came_or_went(since), sources)
            tests = tests_of(project, changed)
            tables = [model for model in marts if not model.is_view]
            behind = project.with_readers(books.behind(tables, sources)) if marts else frozenset()
        wanted = [test for test in tests if plan.tests is None or test.name in plan.tests]
        return wanted, [model for model in marts if model.is_view or model.name in behind]

    def _build(self, models: Collection[Model], tests: Iterable[Test]) -> None:
        """Build and test together, without what reads a model that failed."""
        lost = self.dbt.project.with_readers(self._failed())
        names = {model.name for model in models if model.name not in lost}
        names |= {test.name for test in tests if lost.isdisjoint(test.models)}
        if names:
            only = ["--indirect-selection", "empty", *self.dbt.only(names)]
            is_test = self.done and not models and not self.asked.others
            self._invoke(["test", *only, "--no-populate-cache"] if is_test else ["build", *only])

    def _failed(self) -> frozenset[str]:
        """The models that do not stand as they should: they failed, or were left out."""
        nodes = (node for built in self.done for node in built.nodes)
        return frozenset(
            node.name.split(".")[-1]
            for node in nodes
            if node.kind == "models" and node.status in UNFINISHED
        )

    def _left_out(self) -> list[Node]:
        """What reads a model that failed, or of which a test did, and was not begun."""
        if self.asked.selection:
            return []
        project = self.dbt.project
        nodes = [node for built in self.done for node in built.nodes]
        bad = {node.name for node in nodes if node.kind == "tests" and node.status in BAD}
        tested = frozenset().union(*(test.models for test in project.tests if test.name in bad))
        lost = project.with_readers(self._failed() | tested)
        begun = {node.name for node in nodes}
        relations = sorted(project.models[name].relation for name in lost - tested)
        return [Node("models", name, "skipped", "") for name in relations if name not in begun]

    def _invoke(self, arguments: list[str]) -> None:
        others = (*self.asked.state, *self.asked.parsing, *self.asked.others)
        build: dict[str, Any] = {"name": self.name}
        variables = dict(self.asked.variables)
        if self.plan is not None:
            build["horizon"] = self.plan.horizon
            variables[AS_OF] = self.plan.as_of.isoformat()
        told = yaml.safe_dump(variables | {"build": build})
        self.done.append(self.dbt.run([*arguments, *others, "--vars", told]))

    def _built(self) -> Built:
        nodes = [node for built in self.done for node in built.nodes] + self._left_out()
        return Built(tuple(nodes), sum(built.seconds for built in self.done))

    def _noted(self, built: Built) -> Built:
        project = self.dbt.project
        unfinished = [node for node in built.nodes if node.status in UNFINISHED]
        code = self.code if self.asked.is_whole and not unfinished else None
        with connect(self.url) as connection:
            books = Books(connection, project.staging)
            if self.done and all(node.kind == "tests" for node in unfinished):
                books.note_end(project, self.name, code)
            elif not self.done and code:
                assert self.plan is not None
                books.note_nothing_to_build(self.name, code, self.plan.as_of, self.plan.horizon)
            orphans = () if self.asked.selection else books.orphans(project)
        return Built(built.nodes, built.seconds, orphans=orphans)
