"""What the dbt runner makes of arguments and of messages, apart from dbt."""

import pytest
import yaml

from flows.dbt_runner import Built, Node, _first_words, _with_lock_held, require_success
from flows.errors import BuildFailed, DbtNotRun

SHOWS = Node("models", "core.shows", "error", "contract: `episode_count` is text")
SEASONS = Node("models", "core.seasons", "skipped", "")
STAGED = Node("models", "staging.stg_tmdb__shows", "success", "CREATE VIEW")
UNIQUE = Node("tests", "unique_shows_show_id", "fail", "Got 3 results")


def variables(arguments: list[str]) -> dict[str, object]:
    assert arguments[-2] == "--vars"
    read = yaml.safe_load(arguments[-1])
    assert isinstance(read, dict)
    return read


def test_dbt_is_told_that_the_lock_is_held() -> None:
    arguments = _with_lock_held(["--select", "shows+"])
    assert arguments[:2] == ["--select", "shows+"]
    assert variables(arguments) == {"build_lock_held": True}


@pytest.mark.parametrize(
    "given", [["--vars", "{as_of: 2026-01-31}"], ["--vars={as_of: 2026-01-31}"]]
)
def test_the_users_variables_stay_beside_ours(given: list[str]) -> None:
    read = variables(_with_lock_held([*given, "--full-refresh"]))
    assert read.keys() == {"as_of", "build_lock_held"}


@pytest.mark.parametrize("text", ["as_of", "{as_of", "[1]", ""])
def test_variables_that_are_no_mapping_are_a_usage_error(text: str) -> None:
    with pytest.raises(DbtNotRun, match="is not a YAML mapping") as caught:
        _with_lock_held(["--vars", text])
    assert caught.value.is_usage


def test_a_failed_build_says_how_much_of_what_failed_and_the_first_of_it() -> None:
    built = Built((STAGED, SHOWS, SEASONS, UNIQUE), 1.0)
    assert built.summary() == (
        "dbt build failed: 1 of 3 models, 1 of 1 tests. "
        "First: core.shows — contract: `episode_count` is text"
    )
    assert built.is_unfinished("core.seasons")
    assert not built.is_unfinished("staging.stg_tmdb__shows")
    with pytest.raises(BuildFailed, match="1 of 3 models"):
        require_success(built)


def test_a_good_build_says_what_it_came_to() -> None:
    built = Built((STAGED,), 2.4)
    require_success(built)
    assert built.summary() == "dbt build: 1 models (2 s)."


def test_a_message_of_dbt_loses_its_headline_and_its_paths() -> None:
    message = (
        "Database Error in model shows (dbt_project/models/core/shows.sql)\n"
        '  column "nam" does not exist\n'
        "  LINE 3: nam\n"
        "  compiled code at target/run/showhouse/shows.sql"
    )
    assert _first_words(message) == 'column "nam" does not exist LINE 3: nam'
    assert _first_words("x" * 300) == "x" * 200 + "… (cut)"
