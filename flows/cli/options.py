"""The options that several commands share."""

import functools
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from extract.keys import Shard
    from extract.references import Reference

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


class Words(click.ParamType[str]):
    """A text that a database can be asked for, which bytes that are no UTF-8 are not."""

    name = "text"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """Read it, or a usage error."""
        text = str(value)
        try:
            text.encode()
        except UnicodeEncodeError:
            shown = text.encode(errors="replace").decode()
            self.fail(f"`{shown}` is no text: it is not UTF-8.", param, ctx)
        return text


class Named(click.ParamType["Reference"]):
    """A reference of one kind, in any of its forms; `wrong` says what another one is not."""

    def __init__(self, kind: str, wrong: str) -> None:
        self.name, self._wrong = kind, wrong

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> "Reference":
        """Read it, or a usage error."""
        from extract.references import Reference, parse

        if isinstance(value, Reference):
            return value
        text = Words().convert(value, param, ctx).strip()
        try:
            reference = parse(f"list/{text}" if self.name == "list" and text.isdigit() else text)
        except ValueError as error:
            self.fail(str(error), param, ctx)
        if reference.kind.value != self.name:
            self.fail(f"`{text}` {self._wrong}.", param, ctx)
        return reference


class Share(click.ParamType["Shard"]):
    """One of N shares: `2/4`."""

    name = "K/N"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> "Shard":
        """Read it, or a usage error that says what a share is."""
        from extract.keys import Shard

        try:
            return value if isinstance(value, Shard) else Shard.parse(str(value))
        except ValueError as error:
            self.fail(f"{error}.", param, ctx)


SELECTION = (
    click.option(
        "--tmdb-id",
        "tmdb_ids",
        type=click.IntRange(1, 2**31 - 1),
        multiple=True,
        metavar="N",
        help="This series, by its TMDb id. May be given again.",
    ),
    click.option(
        "--imdb-id",
        "imdb_ids",
        type=Named("imdb", "is no IMDb id, as tt0903747 is one"),
        multiple=True,
        metavar="ttN",
        help="This series, by its IMDb id. May be given again.",
    ),
    click.option(
        "--show-id",
        "show_ids",
        type=click.UUID,
        multiple=True,
        metavar="UUID",
        help="This series, by the id that the warehouse gives it. May be given again.",
    ),
    click.option(
        "--list",
        "lists",
        type=Named("list", "is no list of TMDb, as list/5 is one"),
        multiple=True,
        metavar="URL",
        help="The series of a list of TMDb, which are tracked then. May be given again.",
    ),
    click.option("--tracked", is_flag=True, help="The tracked series (the default without ids)."),
    click.option(
        "--changes",
        is_flag=True,
        help="All series tracked or held: what TMDb's change feed names, and what is old enough.",
    ),
    click.option(
        "--catalogue", is_flag=True, help="Every series that TMDb's newest daily export lists."
    ),
    click.option(
        "--shard",
        type=Share(),
        metavar="K/N",
        help="The K-th of N shares alone, for N processes or machines at once.",
    ),
    click.option(
        "--accept-shrink",
        is_flag=True,
        help="Believe an export that lists far fewer ids than the last one.",
    ),
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


SELECTED = (
    "tmdb_ids",
    "imdb_ids",
    "show_ids",
    "lists",
    "tracked",
    "changes",
    "catalogue",
    "shard",
    "limit",
    "since",
    "force",
    "series_only",
    "dry_run",
    "accept_shrink",
)


def selection_options(command: F) -> F:
    """Give a command the options that select series; they arrive as one dictionary, `selected`."""

    @functools.wraps(command)
    def with_selection(**values: Any) -> Any:
        return command(selected={name: values.pop(name) for name in SELECTED}, **values)

    decorated: Any = with_selection
    for option in reversed(SELECTION):
        decorated = option(decorated)
    return decorated  # type: ignore[no-any-return]
