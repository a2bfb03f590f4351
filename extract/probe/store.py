"""Asks the store of images: it writes one object under the probe's own key, and removes it again.

The requests are those of the mirror (`extract.mirror.s3`), but for the range, which readers of
exported Parquet send.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from botocore.exceptions import ClientError

from extract.mirror.s3 import CACHE_CONTROL, open_bucket
from extract.probe.asking import ATTEMPTS, MOST_UNANSWERED, GivenUp
from extract.probe.outcomes import (
    Question,
    Replies,
    Reply,
    Told,
    judged,
    mapping,
    not_asked,
    otherwise,
)
from extract.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

PREFIX = "showhouse-probe/"
"""What the key of the probe's object begins with; what follows is new each time."""
BODY = b"Showhouse asks whether this store is as it believes. This object may be deleted.\n"
CONTENT_TYPE = "text/plain"
SHA256 = hashlib.sha256(BODY)
RANGE = "bytes=10-19"


def ask(settings: Settings, replies: dict[str, Reply]) -> str:
    """Ask everything; `replies` receives what comes. Gives why the store cannot be asked.

    Raises GivenUp, StoreUnusable.
    """
    bucket = settings.aws_s3_bucket or ""
    key = f"{PREFIX}{uuid4().hex}"
    asker = _Asker(open_bucket(settings, 1, ATTEMPTS), bucket, key, replies)
    try:
        return asker.ask()
    finally:
        asker.clear()


class _Asker:
    """Asks one bucket about one key."""

    def __init__(
        self, client: "S3Client", bucket: str, key: str, replies: dict[str, Reply]
    ) -> None:
        self._client, self._replies = client, replies
        self._at: dict[str, Any] = {"Bucket": bucket, "Key": key}
        self._bucket, self._key, self._absent = bucket, key, f"{key}-absent"
        self._is_clear = True
        self._unanswered = 0

    def ask(self) -> str:
        """Ask everything; gives why the store cannot be asked."""
        self._is_clear = False
        first = self._put("first", {"IfNoneMatch": "*"})
        if first.status is None or first.status in (401, 403, 404):
            return f"the store answered the first upload with {first.problem or came(first)}"
        if first.status >= 300:
            self._put("plain", {})
        self._put("second", {"IfNoneMatch": "*"})
        head = {**self._at, "ChecksumMode": "ENABLED"}
        self._ask("head", "HEAD", lambda: self._client.head_object(**head))
        self._get("get", {})
        self._get("range", {"Range": RANGE})
        listing = {"Bucket": self._bucket, "Prefix": self._key}
        self._ask("list", "GET ?list-type=2", lambda: self._client.list_objects_v2(**listing))  # type: ignore[arg-type]
        self._get("absent", {"Key": self._absent})
        self._delete()
        if self._get("gone", {}).status == 200:
            self._is_clear = False
        return ""

    def clear(self) -> None:
        """Remove the object where it may still be there; one that is not is no error."""
        if not self._is_clear:
            delete = self._client.delete_object
            self._send("clear", "DELETE", lambda: delete(**self._at))

    def _ask(self, name: str, method: str, send: Callable[[], Any]) -> Reply:
        reply = self._send(name, method, send)
        self._unanswered = self._unanswered + 1 if reply.status is None else 0
        if self._unanswered >= MOST_UNANSWERED:
            raise GivenUp(f"the store does not answer any more: {reply.problem}")
        return reply

    def _put(self, name: str, condition: Mapping[str, str]) -> Reply:
        request = {
            **self._at,
            "Body": BODY,
            "ContentType": CONTENT_TYPE,
            "CacheControl": CACHE_CONTROL,
            # Named twice: some servers answer with a checksum only where its kind is told.
            "ChecksumAlgorithm": "SHA256",
            "ChecksumSHA256": base64.b64encode(SHA256.digest()).decode(),
            "Metadata": {"sha256": SHA256.hexdigest()},
            **condition,
        }
        return self._ask(name, "PUT", lambda: self._client.put_object(**request))

    def _get(self, name: str, more: Mapping[str, str]) -> Reply:
        def get() -> dict[str, Any]:
            answer: dict[str, Any] = {**self._client.get_object(**{**self._at, **more})}
            return answer | {"Body": answer["Body"].read(2 * len(BODY))}

        return self._ask(name, "GET", get)

    def _delete(self) -> None:
        keys = [{"Key": self._key}, {"Key": self._absent}]
        listed: Any = {"Objects": keys, "Quiet": True}
        delete = self._client.delete_objects
        reply = self._ask(
            "delete", "POST ?delete", lambda: delete(Bucket=self._bucket, Delete=listed)
        )
        self._is_clear = reply.status == 200 and not reply.fields.get("Errors")

    def _send(self, name: str, method: str, send: Callable[[], Any]) -> Reply:
        request = f"{method} {PREFIX}…" if "?" not in method else method
        try:
            value, problem = dict(send()), ""
        except ClientError as error:
            value, problem = dict(error.response), ""
        except Exception as error:  # a store may answer anything, and boto3 raises what it likes
            value, problem = {}, f"{type(error).__name__}: {error}"
        told = mapping(value.pop("ResponseMetadata", None))
        status = told.get("HTTPStatusCode")
        headers = told.get("HTTPHeaders", {})
        body = value.pop("Body", b"")
        reply = Reply(
            request,
            status if isinstance(status, int) else None,
            headers,
            body,
            value,
            problem or "an answer without a status" * (not isinstance(status, int)),
        )
        self._replies[name] = reply
        return reply


