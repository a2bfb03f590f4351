"""Parts that one answer leaves out although they exist: status 200, the key missing, no word.

TMDb does so where a part's own sub-request fails ([L] June 2026); the part comes back later. Which
parts of which things are left out is drawn from a seed, so that it is the same in every run.
"""

from collections.abc import Iterable

from tests.tmdb.chance import mix, tag

_LEFT_OUT = tag("left out")


class LeavingOut:
    """Decides, for every appended part of every answer, whether it is left out."""

    def __init__(self, share: float = 0.0, *, seed: int = 1, for_good: bool = False) -> None:
        self._seed = seed
        self._named: dict[tuple[str, str], int | None] = {}
        self.leave_out_share(share, for_good)

    def leave_out_share(self, share: float, for_good: bool = False) -> None:
        """Leave a share of all parts out of the first answer that should hold them, or of all."""
        self._share, self._for_good = share, for_good
        self._asked: set[tuple[str, str]] = set()
        self.drawn: set[tuple[str, str]] = set()

    def leave_out(self, subject: str, names: Iterable[str], times: int | None = 1) -> None:
        """Leave parts (`season/1`) of a thing (`tv/1396`) out of so many answers; None: of all."""
        self._named.update({(subject, name): times for name in names})

    def left_out(self) -> list[list[str]]:
        """Give the parts that the share left out so far: `["tv/1396", "keywords"]`."""
        return sorted(map(list, self.drawn))

    def takes(self, subject: str, names: Iterable[str]) -> frozenset[str]:
        """Give those of the names that this answer about `subject` leaves out."""
        if not self._share and not self._named:
            return frozenset()
        return frozenset(
            name
            for name in names
            if self._is_named((subject, name)) or self._is_drawn((subject, name))
        )

    def _is_named(self, part: tuple[str, str]) -> bool:
        times = self._named.get(part, 0)
        if times:
            self._named[part] = times - 1
        return times is None or times > 0

    def _is_drawn(self, part: tuple[str, str]) -> bool:
        if not self._share or (part in self._asked and not self._for_good):
            return False
        self._asked.add(part)
        bits = mix(self._seed, _LEFT_OUT, tag(part[0]), tag(part[1]))
        is_drawn = bits % 1_000_000 < self._share * 1_000_000
        if is_drawn:
            self.drawn.add(part)
        return is_drawn
