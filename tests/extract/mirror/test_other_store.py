"""The store of the tests contradicts each belief about stores that it is told to."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.extract.mirror.object_store import BUCKET, ObjectServer, object_client
from tests.otherwise import Otherwise

Ask = Callable[[Any], Any]
STORE: dict[str, Ask] = {
    "store_takes_conditional_writes": lambda s3: s3.put_object(
        Bucket=BUCKET, Key="b", Body=b"x", IfNoneMatch="*"
    ),
    "store_takes_a_checksum": lambda s3: s3.put_object(
        Bucket=BUCKET, Key="b", Body=b"x", ChecksumAlgorithm="SHA256"
    )["ChecksumSHA256"],
    "store_etag_is_the_md5": lambda s3: s3.head_object(Bucket=BUCKET, Key="a")["ETag"],
    "store_tells_metadata": lambda s3: s3.head_object(Bucket=BUCKET, Key="a")["Metadata"],
    "store_answers_ranges": lambda s3: s3.get_object(Bucket=BUCKET, Key="a", Range="bytes=0-1")[
        "Body"
    ].read(),
    "store_lists_what_it_holds": lambda s3: s3.list_objects_v2(Bucket=BUCKET)["Contents"],
    "store_absent_object_is_404": lambda s3: s3.get_object(Bucket=BUCKET, Key="nothing"),
    "store_deletes_many_at_once": lambda s3: s3.delete_objects(
        Bucket=BUCKET, Delete={"Objects": [{"Key": "nothing"}]}
    ),
}
"""What shows that a store contradicts a belief."""


@pytest.mark.parametrize("belief", STORE)
def test_a_store_answers_the_other_way(s3: ObjectServer, belief: str) -> None:
    client = object_client(s3.url)
    client.put_object(Bucket=BUCKET, Key="a", Body=b"image", Metadata={"sha256": "1"})
    believed = _outcome(STORE[belief], client)
    s3.otherwise = Otherwise([belief], "store")
    other = _outcome(STORE[belief], client)
    s3.otherwise = Otherwise((), "store")
    assert other != believed


def _outcome(ask: Ask, client: Any) -> str:
    try:
        answer = ask(client)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    if isinstance(answer, dict):
        answer.pop("ResponseMetadata", None)
    return repr(answer)
