"""The OpenAPI: complete, and true of what the API answers to whatever is sent."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api.test_problems import LENIENT
from tests.waiting import PATIENCE_SECONDS

ROOT = Path(__file__).parents[2]
RUN = [sys.executable, "-m", "schemathesis.cli", "run", "--no-color"]
RUN += ["--checks", "all", "--seed", "20"]


WITHOUT_POSTGRES = ("/media/{path}", "/metrics", "/3/configuration")


@pytest.fixture
def told(client: httpx.Client) -> dict[str, Any]:
    """The OpenAPI document."""
    document: dict[str, Any] = client.get("/openapi.json").json()
    return document


def test_every_operation_tells_its_answers_and_a_name(told: dict[str, Any]) -> None:
    names = []
    for path, operations in told["paths"].items():
        assert set(operations) == {"get"}
        operation = operations["get"]
        names.append(operation["operationId"])
        assert operation["description"], path
        responses = operation["responses"]
        if path == "/health":
            continue
        assert "500" in responses, path
        assert ("404" in responses) == ("{" in path), path
        assert ("422" in responses) == bool(
            not LENIENT.match(path)  # a parameter that it has not
            or [p for p in operation.get("parameters", []) if "$ref" not in p]
        ), path
        assert ("503" in responses) == (path not in WITHOUT_POSTGRES), path
        kind, schema = ("application/problem+json", "Problem")
        if path.startswith("/3/"):
            kind, schema = ("application/json", "TmdbStatus")
        told_of = {kind: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
        for status, response in responses.items():
            if status.startswith(("4", "5")):
                assert response["content"] == told_of, (path, status)
    assert len(set(names)) == len(names)


def test_a_bound_is_told_in_the_words_of_json_schema(told: dict[str, Any]) -> None:
    """Not in pydantic's own, which it writes where a bound is put on `int | None`."""
    for path, operations in told["paths"].items():
        for parameter in operations["get"].get("parameters", []):
            known = {"ge", "gt", "le", "lt", "min_length", "max_length"}
            assert known.isdisjoint(parameter.get("schema", {})), (path, parameter)


def test_every_key_of_every_document_is_required_and_explained(told: dict[str, Any]) -> None:
    for name, schema in told["components"]["schemas"].items():
        assert schema["description"], name
        if schema["type"] == "object" and name not in ("Problem", "TmdbStatus"):
            assert set(schema["required"]) == set(schema["properties"]), name
        for key, of_key in schema["properties"].items():
            nested = "$ref" in str(of_key)
            literal = "const" in of_key
            assert nested or literal or of_key.get("examples"), f"{name}.{key} has no example"
            assert nested or literal or of_key.get("description"), f"{name}.{key} is not explained"


def test_every_reference_leads_somewhere(told: dict[str, Any]) -> None:
    def references(part: Any) -> set[str]:
        if isinstance(part, list):
            return set().union(*map(references, part))
        if isinstance(part, dict):
            own = {part["$ref"]} if isinstance(part.get("$ref"), str) else set()
            return own.union(*map(references, part.values()))
        return set()

    for reference in references(told):
        found = told
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
        assert found


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [
        ("--phases", "examples,fuzzing", "--max-examples", "8"),
        pytest.param(("--max-examples", "40"), marks=pytest.mark.long),
    ],
    ids=["some", "all"],
)
def test_whatever_is_sent_the_answer_is_one_that_the_openapi_tells(
    api: str, tmp_path: Path, options: tuple[str, ...]
) -> None:
    finished = subprocess.run(
        [*RUN, *options, f"{api}/openapi.json"],
        cwd=tmp_path,  # it leaves a folder of its own
        env=os.environ
        | {"PYTHONPATH": str(ROOT), "SCHEMATHESIS_HOOKS": "tests.api.schemathesis_hooks"},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout[-5_000:] + finished.stderr[-2_000:]
