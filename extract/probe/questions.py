"""How each belief is asked for, or why it cannot be."""

from collections.abc import Mapping

from extract.probe.belief import Asked
from extract.probe.fandom import FANDOM_QUESTIONS
from extract.probe.imdb import IMDB_QUESTIONS
from extract.probe.outcomes import Question, Unasked
from extract.probe.store import STORE_QUESTIONS
from extract.probe.tmdb_languages import LANGUAGE_QUESTIONS
from extract.probe.tmdb_parts import PART_QUESTIONS
from extract.probe.tmdb_rules import RULE_QUESTIONS, UNASKED

QUESTIONS: Mapping[Asked, tuple[Question | Unasked, ...]] = {
    "tmdb": (*PART_QUESTIONS, *LANGUAGE_QUESTIONS, *RULE_QUESTIONS, *UNASKED),
    "imdb": IMDB_QUESTIONS,
    "fandom": FANDOM_QUESTIONS,
    "store": STORE_QUESTIONS,
}
