"""Probing the test servers, and what came of it by belief."""

from collections.abc import Iterable

from extract.probe.outcomes import Outcome, Report

SERIES = 99
"""One of a made-up world that has something of everything: seasons, languages, brands, people."""
WIKI, TITLE, PAGE_ID = "breakingbad", "Walter White", 7
TEXT = """<aside class="portable-infobox"><div class="pi-data" data-source="born"></div></aside>
    <h2><span class="mw-headline" id="Biography">Biography</span></h2>"""


def named(report: Report, outcome: Outcome) -> set[str]:
    """The beliefs that came out so."""
    return {each.belief.name for each in report.findings if each.told.outcome is outcome}


def came(report: Report, names: Iterable[str] = ()) -> list[str]:
    """What came, as it is shown, of these beliefs, or of all."""
    wanted = set(names)
    return [each.told.came for each in report.findings if not wanted or each.belief.name in wanted]
