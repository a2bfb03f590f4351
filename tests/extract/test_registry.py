"""The registry, and the literals it is made of."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from extract.registry import RESOURCES, SOURCES
from extract.resource import Resource

EACH = pytest.mark.parametrize("resource", RESOURCES.values(), ids=RESOURCES.keys())


@EACH
def test_a_resource_has_a_registered_source_with_terms(resource: Resource) -> None:
    assert SOURCES[resource.source.name] is resource.source
    assert resource.source.licence
    assert resource.source.attribution or resource.source.name == "showhouse"


@EACH
def test_a_resource_is_due_well_before_its_payload_may_no_longer_be_kept(
    resource: Resource,
) -> None:
    if resource.retention is not None:
        assert resource.max_age <= resource.retention / 2


@EACH
def test_what_is_appended_arrives_with_a_registered_resource(resource: Resource) -> None:
    assert resource.appended_to is None or RESOURCES[resource.appended_to].appended_to is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "details"},
        {"name": "imdb_details"},
        {"name": "tmdb_Details"},
        {"entity": "tmdb"},
        {"appended_as": "images"},
        {"max_age": timedelta(0)},
        {"max_age": timedelta(days=181)},
        {"volatile": ("a.b.c",)},
        {"volatile": ("*.popularity",)},
    ],
    ids=str,
)
def test_a_wrong_literal_fails_when_it_is_made(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="resource `"):
        replace(RESOURCES["tmdb_tv_details"], **wrong)
