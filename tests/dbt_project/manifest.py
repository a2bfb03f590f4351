"""The parsed project as dbt sees it, for tests of its rules: no database is asked."""

import gc
import hashlib
import os
import pickle
import re
import shutil
import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import distributions
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from dbt.contracts.graph.manifest import Manifest
from dbt.contracts.graph.nodes import ModelNode

from extract.settings import ROOT
from tests.dbt_project.invocation import invoke

# The views of staging over many raw tables: one looks for strange things in all documents, the
# other gives them all again as they came.
OF_ALL_DOCUMENTS = {"stg_tmdb__unknown_fields", "stg_tmdb__answers"}
SILENCE = ("--log-level", "none", "--log-level-file", "none")
_HEADING = re.compile(r"^ +-- (ids|text|codes|booleans|measures|dates|times|metadata)$", re.M)


@cache
def manifest(target: str = "prod") -> Manifest:
    """Parse the project once for a target: it takes longer than a build.

    What was parsed is kept in `target/` for other processes and later sessions, under a hash of all
    that it follows from.
    """
    kept = ROOT / "target" / "parsed-by-tests" / f"{target}-{_hash_of_project(target)}.pickle"
    parsed = _read(kept)
    if parsed is None:
        parsed = parse(target)
        _keep(parsed, kept)
    gc.freeze()  # it stays until the process ends; the collector need not walk it
    return parsed


def _hash_of_project(target: str) -> str:
    folder = ROOT / "dbt_project"
    files = [ROOT / "dbt_project.yml", ROOT / "profiles.example.yml", Path(__file__)]
    files += sorted(path for path in folder.rglob("*") if path.is_file())
    told = {name: value for name, value in os.environ.items() if name.startswith("DBT_")}
    besides = (target, str(ROOT), sys.version, _versions(), sorted(told.items()))
    digest = hashlib.sha256(repr(besides).encode())
    for path in files:
        content = path.read_bytes()
        digest.update(f"{path.relative_to(ROOT)} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def _versions() -> list[tuple[str, str]]:
    """What is installed of dbt and of what its objects are made of."""
    return [
        (each.name, each.version)
        for each in sorted(distributions(), key=lambda each: each.name)
        if each.name.lower().startswith(("dbt", "mashumaro", "jinja2"))
    ]


def parse(target: str) -> Manifest:
    """Have dbt parse the project as it stands."""
    with TemporaryDirectory() as scratch, pytest.MonkeyPatch.context() as environment:
        environment.delenv("DATABASE_URL", raising=False)
        shutil.copy(ROOT / "profiles.example.yml", Path(scratch, "profiles.yml"))
        places = ("--project-dir", str(ROOT), "--profiles-dir", scratch, "--target", target)
        to = ("--target-path", f"{scratch}/target", "--no-write-json")
        parsed = invoke(None, ["parse", *places, *to, *SILENCE])
    assert isinstance(parsed.result, Manifest), parsed.exception
    return parsed.result


def _read(kept: Path) -> Manifest | None:
    """What was kept, if it is whole."""
    try:
        fields = pickle.loads(kept.read_bytes())
    except Exception:  # there is none, or it was kept by a process that was killed
        return None
    parsed = Manifest()
    vars(parsed).update(fields)
    return parsed


def _keep(parsed: Manifest, kept: Path) -> None:
    """Write it at once or not at all, and drop what was parsed of other code."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    target, _, _ = kept.name.partition("-")
    for former in kept.parent.glob(f"{target}-*.pickle"):
        former.unlink(missing_ok=True)
    # dbt's own way to pickle a manifest mixes up its lookups
    fields = {name: value for name, value in vars(parsed).items() if name != "_lock"}
    partly = kept.with_suffix(f".{os.getpid()}")
    partly.write_bytes(pickle.dumps(fields))
    partly.replace(kept)


def models(*layers: str) -> list[Any]:
    """All models of the layers, of every layer if none is named."""
    found = [node for node in manifest().nodes.values() if isinstance(node, ModelNode)]
    return [model for model in found if not layers or layer_of(model) in layers]


def layer_of(model: Any) -> str:
    """Tell the layer from the folder: staging, intermediate, core or marts."""
    return str(model.fqn[1])


def sources(*names: str) -> list[Any]:
    """All source tables, or those of the sources named."""
    return [s for s in manifest().sources.values() if not names or s.source_name in names]


def parents(model: Any) -> tuple[list[Any], list[Any]]:
    """List the models and the source tables that a model reads."""
    held = manifest()
    ids = model.depends_on.nodes
    return (
        [held.nodes[i] for i in ids if i in held.nodes],
        [held.sources[i] for i in ids if i in held.sources],
    )


@cache
def made_of(*names: str) -> tuple[str, ...]:
    """Name models and all that they are made of, but for views of staging: a build makes those."""
    held: Mapping[str, Any] = manifest().nodes
    found: set[str] = set()
    asked = [f"model.showhouse.{name}" for name in names]
    while asked:
        one = held[asked.pop()]
        if one.name not in found and layer_of(one) != "staging":
            found.add(one.name)
            asked += [parent for parent in one.depends_on.nodes if parent in held]
    return tuple(sorted(found))


def headings(model: Any) -> list[str]:
    """List the comments that group the columns of a model's last select, in their order."""
    last_select = re.split(r"^ *select$", model.raw_code, flags=re.M)[-1]
    return _HEADING.findall(last_select)
