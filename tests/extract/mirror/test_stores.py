"""What is in a store is what was fetched, whatever the server behind it does."""

import hashlib
from pathlib import Path

import pytest

from extract.mirror.errors import ImageNotStored, StoreUnusable
from extract.mirror.folder import FolderStore
from extract.mirror.s3 import S3Store
from extract.mirror.store import ImageObject
from extract.settings import Settings, load_settings
from tests.extract.mirror import images
from tests.extract.mirror.object_store import BUCKET, ObjectServer, object_client


def image(body: bytes) -> ImageObject:
    """Some bytes on their way into a store."""
    sha256 = hashlib.sha256(body).hexdigest()
    return ImageObject(f"images/logos/networks/1/{sha256}.png", "image/png", body, sha256)


def bucket_settings(url: str, **more: str) -> Settings:
    """Settings with a bucket."""
    return load_settings(aws_s3_bucket=BUCKET, aws_endpoint_url_s3=url, **more)


def test_an_object_that_is_held_already_is_not_written_again(s3: ObjectServer) -> None:
    store = S3Store(bucket_settings(s3.url))
    assert store.keep(image(images.png())).uploaded
    client = object_client(s3.url)
    written = client.head_object(Bucket=BUCKET, Key=image(images.png()).key)["LastModified"]
    assert not store.keep(image(images.png())).uploaded
    assert client.head_object(Bucket=BUCKET, Key=image(images.png()).key)["LastModified"] == written


def test_other_bytes_under_the_key_are_replaced(s3: ObjectServer) -> None:
    wanted = image(images.png())
    object_client(s3.url).put_object(Bucket=BUCKET, Key=wanted.key, Body=b"x" * len(wanted.body))
    assert S3Store(bucket_settings(s3.url)).keep(wanted).uploaded
    assert s3.bucket() == {wanted.key: wanted.body}


@pytest.mark.parametrize("verify", ["stored", "answer"])
def test_a_server_that_stores_other_bytes_than_it_was_sent_is_found_out(
    s3: ObjectServer, verify: str
) -> None:
    s3.tamper = lambda body: body[:-1] + b"!"
    store = S3Store(bucket_settings(s3.url), verify=verify)  # type: ignore[arg-type]
    with pytest.raises(ImageNotStored, match="not what was uploaded"):
        store.keep(image(images.png()))


def test_checking_the_answer_takes_one_request_and_checking_the_object_two(
    s3: ObjectServer,
) -> None:
    S3Store(bucket_settings(s3.url)).keep(image(images.png(1)))
    assert s3.asked == {"PUT": 1}
    S3Store(bucket_settings(s3.url), verify="stored").keep(image(images.png(2)))
    assert s3.asked == {"PUT": 2, "HEAD": 1}


def test_a_missing_bucket_ends_the_run_and_is_named(s3: ObjectServer) -> None:
    settings = bucket_settings(s3.url).model_copy(update={"aws_s3_bucket": "no-such-bucket"})
    with pytest.raises(StoreUnusable, match=r"s3://no-such-bucket.*NoSuchBucket"):
        S3Store(settings).keep(image(images.png()))


def test_missing_credentials_end_the_run(s3: ObjectServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(StoreUnusable, match="credentials"):
        S3Store(bucket_settings(s3.url)).keep(image(images.png()))


@pytest.mark.parametrize(
    ("more", "address"),
    [
        (
            {"aws_s3_bucket": "b-1", "aws_region": "eu-west-1"},
            "https://b-1.s3.eu-west-1.amazonaws.com/k",
        ),
        (
            {"aws_s3_bucket": "b.1", "aws_region": "eu-west-1"},
            "https://s3.eu-west-1.amazonaws.com/b.1/k",
        ),
        (
            {"aws_s3_bucket": "b-1", "aws_endpoint_url_s3": "http://s3.test/"},
            "http://s3.test/b-1/k",
        ),
        (
            {"aws_s3_bucket": "b-1", "aws_cdn_base_url": "https://cdn.test/m/"},
            "https://cdn.test/m/k",
        ),
    ],
)
def test_the_public_address_is_the_cdn_s_else_the_bucket_s(
    more: dict[str, str], address: str
) -> None:
    assert S3Store(load_settings(**more)).url("k") == address


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    wanted = image(images.png())
    path = tmp_path / wanted.key
    path.parent.mkdir(parents=True)
    path.write_bytes(wanted.body[:10])
    assert store.keep(wanted).uploaded
    assert not store.keep(wanted).uploaded
    assert [found.read_bytes() for found in path.parent.iterdir()] == [wanted.body]
    assert path.stat().st_mode & 0o777 == 0o644


def test_deleting_takes_empty_folders_along(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    store.keep(image(images.png(1)))
    key = image(images.png(1)).key
    store.delete([key, key])
    assert list(tmp_path.iterdir()) == []
