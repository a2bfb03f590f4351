"""A test's grip on a running server, in a thread, in another process or started by hand."""

from collections.abc import Iterable, Mapping
from http.client import HTTPConnection
from typing import Any

import orjson

from tests.tmdb.journal import Request


class ControlRefusedError(Exception):
    """The server did not do what a test asked of its back door."""


class Tmdb:
    """A running server: its addresses, its world, its journal."""

    def __init__(self, host: str, port: int) -> None:
        self.host = host
        self.port = port
        self.origin = f"http://{host}:{port}"
        self.base_url = f"{self.origin}/3"
        self.image_base_url = f"{self.origin}/t/p"
        self.exports_base_url = f"{self.origin}/p/exports"
        self.datasets_base_url = f"{self.origin}/datasets"

    def ids(self) -> list[int]:
        """List the series that exist."""
        return list(self._do("ids"))

    def names(self, series_id: int) -> list[str]:
        """List the parts of a series: `details`, `keywords`, `season/1`, and so on."""
        return list(self._do("names", series_id=series_id))

    def series_with(self, *, seasons: int, or_more: bool = False) -> list[int]:
        """List the series that have so many seasons, specials not among them.

        Raises LookupError where there is none: the test needs a larger world.
        """
        found = list(self._do("series_with", seasons=seasons, or_more=or_more))
        if not found:
            raise LookupError(f"no series of this world has {seasons} seasons")
        return found

    def document(self, series_id: int, name: str = "details") -> Any:
        """Give one part as it stands, parsed, or None; not written in the journal."""
        return self._do("document", series_id=series_id, name=name)

    def hostile_kind(self, series_id: int) -> str | None:
        """Say which hostile value a series carries."""
        kind = self._do("hostile_kind", series_id=series_id)
        return None if kind is None else str(kind)

    def touch(self, ids: Iterable[int], parts: Iterable[str] | None = None) -> dict[int, list[str]]:
        """Edit series in the named parts, or one to three by chance; says which parts of which."""
        edited = self._do("touch", ids=list(ids), parts=None if parts is None else list(parts))
        return {int(series_id): list(names) for series_id, names in edited.items()}

    def touch_share(self, share: float) -> dict[int, list[str]]:
        """Edit a share of all series (0.01: 1 %), others each time; says which parts of which."""
        edited = self._do("touch_share", share=share)
        return {int(series_id): list(names) for series_id, names in edited.items()}

    def delete_series(self, *ids: int, is_told: bool = False) -> None:
        """Let series answer 404; the change feed tells of no deletion ([L]), unless told to."""
        self._do("delete_series", ids=ids, is_told=is_told)

    def return_series(self, *ids: int, is_told: bool = True) -> None:
        """Bring deleted series back; the change feed may miss it."""
        self._do("return_series", ids=ids, is_told=is_told)

    def remove_season(self, series_id: int, number: int) -> None:
        """Let a season vanish, from the details too."""
        self._do("remove_season", series_id=series_id, number=number)

    def return_season(self, series_id: int, number: int) -> None:
        """Bring a season back."""
        self._do("return_season", series_id=series_id, number=number)

    def remove_part(self, series_id: int, part: str) -> None:
        """Leave a part out of all answers."""
        self._do("remove_part", series_id=series_id, part=part)

    def return_part(self, series_id: int, part: str) -> None:
        """Answer a part again."""
        self._do("return_part", series_id=series_id, part=part)

    def leave_out(self, subject: str, *names: str, times: int | None = 1) -> None:
        """Leave parts (`season/1`) of a thing (`tv/1396`) out of so many answers; None: of all."""
        self._do("leave_out", subject=subject, names=names, times=times)

    def leave_out_share(self, share: float, *, for_good: bool = False) -> None:
        """Leave a share of all parts out of the first answer that should hold them, or of all."""
        self._do("leave_out_share", share=share, for_good=for_good)

    def left_out(self) -> list[tuple[str, str]]:
        """Give the parts that the share left out so far: `("tv/1396", "keywords")`."""
        return [(subject, name) for subject, name in self._do("left_out")]

    def empty(self, series_id: int, part: str, *fields: str) -> None:
        """Empty lists and maps of a part: the named ones (`details`, `networks`), or all."""
        self._do("empty", series_id=series_id, part=part, fields=fields or None)

    def refill(self, series_id: int, part: str) -> None:
        """Undo `empty`."""
        self._do("refill", series_id=series_id, part=part)

    def override(self, series_id: int, part: str, fields: Mapping[str, Any]) -> None:
        """Write values over a part's own."""
        self._do("override", series_id=series_id, part=part, fields=fields)

    def forget_overrides(self, series_id: int) -> None:
        """Take back all values written over a series."""
        self._do("forget_overrides", series_id=series_id)

    def make_hostile(self, ids: Iterable[int], kind: str | None) -> None:
        """Give series hostile values of a kind (`hostility.HOSTILE`), None to heal them."""
        self._do("make_hostile", ids=list(ids), kind=kind)

    def merge_person(self, gone: int, into: int) -> None:
        """Let a person answer 404, and credits name another in their place."""
        self._do("merge_person", gone=gone, into=into)

    def change_logo(self, kind: str, owner_id: int) -> None:
        """Change a logo (`networks`, `production_companies`, `watch_providers`) everywhere."""
        self._do("change_logo", kind=kind, owner_id=owner_id)

    def thing(self, kind: str, key: str) -> Any:
        """Give the parts of a person and the like (`world.THINGS`) as they stand, or None."""
        return self._do("thing", kind=kind, key=key)

    def touch_thing(self, kind: str, key: str, *parts: str) -> None:
        """Edit a thing in the named parts, the details if none is named."""
        self._do("touch_thing", kind=kind, key=key, parts=parts or ("details",))

    def delete_thing(self, kind: str, key: str) -> None:
        """Let a thing answer 404."""
        self._do("delete_thing", kind=kind, key=key)

    def return_thing(self, kind: str, key: str) -> None:
        """Bring a deleted thing back."""
        self._do("return_thing", kind=kind, key=key)

    def remove_thing_part(self, kind: str, key: str, part: str) -> None:
        """Leave a part of a thing out of all answers."""
        self._do("remove_thing_part", kind=kind, key=key, part=part)

    def override_thing(self, kind: str, key: str, part: str, fields: Mapping[str, Any]) -> None:
        """Write values over a thing's own."""
        self._do("override_thing", kind=kind, key=key, part=part, fields=fields)

    def edited(self, ids: Iterable[int], days_ago: float = 0.0) -> None:
        """Let the change feed name series that nothing was done to, as it does; or older edits."""
        self._do("edited", ids=list(ids), days_ago=days_ago)

    def make_list(self, list_id: int, series: Iterable[int], movies: Iterable[int] = ()) -> None:
        """Make, or make anew, a list that users can share: series and movies by their ids."""
        self._do("make_list", list_id=list_id, series=list(series), movies=list(movies))

    def delete_list(self, list_id: int) -> None:
        """Let a list answer 404."""
        self._do("delete_list", list_id=list_id)

    def cut_list(self, list_id: int, to: int, *, says_count: bool = True) -> None:
        """Deliver only the first items of a list, with the `item_count` of the whole, or none."""
        self._do("cut_list", list_id=list_id, to=to, says_count=says_count)

    def claim(self, imdb_id: str, ids: Iterable[int]) -> None:
        """Let `/find` give these series for an IMDb id, whatever their own external ids are."""
        self._do("claim", imdb_id=imdb_id, ids=list(ids))

    def spoil(self, kind: str, how: str | None) -> None:
        """Let an export (`tv_series`) go wrong in one of `exports.WRECKS`; None heals it."""
        self._do("spoil", kind=kind, how=how)

    def write_row(self, name: str, *row: str) -> None:
        """Write a row of one of IMDb's files (`title.ratings`) over that of its key, or add it."""
        self._do("write_row", name=name, row=row)

    def remove_rows(self, name: str, *ids: str) -> None:
        """Remove all rows of these ids from one of IMDb's files."""
        self._do("remove_rows", name=name, ids=ids)

    def rows(self, name: str) -> list[list[str]]:
        """Give all rows of one of IMDb's files."""
        return list(self._do("rows", name=name))

    def spoil_dataset(self, name: str, how: str | None) -> None:
        """Let one of IMDb's files go wrong in one of `datasets.SPOILS`; None heals it."""
        self._do("spoil_dataset", name=name, how=how)

    def limit(self, per_second: int | None, retry_after: int | None = None) -> None:
        """Answer so many requests in any sliding second, 429 beyond; None lifts the limit."""
        self._do("limit", per_second=per_second, retry_after=retry_after)

    def latency(self, seconds: float, jitter_seconds: float = 0.0) -> None:
        """Let each answer take this long, and up to `jitter_seconds` longer."""
        self._do("latency", seconds=seconds, jitter_seconds=jitter_seconds)

    def faults(self, share: float, *, images: bool = False, **changes: Any) -> None:
        """Let a share of answers go wrong; further fields as in `Faults`."""
        self._do("faults", images=images, share=share, **changes)

    def advance_days(self, days: float) -> None:
        """Let days pass: popularity drifts."""
        self._do("advance_days", days=days)

    def summary(self, prefix: str = "/3/") -> dict[str, Any]:
        """Sum up what was asked: the keys are those of `journal.summary`."""
        return dict(self._do("summary", prefix=prefix))

    def requests(self, prefix: str = "/3/") -> list[Request]:
        """Give every request whose target begins so, in the order of arrival."""
        return [Request(**request) for request in self._do("requests", prefix=prefix)]

    def clear(self) -> None:
        """Forget the requests so far."""
        self._do("clear")

    def _do(self, verb: str, **arguments: Any) -> Any:
        connection = HTTPConnection(self.host, self.port, timeout=60)
        try:
            connection.request("POST", f"/control/{verb}", orjson.dumps(arguments))
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        if answer.status != 200:
            raise ControlRefusedError(body.decode(errors="replace"))
        return orjson.loads(body)
