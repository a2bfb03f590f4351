"""The peer of `benchmarks.elt`: dlt loads the same documents into the same Postgres.

One resource per table, documents as parsed JSON, dlt's own nesting into child tables: nothing is
asked of it but what its tutorial does. It stands alone, so that it may be run by another Python
than the one that Showhouse is installed for.
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
    parser.add_argument("documents", type=Path, help="a folder of <table>.jsonl")
    parser.add_argument("database_url")
    parser.add_argument("--format", default="insert_values")
    parser.add_argument("--workers", type=int, default=1, help="processes that normalize")
    parser.add_argument("--file-items", type=int, help="items in a file, for parallel work")
    options = parser.parse_args()
    tables = {
        path.stem: path.read_bytes().splitlines() for path in options.documents.glob("*.jsonl")
    }
    with tempfile.TemporaryDirectory(prefix="showhouse-bench-dlt-") as folder:
        configure(folder, options.workers, options.file_items)
        started = time.perf_counter()
        phases = load(tables, options.database_url, options.format)
        print(json.dumps({"seconds": time.perf_counter() - started, "phases": phases}))


def configure(folder: str, workers: int, file_items: int | None) -> None:
    """Set what dlt reads from its environment."""
    settings = {
        "DLT_DATA_DIR": folder,
        "DLT_PROJECT_DIR": folder,
        "RUNTIME__DLTHUB_TELEMETRY": "false",
        "RUNTIME__LOG_LEVEL": "ERROR",
        "NORMALIZE__WORKERS": str(workers),
    }
    if file_items:
        settings["SOURCES__DATA_WRITER__FILE_MAX_ITEMS"] = str(file_items)
    os.environ |= settings


def load(tables: dict[str, list[bytes]], url: str, file_format: str) -> dict[str, float]:
    """Run the pipeline; the seconds of each of its steps."""
    dlt = import_module("dlt")  # may be missing where this is only read or checked
    at = urlsplit(url)
    credentials = {
        "host": "localhost",
        "query": {"host": parse_qs(at.query)["host"][0]},  # the socket goes before the name
        "database": at.path.lstrip("/"),
        "username": at.username,
        "password": "unused",
    }

    def pages(lines: list[bytes]) -> Iterator[list[Any]]:
        for start in range(0, len(lines), PAGE):
            yield [orjson.loads(line) for line in lines[start : start + PAGE]]

    pipeline = dlt.pipeline(
        pipeline_name="peer",
        destination=dlt.destinations.postgres(credentials=credentials),
        dataset_name="peer",
    )
    resources = [dlt.resource(pages(lines), name=name) for name, lines in tables.items()]
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
