"""Mirrored images where they lie in a folder: `/media/{path}`.

Keys are content-addressed: the file's name is the SHA-256 of its bytes, hence its tag, and it never
changes. A path that does not look like a key is refused before any file is touched. SVG is kept as
upstream draws it; the policy sent with it forbids whatever a browser might run.
"""

import re
from pathlib import Path
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from fastapi import Path as PathParameter
from pydantic import AfterValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from api.answers import held
from api.openapi import answers
from api.problems import NotFound

router = APIRouter(tags=["media"])

_TYPES = {
    "avif": "image/avif",
    "gif": "image/gif",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "svg": "image/svg+xml",
    "webp": "image/webp",
}
_KEY = re.compile(
    rf"images(/[a-z0-9][a-z0-9_-]{{0,99}}){{1,6}}/[0-9a-f]{{64}}\.({'|'.join(_TYPES)})"
)
_IMMUTABLE = "public, max-age=31536000, immutable"
_NO_SCRIPT = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
_BINARY = {
    media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in _TYPES.values()
}

_ANSWERS = answers(missing="No image is mirrored under that key.", reads=False)
_ANSWERS[200] |= {"description": "The image.", "content": _BINARY}


def _looks_like_a_key(path: str) -> str:
    if _KEY.fullmatch(path) is None:
        raise PydanticCustomError("key", "an image is asked for by a `hosted_*_key`")
    return path


Key = Annotated[
    str,
    AfterValidator(_looks_like_a_key),
    WithJsonSchema({"type": "string", "pattern": f"^{_KEY.pattern}$"}),
    PathParameter(description="Key of the image, as in `hosted_*_key`."),
]


class _Image(Response):
    """Any of the image types."""

    media_type = None


@router.get("/media/{path:path}", response_class=_Image, responses=_ANSWERS)
async def get_image(
    request: Request,
    path: Key,
) -> Response:
    """A mirrored image."""
    name = path.rpartition("/")[2]
    tag, _, extension = name.partition(".")
    body = await to_thread.run_sync(_read, request.app.state.settings.media_folder, path)
    if body is None:
        raise NotFound(
            "No image is mirrored under that key; `hosted_…_url` in the documents of shows, "
            "seasons, people and `/networks/{id}` names those that are."
        )
    headers = {
        "ETag": f'"{tag}"',
        "Cache-Control": _IMMUTABLE,
        "Content-Security-Policy": _NO_SCRIPT,
    }
    if held(request).has(tag):
        return Response(None, 304, headers)
    return Response(body, 200, headers, _TYPES[extension])


def _read(folder: Path, key: str) -> bytes | None:
    """The file of a key, unless it leads out of the folder (a link may)."""
    try:
        file = (folder / key).resolve(strict=True)
        if not file.is_file() or not file.is_relative_to(folder.resolve()):
            return None
        return file.read_bytes()
    except OSError:
        return None
