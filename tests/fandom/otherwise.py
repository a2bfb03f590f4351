"""What wikis answer where what we believe of Fandom is wrong, belief by belief."""

import re
from typing import Any

from tests.otherwise import Otherwise

MOST_TOLD = 10
"""So many titles are told of, where not all fifty are."""

_HEADLINE = re.compile(r'<span class="mw-headline"[^>]*>(.*?)</span>', re.DOTALL)


def otherwise_told(answer: Any, otherwise: Otherwise) -> Any:
    """Contradict what a query tells of titles and pages."""
    query = answer.get("query", {})
    if "fifty_titles_are_told_at_once" in otherwise:
        query["pages"] = query.get("pages", [])[:MOST_TOLD]
    if "titles_are_normalized_aloud" in otherwise:
        query.pop("normalized", None)
    if "titles_tell_their_last_revision" in otherwise:
        for page in query.get("pages", ()):
            page.pop("lastrevid", None)
    return answer


def otherwise_parsed(answer: Any, otherwise: Otherwise) -> Any:
    """Contradict what a page is made of."""
    parsed = answer["parse"]
    if "headings_have_a_known_form" in otherwise:
        text = _HEADLINE.sub(r"\1", parsed["text"])
        parsed["text"] = text.replace('class="mw-heading', 'class="heading')
    if "infoboxes_are_portable" in otherwise:
        parsed["text"] = parsed["text"].replace("portable-infobox", "infobox")
    if "pages_come_with_text_and_revision" in otherwise:
        parsed["text"] = {"*": parsed["text"]}
    return answer
