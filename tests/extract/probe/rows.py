"""The line of a belief in `docs/sources.md`, as it has to be."""

from extract.probe.beliefs import Belief
from extract.probe.questions import QUESTIONS

ASKED = {each.belief: each for questions in QUESTIONS.values() for each in questions}


def row(belief: Belief) -> str:
    """Write it: name, statement, evidence, how it is asked for, what happens otherwise."""
    cells = (
        f"`{belief.name}`",
        belief.statement,
        belief.evidence,
        ASKED[belief.name].how,
        belief.otherwise,
    )
    return f"| {' | '.join(cells)} |"
