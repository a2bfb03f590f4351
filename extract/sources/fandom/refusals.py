"""A wiki that refuses this client: it is asked nothing more after two refusals in a row.

A single refusal may be of one page, or of a moment: it is reported, and the wiki is asked on.
"""

from dataclasses import dataclass, field

from extract.errors import SourceError
from extract.http.errors import ClientRefused

MOST_IN_A_ROW = 2


@dataclass(eq=False)
class WikiRefused(SourceError):
    """`wiki` refuses this client with `status`; `detail` is what it said instead, cut."""

    wiki: str
    status: int
    detail: str

    def __str__(self) -> str:
        return (
            f"The wiki `{self.wiki}` refuses this client: it answered {self.status} with "
            f"`{self.detail}`; set `SHOWHOUSE_USER_AGENT` to an agent with your contact, or leave "
            "the wiki's tag off."
        )


@dataclass(slots=True)
class Refusals:
    """The refusals of one wiki since its last answer, each with the key that was asked for."""

    wiki: str
    in_a_row: list[tuple[str, ClientRefused]] = field(default_factory=list)
    has_answered: bool = False

    def add(self, key: str, refusal: ClientRefused) -> None:
        """Count a refusal. Raises WikiRefused when it is the second in a row."""
        self.in_a_row.append((key, refusal))
        if len(self.in_a_row) == MOST_IN_A_ROW:
            raise self._of_all()

    def answered(self) -> list[tuple[str, str]]:
        """Start anew, since the wiki has answered; gives the refusals before it: key and why."""
        self.has_answered = True
        return self.ended()

    def ended(self) -> list[tuple[str, str]]:
        """Give the refusals after the last answer. Raises WikiRefused where none was answered."""
        if self.in_a_row and not self.has_answered:
            raise self._of_all()
        passed = [(key, str(refusal)) for key, refusal in self.in_a_row]
        self.in_a_row.clear()
        return passed

    def _of_all(self) -> WikiRefused:
        _, last = self.in_a_row[-1]
        return WikiRefused(self.wiki, last.status, last.detail)
