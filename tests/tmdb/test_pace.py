"""The manner of an ordinary day keeps what it promises: by counts, never by the clock."""

from statistics import quantiles

from tests.tmdb.answers import Answers
from tests.tmdb.generator import GeneratedWorld
from tests.tmdb.journal import Journal
from tests.tmdb.options import Options
from tests.tmdb.pace import AT_ONCE, REAL, Manner
from tests.tmdb.upstream import Upstream
from tests.tmdb.wire import Incoming, Outgoing

COUNT = 4_300


def answered(targets: list[str], manner: Manner = REAL) -> list[Outgoing]:
    """Answer requests, one after the other, without waiting for what they take."""
    answers = Answers(Options(manner=manner), Upstream(GeneratedWorld(count=1)), Journal())
    headers = {"authorization": "Bearer any"}
    return [
        answers.answer(Incoming("GET", target, headers, b"", at, 1 + at % 20))
        for at, target in enumerate(targets)
    ]


def targets(count: int = COUNT) -> list[str]:
    """Ask for so many series that are not there: what is answered does not matter."""
    return [f"/3/tv/{number}" for number in range(2, count + 2)]


def test_half_of_all_answers_take_a_fifth_of_a_second_and_nine_in_ten_at_most_0_4() -> None:
    cuts = quantiles([each.delay for each in answered(targets())], n=10)
    assert 0.19 < cuts[4] < 0.21
    assert 0.3 < cuts[8] < 0.4


def test_two_of_43_requests_are_answered_with_502_and_these_in_a_row() -> None:
    outgoing = answered(targets())
    failed = [place for place, each in enumerate(outgoing) if each.status == 502]
    assert len(failed) == COUNT * 2 // 43
    begins = [place for place in failed if place - 1 not in failed]
    assert len(begins) == COUNT // 215
    assert failed == [start + step for start in begins for step in range(10)]


def test_a_502_names_its_code_without_retry_after_and_is_fine_when_tried_at_once_again() -> None:
    outgoing = answered([target for target in targets() for _ in range(2)])
    failed = [place for place in range(0, len(outgoing), 2) if outgoing[place].status == 502]
    assert failed
    assert all(b'"status_code":43' in outgoing[place].body for place in failed)
    assert all("retry-after" not in dict(outgoing[place].headers) for place in failed)
    assert {outgoing[place + 1].status for place in failed} == {404}


def test_a_server_that_is_told_nothing_answers_at_once_and_without_bursts() -> None:
    outgoing = answered(targets(), AT_ONCE)
    assert {(each.status, each.delay) for each in outgoing} == {(404, 0.0)}
