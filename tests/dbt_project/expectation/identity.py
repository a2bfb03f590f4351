"""Whose an id is: what two series, or two people, are said to have is neither's."""

from collections import Counter
from typing import Any

Row = dict[str, Any]

OF_SHOWS = ("imdb_id", "tvdb_id", "tvrage_id", "wikidata_id")
OF_PEOPLE = ("imdb_id", "wikidata_id")


def identified(claimed: list[Row], columns: tuple[str, ...]) -> list[Row]:
    """Take from rows with the ids that are claimed of each those that several claim; 0 is no id."""
    several = {
        (column, value)
        for column in columns
        for value, count in Counter(row[column] for row in claimed).items()
        if value and count > 1
    }
    rows = []
    for row in claimed:
        lost = [column for column in columns if (column, row[column]) in several]
        refused = [f"{column.removesuffix('_id')}:{row[column]}" for column in lost]
        without = dict.fromkeys((*lost, *(c for c in columns if row[c] == 0)))
        rows.append(row | without | {"refused_ids": sorted([*row["refused_ids"], *refused])})
    return rows


def identified_shows(claimed: list[Row]) -> list[Row]:
    """The same of series: one without an IMDb id waits for it."""
    rows = identified(claimed, OF_SHOWS)
    return [row | {"needs_imdb_resolution": row["imdb_id"] is None} for row in rows]


def identified_people(claimed: list[Row]) -> list[Row]:
    """The same of people: what was not given has no evidence."""
    rows = identified(claimed, OF_PEOPLE)
    return [row | ({"imdb_id_evidence": []} if row["imdb_id"] is None else {}) for row in rows]
