"""The server's back door: change the world, the manners and the faults, and read what was asked.

``POST /control/<verb>`` with a JSON object of arguments; the answer is JSON. Tests use
`tests.tmdb.handle`.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from typing import Any

import orjson

from tests.tmdb.answers import Answers
from tests.tmdb.faults import Faults
from tests.tmdb.journal import Journal, summary
from tests.tmdb.limits import SlidingLimit
from tests.tmdb.options import Options, make_world
from tests.tmdb.upstream import Upstream
from tests.tmdb.wire import Incoming, Outgoing

CONTROL = "/control/"


class Site:
    """Everything behind one port: world, answers, journal and control."""

    def __init__(self, options: Options) -> None:
        self.upstream = Upstream(
            make_world(options),
            seed=options.seed,
            hostile_share=options.hostile_share,
            hostile_kinds=options.hostile_kinds,
        )
        self.journal = Journal()
        self.answers = Answers(options, self.upstream, self.journal)
        self._drift = options.drift
        self._verbs = {verb.__name__: verb for verb in self._back_door()}

    def _back_door(self) -> tuple[Callable[..., Any], ...]:
        """List what a test may call."""
        upstream, catalogue = self.upstream, self.answers.catalogue
        datasets = self.answers.datasets
        return (
            upstream.ids,
            upstream.names,
            upstream.series_with,
            upstream.document,
            upstream.hostile_kind,
            upstream.touch,
            upstream.touch_share,
            upstream.delete_series,
            upstream.return_series,
            upstream.remove_season,
            upstream.return_season,
            upstream.remove_part,
            upstream.return_part,
            upstream.empty,
            upstream.refill,
            upstream.override,
            upstream.forget_overrides,
            upstream.make_hostile,
            upstream.change_logo,
            upstream.merge_person,
            upstream.things.thing,
            upstream.things.touch_thing,
            upstream.things.delete_thing,
            upstream.things.return_thing,
            upstream.things.remove_thing_part,
            upstream.things.override_thing,
            upstream.edited,
            catalogue.make_list,
            catalogue.delete_list,
            catalogue.cut_list,
            catalogue.claim,
            self.answers.leaving_out.leave_out,
            self.answers.leaving_out.leave_out_share,
            self.answers.leaving_out.left_out,
            self.answers.exports.spoil,
            datasets.write_row,
            datasets.remove_rows,
            datasets.rows,
            datasets.spoil_dataset,
            self.journal.clear,
            self.summary,
            self.requests,
            self.limit,
            self.latency,
            self.faults,
            self.advance_days,
        )

    def serve(self, incoming: Incoming) -> Outgoing:
        """Answer a request to any of the faces of the site."""
        if incoming.target.startswith(CONTROL):
            return self._control(incoming)
        if self._drift:
            self.upstream.set_day(self.upstream.now().toordinal())
        return self.answers.answer(incoming)

    def summary(self, prefix: str = "") -> dict[str, object]:
        """Sum up the journal."""
        return summary(self.journal, prefix)

    def requests(self, prefix: str = "") -> list[dict[str, Any]]:
        """Give the journal, in the order of arrival."""
        return [
            asdict(request) for request in self.journal.requests if request.path.startswith(prefix)
        ]

    def limit(self, per_second: int | None, retry_after: int | None = None) -> None:
        """Change the rate limit; None lifts it."""
        self.answers.limit = SlidingLimit(per_second)
        self.answers.retry_after = retry_after

    def latency(self, seconds: float, jitter_seconds: float = 0.0) -> None:
        """Change how long an answer takes."""
        self.answers.latency_seconds = seconds
        self.answers.latency_jitter_seconds = jitter_seconds

    def faults(self, images: bool = False, **changes: Any) -> None:
        """Change what goes wrong (fields of `Faults`), for images or for the API."""
        if "kinds" in changes:
            changes["kinds"] = tuple(changes["kinds"])
        current: Faults = self.answers.image_faults if images else self.answers.faults
        changed = replace(current, **changes)
        if images:
            self.answers.image_faults = changed
        else:
            self.answers.faults = changed

    def advance_days(self, days: float) -> None:
        """Let days pass; from then on popularity drifts."""
        self._drift = True
        self.upstream.days_ahead += days

    def _control(self, incoming: Incoming) -> Outgoing:
        name = incoming.target[len(CONTROL) :]
        verb = self._verbs.get(name)
        if verb is None or incoming.method != "POST":
            return _plain(
                404, f"`{name}` is no verb; POST one of {', '.join(sorted(self._verbs))}."
            )
        try:
            result = verb(**(orjson.loads(incoming.body) if incoming.body else {}))
            return Outgoing(
                200, orjson.dumps(result, default=_listed, option=orjson.OPT_NON_STR_KEYS)
            )
        except (TypeError, ValueError) as problem:
            return _plain(422, f"`{name}`: {problem}")


def _plain(status: int, text: str) -> Outgoing:
    return Outgoing(status, text.encode(), "text/plain; charset=utf-8")


def _listed(value: object) -> object:
    if isinstance(value, Iterable):
        return list(value)
    raise TypeError(f"`{type(value).__name__}` is no JSON")
