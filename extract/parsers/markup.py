"""HTML of strangers, read within bounds: no network, no entities, no text that never ends."""

import re
from collections.abc import Iterator

from lxml import etree, html

MAX_BYTES = 8 * 1024 * 1024
"""No page of a person comes near it; beyond 10 MB the time that libxml2 takes explodes."""

_SPACES = re.compile(r"[ \t\r\f\v\u00a0\u200b]+")
_BREAKING = frozenset(
    {"br", "p", "li", "ul", "ol", "div", "tr", "table", "h2", "h3", "h4", "dd", "dt"}
)
_SILENT = frozenset({"script", "style", "noscript", "template", "sup"})


class Unreadable(ValueError):
    """A page that is too large, or nothing that HTML could be."""


def parse(text: str | bytes) -> html.HtmlElement:
    """Parse a page or a fragment of one; what is wrong in it is mended as browsers do.

    Raises Unreadable.
    """
    raw = text.encode("utf-8", "replace") if isinstance(text, str) else text
    if len(raw) > MAX_BYTES:
        raise Unreadable(f"it has {len(raw):,} bytes, and {MAX_BYTES:,} is the most")
    # libxml2 ends a document at a NUL, and everything after it would be missing in silence.
    raw = raw.replace(b"\0", b"\xef\xbf\xbd")
    parser = html.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = html.document_fromstring(raw, parser=parser, ensure_head_body=True)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(str(error)) from None
    return root


def lines(element: html.HtmlElement) -> list[str]:
    """The text that a reader sees, a line for each line; footnote marks and scripts left out."""
    broken = "".join(_pieces(element)).split("\n")
    return [line for line in (_SPACES.sub(" ", each).strip() for each in broken) if line]


def line(element: html.HtmlElement) -> str:
    """The same on one line."""
    return " ".join(lines(element))


def has_class(name: str) -> str:
    """An XPath condition: the element has this class, among others."""
    return f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"


def _pieces(element: html.HtmlElement) -> Iterator[str]:
    """Walk the text; by events, since a hostile page nests deeper than Python recurses."""
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, node in walk:
        is_own = node is element
        if node.tag in _BREAKING:
            yield "\n"
        if event == "start":
            if node.tag in _SILENT and not is_own:
                walk.skip_subtree()
            else:
                # What ends a line of the source is a space to a reader.
                yield (node.text or "").replace("\n", " ")
        elif not is_own:
            yield (node.tail or "").replace("\n", " ")
