"""Asks IMDb's host of datasets: the first bytes of the seven files, one of no file, one held."""

from extract import datasets
from extract.http.client import Client, Gate, Version, host_of
from extract.http.unpacking import GZIP
from extract.probe.asking import (
    ATTEMPTS,
    BEGINNING_BYTES,
    DEADLINE_SECONDS,
    MOST_FILE_BYTES,
    SILENCE_SECONDS,
    Asker,
    as_it_comes,
)
from extract.probe.files import beginning_of, is_file, whole_lines
from extract.probe.outcomes import (
    Question,
    Replies,
    Reply,
    Told,
    judged,
    kind_of,
    not_asked,
    otherwise,
)
from extract.settings import Settings
from extract.sources.imdb.datasets import DATASETS, IMDB, Dataset

ABSENT = "title.showhouse.tsv.gz"
HELD = "imdb_title_ratings"
"""The file that is asked for a second time, as held."""
MOST_ROWS = 500


async def ask(settings: Settings, database: str, replies: dict[str, Reply]) -> str:
    """Ask everything; `replies` receives what comes. Gives why IMDb cannot be asked.

    Raises GivenUp, GateUnusable.
    """
    base_url = settings.imdb_datasets_base_url
    async with Client(
        source=IMDB.title,
        base_url=base_url,
        gate=Gate(database, host_of(base_url), datasets.REQUESTS_PER_SECOND),
        user_agent=settings.showhouse_user_agent,
        classify=as_it_comes(datasets.classify),
        max_connections=1,
        max_body_bytes=MOST_FILE_BYTES,
        timeout=SILENCE_SECONDS,
        deadline=DEADLINE_SECONDS,
        attempts=ATTEMPTS,
    ) as client:
        asker = Asker(client, replies)
        for name, dataset in DATASETS.items():
            await asker.beginning(name, f"/{dataset.file}")
        if all(not is_file(each) for each in replies.values()):
            first = next(iter(replies.values()))
            return (
                f"IMDb answered {first.came} to {first.request}, and none of the other files came"
            )
        await asker.beginning("absent", f"/{ABSENT}")
        version = Version.of(replies[HELD].headers)
        if version.unless_held:
            await asker.unless_held("held", f"/{DATASETS[HELD].file}", version)
    return ""


def _files(replies: Replies) -> dict[str, Reply]:
    return {name: replies[name] for name in DATASETS if name in replies}


def _names(replies: Replies) -> Told:
    missing = [
        f"{name}: {each.came}" for name, each in _files(replies).items() if not is_file(each)
    ]
    return judged(not missing, "; ".join(missing) or f"{len(_files(replies))} files are there")


def _gzipped(replies: Replies) -> Told:
    for name, reply in _files(replies).items():
        text = beginning_of(reply.body)
        if is_file(reply) and (text is None or text.startswith(GZIP)):
            what = "gzip within gzip" if text else kind_of(None, reply.body)
            return otherwise(f"{name}: {what}")
    return judged(True, "each that came")


def _texts(replies: Replies) -> dict[str, bytes]:
    """How the files begin that came and could be unpacked."""
    texts = {name: beginning_of(each.body) for name, each in _files(replies).items()}
    return {name: text for name, text in texts.items() if text is not None}


_NO_TEXT = "no file came that could be unpacked"


def _columns(replies: Replies) -> Told:
    texts = _texts(replies)
    for name, text in texts.items():
        first = text.split(b"\n", 1)[0].decode("utf-8", "replace").rstrip("\r")
        if tuple(first.split("\t")) != DATASETS[name].columns:
            return otherwise(f"{name}: {first}")
    return judged(True, f"those of {len(texts)} files") if texts else not_asked(_NO_TEXT)


def _rows(replies: Replies) -> Told:
    texts, count = _texts(replies), 0
    if not texts:
        return not_asked(_NO_TEXT)
    for name, text in texts.items():
        lines = whole_lines(text)[1:MOST_ROWS]
        wrong = [line for line in lines if not _fits(DATASETS[name], line)]
        if wrong:
            return otherwise(f"{name}: {len(wrong)} of {len(lines)} rows do not fit")
        count += len(lines)
    return judged(count > 0, f"{count} rows")


def _fits(dataset: Dataset, line: bytes) -> bool:
    fields = line.split(b"\t")
    return len(fields) == len(dataset.columns) and fields[0][:2] in (b"tt", b"nm")


def _version(replies: Replies) -> Told:
    # Of a file that was cut off, because its host sent all of it, the headers are not known.
    files = [each for each in _files(replies).values() if is_file(each) and each.headers]
    if not files:
        return not_asked("the host sends whole files, which are too large to be looked at")
    named = sum(bool(Version.of(each.headers).unless_held) for each in files)
    return judged(named == len(files), f"{named} of {len(files)} answers")


def _held(replies: Replies) -> Told:
    if "held" not in replies:
        return not_asked("the file names no version that could be held")
    reply = replies["held"]
    return judged(reply.status == 304, reply.problem or f"{reply.status}")


def _parts(replies: Replies) -> Told:
    files = [each for each in _files(replies).values() if is_file(each)]
    part = sum("content-range" in each.headers for each in files)
    is_part = all(len(each.body) <= BEGINNING_BYTES for each in files)
    return judged(part == len(files) and is_part, f"{part} of {len(files)} answers")


def _absent(replies: Replies) -> Told:
    reply = replies["absent"]
    return judged(reply.status in (403, 404), reply.came)


_FILES = "the first bytes of each file"

IMDB_QUESTIONS = (
    Question("datasets_have_their_seven_names", _FILES, (), _names),
    Question("datasets_are_gzipped", _FILES, (), _gzipped),
    Question("dataset_columns_are_as_documented", _FILES, (), _columns),
    Question("dataset_rows_fit_their_columns", _FILES, (), _rows),
    Question("datasets_name_their_version", _FILES, (), _version),
    Question("held_dataset_is_304", "`title.ratings.tsv.gz` once more, as held", (), _held),
    Question("datasets_come_in_parts", _FILES, (), _parts),
    Question("absent_dataset_is_403", f"`{ABSENT}`", ("absent",), _absent),
)
