"""SVG: which documents are kept.

The policy: bytes are kept as the source published them, since a hash of rewritten bytes would prove
nothing. A browser runs script of an SVG only where it is opened as a page, so it is never served as
one: the bucket's objects carry `Content-Disposition: attachment`, and the API adds a content
security policy. What could reach further is refused: entities that load something or grow, anything
that is not well-formed, and HTML that calls itself an image.
"""

import re

from lxml import etree

from extract.mirror.refusal import Refused

NAMESPACE = "http://www.w3.org/2000/svg"
LONGEST_ENTITY = 1000  # drawing programs declare addresses of namespaces; those are short

_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<")
_WIDE_MARKUP = (b"\xff\xfe<\x00", b"\xfe\xff\x00<")
# Nothing is given back that was taken for a comment: many comments would be tried in every way.
_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?><!--.*?-->\s*)*+<(?:!doctype\s+html|html|head|body)\b",
    re.I | re.S,
)


def looks_like_markup(body: bytes) -> bool:
    """Whether it begins as XML or HTML does."""
    return _MARKUP.match(body) is not None or body.startswith(_WIDE_MARKUP)


def check(body: bytes) -> None:
    """Raise Refused unless it is one whole, harmless SVG document."""
    if _HTML.match(body[:4096]):
        raise Refused("html", "a web page where an image should be")
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    )
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise Refused(*_why(body, str(error.msg))) from None
    _check_entities(root.getroottree())
    if root.tag != f"{{{NAMESPACE}}}svg":
        raise Refused("unknown_type", f"XML whose root is {str(root.tag)[:80]!r}")


def _why(body: bytes, message: str) -> tuple[str, str]:
    if b"<svg" not in body[:65536]:
        return "unknown_type", f"markup that is no SVG: {message[:120]}"
    if b"<!ENTITY" in body[:65536]:
        return "unsafe_svg", f"entities that cannot be read safely: {message[:120]}"
    if not body.rstrip().endswith(b">") or b"</svg" not in body[-4096:]:
        return "truncated", f"an SVG that ends inside: {message[:120]}"
    return "malformed", f"an SVG that is not well-formed: {message[:120]}"


def _check_entities(tree: "etree._ElementTree") -> None:
    declared = tree.docinfo.internalDTD
    if declared is None:
        return
    for entity in declared.entities():  # type: ignore[attr-defined]  # the stubs lack it
        content = entity.content
        if content is None:
            raise Refused("unsafe_svg", f"entity {entity.name!r} loads from elsewhere")
        if "&" in content or "<" in content or len(content) > LONGEST_ENTITY:
            raise Refused("unsafe_svg", f"entity {entity.name!r} is more than a short text")
