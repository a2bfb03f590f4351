"""Rows of IMDb's files, whole and damaged: what stands there is read, and the rest refused."""

import gzip
import re
import resource
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extract.canonical import canonical
from extract.errors import Unfit
from extract.sources.imdb import rows as reading
from extract.sources.imdb.datasets import DATASETS, Dataset
from extract.sources.imdb.rows import MOST_REFUSED, MOST_REJECTS, Numbers, Row, Rows
from tests.waiting import within_cpu_seconds

pytestmark = pytest.mark.slow

AKAS, RATINGS = DATASETS["imdb_title_akas"], DATASETS["imdb_title_ratings"]
SMALL = 512  # bytes in a block, so that rows lie on the borders of some
ID = re.compile(r"[tn][tm][0-9]{7,9}")
TEXTS = ("\\N", "", "42", '"A" title', "Dürfen", "漢字仮名", "𝄞 song", "a\0b", " ", "\ufeff", "0")
MANY = settings(
    max_examples=500,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)

Read = tuple[list[Row], Rows]


@pytest.fixture(scope="module", autouse=True)
def small_blocks() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "BLOCK_BYTES", SMALL)
        yield


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("imdb") / "file.tsv.gz"


def _head(dataset: Dataset) -> bytes:
    return ("\t".join(dataset.columns) + "\n").encode()


def _written(random: Random, dataset: Dataset) -> bytes:
    """A file of some rows as IMDb writes them."""
    lines = [_head(dataset)]
    for number in range(1, random.randrange(2, 40)):
        values = [random.choice(TEXTS) * random.randrange(1, 6) for _ in dataset.columns]
        values[0] = f"{'nm' if dataset.wanted == 'people' else 'tt'}{number:07d}"
        values[dataset.columns.index(dataset.wanted_by)] = values[0]
        if dataset.is_ordered:
            values[1] = str(number)
        lines.append(("\t".join(values) + "\n").encode())
    return b"".join(lines)


def _damaged(random: Random, body: bytes) -> bytes:
    """Cut, double, reorder, recode, or spoil a stretch of rows."""
    start, end = sorted(random.randrange(len(body) + 1) for _ in range(2))
    middle = body[start:end]
    match random.randrange(8):
        case 0:
            return body[:start]
        case 1:
            return body[:end] + middle + body[end:]
        case 2:
            return body[end:] + middle + body[:start]
        case 3:
            encoding = random.choice(("utf-16", "utf-32", "cp037", "utf-8-sig", "latin-1"))
            return body.decode(errors="replace").encode(encoding, errors="replace")
        case 4:
            return body[:start] + random.randbytes(min(len(middle), 200)) + body[end:]
        case 5:
            return body[:start] + b"x" * random.randrange(5 * SMALL) + body[start:]
        case 6:
            wrong = random.choice((b"\t", b"\n", b"\r", b"\r\n", b"\0", b'"', b"\\", b"\xff", b""))
            return body.replace(random.choice((b"\t", b"4", b"\n", b"tt", b"\xc3")), wrong)
        case _:
            lines = body.split(b"\n")
            random.shuffle(lines)
            return b"\n".join(lines)


def _plainly(body: bytes, dataset: Dataset, wanted: set[str]) -> list[Row] | None:
    """The wanted rows, read in the simplest way; None where it is no such file."""
    lines = [line for line in re.split(b"[\r\n]+", body.removeprefix(b"\xef\xbb\xbf")) if line]
    if len(lines) < 2 or lines[0] != _head(dataset).strip():
        return None
    found = []
    for line in lines[1:]:
        try:
            texts = line.decode().split("\t")
        except UnicodeDecodeError:
            continue
        if len(texts) != len(dataset.columns):
            continue
        values = (None if text == "\\N" else text for text in texts)
        row: Row = dict(zip(dataset.columns, values, strict=True))
        is_key = ID.fullmatch(row[dataset.columns[0]] or "") and (
            not dataset.is_ordered or re.fullmatch("[1-9][0-9]{0,5}", row["ordering"] or "")
        )
        if row[dataset.wanted_by] in wanted and is_key:
            found.append(row)
    return found


def _size(row: Row) -> int:
    return len("\t".join(value or "\\N" for value in row.values()).encode())


