"""From a part of a mart as CSV to the same as Parquet, with the types that Postgres has for it.

Numbers without bounds become doubles, ids and arrays stay text (arrays as JSON): what every reader
of Parquet knows. Instants are in UTC.
"""

import io
from collections.abc import Sequence
from typing import Any

TYPES = {
    "boolean": "bool_",
    "smallint": "int16",
    "integer": "int32",
    "bigint": "int64",
    "numeric": "float64",
    "real": "float32",
    "double precision": "float64",
    "date": "date32",
}
INSTANT = "timestamp with time zone"


def parquet_of(body: bytes, columns: Sequence[Sequence[str]]) -> bytes:
    """Turn CSV under its header, as Postgres writes it, into one Parquet file.

    `columns` are pairs of name and Postgres type.
    """
    import pyarrow as arrow
    from pyarrow import csv, parquet

    types = {name: _type_of(arrow, kind) for name, kind in columns}
    table = csv.read_csv(
        io.BytesIO(body),
        # A line may end within a field.
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types=types,
            true_values=["t"],
            false_values=["f"],
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,  # `""` is a text that is empty
        ),
    )
    packed = io.BytesIO()
    parquet.write_table(table, packed, compression="zstd")
    return packed.getvalue()


def _type_of(arrow: Any, kind: str) -> Any:
    if kind == INSTANT:
        return arrow.timestamp("us", "UTC")
    plain = kind.partition("(")[0].strip()
    return getattr(arrow, TYPES[plain])() if plain in TYPES else arrow.string()
