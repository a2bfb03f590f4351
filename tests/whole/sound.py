"""That nothing bad is in raw: payloads are the right objects for their keys, rejects say why."""

from tests.whole.contents import BOOKS_OF_RAW
from tests.whole.house import House

_WRONG = """
    select key from raw.{table}
    where not is_tombstone and not coalesce(
        jsonb_typeof(payload) = 'object'
        and not payload ? 'status_code'
        and {is_its_own}, false)
"""
_BY_ID = "payload ->> 'id' = key"
_ITS_OWN = {
    "tmdb_tv_seasons": """payload ->> 'season_number' = split_part(key, '/', 3)
        and jsonb_typeof(payload -> 'episodes') = 'array'""",
    # These two do not say whose they are: the one has no id, the other its season's.
    "tmdb_tv_recommendations": "jsonb_typeof(payload -> 'results') = 'array'",
    "tmdb_tv_season_credits": "jsonb_typeof(payload -> 'cast') = 'array'",
}
_REASONLESS = """
    select resource || ' ' || key from raw.rejects
    where btrim(reason) = '' or btrim(detail) = '' or request = ''
"""


def unsound(house: House) -> list[str]:
    """Keys whose payload is not theirs, tombstones of what is there, rejects without a reason."""
    there = {str(series_id) for series_id in house.tmdb.ids()}
    found = []
    for _, table in house.tables("raw"):
        if table in BOOKS_OF_RAW or not table.startswith("tmdb_"):
            continue
        wrong = house.rows(_WRONG.format(table=table, is_its_own=_ITS_OWN.get(table, _BY_ID)))
        gone = house.rows(f"select key from raw.{table} where is_tombstone")
        found += [f"{table} {key}" for (key,) in wrong]
        # What series name is there as long as the made-up TMDb is told nothing else.
        is_found = not table.startswith("tmdb_tv_")
        wrongly = [key for (key,) in gone if is_found or key.partition("/")[0] in there]
        found += [f"{table} {key} gone" for key in wrongly]
    return found + [text for (text,) in house.rows(_REASONLESS)]
