"""When a value changed: each time in which it stayed the same, told by the answers alone."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from tests.dbt_project.expectation.answers import Series
from tests.dbt_project.expectation.values import entity_id, number, text, truth, voted, whole

Row = dict[str, Any]


def metrics(series: Series, instants: Sequence[datetime]) -> Iterator[Row]:
    """Its popularity and votes; `instants` are those of the answers in which they differed."""
    said = [
        {
            "tmdb_popularity": number(answer.get("popularity")),
            "tmdb_vote_average": voted(answer),
            "tmdb_vote_count": whole(answer.get("vote_count")),
        }
        for answer in series.metrics
    ]
    for row in _periods(series, said, instants):
        if any(row[name] is not None for name in said[0]):
            yield row


def statuses(series: Series, instants: Sequence[datetime]) -> Iterator[Row]:
    """Its status; `instants` are those of the answers that brought other details."""
    said = [
        {
            "tmdb_status": text(answer.get("status")),
            "is_in_production": truth(answer.get("in_production")),
            "is_active": True,
        }
        for answer in series.versions
    ]
    return _periods(series, said, instants)


def _periods(series: Series, said: Sequence[Row], instants: Sequence[datetime]) -> Iterator[Row]:
    answers = list(zip(said, instants, strict=True))
    changes = [
        answer
        for answer, (before, _) in zip(answers, [({}, None), *answers], strict=False)
        if answer[0] != before
    ]
    ends = [*(seen_at for _, seen_at in changes[1:]), None]
    for (values, first_seen_at), last_seen_at in zip(changes, ends, strict=True):
        yield {
            "show_id": entity_id(series.natural_key),
            **values,
            "is_current": last_seen_at is None,
            "first_seen_at": first_seen_at,
            "last_seen_at": last_seen_at,
        }
