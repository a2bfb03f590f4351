"""For the property-based run: a cursor that a client may send is one that it was given.

Where a valid case is generated with a cursor, the API is asked for the page before and its `next`
is sent; invalid cases keep what was generated.
"""

from typing import Any

import httpx
import schemathesis
from schemathesis import Case, GenerationMode, HookContext


@schemathesis.hook
def before_call(context: HookContext, case: Case[Any], kwargs: dict[str, object]) -> None:
    """Exchange a made-up cursor for a real one."""
    if case.meta is None or case.meta.generation.mode is not GenerationMode.POSITIVE:
        return
    if not case.query or "cursor" not in case.query:
        return
    query = {name: value for name, value in case.query.items() if name not in ("cursor", "limit")}
    address = f"{str(case.operation.base_url).rstrip('/')}{case.path}"
    page = httpx.get(address, params={**query, "limit": 1}, timeout=300).json()
    following = page.get("next")
    if following is None:
        del case.query["cursor"]
    else:
        case.query["cursor"] = following
