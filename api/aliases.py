"""Ids that something stood under before: answered 308, with the same path under the present id.

What IMDb alone knows stands under an id of its own until TMDb claims it (`core.aliases`). Such an
id is looked up only where nothing stands under it: whoever asks by present ids pays nothing.
"""

import re
from typing import Literal
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from api.database import Database
from api.problems import NotFound, Problem

_UUID = re.compile("[0-9a-fA-F-]{36}")
_PRESENT = """
select present_ids.entity_id from marts.present_ids
where present_ids.alias_id = %(alias)s::uuid and present_ids.entity_type = %(kind)s
"""


class NotStanding(NotFound):
    """Nothing stands under the id of a show or a person; perhaps it did."""

    def __init__(self, kind: Literal["show", "person"], text: str, detail: str) -> None:
        super().__init__(detail)
        self.entity, self.text = kind, text


async def answer_not_standing(request: Request, error: Exception) -> Response:
    """Exception handler for NotStanding: 308 where the id is an alias, else the 404."""
    assert isinstance(error, NotStanding)
    if not _UUID.fullmatch(error.text):
        return error.response()
    database: Database = request.app.state.database
    values = {"alias": error.text, "kind": error.entity}
    try:
        row = await database.row(_PRESENT, values)
    except Problem as problem:
        return problem.response()
    if row is None:
        return error.response()
    place = quote(request.url.path.replace(error.text, str(row[0]), 1))
    query = f"?{request.url.query}" if request.url.query else ""
    # An IMDb id may move to another series: the redirect is asked for again, like any answer.
    headers = {"Location": place + query, "Cache-Control": "public, no-cache"}
    return Response(None, 308, headers)