def came(reply: Reply) -> str:
    """Say what the store answered: the status, and its own code of an error."""
    if reply.status is None:
        return reply.problem
    code = mapping(reply.fields.get("Error")).get("Code")
    return f"{reply.status} {code}" if code else f"{reply.status}"


def _stored(replies: Replies) -> Reply | None:
    """The answer to the upload that was taken."""
    uploads = (replies.get("first"), replies.get("plain"))
    return next((each for each in uploads if each and each.status == 200), None)


def _conditional(replies: Replies) -> Told:
    first, second = replies["first"], replies["second"]
    is_so = (first.status, second.status) == (200, 412)
    return judged(is_so, f"{came(first)} the first time, {came(second)} the second")


def _checksum(replies: Replies) -> Told:
    stored = _stored(replies)
    if stored is None:
        return otherwise(f"the upload was answered {came(replies['first'])}")
    expected = base64.b64encode(SHA256.digest()).decode()
    named = [each.fields.get("ChecksumSHA256") for each in (stored, replies["head"])]
    answered = [each for each in named if each is not None]
    if not answered:
        return otherwise("the upload was taken, and no answer names a checksum")
    is_same = all(each == expected for each in answered)
    return judged(is_same, "the same" if is_same else "another checksum")


def _etag(replies: Replies) -> Told:
    stored = _stored(replies)
    md5 = hashlib.md5(BODY, usedforsecurity=False).hexdigest()
    etag = str(stored.fields.get("ETag")).strip('"') if stored else ""
    return judged(etag == md5, "the MD5" if etag == md5 else f"an ETag of {len(etag)} characters")


def _metadata(replies: Replies) -> Told:
    reply = replies["head"]
    expected = {
        "ContentLength": len(BODY),
        "ContentType": CONTENT_TYPE,
        "CacheControl": CACHE_CONTROL,
        "Metadata": {"sha256": SHA256.hexdigest()},
    }
    differing = [name for name, value in expected.items() if reply.fields.get(name) != value]
    told = f"differing: {', '.join(differing)}" if differing else "all as sent"
    return judged(reply.status == 200 and not differing, f"{came(reply)}, {told}")


def _bytes(replies: Replies) -> Told:
    reply = replies["get"]
    return judged(reply.status == 200 and reply.body == BODY, f"{came(reply)}, {_size(reply)}")


def _range(replies: Replies) -> Told:
    reply = replies["range"]
    is_so = reply.status == 206 and reply.body == BODY[10:20]
    return judged(is_so, f"{came(reply)}, {_size(reply)}")


def _size(reply: Reply) -> str:
    return f"{len(reply.body)} bytes"


def _listing(replies: Replies) -> Told:
    contents = replies["list"].fields.get("Contents")
    count = len(contents) if isinstance(contents, list) else 0
    return judged(replies["list"].status == 200 and count > 0, f"{count} objects of the probe")


def _absent(replies: Replies) -> Told:
    reply = replies["absent"]
    code = mapping(reply.fields.get("Error")).get("Code")
    return judged(reply.status == 404 and code == "NoSuchKey", came(reply))


def _deleting(replies: Replies) -> Told:
    reply, after = replies["delete"], replies["gone"]
    errors = reply.fields.get("Errors")
    if reply.status != 200 or errors:
        count = len(errors) if isinstance(errors, list) else 0
        return otherwise(f"{came(reply)}, {count} errors{_left(replies)}")
    if after.status is None:
        return not_asked("whether the object is gone could not be asked")
    told = f"200, and then the object: {came(after)}{_left(replies)}"
    return judged(after.status >= 400, told)


def _left(replies: Replies) -> str:
    """Say so where the object stays, because its own deletion was refused as well."""
    clear = replies.get("clear")
    if clear is None or clear.status in (200, 204):
        return ""
    return f"; the object stays under `{PREFIX}`, its deletion was answered {came(clear)}"


STORE_QUESTIONS = (
    Question(
        "store_takes_conditional_writes",
        "`PUT` twice with `If-None-Match: *`",
        ("first", "second"),
        _conditional,
    ),
    Question("store_takes_a_checksum", "the answers to `PUT` and `HEAD`", ("head",), _checksum),
    Question("store_etag_is_the_md5", "the answer to the `PUT`", (), _etag),
    Question("store_tells_metadata", "`HEAD` of the object", ("head",), _metadata),
    Question("store_gives_the_bytes_back", "`GET` of the object", ("get",), _bytes),
    Question("store_answers_ranges", "`GET` with `Range`", ("range",), _range),
    Question("store_lists_what_it_holds", "a listing by the object's key", ("list",), _listing),
    Question(
        "store_absent_object_is_404", "`GET` of an object that never was", ("absent",), _absent
    ),
    Question(
        "store_deletes_many_at_once",
        "`DeleteObjects` with the key and one that is not there, then `GET`",
        ("delete", "gone"),
        _deleting,
    ),
)
