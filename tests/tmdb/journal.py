"""What was asked, when, and how it was answered: a test's view of the client's manners."""

from collections.abc import Iterable
from dataclasses import dataclass

API, IMAGES = "/3/", "/t/p/"


@dataclass(frozen=True, slots=True)
class Request:
    """One request as seen here; `at` in seconds of the monotonic clock, credentials left out."""

    at: float
    path: str
    status: int
    connection: int
    fault: str | None = None


class Journal:
    """All requests since the last `clear`; a status of 0 means that the connection was dropped."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.open_connections = 0
        self.most_open_connections = 0
        self.connections_opened = 0

    def opened(self) -> int:
        """Count a connection that opens; gives it a number."""
        self.open_connections += 1
        self.connections_opened += 1
        self.most_open_connections = max(self.most_open_connections, self.open_connections)
        return self.connections_opened

    def closed(self) -> None:
        """Count a connection that closes."""
        self.open_connections -= 1

    def clear(self) -> None:
        """Start anew; open connections stay counted."""
        self.requests.clear()
        self.most_open_connections = self.open_connections
        self.connections_opened = 0


def most_in_window(times: Iterable[float], seconds: float = 1.0) -> int:
    """Give the largest number of instants in any half-open window of this length."""
    ordered = sorted(times)
    most = first = 0
    for last, at in enumerate(ordered):
        while at - ordered[first] >= seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


def summary(journal: Journal, prefix: str = "") -> dict[str, object]:
    """Sum up the requests whose path begins so: counts by status and fault, the busiest second."""
    chosen = [request for request in journal.requests if request.path.startswith(prefix)]
    statuses: dict[str, int] = {}
    faults: dict[str, int] = {}
    for request in chosen:
        statuses[str(request.status)] = statuses.get(str(request.status), 0) + 1
        if request.fault:
            faults[request.fault] = faults.get(request.fault, 0) + 1
    times = [request.at for request in chosen]
    return {
        "requests": len(chosen),
        "statuses": statuses,
        "faults": faults,
        "most_in_a_second": most_in_window(times),
        "seconds": max(times) - min(times) if times else 0.0,
        "open_connections": journal.open_connections,
        "most_open_connections": journal.most_open_connections,
        "connections_opened": journal.connections_opened,
    }
