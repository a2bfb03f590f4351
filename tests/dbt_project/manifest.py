"""The parsed project as dbt sees it, for tests of its rules: no database is asked."""

import re
import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest
from dbt.contracts.graph.nodes import ModelNode

from extract.settings import ROOT

# The views of staging over many raw tables: one looks for strange things in all documents, the
# other gives them all again as they came.
OF_ALL_DOCUMENTS = {"stg_tmdb__unknown_fields", "stg_tmdb__answers"}
SILENCE = ("--log-level", "none", "--log-level-file", "none")
_HEADING = re.compile(r"^ +-- (ids|text|codes|booleans|measures|dates|times|metadata)$", re.M)


@cache
def manifest(target: str = "prod") -> Manifest:
    """Parse the project once for a target: it takes longer than a build."""
    with TemporaryDirectory() as scratch:
        shutil.copy(ROOT / "profiles.example.yml", Path(scratch, "profiles.yml"))
        places = ("--project-dir", str(ROOT), "--profiles-dir", scratch, "--target", target)
        to = ("--target-path", f"{scratch}/target")
        parsed = dbtRunner().invoke(["parse", *places, *to, *SILENCE])
    assert isinstance(parsed.result, Manifest), parsed.exception
    return parsed.result


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


def headings(model: Any) -> list[str]:
    """List the comments that group the columns of a model's last select, in their order."""
    last_select = re.split(r"^ *select$", model.raw_code, flags=re.M)[-1]
    return _HEADING.findall(last_select)
