"""JSON as it is read, stored and hashed: nothing lost that jsonb can hold, nothing else let in.

orjson reads and writes nearly everything. It rounds what a double cannot hold and takes the last of
two equal keys without a word, so a body that might have such is recognised (its text differs from
what orjson writes) and, if it does have some, read again by the standard library, slow and exact.
"""

import codecs
import hashlib
import json
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

import orjson

from extract.errors import Unfit

MAX_BYTES = 32 * 1024 * 1024  # a document; the largest that TMDb has been seen to send is 4 MB
MOST_DIGITS = 131_072  # before the point: what Postgres' numeric, and so jsonb, can hold
MOST_DECIMALS = 16_383
_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_DELICATE_NUMBER = re.compile(rb"[0-9.]{16}|[0-9][eE]")
_PLAIN = rb"[-+.0-9a-zE]+"  # a number, true, false, null


class _Unwritable:
    """What stands for a value that cannot be written: the part around it alone is unfit."""

    def __init__(self, reason: str, detail: str) -> None:
        self.reason, self.detail = reason, detail

    def __repr__(self) -> str:
        return f"<{self.detail}>"


def read(body: bytes) -> Any:
    """Turn JSON text into Python values, NUL characters into U+FFFD. Raises Unfit.

    A byte order mark before it is passed over, as by every other reader of JSON from bytes.
    """
    text = without_nul(body.removeprefix(codecs.BOM_UTF8))
    try:
        value = orjson.loads(text)
        if orjson.dumps(value) == text or not _is_delicate(text, value):
            return value
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        pass  # too deep, half a surrogate or 1e400: perhaps in one part only
    return _read_exactly(text)


def _is_delicate(text: bytes, value: Any) -> bool:
    skeleton = _STRING.sub(b"", text)
    members = _STRING.sub(b"", orjson.dumps(value)).count(b":")
    return skeleton.count(b":") != members or bool(_DELICATE_NUMBER.search(skeleton))


def _read_exactly(text: bytes) -> Any:
    try:
        return json.loads(
            text.decode(),
            object_pairs_hook=_members,
            parse_int=_integer,
            parse_float=_decimal,
            parse_constant=_refuse_constant,
        )
    except UnicodeDecodeError as error:
        raise Unfit("not_utf8", str(error)) from None
    except RecursionError:
        raise Unfit("too_deep", "it is nested deeper than can be read") from None
    except ValueError as error:
        raise Unfit("not_json", str(error)) from None


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        detail = f"the key `{twice[:80]}` stands twice in one object"
        found[twice] = _Unwritable("duplicate_key", detail)
    return found


def _integer(text: str) -> Any:
    if len(text) < 19 or (len(text) < 21 and -(2**63) <= int(text) < 2**64):
        return int(text)
    return orjson.Fragment(text.encode()) if len(text) <= MOST_DIGITS else _beyond(text)


def _decimal(text: str) -> Any:
    value = float(text)
    try:
        exact = Decimal(text)
    except InvalidOperation:  # an exponent beyond even what Decimal can hold
        return _beyond(text)
    if Decimal(repr(value)) == exact:
        return value
    exponent = exact.as_tuple().exponent
    is_held = exact.adjusted() < MOST_DIGITS and int(exponent) >= -MOST_DECIMALS
    return orjson.Fragment(text.encode()) if is_held else _beyond(text)


def _beyond(text: str) -> _Unwritable:
    return _Unwritable("number_too_long", f"the number `{text[:40]}` is beyond what jsonb can hold")


def _refuse_constant(text: str) -> Any:
    raise Unfit("not_json", f"`{text}` is not a JSON number")


def without_nul(text: bytes) -> bytes:
    """Replace the escape of NUL, which jsonb cannot hold, by U+FFFD."""
    return _NUL.sub(rb"\1\\ufffd", text) if b"\\u0000" in text else text


def canonical(value: Any) -> bytes:
    """Write with sorted keys, without spaces: equal values, equal bytes. Raises Unfit."""
    try:
        text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS, default=_refuse)
    except orjson.JSONEncodeError as error:
        if isinstance(error.__cause__, Unfit):
            raise error.__cause__ from None
        raise Unfit(*_explained(str(error))) from None
    if (clean := without_nul(text)) is not text and clean != text:  # it did not come from `read`
        return canonical(read(clean))
    if len(text) > MAX_BYTES:
        raise Unfit("too_large", f"it has {len(text):,} bytes, the bound is {MAX_BYTES:,}")
    return text


def _refuse(value: Any) -> Any:
    if isinstance(value, _Unwritable):
        raise Unfit(value.reason, value.detail)
    raise Unfit("not_json", f"a {type(value).__name__} is no JSON value")


def _explained(message: str) -> tuple[str, str]:
    if "ecursion" in message:
        return "too_deep", "it is nested deeper than 254 levels"
    if "surrogate" in message:
        return "half_surrogate", "it holds half of a surrogate pair, which is no character"
    return "not_json", message


def content_hash(value: Any, text: bytes, volatile: tuple[str, ...]) -> bytes:
    """SHA-256 of the canonical `text` of `value`, the volatile paths left out."""
    if not volatile:
        return hashlib.sha256(text).digest()
    anywhere = [path[3:] for path in volatile if path.startswith("**.")]
    named = [path for path in volatile if not path.startswith("**.")]
    if named:
        value = _without_named(value, named)
        text = canonical(value)
    for field in anywhere:
        stripped = _strippers(field)(text)
        if stripped is None:
            # The field holds text or a container somewhere: leave all of them out by the tree.
            for each in anywhere:
                value = without_field(value, each)
            return hashlib.sha256(canonical(value)).digest()
        text = stripped
    return hashlib.sha256(text).digest()


def _without_named(value: dict[str, Any], paths: list[str]) -> dict[str, Any]:
    kept = dict(value)
    for path in paths:
        field, _, inner = path.partition(".")
        if not inner:
            kept.pop(field, None)
        elif isinstance(kept.get(field), dict):
            kept[field] = {name: item for name, item in kept[field].items() if name != inner}
    return kept


@lru_cache
def _strippers(field: str) -> Callable[[bytes], bytes | None]:
    # In canonical text a quote inside a string is escaped, so `,"field":` and `{"field":` stand
    # only where a member begins. Cutting them out is ten times as fast as walking the tree.
    name = b'"' + field.encode() + b'":'
    later = re.compile(rb"," + name + _PLAIN)
    first = re.compile(rb"\{" + name + _PLAIN + rb",?")

    def strip(text: bytes) -> bytes | None:
        if name not in text:
            return text
        text = later.sub(b"", text)
        if name not in text:
            return text
        text = first.sub(b"{", text)
        return None if b"{" + name in text or b"," + name in text else text

    return strip


def without_field(value: Any, field: str) -> Any:
    """Copy a value without the members of that name, at any depth."""
    if isinstance(value, dict):
        return {name: without_field(item, field) for name, item in value.items() if name != field}
    if isinstance(value, list):
        return [without_field(item, field) for item in value]
    return value
