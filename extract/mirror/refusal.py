"""Why an answer is not kept as an image."""

from dataclasses import dataclass


@dataclass(eq=False)
class Refused(Exception):
    """Bytes that are no image we keep: `reason` is one word for counting, `detail` says more.

    Never leaves the mirror: it ends as a row of raw.rejects.
    """

    reason: str
    detail: str

    def __str__(self) -> str:
        return f"{self.reason}: {self.detail}"
