"""The data that a page carries for its own scripts, read off in one pass: memory stays flat.

`application/ld+json` and `__NEXT_DATA__`, besides the page's own address. Its links are not read:
they lead to whatever IMDb recommends. No tree is built, no entity of the page's own is expanded,
nothing is fetched.
"""

from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from extract.canonical import read
from extract.errors import Unfit

MAX_BYTES = 8 * 1024 * 1024
"""The largest that was seen has 2 MB; beyond 10, libxml2 begins anew at each mark of a comment."""
_MOST_TAGS = 1_000_000
_CHUNK = 64 * 1024


@dataclass(slots=True)
class PageData:
    """What was found in a page."""

    next_data: dict[str, Any] | None = None
    linked_data: list[dict[str, Any]] = field(default_factory=list)
    """The objects of all `application/ld+json`, in order."""
    canonical: str = ""
    """The address that the page says is its own."""


def read_page(body: bytes) -> PageData:
    """Read a page, whatever it is. Raises Unfit for one that is too large or has no mark-up."""
    if len(body) > MAX_BYTES:
        raise Unfit("too_large", f"it has {len(body):,} bytes, the bound is {MAX_BYTES:,}")
    target: Any = _Target()
    parser = etree.HTMLParser(target=target, encoding="utf-8", no_network=True, huge_tree=False)
    try:
        for start in range(0, len(body), _CHUNK):
            # libxml2 ends a document at a NUL, and what comes after it would be missing in silence.
            parser.feed(body[start : start + _CHUNK].replace(b"\0", b"\xef\xbf\xbd"))
        parser.close()
    except (etree.LxmlError, AssertionError, UnicodeError) as error:
        if not target.tags:
            raise Unfit("not_html", str(error)[:200] or "it has no mark-up") from None
    found: PageData = target.told()
    return found


class _Target:
    """What the parser calls; it keeps the texts of data scripts, and nothing else."""

    def __init__(self) -> None:
        self.tags = 0
        self._scripts: list[tuple[bool, str]] = []
        self._canonical = ""
        self._kind: bool | None = None
        self._parts: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.tags += 1
        if self.tags > _MOST_TAGS:
            raise Unfit("too_large", f"it has more than {_MOST_TAGS:,} elements")
        if tag == "script":
            is_next = attributes.get("id") == "__NEXT_DATA__"
            is_linked = attributes.get("type", "").strip().lower() == "application/ld+json"
            self._kind, self._parts = (is_next if is_next or is_linked else None), []
        elif tag == "link" and attributes.get("rel") == "canonical":
            self._canonical = self._canonical or attributes.get("href", "")[:500]

    def data(self, text: str) -> None:
        if self._kind is not None:
            self._parts.append(text)

    def end(self, tag: str) -> None:
        if tag == "script" and self._kind is not None:
            self._scripts.append((self._kind, "".join(self._parts)))
            self._kind, self._parts = None, []

    def comment(self, text: str) -> None:
        """Nothing: a parser calls it all the same."""

    def close(self) -> None:
        """Nothing: `told` gives what was found."""

    def told(self) -> PageData:
        """Give what was found; a script that is no JSON was none."""
        page = PageData(canonical=self._canonical)
        for is_next, text in self._scripts:
            try:
                value = read(text.encode(errors="replace"))
            except Unfit:
                continue
            if is_next and isinstance(value, dict):
                page.next_data = page.next_data or value
            elif not is_next:
                found = value if isinstance(value, list) else [value]
                page.linked_data += (each for each in found if isinstance(each, dict))
        return page
