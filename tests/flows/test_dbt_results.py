"""What the house makes of dbt's arguments and messages, apart from dbt."""

import shlex

import pytest

from flows.builds import Built, Node
from flows.dbt_arguments import Arguments, split
from flows.dbt_runner import require_success
from flows.errors import BuildFailed, DbtNotRun, first_words

SHOWS = Node("models", "core.shows", "error", "contract: `episode_count` is text")
SEASONS = Node("models", "core.seasons", "skipped", "")
STAGED = Node("models", "staging.stg_tmdb__shows", "success", "CREATE VIEW")
UNIQUE = Node("tests", "unique_shows_show_id", "fail", "Got 3 results")


def test_what_selects_is_told_from_what_does_not() -> None:
    asked = split(
        shlex.split(
            "-s shows+ people --threads 2 --exclude=networks --full-refresh --target dev --defer"
            " --state folder --all-tests"
        )
    )
    assert asked == Arguments(
        selection=("--select", "shows+", "--select", "people", "--exclude", "networks"),
        parsing=("--target", "dev"),
        state=("--defer", "--state", "folder"),
        others=("--threads", "2", "--full-refresh"),
        is_for_all_tests=True,
    )
    assert asked.is_full_refresh and not asked.is_plain and not asked.is_whole


@pytest.mark.parametrize(
    "arguments, is_whole",
    [
        ([], True),
        (["--threads", "2"], True),
        (["--vars", "{as_of: 2026-01-31}"], True),
        (["--vars", "{qualified_show_count: 3}"], False),
        (["--select", "shows"], False),
        (["--empty"], False),
    ],
)
def test_a_build_is_whole_that_leaves_what_a_plain_one_would(
    arguments: list[str], is_whole: bool
) -> None:
    assert split(arguments).is_whole == is_whole


@pytest.mark.parametrize(
    "given", [["--vars", "{as_of: 2026-01-31}"], ["--vars={as_of: 2026-01-31}"]]
)
def test_the_users_variables_are_read(given: list[str]) -> None:
    asked = split([*given, "--full-refresh"])
    assert asked.others == ("--full-refresh",)
    assert {name: str(value) for name, value in asked.variables} == {"as_of": "2026-01-31"}


@pytest.mark.parametrize("text", ["as_of", "{as_of", "[1]", ""])
def test_variables_that_are_no_mapping_are_a_usage_error(text: str) -> None:
    with pytest.raises(DbtNotRun, match="is not a YAML mapping") as caught:
        split(["--vars", text])
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
    assert Built((), 0.0, is_left_out=True).summary() == (
        "Nothing has changed since the last build, so dbt was not started."
    )


def test_what_no_model_makes_is_named_and_is_no_failure() -> None:
    built = Built((STAGED,), 2.4, orphans=("marts.former",))
    require_success(built)
    assert built.remarks()[0].startswith("No model makes marts.former: ")


def test_a_message_of_dbt_loses_its_headline_and_its_paths() -> None:
    message = (
        "Database Error in model shows (dbt_project/models/core/shows.sql)\n"
        '  column "nam" does not exist\n'
        "  LINE 3: nam\n"
        "  compiled code at target/run/showhouse/shows.sql"
    )
    assert first_words(message) == 'column "nam" does not exist LINE 3: nam'
    assert first_words("x" * 300) == "x" * 200 + "… (cut)"
