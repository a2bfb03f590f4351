"""Who is a regular of which season, by the credits of the seasons."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from tests.dbt_project.expectation.answers import Series
from tests.dbt_project.expectation.credits import credited_ids, is_archive_footage, is_self
from tests.dbt_project.expectation.seasons import season_ids
from tests.dbt_project.expectation.values import entity_id, text, whole
from tests.tmdb.world import Part


def season_cast(series: Series) -> Iterator[dict[str, Any]]:
    """Work out the regulars by season; a role that is listed twice stands where it is billed best.

    Seasons that are neither announced nor fetched have none.
    """
    found: dict[tuple[int, int, str | None], list[Part]] = defaultdict(list)
    for number, said in series.regulars():
        found[number, said["id"], text(said.get("character"))].append(said)
    seasons = season_ids(series)
    for (number, person_id, character), places in found.items():
        if number not in seasons:
            continue
        best = min(places, key=lambda said: (whole(said.get("order")) is None, said.get("order")))
        season_id, ids = seasons[number], credited_ids(series, person_id)
        yield {
            "season_cast_id": entity_id(f"{season_id}/cast/{ids['person_id']}/{character or ''}"),
            "season_id": season_id,
            **ids,
            "credit_id": text(best.get("credit_id")),
            "character": character,
            "is_self": is_self(character),
            "is_archive_footage": is_archive_footage(character),
            "season_number": number,
            "billing_order": whole(best.get("order")),
        }
