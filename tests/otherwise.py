"""Test servers whose upstream is otherwise than we believe: which beliefs they can contradict.

A server that is told names of beliefs (`extract.probe.beliefs`) answers the other way in each of
them. What a belief's opposite is, stands where the server answers; here stand the names, so that a
typo fails at once, and that a belief without a switch has a reason.
"""

from collections.abc import Iterable, Mapping

from extract.probe.belief import Asked
from extract.probe.beliefs import BELIEFS

NO_OTHER_WAY: Mapping[str, str] = {
    "credentials_open_v3": "Without credentials nothing is answered, and the run ends at once.",
    "exports_are_named_by_day": "A file of another name is not found: there is nothing to land.",
    "deleted_ids_are_not_used_again": "Another thing under an id that is held is a new version of"
    " its documents: what lands is what is answered, and no answer looks otherwise.",
    "merged_person_is_404": "An answer that names another id is refused, whoever it is about;"
    " `tests/extract/test_hostile_answers.py` is about those.",
    "datasets_have_their_seven_names": "A file of another name is not found, as if it were absent.",
    "wikis_answer_this_client": "A wiki that refuses us has nothing to land;"
    " `tests/extract/test_wiki_refusals.py` is about those.",
    "store_gives_the_bytes_back": "A store that changes bytes keeps no image;"
    " `tests/extract/mirror/test_verifying.py` is about those.",
}
"""Beliefs that no server contradicts as a switch, each with the reason."""


def switches(source: Asked) -> frozenset[str]:
    """Name the beliefs about an upstream that its server can contradict."""
    named = (belief.name for belief in BELIEFS if belief.source == source)
    return frozenset(name for name in named if name not in NO_OTHER_WAY)


class Otherwise:
    """The beliefs that one server contradicts; `"name" in otherwise` asks for one of them.

    Raises ValueError for a name that the server has no switch for, asked for by a test or by the
    server itself.
    """

    def __init__(self, names: Iterable[str], *sources: Asked) -> None:
        self._known = frozenset[str]().union(*map(switches, sources))
        self._names = frozenset(map(self._checked, names))

    def __contains__(self, name: object) -> bool:
        return self._checked(name) in self._names

    def __bool__(self) -> bool:
        return bool(self._names)

    def _checked(self, name: object) -> str:
        if name not in self._known:
            known = ", ".join(sorted(self._known))
            raise ValueError(f"No belief `{name}` can be contradicted here; choose of {known}.")
        return str(name)
