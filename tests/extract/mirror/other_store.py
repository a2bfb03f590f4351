"""A store of objects that is otherwise than we believe of S3, in front of one that is not."""

import hashlib
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

from tests.otherwise import Otherwise

Headers = list[tuple[str, str]]
_CHECKSUM = "x-amz-checksum-sha256"
_NO_SUCH_THING = b"<Error><Code>NotImplemented</Code><Message>Not here.</Message></Error>"
_NOTHING = (
    b"<ListBucketResult><KeyCount>0</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>"
)


def contradicting(app: Any, otherwise: Otherwise) -> Any:
    """Wrap a WSGI application that speaks the S3 protocol."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        refusal = _refusal(environ, otherwise)
        if refusal:
            status, body = refusal
            start_response(status, [("content-type", "application/xml")])
            return [body]
        if "store_takes_a_checksum" in otherwise:
            environ.pop("HTTP_X_AMZ_CHECKSUM_SHA256", None)
        if "store_answers_ranges" in otherwise:
            environ.pop("HTTP_RANGE", None)

        def start(status: str, headers: Headers, *more: Any) -> Any:
            if status.startswith("404") and "store_absent_object_is_404" in otherwise:
                status = "403 Forbidden"
            is_asked = environ["REQUEST_METHOD"] == "HEAD"
            return start_response(status, _headers(headers, otherwise, is_asked), *more)

        parts: Iterable[bytes] = app(environ, start)
        if "store_absent_object_is_404" in otherwise:
            return [b"".join(parts).replace(b"NoSuchKey", b"AccessDenied")]
        return parts

    return answer


def _refusal(environ: dict[str, Any], otherwise: Otherwise) -> tuple[str, bytes] | None:
    asked = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    if "HTTP_IF_NONE_MATCH" in environ and "store_takes_conditional_writes" in otherwise:
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        return "501 Not Implemented", _NO_SUCH_THING
    if "list-type" in asked and "store_lists_what_it_holds" in otherwise:
        return "200 OK", _NOTHING
    if "delete" in asked and "store_deletes_many_at_once" in otherwise:
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        return "501 Not Implemented", _NO_SUCH_THING
    return None


def _headers(headers: Headers, otherwise: Otherwise, is_asked: bool) -> Headers:
    kept = headers
    if "store_takes_a_checksum" in otherwise:
        kept = [(name, value) for name, value in kept if name.lower() != _CHECKSUM]
    if "store_tells_metadata" in otherwise and is_asked:
        kept = [(name, value) for name, value in kept if not _is_metadata(name)]
    if "store_etag_is_the_md5" in otherwise:
        kept = [(name, _other(value) if name.lower() == "etag" else value) for name, value in kept]
    return kept


def _is_metadata(name: str) -> bool:
    return name.lower() == "cache-control" or name.lower().startswith("x-amz-meta-")


def _other(etag: str) -> str:
    return f'"{hashlib.sha256(etag.encode()).hexdigest()[:32]}"'
