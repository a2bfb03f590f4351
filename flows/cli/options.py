"""The options that several commands share."""

import functools
import logging
from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])
_state = {"verbose": False}


def is_verbose() -> bool:
    """Whether `--verbose` was given; known from the moment the options are parsed."""
    return _state["verbose"]


def forget_verbose() -> None:
    """Begin anew: one process may call the command twice."""
    _state["verbose"] = False


def _remember_verbose(_: click.Context, __: click.Parameter, value: bool) -> bool:
    if value and not _state["verbose"]:
        _log_everything()
    _state["verbose"] = _state["verbose"] or value
    return value


def _log_everything() -> None:
    """Our own loggers, on the stream of errors; they say what Prefect's handlers would not show."""
    logger = logging.getLogger("extract")
    logger.setLevel(logging.DEBUG)
    if not logger.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        logger.addHandler(handler)


verbose_option = click.option(
    "--verbose",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_remember_verbose,
    help="Log every request, and show where an error came from.",
)

sample_option = click.option(
    "--sample", is_flag=True, help="The bundled responses: no key, no network."
)

SELECTION = (
    click.option(
        "--tmdb-id",
        "tmdb_ids",
        type=click.IntRange(min=1),
        multiple=True,
        metavar="N",
        help="This series, by its TMDb id. May be given again.",
    ),
    click.option("--tracked", is_flag=True, help="The tracked series (the default without ids)."),
    click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most N of each."),
    click.option(
        "--since",
        type=click.DateTime(["%Y-%m-%d"]),
        metavar="DATE",
        help="Also what was last checked before DATE (2026-01-31), due or not.",
    ),
    click.option("--force", is_flag=True, help="All series selected, due or not."),
    click.option(
        "--series-only",
        is_flag=True,
        help="Nothing of the people, networks and so on that are found in series.",
    ),
    click.option("--dry-run", is_flag=True, help="Say what would be asked for, and stop."),
)


def selection_options(command: F) -> F:
    """Give a command the options that select series; they arrive as one dictionary, `selected`."""

    @functools.wraps(command)
    def with_selection(**values: Any) -> Any:
        names = ("tmdb_ids", "tracked", "limit", "since", "force", "series_only", "dry_run")
        return command(selected={name: values.pop(name) for name in names}, **values)

    decorated: Any = with_selection
    for option in reversed(SELECTION):
        decorated = option(decorated)
    return decorated  # type: ignore[no-any-return]
