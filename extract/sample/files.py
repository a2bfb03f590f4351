"""Answers for IMDb's datasets from a few of their rows, packed as IMDb packs them."""

import gzip
import hashlib
from collections.abc import Mapping
from functools import cache

from extract.sample.facts import FOLDER

Reply = tuple[int, Mapping[str, str], bytes]


def answer_file(path: str, params: Mapping[str, str] | None = None) -> Reply:
    """Status, headers and body for a path below the datasets' base URL; 404 for any other file."""
    name = path.strip("/").removesuffix(".gz")
    if name not in _names() or not path.endswith(".gz"):
        return 404, {}, b""
    rows = (FOLDER / "imdb" / name).read_bytes()
    tag = hashlib.sha256(rows).hexdigest()[:32]
    return 200, {"etag": f'"sample-{tag}"'}, gzip.compress(rows, mtime=0)


@cache
def _names() -> frozenset[str]:
    return frozenset(each.name for each in (FOLDER / "imdb").iterdir())
