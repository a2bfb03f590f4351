"""What `/shows` and `/shows/facets` narrow down to, one set of conditions; how `/shows` sorts."""

from typing import Annotated, Any, Literal, LiteralString

from fastapi import Query
from pydantic import BaseModel, ConfigDict

from api.languages import Language
from api.listing import Selection
from api.parameters import Absent, Country, Cursor, Limit, Name, SomeId, Text, Year
from api.titles import titled

FOR_ALL_AGES: LiteralString = "is_adult is not true"
"""The condition that stands where nobody asked for adult series too."""


class ShowFilters(BaseModel):
    """The parameters that narrow a list of shows down."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[
        Text | Absent,
        Query(
            description="Part of a title, alternative ones too; case, accents and signs "
            "forgiven, and typing errors where nothing is found otherwise. After a title the "
            "country that it is from may stand: `the office us`."
        ),
    ] = None
    network: Annotated[SomeId | Absent, Query(description="TMDb's id of a network.")] = None
    company: Annotated[SomeId | Absent, Query(description="TMDb's id of a production company.")] = (
        None
    )
    genre: Annotated[Name | Absent, Query(description="A genre by name, as `Drama`.")] = None
    status: Annotated[Name | Absent, Query(description="TMDb's status, as `Ended`.")] = None
    country: Annotated[Country | Absent, Query(description="Country of origin (ISO 3166-1).")] = (
        None
    )
    provider: Annotated[
        SomeId | Absent,
        Query(description="TMDb's id of a service that offers it; in `provider_region`, if given."),
    ] = None
    provider_region: Annotated[
        Country | Absent, Query(description="Region in which some service offers it (ISO 3166-1).")
    ] = None
    year_from: Annotated[Year | Absent, Query(description="First year of its premiere.")] = None
    year_to: Annotated[Year | Absent, Query(description="Last year of its premiere.")] = None
    include_adult: Annotated[bool, Query(description="Whether adult series are listed too.")] = (
        False
    )

    def narrow(self, selection: Selection, *, by_text: bool = True) -> None:
        """Add the conditions to a selection of `marts.show_documents`."""
        if by_text:
            titled(selection, self.q)
        selection.where("network_ids @> array[%(network)s::integer]", network=self.network)
        selection.where("company_ids @> array[%(company)s::integer]", company=self.company)
        selection.where("genres @> array[%(genre)s::text]", genre=self.genre)
        selection.where("tmdb_status = %(status)s::text", status=self.status)
        selection.where("origin_countries @> array[%(country)s::text]", country=self.country)
        selection.where("providers @> array[%(provider)s::text]", provider=self._provider())
        selection.where("provider_regions @> array[%(region)s::text]", region=self.provider_region)
        selection.where(
            "premiere_date >= make_date(%(first)s::integer, 1, 1)", first=self.year_from
        )
        selection.where("premiere_date <= make_date(%(last)s::integer, 12, 31)", last=self.year_to)
        if not self.include_adult:
            selection.where(FOR_ALL_AGES)

    def _provider(self) -> Any:
        if self.provider is None or self.provider_region is None:
            return None if self.provider is None else str(self.provider)
        return f"{self.provider}/{self.provider_region}"


class ShowsQuery(ShowFilters):
    """The parameters of `/shows`."""

    sort: Annotated[
        Literal[
            "name",
            "-name",
            "premiere_date",
            "-premiere_date",
            "popularity",
            "-popularity",
            "vote_average",
            "-vote_average",
            "last_aired_date",
            "-last_aired_date",
            "likeness",
        ]
        | Absent,
        Query(
            description="`-` for descending; what has no value comes last. Without it by "
            "`likeness` where `q` is given, else by `name`. `likeness`: first shows whose name is "
            "`q`, then those of which another title is, those with a title that has it as whole "
            "words, that begins with it, that has it within; among the same the most popular "
            "first, and without `q` as `-popularity`."
        ),
    ] = None
    language: Language | Absent = None
    cursor: Cursor | Absent = None
    limit: Limit = 20

    @property
    def order(self) -> str:
        """The sort that is meant; the most alike come first, so likeness descends."""
        has_text = bool((self.q or "").strip())
        if self.sort == "likeness" or (self.sort is None and has_text):
            return "-likeness" if has_text else "-popularity"
        return str(self.sort or "name")
