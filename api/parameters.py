"""Parameters that several paths share, each refused with a sentence that says what would do."""

import re
from typing import Annotated, Any, LiteralString, NamedTuple

from fastapi import Depends, Path, Query
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, WithJsonSchema
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from api.aliases import NotStanding

_INT4 = 2_147_483_647
_UUID = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
_TMDB = "tmdb:[1-9][0-9]{0,9}"
_IMDB = "imdb:tt[0-9]{1,12}"
_NAME = "imdb:nm[0-9]{1,12}"
SHOW_ID = re.compile(f"{_UUID}|{_TMDB}|{_IMDB}")
_PERSON = re.compile(f"{_UUID}|{_TMDB}|{_NAME}")


class Wanted(NamedTuple):
    """Which one: a condition over its table, the value it compares, the text the client wrote."""

    condition: LiteralString
    value: str | int
    text: str
    relation: LiteralString
    """The one row with its own id, as `owner`; none where there is no such thing."""
    own_id: LiteralString
    """That id, as a value."""


def _wanted(
    condition: LiteralString, value: str | int, text: str, key: LiteralString, of: LiteralString
) -> Wanted:
    relation: LiteralString = f"(select {key} from {of} where {condition}) as owner"
    return Wanted(condition, value, text, relation, f"(select owner.{key} from {relation})")


def wanted_show(text: str) -> Wanted:
    """The show that a ShowId names."""
    source, colon, value = text.partition(":")
    of: LiteralString = "marts.show_documents as shows"
    if not colon:
        return _wanted("shows.show_id = %(show)s::uuid", text, text, "show_id", of)
    if source == "tmdb":
        return _wanted("shows.tmdb_id = %(show)s::bigint", int(value), text, "show_id", of)
    return _wanted("shows.imdb_id = %(show)s", value, text, "show_id", of)


def wanted_person(text: str) -> Wanted:
    """The person that a PersonId names."""
    source, colon, value = text.partition(":")
    of: LiteralString = "marts.person_documents as people"
    if not colon:
        return _wanted("people.person_id = %(person)s::uuid", text, text, "person_id", of)
    if source == "tmdb":
        return _wanted("people.tmdb_id = %(person)s::bigint", int(value), text, "person_id", of)
    return _wanted("people.imdb_id = %(person)s", value, text, "person_id", of)


def no_such_show(show: Wanted) -> NotStanding:
    """The 404 of every path under a show, unless the id is an older one."""
    detail = f"No show is `{show.text}`; `/shows?q=` searches by title."
    return NotStanding("show", show.text, detail)


def no_such_person(person: Wanted) -> NotStanding:
    """The 404 of every path under a person, unless the id is an older one."""
    detail = f"Nobody is `{person.text}`; `/people?q=` searches by name."
    return NotStanding("person", person.text, detail)


def _show(text: str) -> str:
    if SHOW_ID.fullmatch(text) is None:
        raise PydanticCustomError(
            "show_id",
            "a show's id is a UUID, `tmdb:1396` or `imdb:tt0903747`; `/shows?q=` finds it",
        )
    return text


def _person(text: str) -> str:
    if _PERSON.fullmatch(text) is None:
        raise PydanticCustomError(
            "person_id",
            "a person's id is a UUID, `tmdb:17419` or `imdb:nm0186505`; `/people?q=` finds it",
        )
    return text


def _digits(value: Any) -> Any:
    """Integers are written in digits alone: `1_000`, `1.0` and `+1` are refused."""
    if isinstance(value, str) and not re.fullmatch("-?[0-9]{1,19}", value):
        raise PydanticCustomError("int_digits", "is not a whole number in digits")
    return value


def storable(value: str) -> str:
    """Refuse what Postgres cannot hold as text."""
    if "\x00" in value:
        raise PydanticCustomError("null_character", "the character U+0000 cannot be looked for")
    return value


Digits = BeforeValidator(_digits)
ShowId = Annotated[
    str,
    AfterValidator(_show),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": f"^({_UUID}|{_TMDB}|{_IMDB})$",
            "examples": ["tmdb:1396", "imdb:tt0903747", "b79b68a2-25c4-5b4e-8d54-60b2bb48ba49"],
        }
    ),
    Path(
        alias="id",
        description="Our UUID, or `tmdb:` with TMDb's id, or `imdb:` with IMDb's.",
    ),
]
PersonId = Annotated[
    str,
    AfterValidator(_person),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": f"^({_UUID}|{_TMDB}|{_NAME})$",
            "examples": ["tmdb:17419", "imdb:nm0186505"],
        }
    ),
    Path(
        alias="id",
        description="Our UUID, or `tmdb:` with TMDb's id, or `imdb:` with IMDb's.",
    ),
]
SeasonNumber = Annotated[
    int, Path(alias="n", ge=0, le=_INT4, description="Season number; 0 is specials."), Digits
]
NetworkId = Annotated[
    int, Path(alias="id", ge=1, le=_INT4, description="TMDb's id of the network."), Digits
]
CompanyId = Annotated[
    int, Path(alias="id", ge=1, le=_INT4, description="TMDb's id of the company."), Digits
]
ProviderId = Annotated[
    int, Path(alias="id", ge=1, le=_INT4, description="TMDb's id of the service."), Digits
]
Text = Annotated[
    str,
    AfterValidator(storable),
    Query(max_length=200, json_schema_extra={"pattern": "^[^\\u0000]*$"}),
]
Name = Annotated[
    str,
    AfterValidator(storable),
    Query(min_length=1, max_length=100, json_schema_extra={"pattern": "^[^\\u0000]*$"}),
]
Country = Annotated[str, Query(pattern="^[A-Z]{2}$")]
SomeId = Annotated[int, Query(ge=1, le=_INT4), Digits]
PageNumber = Annotated[int, Query(ge=1, le=500, description="From 1 on."), Digits]
Year = Annotated[int, Query(ge=1, le=9999), Digits]
Season = Annotated[int, Query(ge=0, le=9999), Digits]
Limit = Annotated[int, Query(ge=1, le=100, description="Rows on a page."), Digits]
BuildId = Annotated[
    int,
    Query(ge=0, le=10**18, description="`until` of an earlier answer; none: where it stands."),
    Digits,
]
Cursor = Annotated[
    str,
    Query(
        min_length=1,
        max_length=4_000,
        pattern="^[A-Za-z0-9_-]+$",
        description="`next` of the page before, asked for with the same sort and filters.",
    ),
]
Absent = SkipJsonSchema[None]


class Nothing(BaseModel):
    """No parameter at all: what is sent in a query is refused, not passed over."""

    model_config = ConfigDict(extra="forbid")


async def _refuse_any(query: Annotated[Nothing, Query()]) -> None:
    """Without a body: to be validated is all that there is to do."""


TAKES_NOTHING = Depends(_refuse_any)
"""For a path without parameters in its query; `/3` and what supervisors ask stay lenient."""
