"""Probing a store: as believed where it is so, otherwise where not, and nothing stays in it."""

from pathlib import Path

import pytest

from extract.probe.beliefs import BELIEFS
from extract.probe.outcomes import Outcome, Reply, Report
from extract.probe.run import findings, probe, shapes
from extract.settings import Settings, load_settings
from tests.extract.http.faulty_server import FaultyServer, running
from tests.extract.http.faulty_server import Reply as Answer
from tests.extract.mirror.object_store import BUCKET, ObjectServer
from tests.extract.probe.asking import came, named
from tests.otherwise import Otherwise, switches


def at(s3: ObjectServer, home: Path, **more: object) -> Settings:
    there = {"aws_s3_bucket": BUCKET, "aws_endpoint_url_s3": s3.url, "showhouse_home": home}
    return load_settings(**there | more)


def probed(s3: ObjectServer, home: Path, **more: object) -> Report:
    return probe(at(s3, home, **more), "no database is needed", "store")


def test_a_store_is_as_believed_where_it_is_so(s3: ObjectServer, tmp_path: Path) -> None:
    report = probed(s3, tmp_path)
    assert named(report, Outcome.AS_BELIEVED) == {b.name for b in BELIEFS if b.source == "store"}
    assert not report.is_surprise
    assert len(report.replies) <= 12
    assert s3.bucket() == {}


@pytest.mark.parametrize("name", sorted(switches("store")))
def test_a_store_is_otherwise_in_what_it_contradicts_and_in_nothing_else(
    s3: ObjectServer, tmp_path: Path, name: str
) -> None:
    s3.otherwise = Otherwise([name], "store")
    report = probed(s3, tmp_path)
    s3.otherwise = Otherwise([], "store")
    assert named(report, Outcome.OTHERWISE) == {name}, came(report)
    assert s3.bucket() == {}


def test_a_store_that_changes_bytes_is_otherwise_and_is_cleared(
    s3: ObjectServer, tmp_path: Path
) -> None:
    s3.tamper = lambda body: body[::-1]
    report = probed(s3, tmp_path)
    assert "store_gives_the_bytes_back" in named(report, Outcome.OTHERWISE), came(report)
    assert s3.bucket() == {}


def test_other_objects_are_left_alone(s3: ObjectServer, tmp_path: Path) -> None:
    from tests.extract.mirror.object_store import object_client

    object_client(s3.url).put_object(Bucket=BUCKET, Key="showhouse-probe/mine", Body=b"mine")
    probed(s3, tmp_path)
    assert s3.bucket() == {"showhouse-probe/mine": b"mine"}


def test_a_bucket_that_is_not_there_is_told_in_one_sentence(
    s3: ObjectServer, tmp_path: Path
) -> None:
    report = probed(s3, tmp_path, aws_s3_bucket="nobody-made-this")
    assert report.trouble == "the store answered the first upload with 404 NoSuchBucket"
    assert report.is_surprise and not report.findings


def test_a_store_that_nobody_serves_is_told_in_one_sentence(
    s3: ObjectServer, tmp_path: Path
) -> None:
    report = probed(s3, tmp_path, aws_endpoint_url_s3="http://127.0.0.1:9")
    assert "EndpointConnectionError" in report.trouble
    assert len(report.trouble) <= 200


def test_shapes_of_a_store_name_neither_bucket_nor_key(s3: ObjectServer, tmp_path: Path) -> None:
    from datetime import date

    text = str(shapes(probed(s3, tmp_path), date(2026, 12, 1)))
    assert BUCKET not in text and "PUT showhouse-probe/" in text


class FadingStore(FaultyServer):
    """Takes one upload, and closes every connection after it."""

    def _reply(self, target: str, at: float) -> Answer:
        return Answer(200, b"") if not self.asked else Answer(ending="reset")


@pytest.mark.usefixtures("s3")
def test_a_store_that_answers_no_more_is_asked_no_more(tmp_path: Path) -> None:
    with running(FadingStore()) as fading:
        there = {"aws_s3_bucket": BUCKET, "aws_endpoint_url_s3": fading.url}
        report = probe(load_settings(showhouse_home=tmp_path, **there), "none", "store")
    assert report.trouble.startswith("the store does not answer any more: ")
    assert len(fading.asked) <= 7  # the upload, then two requests and the deletion, twice each


def test_an_object_that_cannot_be_deleted_is_told() -> None:
    replies = {
        "delete": Reply("POST ?delete", 403, value={"Error": {"Code": "AccessDenied"}}),
        "gone": Reply("GET", 200),
        "clear": Reply("DELETE", 403, value={"Error": {"Code": "AccessDenied"}}),
    }
    [told] = [
        each.told.came
        for each in findings("store", replies)
        if each.belief.name == "store_deletes_many_at_once"
    ]
    assert told == (
        "403 AccessDenied, 0 errors; the object stays under `showhouse-probe/`, its deletion was "
        "answered 403 AccessDenied"
    )
