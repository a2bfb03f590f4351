"""What `/shows` and `/shows/facets` narrow down to: one set of parameters and conditions."""

from typing import Annotated, Any, LiteralString

from fastapi import Query
from pydantic import BaseModel, ConfigDict

from api.listing import Selection
from api.parameters import Absent, Country, Name, SomeId, Text, Year
from api.search import contains

FOR_ALL_AGES: LiteralString = "is_adult is not true"
"""The condition that stands where nobody asked for adult series too."""


class ShowFilters(BaseModel):
    """The parameters that narrow a list of shows down."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[
        Text | Absent,
        Query(
            description="Part of a title, alternative ones too; case and accents forgiven, and "
            "typing errors where nothing is found otherwise."
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
            contains(selection, "search_text", self.q, is_folded=True)
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
