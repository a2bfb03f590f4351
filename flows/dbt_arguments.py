"""The arguments of `showhouse build`, which are dbt's: what they select, and the rest."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from flows.errors import DbtNotRun

ALL_TESTS = "--all-tests"
AS_OF = "as_of"
_SELECTING = {
    "--select": "--select",
    "-s": "--select",
    "--models": "--select",
    "-m": "--select",
    "--exclude": "--exclude",
    "--selector": "--selector",
    "--resource-type": "--resource-type",
    "--resource-types": "--resource-type",
    "--exclude-resource-type": "--exclude-resource-type",
    "--exclude-resource-types": "--exclude-resource-type",
    "--indirect-selection": "--indirect-selection",
}
_PARSING = ("--target", "-t", "--profile", "--profiles-dir", "--project-dir")
_STATE = ("--state", "--defer-state", "--defer", "--no-defer", "--favor-state")
_FULL = ("--full-refresh", "-f")


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments in parts."""

    selection: tuple[str, ...] = ()
    """What says which nodes: `--select shows+`."""
    parsing: tuple[str, ...] = ()
    """What says of which target and project: `--target dev`."""
    state: tuple[str, ...] = ()
    """What says which other state of the project is compared or deferred to: `--state DIR`."""
    others: tuple[str, ...] = ()
    variables: tuple[tuple[str, Any], ...] = ()
    is_for_all_tests: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether nothing was asked for but a build."""
        return self == Arguments()

    @property
    def is_full_refresh(self) -> bool:
        """Whether tables are to be filled anew."""
        return any(argument in _FULL for argument in self.others)

    @property
    def is_whole(self) -> bool:
        """Whether all is to be built by the project as it stands, for some date, with its rows."""
        names = {name for name, _ in self.variables}
        return not self.selection and names <= {AS_OF} and "--empty" not in self.others


def split(arguments: Sequence[str]) -> Arguments:
    """Sort the arguments. Raises DbtNotRun where `--vars` is no mapping."""
    selection: list[str] = []
    parsing: list[str] = []
    state: list[str] = []
    others: list[str] = []
    variables: dict[str, Any] = {}
    for option, values in _options(arguments):
        if option == "--vars":
            variables |= _mapping(values[0] if values else "")
            others += values[1:]
        elif option in _SELECTING:
            for value in values:
                selection += [_SELECTING[option], value]
        elif option in _PARSING:
            parsing += [option, *values]
        elif option in _STATE:
            state += [option, *values]
        elif option != ALL_TESTS:
            others += [option, *values] if option else values
    return Arguments(
        tuple(selection),
        tuple(parsing),
        tuple(state),
        tuple(others),
        tuple(variables.items()),
        ALL_TESTS in arguments,
    )


def _options(arguments: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Each option with the values that follow it; values before any stand under no option."""
    option, values = "", list[str]()
    for argument in arguments:
        if argument.startswith("-") and argument != "-":
            if option or values:
                yield option, values
            option, equals, value = argument.partition("=")
            values = [value] if equals else []
        else:
            values.append(argument)
    if option or values:
        yield option, values


def _mapping(text: str) -> Mapping[str, Any]:
    try:
        variables = yaml.safe_load(text)
    except yaml.YAMLError:
        variables = None
    if not isinstance(variables, dict):
        why = f"`--vars {text}` is not a YAML mapping. Write it as `{{as_of: 2026-01-31}}`."
        raise DbtNotRun(why, is_usage=True)
    return variables
