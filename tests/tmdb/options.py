"""How a test server is set up: a plain value that can be handed to another process."""

from dataclasses import dataclass, field
from typing import Literal

from tests.otherwise import Otherwise
from tests.tmdb.faults import Faults
from tests.tmdb.generator import GeneratedWorld
from tests.tmdb.hostility import HOSTILE_KINDS
from tests.tmdb.pace import AT_ONCE, Manner
from tests.tmdb.pools import PEOPLE_COUNT
from tests.tmdb.recordings import RecordedWorld
from tests.tmdb.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The world, the manners and the faults of a server; the port 0 is any free one.

    The series share `people_count` people: few, where a test asks for them all. `tokens` and
    `api_keys` are the credentials accepted; where both are empty, any will do, but none will not.
    `per_second` answers are given in any sliding second, further requests get 429,
    with `retry_after` (seconds) as its header where set. `manner` is the latency and the bursts of
    502 of an ordinary day (`tests.tmdb.pace.REAL`). With `drift`, popularity is that of the
    day of the request. `left_out_share` of all appended parts are missing from the first answer
    that should hold them, or, with `left_out_for_good`, from every one (`tests.tmdb.leaving_out`).
    `otherwise` names beliefs about TMDb and IMDb (`extract.probe.beliefs`) that this server
    contradicts. Raises ValueError for a name that is none.
    """

    world: Literal["generated", "recordings"] = "generated"
    seed: int = 1
    series_count: int = 2_000
    people_count: int = PEOPLE_COUNT
    recorded_files: dict[int, str] = field(default_factory=dict)
    drift: bool = False
    hostile_share: float = 0.0
    hostile_kinds: tuple[str, ...] = HOSTILE_KINDS
    tokens: tuple[str, ...] = ()
    api_keys: tuple[str, ...] = ()
    per_second: int | None = None
    retry_after: int | None = None
    latency_seconds: float = 0.0
    latency_jitter_seconds: float = 0.0
    manner: Manner = AT_ONCE
    faults: Faults = field(default_factory=Faults)
    image_faults: Faults = field(default_factory=Faults)
    missing_image_share: float = 0.0
    mislabelled_image_share: float = 0.0
    scripted_svg_share: float = 0.0
    left_out_share: float = 0.0
    left_out_for_good: bool = False
    otherwise: tuple[str, ...] = ()
    cache_bytes: int = 64_000_000
    host: str = "127.0.0.1"
    port: int = 0

    def __post_init__(self) -> None:
        """Look at the names at once, not when they are first met."""
        Otherwise(self.otherwise, "tmdb", "imdb")


def make_world(options: Options) -> World:
    """Make the world that the options name; may raise RecordingsAbsentError."""
    if options.world == "recordings":
        return RecordedWorld(files=options.recorded_files)
    return GeneratedWorld(options.seed, options.series_count, options.people_count)
