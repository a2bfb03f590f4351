"""What Prometheus is told at `/metrics`: requests by path and status, their time and bytes.

Paths are the templates (`/shows/{id}`), never what a client sent: labels stay few. Where several
workers serve, `showhouse serve` names a folder in which their figures are summed.
"""

import os
from typing import Any

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from api.rates import SHARED_FOLDER

MEDIA_TYPE = CONTENT_TYPE_LATEST
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

_requests = Counter("showhouse_api_requests", "Requests answered.", ["method", "path", "status"])
_seconds = Histogram(
    "showhouse_api_request_seconds", "From request to answer.", ["path"], buckets=_SECONDS
)
_bytes = Counter("showhouse_api_response_bytes", "Bytes of bodies sent.", ["path"])
_under_way = Gauge(
    "showhouse_api_requests_under_way", "Requests not answered yet.", multiprocess_mode="livesum"
)


def begin() -> None:
    """A request came."""
    _under_way.inc()


def end(scope: Any, method: str, status: int, seconds: float, size: int) -> None:
    """It was answered."""
    _under_way.dec()
    path = getattr(scope.get("route"), "path", "other")
    _requests.labels(method if method in _METHODS else "other", path, str(status)).inc()
    _seconds.labels(path).observe(seconds)
    _bytes.labels(path).inc(size)


def exposition() -> bytes:
    """All figures, in Prometheus' text format."""
    if os.environ.get(SHARED_FOLDER):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
    return generate_latest(REGISTRY)
