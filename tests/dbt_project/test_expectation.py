"""The comparison with the expectation notices each way in which a table can be wrong."""

from typing import Any

import pytest

from tests.dbt_project.expectation.comparison import differences

NETWORK = {"network_id": 1, "name": "One", "origin_country": None}


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([NETWORK], []),
        ([NETWORK | {"name": "Two"}], ["networks.name 1: `Two`, not `One`"]),
        ([NETWORK | {"origin_country": ""}], ["networks.origin_country 1: ``, not `None`"]),
        ([], ["networks 1: it is missing"]),
        ([NETWORK, NETWORK | {"network_id": 2}], ["networks 2: nobody said so"]),
        ([NETWORK, NETWORK], ["networks: a key stands twice, in the table or in the expectation"]),
        ([NETWORK | {"size": 1}], ["networks.size: the expectation does not know it"]),
        (
            [{"network_id": 1, "name": "One"}],
            ["networks.origin_country: the table does not know it"],
        ),
    ],
    ids=["same", "value", "empty", "missing", "extra", "twice", "new column", "lost column"],
)
def test_a_difference_names_the_table_the_row_and_the_field(
    found: list[dict[str, Any]], said: list[str]
) -> None:
    assert differences("networks", found, [NETWORK]) == said
