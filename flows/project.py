"""The dbt project as dbt parsed it, kept under a hash of all it is made of.

Parsing takes seven seconds, reading what is kept a quarter of one. It is kept in `target/` of the
checkout, where dbt keeps its own, and `make set-up` leaves it there: a first run parses nothing.
"""

import gc
import hashlib
import json
import os
import pickle
import platform
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from extract.settings import ROOT
from flows.errors import DbtNotRun, first_words

KEPT = 4
_PLACES = frozenset(
    {"DBT_PROFILES_DIR", "DBT_PROJECT_DIR", "DBT_TARGET_PATH", "DBT_LOG_PATH"}
    | {"DBT_SEND_ANONYMOUS_USAGE_STATS", "DBT_RECORDER_MODE"}
)
_EXAMPLE = ROOT / "profiles.example.yml"
_VARIABLE = re.compile(r"env_var\(\s*['\"](\w+)['\"]")


@dataclass(frozen=True, slots=True)
class Model:
    """A model: where it stands, and what it reads, seen through views."""

    name: str
    layer: str
    """`staging`, `intermediate`, `core` or `marts`."""
    relation: str
    """`core.shows`."""
    is_view: bool
    tables: frozenset[str]
    """The models it reads that are tables."""
    sources: frozenset[str]
    """The raw tables it reads, as `raw.tmdb_tv_details`."""
    parents: frozenset[str]
    """The models it names itself."""
    exists_in: frozenset[str]
    """Tables it reads of which only coming and going matters to it, not what their rows say."""
    has_key_of_parent: bool
    """A row is all that it holds of a key that is replaced as a whole: so rows that came or went
    are known."""


@dataclass(frozen=True, slots=True)
class Test:
    """A test of data, and the models and raw tables it reads."""

    name: str
    of: str | None
    """The model whose rows it is about; the others it looks into for them."""
    models: frozenset[str]
    sources: frozenset[str]


@dataclass(frozen=True, slots=True)
class Project:
    """The parsed project: what this house asks of it, and dbt's own manifest."""

    models: Mapping[str, Model]
    tests: tuple[Test, ...]
    staging: str
    """The schema of the layer `staging`, which holds what builds note."""
    manifest: Any

    def with_readers(self, names: frozenset[str]) -> frozenset[str]:
        """The models named, and all that read them, directly or through others."""
        found = set(names)
        for model in self.in_order():
            if not found.isdisjoint(model.parents):
                found.add(model.name)
        return frozenset(found)

    def reading(self, sources: frozenset[str]) -> frozenset[str]:
        """The models that read one of these raw tables, directly or through others."""
        own = (m.name for m in self.models.values() if not sources.isdisjoint(m.sources))
        return self.with_readers(frozenset(own))

    def in_order(self) -> Iterator[Model]:
        """All models, each after those it reads."""
        done: set[str] = set()
        left = list(self.models.values())
        while left:
            ready = [model for model in left if model.parents <= done]
            yield from ready
            done.update(model.name for model in ready)
            left = [model for model in left if model.name not in done]


def code_hash(profile: Path) -> str:
    """One hash of all that dbt makes of this checkout here: models, macros, profile, versions.

    But for the name of the database, which `kept` puts in where the profile leaves it to us.
    """
    digest = hashlib.sha256()
    text = profile.read_bytes()
    said = [platform.python_version(), version("dbt-core"), version("dbt-postgres")]
    said += [f"{name}={value}" for name, value in sorted(os.environ.items()) if _counts(name)]
    said += _said_to(text)
    digest.update(repr(said).encode() + text)
    for path in _files():
        digest.update(f"\n{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def _counts(name: str) -> bool:
    return name.startswith("DBT_") and name not in _PLACES


def database_of(profile: Path, database_url: str | None) -> str | None:
    """The name of the database a profile like ours leads to; None where it is another profile."""
    if profile.read_bytes() != _EXAMPLE.read_bytes():
        return None
    if not database_url:
        return "showhouse"
    named = conninfo_to_dict(database_url).get("dbname")
    return str(named or os.environ.get("PGDATABASE", "postgres"))


def _said_to(profile: bytes) -> list[str]:
    """What the profile reads from outside that can stand in a manifest."""
    if profile == _EXAMPLE.read_bytes():
        return []
    names = sorted(set(_VARIABLE.findall(profile.decode(errors="replace"))))
    return [f"{name}={os.environ.get(name)}" for name in names]


def _files() -> list[Path]:
    folders = (ROOT / "dbt_project" / name for name in ("models", "macros", "tests", "docs"))
    inside = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return [ROOT / "dbt_project.yml", *sorted(inside)]


def kept(code: str, database: str | None) -> Project | None:
    """The project of that hash, if it was kept and can be read, led to a database of this name."""
    with suppress(Exception), _file(code).open("rb") as file, without_collector():
        from dbt.contracts.graph.manifest import Manifest

        project: Project = pickle.load(file)
        manifest = Manifest(**project.manifest)
        if database is not None:
            _lead(manifest, database)
        return replace(project, manifest=manifest)
    return None


def _lead(manifest: Any, database: str) -> None:
    """Of a connection a manifest holds nothing but the name of the database, with each relation."""
    for each in (*manifest.nodes.values(), *manifest.sources.values()):
        if each.relation_name:
            before, after = f'"{each.database}".', f'"{database}".'
            each.relation_name = each.relation_name.replace(before, after, 1)
        each.database = database


def keep(code: str, project: Project) -> None:
    """Keep it, and the newest few besides; where nothing can be written, it is parsed each time."""
    file = _file(code)
    # dbt's own way to pickle a manifest leaves out a field and shifts those after it.
    names = [each.name for each in fields(project.manifest) if not each.name.startswith("_")]
    told = {name: getattr(project.manifest, name) for name in names}
    with_fields = replace(project, manifest=told)
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as draft:
            pickle.dump(with_fields, draft, protocol=pickle.HIGHEST_PROTOCOL)
        Path(draft.name).replace(file)  # two may keep it at once
        others = sorted(file.parent.glob("*.pickle"), key=lambda path: path.stat().st_mtime)
        for old in others[:-KEPT]:
            old.unlink(missing_ok=True)


def _file(code: str) -> Path:
    shape = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:12]  # of the classes above
    return ROOT / "target" / "kept" / f"{code}-{shape}.pickle"


