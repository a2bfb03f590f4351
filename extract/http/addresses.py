"""Hosts and paths of URLs, which often come from a payload or a setting."""

from urllib.parse import quote, urlsplit

_USUAL_PORTS = {"http": 80, "https": 443}


def host_of(url: str) -> str:
    """The host of a URL, with its port where that is not the usual one: the name of its gate."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    port = None if parts.port == _USUAL_PORTS.get(parts.scheme) else parts.port
    return f"{host}:{port}" if port else host


def escaped(path: str) -> str:
    """A path given as plain text, escaped: nothing in it ends the path or climbs out of it."""
    segments = (quote(part, safe="!$&'()*+,;=:@~") for part in path.lstrip("/").split("/"))
    return "".join(
        "/" + (part if part.strip(".") else part.replace(".", "%2E")) for part in segments
    )
