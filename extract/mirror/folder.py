"""The store by default: a folder under SHOWHOUSE_HOME, served by the API under /media."""

import hashlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from extract.mirror.errors import ImageNotStored, StoreUnusable
from extract.mirror.store import Digest, ImageObject, Kept, StoredObject

UNFINISHED = ".unfinished-"


@dataclass(frozen=True, slots=True)
class FolderStore:
    """Objects as files under `root`; a file appears under its name only when it is on the disk."""

    root: Path
    name: str = "folder"

    def url(self, key: str) -> str:
        """A path of the API."""
        return f"/media/{key}"

    def keep(self, image: ImageObject) -> Kept:
        """Write, flush, rename, read back."""
        path = self.root / image.key
        try:
            if _sha256(path) == image.sha256:
                return Kept(uploaded=False, etag=image.md5)
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, image.body)
            stored = _sha256(path)
        except OSError as error:
            raise StoreUnusable(str(self.root), str(error)) from error
        if stored != image.sha256:
            raise ImageNotStored(image.key, "the file read back is not the one that was written")
        return Kept(uploaded=True, etag=image.md5)

    def digest(self, key: str) -> Digest | None:
        """Read the file."""
        path = self.root / key
        try:
            sha256 = _sha256(path)
            return None if sha256 is None else Digest(sha256, path.stat().st_size)
        except OSError as error:
            raise StoreUnusable(str(self.root), str(error)) from error

    def read(self, key: str) -> bytes | None:
        """Read the file at once."""
        try:
            return (self.root / key).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise StoreUnusable(str(self.root), str(error)) from error

    def objects(self, prefix: str) -> Iterator[StoredObject]:
        """Walk the folder; files left behind by a killed process are among the objects."""
        folder = self.root / prefix
        for parent, _, names in os.walk(folder):
            for name in names:
                path = Path(parent, name)
                try:
                    modified = path.stat().st_mtime
                except FileNotFoundError:
                    continue
                yield StoredObject(
                    path.relative_to(self.root).as_posix(), datetime.fromtimestamp(modified, UTC)
                )

    def delete(self, keys: Sequence[str]) -> None:
        """Unlink the files, and the folders that are empty then."""
        try:
            for key in keys:
                path = self.root / key
                path.unlink(missing_ok=True)
                _remove_empty(path.parent, self.root)
        except OSError as error:
            raise StoreUnusable(str(self.root), str(error)) from error


def _sha256(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _write(path: Path, body: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=UNFINISHED, dir=path.parent)
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fchmod(file.fileno(), 0o644)
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    # Without it a rename can be lost in a power cut, after its receipt was committed.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove_empty(folder: Path, root: Path) -> None:
    while folder != root and root in folder.parents:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent
