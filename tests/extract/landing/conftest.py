"""A connection to a database with the raw schema."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from extract.postgres.connections import connect


@pytest.fixture
def connection(database: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection of the test's own."""
    with connect(database) as connection:
        yield connection
