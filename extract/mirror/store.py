"""Where mirrored images are kept: what both stores, the bucket and the folder, can do."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ImageObject:
    """An image on its way into the store."""

    key: str
    content_type: str
    body: bytes = field(repr=False)
    sha256: str

    @property
    def md5(self) -> str:
        """What S3 calls the entity tag of an object stored in one piece."""
        return hashlib.md5(self.body, usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class Kept:
    """The image is in the store; `uploaded` is false if it was there already."""

    uploaded: bool
    etag: str


@dataclass(frozen=True, slots=True)
class Digest:
    """What reading an object back gave."""

    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class StoredObject:
    """What a listing of the store says about one object."""

    key: str
    modified_at: datetime


class Store(Protocol):
    """A place for content-addressed objects. Safe to use from several threads at once.

    Raises StoreUnusable where trying another image is pointless, ImageNotStored otherwise.
    """

    @property
    def name(self) -> str:
        """Tells this store from others, in receipts."""

    def url(self, key: str) -> str:
        """Where clients find the object."""

    def keep(self, image: ImageObject) -> Kept:
        """Store it, unless an object of the same bytes is there, and read back what is stored."""

    def digest(self, key: str) -> Digest | None:
        """Read an object from end to end; None where there is none."""

    def read(self, key: str) -> bytes | None:
        """The bytes of an object; None where there is none."""

    def objects(self, prefix: str) -> Iterator[StoredObject]:
        """Everything whose key begins with `prefix`."""

    def delete(self, keys: Sequence[str]) -> None:
        """Delete the objects; one that is not there is no error."""
