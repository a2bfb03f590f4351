"""A damaged list is read or refused, in bounded time and memory, whatever happened to it."""

import resource
import time
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.errors import FileNotTaken
from flows.series_files import LONGEST_TITLE, MAX_BYTES, read_series
from tests.flows.test_series_files import EXPORT
from tests.waiting import within_cpu_seconds

PLAIN = "tmdb_id,imdb_id,title,year,tags\n1396,,,,a;b\n,tt0903747,,2008,\n,,Ärger (2001),,c\n"
BOMB = b"<!DOCTYPE a [<!ENTITY b 'c'><!ENTITY d '&b;&b;&b;'>]>&d;"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lists") / "ls012345678.csv"


def _damaged(random: Random, body: bytes) -> bytes:
    """Cut, double, reorder, recode, or spoil a stretch."""
    start, end = sorted(random.randrange(len(body) + 1) for _ in range(2))
    middle = body[start:end]
    match random.randrange(7):
        case 0:
            return body[:start]
        case 1:
            return body[:end] + middle * random.randrange(1, 50) + body[end:]
        case 2:
            return body[end:] + middle + body[:start]
        case 3:
            encoding = random.choice(("utf-16", "utf-32", "cp037", "utf-8-sig", "latin-1"))
            return body.decode(errors="replace").encode(encoding, errors="replace")
        case 4:
            return body[:start] + random.randbytes(min(len(middle), 200)) + body[end:]
        case 5:
            return BOMB + body
        case _:
            wrong = random.choice((b",", b"\n", b"\r", b"\0", b'"', b"\xc2\x85", b"9" * 5_000, b""))
            return body.replace(random.choice((b",", b"tt", b"\n", b"2008", b'"')), wrong)


@settings(
    max_examples=500,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(seed=st.integers(0, 2**32))
def test_a_damaged_list_names_series_or_is_refused_in_a_sentence(seed: int, file: Path) -> None:
    random = Random(seed)
    body = random.choice((EXPORT, PLAIN)).encode()
    for _ in range(random.randrange(1, 4)):
        body = _damaged(random, body)
    file.write_bytes(body)
    with within_cpu_seconds(30):
        try:
            read = read_series(file)
        except FileNotTaken as refused:
            assert refused.faults and str(file) in str(refused)
            return
    assert read.list_tag == "imdb-list:ls012345678"
    for named in read.named:
        assert named.line >= 2
        assert named.reference.value.isprintable()
        assert 0 < len(named.reference.value) <= LONGEST_TITLE


@pytest.mark.parametrize(
    "body",
    [
        b"title\n" + b"x\n" * 25_000_000,
        b"tmdb_id\n" + b"x\n" * (MAX_BYTES // 2 - 8),
        b'"' * 50_000_000,
    ],
    ids=["50 MB of titles", "wrong ids at the bound", "50 MB of quotes"],
)
def test_a_huge_list_is_refused_in_bounded_time_and_memory(body: bytes, file: Path) -> None:
    file.write_bytes(body)
    started, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(FileNotTaken):
        read_series(file)
    assert time.process_time() - started < 15
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # KB