def parse(arguments: Sequence[str] = ()) -> Project:
    """Let dbt parse the project, with `arguments` such as `--target dev`. Raises DbtNotRun."""
    from dbt.cli.exceptions import DbtUsageException
    from dbt.cli.main import dbtRunner

    with without_collector():
        quiet = ("--log-level", "none", "--log-level-file", "none")
        outcome = dbtRunner().invoke(["parse", *quiet, *arguments])
    if outcome.exception is not None or outcome.result is None:
        is_usage = isinstance(outcome.exception, DbtUsageException)
        raise DbtNotRun(first_words(str(outcome.exception)), is_usage)
    told = Path(os.environ["DBT_TARGET_PATH"], "manifest.json")
    return _understood(json.loads(told.read_bytes()), outcome.result)


def _understood(told: Mapping[str, Any], manifest: Any) -> Project:
    """What this house asks of a manifest, from the artifact that dbt documents."""
    nodes, sources = told["nodes"], told["sources"]
    models = {}
    for node in nodes.values():
        if node["resource_type"] == "model":
            tables, read = _inputs(node, nodes, sources)
            models[node["name"]] = Model(
                name=node["name"],
                layer=node["fqn"][1],
                relation=f"{node['schema']}.{node['alias']}",
                is_view=node["config"]["materialized"] == "view",
                tables=frozenset(tables),
                sources=frozenset(read),
                parents=frozenset(nodes[i]["name"] for i in _models(node, nodes)),
                exists_in=frozenset(node["config"]["meta"].get("exists_in", ())),
                has_key_of_parent=_key(node) == [node["config"]["meta"].get("replace_by")],
            )
    tests = tuple(
        Test(
            name=node["name"],
            of=nodes.get(node.get("attached_node"), {}).get("name"),
            models=frozenset(nodes[i]["name"] for i in _models(node, nodes)),
            sources=frozenset(_relation(sources[i]) for i in _sources(node, sources)),
        )
        for node in nodes.values()
        if node["resource_type"] == "test"
    )
    staging = next(m.relation for m in models.values() if m.layer == "staging").split(".")[0]
    return Project(models, tests, staging, manifest)


def _inputs(
    node: Mapping[str, Any], nodes: Mapping[str, Any], sources: Mapping[str, Any]
) -> tuple[set[str], set[str]]:
    tables, read = set(), {_relation(sources[i]) for i in _sources(node, sources)}
    for unique_id in _models(node, nodes):
        parent = nodes[unique_id]
        if parent["config"]["materialized"] in ("view", "ephemeral"):
            further, raw = _inputs(parent, nodes, sources)
            tables |= further
            read |= raw
        else:
            tables.add(parent["name"])
    return tables, read


def _key(node: Mapping[str, Any]) -> list[str]:
    key = node["config"].get("unique_key") or []
    return [key] if isinstance(key, str) else list(key)


def _models(node: Mapping[str, Any], nodes: Mapping[str, Any]) -> list[str]:
    return [i for i in node["depends_on"]["nodes"] if i in nodes]


def _sources(node: Mapping[str, Any], sources: Mapping[str, Any]) -> list[str]:
    return [i for i in node["depends_on"]["nodes"] if i in sources]


def _relation(source: Mapping[str, Any]) -> str:
    return f"{source['schema']}.{source['identifier']}"


@contextmanager
def without_collector() -> Iterator[None]:
    """A manifest is many objects that stay: who looks through them for cycles finds none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
