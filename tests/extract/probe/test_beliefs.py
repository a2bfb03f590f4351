"""The list of beliefs: each is asked for or says why not, and stands in the documentation."""

import re
from collections import Counter

from extract.probe.beliefs import BELIEFS
from extract.probe.outcomes import Question
from extract.probe.questions import QUESTIONS
from extract.probe.run import SOURCES
from extract.settings import ROOT
from tests.extract.probe.rows import ASKED, row

PAGE = (ROOT / "docs" / "sources.md").read_text()
EVIDENCE = re.compile(r"\[L\] .+|\[D\] .+|\[P\] .+|recording .+|none(; .+)?")


def test_each_belief_has_one_name_and_says_on_whose_word_it_rests() -> None:
    assert len({belief.name for belief in BELIEFS}) == len(BELIEFS)
    assert len({belief.statement for belief in BELIEFS}) == len(BELIEFS)
    assert [each.name for each in BELIEFS if not EVIDENCE.fullmatch(each.evidence)] == []
    assert {belief.source for belief in BELIEFS} == set(SOURCES)


def test_each_belief_is_asked_for_once_or_says_why_it_is_not() -> None:
    asked = [(source, each.belief) for source in SOURCES for each in QUESTIONS[source]]
    assert Counter(asked) == Counter((belief.source, belief.name) for belief in BELIEFS)
    unasked = [each.how for each in ASKED.values() if not isinstance(each, Question)]
    assert all(how.startswith("not asked: ") for how in unasked)


def test_each_belief_has_its_line_in_the_documentation() -> None:
    lines = PAGE.splitlines()
    lacking = [row(belief) for belief in BELIEFS if row(belief) not in lines]
    assert not lacking, "docs/sources.md lacks these lines:\n" + "\n".join(lacking)


def test_the_documentation_has_no_line_of_a_belief_that_is_none() -> None:
    written = re.findall(r"^\| `([a-z0-9]+_[a-z0-9_]+)` \|", PAGE, re.MULTILINE)
    assert sorted(written) == sorted(belief.name for belief in BELIEFS)
