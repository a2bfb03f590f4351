"""The peer of `benchmarks.elt` and `benchmarks.rest`: dlt loads into the same Postgres.

It is given documents, one resource per table, or an API, whose endpoints its REST source asks, one
resource each. dlt's own nesting into child tables: nothing is asked of it but what its tutorial
does. It stands alone, so that it may be run by another Python than the one that Showhouse is
installed for.
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson

PAGE = 500
"""Documents that a resource yields at once: dlt's own advice is to yield pages."""


def main() -> None:
    """Load everything and print, as JSON, what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("documents", type=Path, help="a folder of <table>.jsonl, or api.json")
    parser.add_argument("database_url")
    parser.add_argument("--format", default="insert_values")
    parser.add_argument("--workers", type=int, default=1, help="processes that normalize")
    parser.add_argument("--file-items", type=int, help="items in a file, for parallel work")
    parser.add_argument("--asking", type=int, default=5, help="threads that ask an API")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="showhouse-bench-dlt-") as folder:
        configure(folder, options.workers, options.file_items, options.asking)
        source = endpoints if options.documents.name == "api.json" else tables
        resources = source(options.documents)
        started = time.perf_counter()
        phases = load(resources, options.database_url, options.format)
        print(json.dumps({"seconds": time.perf_counter() - started, "phases": phases}))


def configure(folder: str, workers: int, file_items: int | None, asking: int) -> None:
    """Set what dlt reads from its environment."""
    settings = {
        "DLT_DATA_DIR": folder,
        "DLT_PROJECT_DIR": folder,
        "RUNTIME__DLTHUB_TELEMETRY": "false",
        "RUNTIME__LOG_LEVEL": "ERROR",
        "EXTRACT__WORKERS": str(asking),
        "NORMALIZE__WORKERS": str(workers),
    }
    if file_items:
        settings["SOURCES__DATA_WRITER__FILE_MAX_ITEMS"] = str(file_items)
    os.environ |= settings


def tables(folder: Path) -> list[Any]:
    """One resource for each file of documents, which are read and split before the clock runs."""
    dlt = import_module("dlt")  # may be missing where this is only read or checked

    def pages(lines: list[bytes]) -> Iterator[list[Any]]:
        for start in range(0, len(lines), PAGE):
            yield [orjson.loads(line) for line in lines[start : start + PAGE]]

    return [
        dlt.resource(pages(path.read_bytes().splitlines()), name=path.stem)
        for path in folder.glob("*.jsonl")
    ]


def endpoints(file: Path) -> list[Any]:
    """Let dlt's REST source ask an API, one resource for each endpoint, in parallel.

    The file tells the address, the token, the endpoints with their parameters, and by which ids
    each is asked: `{"series": [{"id": 7}, …], "seasons": [{"id": 7, "number": 1}, …]}`.
    """
    dlt, rest = import_module("dlt"), import_module("dlt.sources.rest_api")
    api = json.loads(file.read_text())
    parents = [
        dlt.resource([[each] for each in ids], name=name) for name, ids in api["ids"].items()
    ]
    return [
        rest.rest_api_source(
            {
                "client": {
                    "base_url": api["base_url"],
                    "auth": {"type": "bearer", "token": api["token"]},
                },
                "resource_defaults": {
                    "endpoint": {"paginator": "single_page", "data_selector": "$"},
                    "parallelized": True,
                },
                "resources": [*parents, *api["endpoints"]],
            }
        )
    ]


def load(resources: list[Any], url: str, file_format: str) -> dict[str, float]:
    """Run the pipeline; the seconds of each of its steps."""
    dlt = import_module("dlt")
    at = urlsplit(url)
    credentials = {
        "host": "localhost",
        "query": {"host": parse_qs(at.query)["host"][0]},  # the socket goes before the name
        "database": at.path.lstrip("/"),
        "username": at.username,
        "password": "unused",
    }
    pipeline = dlt.pipeline(
        pipeline_name="peer",
        destination=dlt.destinations.postgres(credentials=credentials),
        dataset_name="peer",
    )
    started = time.perf_counter()
    pipeline.extract(resources, loader_file_format=file_format)
    extracted = time.perf_counter()
    pipeline.normalize()
    normalized = time.perf_counter()
    pipeline.load().raise_on_failed_jobs()
    return {
        "extract": extracted - started,
        "normalize": normalized - extracted,
        "load": time.perf_counter() - normalized,
    }


if __name__ == "__main__":
    main()
