"""The store in production: a bucket, at Amazon or at any server that speaks the S3 protocol.

Credentials come by boto3's own chain. Objects never change, so they are cached for ever; they carry
their SHA-256 twice, as the checksum that the server verifies where it knows how, and as metadata.
"""

import base64
import contextlib
import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Literal, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from extract.errors import SettingsError, ShowhouseError
from extract.mirror.errors import ImageNotStored, StoreUnusable
from extract.mirror.sniffing import SVG
from extract.mirror.store import Digest, ImageObject, Kept, StoredObject
from extract.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_s3.type_defs import PutObjectRequestTypeDef

CACHE_CONTROL = "public, max-age=31536000, immutable"
DELETED_AT_ONCE = 1000  # the protocol's bound

T = TypeVar("T")

_OBJECT_FAULTS = ("BadDigest", "EntityTooLarge", "InvalidDigest", "KeyTooLongError")


class S3Store:
    """The bucket of `settings`.

    `verify` says what an upload is checked against: the digests in the server's `answer` to the
    upload itself, or, at twice the requests, what a further one says is `stored`. An answer whose
    entity tag is no digest of the bytes (under some encryptions) is always followed by the latter.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        connections: int = 20,
        verify: Literal["stored", "answer"] = "answer",
    ) -> None:
        if settings.aws_s3_bucket is None:
            raise SettingsError("AWS_S3_BUCKET", "is missing", "name the bucket for images")
        self.bucket = settings.aws_s3_bucket
        self.name = f"s3://{self.bucket}"
        self._verify = verify
        self._conditional = True
        self._client = open_bucket(settings, connections)
        self._base_url = settings.aws_cdn_base_url or _bucket_url(
            self.bucket, settings.aws_endpoint_url_s3, self._client.meta.region_name
        )

    def url(self, key: str) -> str:
        """At the CDN, else at the bucket."""
        return f"{self._base_url}/{key}"

    def keep(self, image: ImageObject) -> Kept:
        """Upload unless it is there: one conditional request; then the check."""
        with self._explained(image.key):
            answered = self._upload_if_absent(image)
            if answered is None:
                # 403 to who may not list the bucket and asks for what is not there: the upload
                # itself says whether this one may write.
                held = self._held_etag(image, 403)
                if held is not None:
                    return Kept(uploaded=False, etag=held)
                answered = self._upload(image, if_absent=False)
            if self._verify == "answer" and answered == image.md5:
                return Kept(uploaded=True, etag=answered)
            stored = self._held_etag(image)
            if stored is None:
                why = "what the bucket holds now is not what was uploaded"
                raise ImageNotStored(image.key, why)
            return Kept(uploaded=True, etag=stored)

    def digest(self, key: str) -> Digest | None:
        """Read the object, a part at a time."""
        return self._if_there(key, self._read)

    def read(self, key: str) -> bytes | None:
        """Read the object at once."""
        return self._if_there(key, self._body)

    def objects(self, prefix: str) -> Iterator[StoredObject]:
        """List the bucket, a thousand at a time."""
        with self._explained(prefix):
            pages = self._client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self.bucket, Prefix=prefix):
                for found in page.get("Contents", ()):
                    yield StoredObject(found["Key"], found["LastModified"])

    def delete(self, keys: Sequence[str]) -> None:
        """Delete a thousand at a time."""
        for start in range(0, len(keys), DELETED_AT_ONCE):
            part = keys[start : start + DELETED_AT_ONCE]
            with self._explained(part[0]):
                answer = self._client.delete_objects(
                    Bucket=self.bucket,
                    Delete={"Objects": [{"Key": key} for key in part], "Quiet": True},
                )
            for error in answer.get("Errors", ()):
                why = f"it was not deleted: {error.get('Code')} {error.get('Message')}"
                raise StoreUnusable(self.name, why)

    def _if_there(self, key: str, read: Callable[[str], T]) -> T | None:
        with self._explained(key):
            try:
                return read(key)
            except ClientError as error:
                if error.response["Error"].get("Code") == "NoSuchKey":
                    return None
                raise

    def _body(self, key: str) -> bytes:
        return self._client.get_object(Bucket=self.bucket, Key=key)["Body"].read()

    def _upload_if_absent(self, image: ImageObject) -> str | None:
        # Asking first whether it is there would double the requests of a first run, and race.
        if not self._conditional:
            return None
        try:
            return self._upload(image, if_absent=True)
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            if status == 501:  # a server that knows no conditions
                self._conditional = False
                return None
            if status in (409, 412):  # being written by another process; there already
                return None
            raise

    def _upload(self, image: ImageObject, *, if_absent: bool) -> str:
        request: PutObjectRequestTypeDef = {
            "Bucket": self.bucket,
            "Key": image.key,
            "Body": image.body,
            "ContentType": image.content_type,
            "CacheControl": CACHE_CONTROL,
            "ChecksumSHA256": base64.b64encode(bytes.fromhex(image.sha256)).decode(),
            "Metadata": {"sha256": image.sha256},
        }
        if image.content_type == SVG.content_type:
            # Nothing forbids script in an object opened at the bucket's own address: it downloads
            # there, and shows wherever a page embeds it as an image.
            request["ContentDisposition"] = "attachment"
        if if_absent:
            request["IfNoneMatch"] = "*"
        answer = self._client.put_object(**request)
        if answer.get("ChecksumSHA256", request["ChecksumSHA256"]) != request["ChecksumSHA256"]:
            raise ImageNotStored(image.key, "the bucket's SHA-256 is not that of what was uploaded")
        return answer["ETag"].strip('"')

    def _held_etag(self, image: ImageObject, *absent: int) -> str | None:
        """The entity tag of the held object if its bytes are the image's, by a digest of them.

        None where it is answered 404, or one of the statuses `absent`.
        """
        try:
            held = self._client.head_object(
                Bucket=self.bucket, Key=image.key, ChecksumMode="ENABLED"
            )
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] in (404, *absent):
                return None
            raise
        etag = held["ETag"].strip('"')
        checksum = held.get("ChecksumSHA256")
        if held["ContentLength"] != len(image.body):
            return None
        if checksum and base64.b64decode(checksum).hex() != image.sha256:
            return None
        # The tag is the MD5 of what the server stored, except under some encryptions: read it then.
        if etag == image.md5 or self._read(image.key).sha256 == image.sha256:
            return etag
        return None

    def _read(self, key: str) -> Digest:
        answer = self._client.get_object(Bucket=self.bucket, Key=key)
        digest, size = hashlib.sha256(), 0
        for chunk in answer["Body"].iter_chunks(1 << 20):
            digest.update(chunk)
            size += len(chunk)
        return Digest(digest.hexdigest(), size)

    @contextlib.contextmanager
    def _explained(self, key: str) -> Iterator[None]:
        try:
            yield
        except ShowhouseError:
            raise
        except ClientError as error:
            why = _why(error)
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            if status >= 500 or error.response["Error"].get("Code") in _OBJECT_FAULTS:
                raise ImageNotStored(key, why) from error
            raise StoreUnusable(self.name, why) from error
        except BotoCoreError as error:
            raise StoreUnusable(self.name, str(error)) from error


def _why(error: ClientError) -> str:
    answer = error.response["Error"]
    return f"{error.operation_name} was answered {answer.get('Code')}: {answer.get('Message')}"


def open_bucket(settings: Settings, connections: int, attempts: int = 6) -> "S3Client":
    """Make a client of the store of `settings`. Raises StoreUnusable."""
    config = Config(
        max_pool_connections=connections,
        connect_timeout=10,
        read_timeout=60,
        retries={"mode": "standard", "total_max_attempts": attempts},
        # Only the checksum that we name: other servers stumble over the default trailing one.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3={"addressing_style": "path"} if settings.aws_endpoint_url_s3 else None,
    )
    region = settings.aws_region or ("us-east-1" if settings.aws_endpoint_url_s3 else None)
    try:
        return boto3.session.Session().client(
            "s3", region_name=region, endpoint_url=settings.aws_endpoint_url_s3, config=config
        )
    except (BotoCoreError, ValueError) as error:
        raise StoreUnusable(f"s3://{settings.aws_s3_bucket}", str(error)) from error


def _bucket_url(bucket: str, endpoint: str | None, region: str | None) -> str:
    if endpoint:
        return f"{endpoint}/{bucket}"
    server = "s3" if region in (None, "aws-global") else f"s3.{region}"
    # A name with dots does not fit the certificate of the virtual host.
    return (
        f"https://{server}.amazonaws.com/{bucket}"
        if "." in bucket
        else f"https://{bucket}.{server}.amazonaws.com"
    )
