"""The busiest path without ceremony: a document by its id, asked for by GET and without a query.

FastAPI matches a path twice, opens two exit stacks and validates each parameter, which costs as
much as the rest. A request that has nothing to validate but an id of the right form is answered by
the same function directly; every other one goes FastAPI's way, which tells the OpenAPI as well.
"""

import re
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

PlainAnswer = Callable[[Request, str], Awaitable[Response]]


class PlainRoute(BaseRoute):
    """Answers GET of `path`, which ends in `{id}`, where the id has the form and there is no query.

    Tried before all others. Its `path` is what requests are counted under, as the usual route's.
    """

    def __init__(self, path: str, form: re.Pattern[str], answer: PlainAnswer) -> None:
        self.path = path
        self._pattern = re.compile(f"{re.escape(path.removesuffix('{id}'))}({form.pattern})")
        self._answer = answer

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether the request is a plain one."""
        if scope["type"] != "http" or scope["query_string"] or scope["method"] != "GET":
            return Match.NONE, {}
        found = self._pattern.fullmatch(scope["path"])
        if found is None:
            return Match.NONE, {}
        return Match.FULL, {"route": self, "path_params": {"id": found[1]}}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer it; problems are answered around here, as of all routes."""
        request = Request(scope, receive, send)
        response = await self._answer(request, scope["path_params"]["id"])
        await response(scope, receive, send)
