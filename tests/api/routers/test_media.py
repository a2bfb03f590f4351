"""Mirrored images: served as what they are, for good, and nothing else from the disk."""

import hashlib
import http.client
import os
from pathlib import Path

import httpx
import pytest

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def keep(home: Path, body: bytes, extension: str) -> str:
    """Put an image into the folder as the mirror does; its key."""
    name = f"{hashlib.sha256(body).hexdigest()}.{extension}"
    key = f"images/logos/networks/213/{name}"
    file = home / "mirror" / key
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(body)
    return key


@pytest.mark.parametrize(
    ("body", "extension", "media_type"), [(PNG, "png", "image/png"), (SVG, "svg", "image/svg+xml")]
)
def test_an_image_is_served_for_good_and_can_run_nothing(
    client: httpx.Client, home: Path, body: bytes, extension: str, media_type: str
) -> None:
    key = keep(home, body, extension)
    answer = client.get(f"/media/{key}")
    assert (answer.status_code, answer.content) == (200, body)
    assert answer.headers["content-type"] == media_type
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"
    policy = answer.headers["content-security-policy"].split("; ")
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert not any(directive.startswith("script-src") for directive in policy)
    held = client.get(f"/media/{key}", headers={"If-None-Match": answer.headers["etag"]})
    assert (held.status_code, held.content) == (304, b"")
    head = client.head(f"/media/{key}")
    assert (head.status_code, head.headers["content-length"]) == (200, str(len(body)))


@pytest.mark.parametrize(
    "path",
    [
        "..%2f..%2fsecret",
        "../secret",
        "images/../../secret",
        "images/%2e%2e/%2e%2e/secret",
        "images/..%5c..%5csecret",
        "%2fetc%2fpasswd",
        "/etc/passwd",
        "images//etc/passwd",
        "images/a/%00.png",
        "images",
        "",
        "images/a/" + "0" * 64 + ".html",
        "images/a/../a/" + "0" * 64 + ".png",
        "images/a/" + "0" * 64 + ".png%0a",
        "images/" + "a/" * 3000 + "0" * 64 + ".png",
    ],
)
def test_nothing_but_images_by_their_keys_is_served(
    client: httpx.Client, home: Path, path: str
) -> None:
    (home / "secret").write_text("hidden words")
    connection = http.client.HTTPConnection(client.base_url.host, client.base_url.port or 80)
    connection.request("GET", f"/media/{path}")  # sent as written, dots and all
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.status in {404, 422}
    assert answer.headers["content-type"] == "application/problem+json"
    assert b"hidden words" not in body


def test_a_link_out_of_the_folder_leads_nowhere(client: httpx.Client, home: Path) -> None:
    (home / "outside.png").write_bytes(PNG)
    folder = home / "mirror" / "images" / "linked"
    folder.mkdir(parents=True)
    (folder / ("1" * 64 + ".png")).symlink_to(home / "outside.png")
    (folder / ("2" * 64 + ".png")).mkdir()
    os.mkfifo(folder / ("3" * 64 + ".png"))
    for name in "123":
        assert client.get(f"/media/images/linked/{name * 64}.png").status_code == 404