@MANY
@given(seed=st.integers(0, 2**32))
def test_of_a_damaged_file_exactly_the_rows_that_are_whole_are_read(seed: int, file: Path) -> None:
    random = Random(seed)
    dataset = random.choice(list(DATASETS.values()))
    body = _written(random, dataset)
    for _ in range(random.randrange(4)):
        body = _damaged(random, body)
    file.write_bytes(gzip.compress(body, 1))
    wanted = {f"{kind}{number:07d}" for kind in ("tt", "nm") for number in range(1, 40, 3)}
    expected, read = _plainly(body, dataset, wanted), Rows(file, dataset, Numbers(iter(wanted)))
    with within_cpu_seconds(30):
        try:
            found = list(read)
        except Unfit as unfit:
            assert unfit.reason and expected is None
            return
    assert expected is not None
    assert [row for row in expected if _size(row) < SMALL] == [
        row for row in found if _size(row) < SMALL
    ]
    assert all(row in expected and canonical(row) for row in found)
    assert len(read.refused) == read.refused_count <= read.row_count


@MANY
@given(seed=st.integers(0, 2**32))
def test_a_packed_file_that_is_cut_or_spoilt_is_refused_or_is_the_same(
    seed: int, file: Path
) -> None:
    random = Random(seed)
    packed = gzip.compress(_written(random, AKAS), random.randrange(1, 10))
    place = random.randrange(len(packed))
    is_cut = random.random() < 0.5
    spoilt = bytes([packed[place] ^ 1 << random.randrange(8)]) + packed[place + 1 :]
    file.write_bytes(packed)
    whole = list(Rows(file, AKAS, None))
    file.write_bytes(packed[:place] if is_cut else packed[:place] + spoilt)
    with within_cpu_seconds(30):
        try:
            assert list(Rows(file, AKAS, None)) == whole and not is_cut
        except Unfit as unfit:
            assert unfit.reason


def test_rows_are_read_wherever_a_block_ends_within_a_character(file: Path) -> None:
    starts = [f"tt{number:07d}\t{number}\t{'漢𝄞ä' * (number % 7)}" for number in range(1, 3_001)]
    lines = [start + "\t\\N" * 5 + "\n" for start in starts]
    file.write_bytes(gzip.compress(_head(AKAS) + "".join(lines).encode(), 1))
    read = Rows(file, AKAS, None)
    found = [f"{row['titleId']}\t{row['ordering']}\t{row['title']}" for row in read]
    assert (found, read.row_count, read.refused_count) == (starts, len(starts), 0)


def test_a_row_longer_than_a_block_is_refused_alone(file: Path) -> None:
    long = b"tt0000002\t" + b"7" * 20 * SMALL + b"\t9\n"
    body = _head(RATINGS) + b"tt0000001\t1.0\t9\n" + long + b"tt0000003\t3.0\t9\n"
    file.write_bytes(gzip.compress(body, 1))
    read = Rows(file, RATINGS, None)
    assert [row["tconst"] for row in read] == ["tt0000001", "tt0000003"]
    assert [reason for reason, _, _ in read.refused] == ["wrong_fields"]
    assert read.unread == {"tt0000002"}


def test_a_bad_row_is_kept_and_beyond_the_bound_counted_and_then_the_file_is_none(
    file: Path,
) -> None:
    bad = b"".join(b"tt%07d\n" % number for number in range(MOST_REJECTS + 1))
    file.write_bytes(gzip.compress(_head(RATINGS) + bad))
    read = Rows(file, RATINGS, None)
    assert list(read) == []
    assert (len(read.refused), read.refused_count) == (MOST_REJECTS, MOST_REJECTS + 1)
    file.write_bytes(gzip.compress(_head(RATINGS) + b"x\n" * (MOST_REFUSED + 1)))
    with pytest.raises(Unfit, match="more than 100,000 of its rows"):
        list(Rows(file, RATINGS, None))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"x" * 50_000_000, "unreadable"),
        (b"\t" * 50_000_000, "unreadable"),
        (b"\n" * 50_000_000, "unreadable"),
        (b"\0" * 50_000_000, "unreadable"),
        (b"\xff" * 20_000_000, "unreadable"),
        (_head(RATINGS) + b"x\n" * 25_000_000, "refused_rows"),
        (_head(RATINGS) + b"x" * 50_000_000, None),
        (_head(RATINGS) + b"\t" * 50_000_000, None),
        (_head(RATINGS) + b"\n" * 100_000_000, "too_large"),
        (_head(RATINGS) + b"<!ENTITY a '&a;&a;'>\n" * 2_000_000, "refused_rows"),
    ],
    ids=lambda value: repr(value[-3:]) if isinstance(value, bytes) else str(value),
)
def test_a_huge_file_is_refused_in_bounded_time_and_memory(
    body: bytes, reason: str | None, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "BLOCK_BYTES", 1024 * 1024)
    file.write_bytes(gzip.compress(body, 6))
    started, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    read = Rows(file, RATINGS, None)
    if reason is None:
        assert (list(read), read.row_count, read.refused_count) == ([], 1, 1)
    else:
        with pytest.raises(Unfit) as refused:
            list(read)
        assert refused.value.reason == reason
    assert time.process_time() - started < 20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # KB
