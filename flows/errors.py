"""What the flows raise on purpose, beside what the extractors raise.

ShowhouseError
└── FlowError
    ├── NothingSelected     no series is tracked and none was named
    ├── NotInSample         a series was named that the bundled sample does not hold
    ├── SampleNotShared     a run on the bundled sample was to be shared
    ├── Unresolved          what was named is no series for certain
    ├── FileNotTaken        a file of series has lines that are wrong
    ├── PrefectUnreachable  the Prefect server that was named does not answer
    ├── DbtNotRun           dbt stopped before its first model
    ├── BuildFailed         models or tests of a dbt build failed
    └── RunIncomplete       the run went through, and something in it failed
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract.errors import ShowhouseError

if TYPE_CHECKING:
    from extract.resolved import Resolved
    from flows.report import Report


MESSAGE_CHARACTERS = 200


def first_words(message: str) -> str:
    """What dbt said on one line, without its headline and the path of the compiled file."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    if len(lines) > 1 and " Error" in lines[0]:
        lines = lines[1:]
    text = " ".join(line for line in lines if not line.startswith("compiled code at"))
    return text if len(text) <= MESSAGE_CHARACTERS else f"{text[:MESSAGE_CHARACTERS]}… (cut)"


class FlowError(ShowhouseError):
    """Something about the run as a whole."""


class NothingSelected(FlowError):
    """No series is tracked and none was named."""

    is_usage = True

    def __str__(self) -> str:
        return (
            "No series is tracked and none was named, so there is nothing to extract. Track some "
            "with `showhouse track add 1396`, name them with `--tmdb-id 1396`, or try "
            "`showhouse run --sample`."
        )


@dataclass(eq=False)
class NotInSample(FlowError):
    """The series `tmdb_id` was named for a run on the bundled sample, which does not hold it."""

    tmdb_id: int
    is_usage = True

    def __str__(self) -> str:
        return (
            f"Series {self.tmdb_id} is not in the bundled sample. `showhouse track list` after a "
            "run with --sample names those that are; without --sample, TMDb is asked."
        )


@dataclass(eq=False)
class SampleNotShared(FlowError):
    """`shards` runs were to share the bundled sample: each of them would ask the real sources."""

    shards: int
    is_usage = True

    def __str__(self) -> str:
        return (
            f"The bundled sample is not shared among {self.shards} runs: each of them would ask "
            "TMDb itself. Leave out `shards`, or `sample`."
        )


@dataclass(eq=False)
class Unresolved(FlowError):
    """`references` were named, and which series they mean is not certain."""

    references: "list[Resolved]"
    is_usage = True

    def __str__(self) -> str:
        return "\n".join([*map(str, self.references), "Nothing was done."])


@dataclass(eq=False)
class FileNotTaken(FlowError):
    """A file that should name series has faults, a sentence each."""

    faults: list[str]
    is_usage = True

    def __str__(self) -> str:
        more = len(self.faults) - 20
        cut = [f"… and {more:,} more."] if more > 0 else []
        return "\n".join([*self.faults[:20], *cut]) + " Nothing was tracked."


@dataclass(eq=False)
class PrefectUnreachable(FlowError):
    """Nobody answers at `PREFECT_API_URL`; `address` is its host and port."""

    address: str
    why: str

    def __str__(self) -> str:
        return (
            f"The Prefect server at `{self.address}` does not answer: {self.why}. "
            "Start it, or unset `PREFECT_API_URL` to run without Prefect."
        )


@dataclass(eq=False)
class DbtNotRun(FlowError):
    """dbt stopped before its first model (wrong arguments, say); `why` is what it said."""

    why: str
    is_usage: bool = False

    def __str__(self) -> str:
        return f"dbt did not run: {self.why}"


@dataclass(eq=False)
class BuildFailed(FlowError):
    """A dbt build ended with failures; `summary` says how many of what, and the first one."""

    summary: str

    def __str__(self) -> str:
        return self.summary


@dataclass(eq=False)
class RunIncomplete(FlowError):
    """A run went through to its end, and some of it failed; `report` says what."""

    report: "Report"

    def __str__(self) -> str:
        return " ".join(self.report.problems())
