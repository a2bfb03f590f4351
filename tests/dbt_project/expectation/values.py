"""Single values as the warehouse means them: what is missing or does not fit is None.

Documents are parsed with `Decimal` for every number with a point, so `12.0` is told from `12`.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from hashlib import md5
from typing import Any
from uuid import UUID

from tests.tmdb.world import Part

_INSTANT = re.compile(
    r"20[0-9]{2}(?:-[0-9]{2}){2}T[0-9]{2}(?::[0-9]{2}){2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def entity_id(natural_key: str) -> UUID:
    """Our id of an entity: its natural key, digested."""
    return UUID(md5(natural_key.encode(), usedforsecurity=False).hexdigest())


def text(value: object) -> str | None:
    """Trimmed, NUL shown as U+FFFD; the empty text is none, a number is read as it is written."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return str(value)
    return (value.strip().replace("\0", "\ufffd") or None) if isinstance(value, str) else None


def whole(value: object) -> int | None:
    """A whole number, written as one, of 32 bits."""
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if -(2**31) <= value < 2**31 else None


def number(value: object) -> Decimal | None:
    """Any number of a size that something can be measured in."""
    if not isinstance(value, int | Decimal) or isinstance(value, bool):
        return None
    measured = Decimal(value)
    return measured if abs(measured) < 10**15 else None


def truth(value: object) -> bool | None:
    """True, false, or unknown."""
    return value if isinstance(value, bool) else None


def day(value: object) -> date | None:
    """A day that the calendar has."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def instant(value: object) -> datetime | None:
    """An instant of this century with its zone, as TMDb writes them."""
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def objects(value: object) -> list[Part]:
    """The objects of a list, in order; whatever else is in it, or is no list, is left out."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def texts(value: object) -> list[str]:
    """The texts of a list, in order."""
    items = value if isinstance(value, list) else []
    return [found for item in items if (found := text(item)) is not None]


def once(values: Iterable[Any]) -> list[Any]:
    """Each value but None once, at its first place."""
    return list(dict.fromkeys(value for value in values if value is not None))


def voted(document: Part) -> Decimal | None:
    """The average vote; none where nobody voted."""
    has_votes = (whole(document.get("vote_count")) or 0) > 0
    return number(document.get("vote_average")) if has_votes else None


def first_of(*values: Any) -> Any:
    """The first value that is known."""
    return next((value for value in values if value is not None), None)
