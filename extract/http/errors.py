"""What a source refuses to this client, whatever the request."""

from dataclasses import dataclass

from extract.errors import SourceError


@dataclass(eq=False)
class ClientRefused(SourceError):
    """`source` answers programs like this one nothing.

    `detail` is what it said instead, cut; `remedy` what to do.
    """

    source: str
    status: int
    request: str
    detail: str
    remedy: str = "set `SHOWHOUSE_USER_AGENT` to an agent with your contact"

    def __str__(self) -> str:
        return (
            f"{self.source} answered {self.status} to {self.request}: `{self.detail}`. It refuses "
            f"this client; {self.remedy}."
        )
