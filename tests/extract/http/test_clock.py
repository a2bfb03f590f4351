from hypothesis import given
from hypothesis import strategies as st

from extract.http.clock import DatabaseClock

delays = st.floats(0, 5)


@given(difference=st.floats(-1e6, 1e6), trips=st.lists(st.tuples(delays, delays), min_size=1))
def test_the_estimate_is_never_worse_than_half_the_first_trip(
    difference: float, trips: list[tuple[float, float]]
) -> None:
    clock = DatabaseClock()
    for number, (there, back) in enumerate(trips):
        database_time = 100.0 * number
        here = database_time + difference
        clock.observe(here - there, database_time, here + back)
        assert abs(clock.here(0.0) - difference) <= sum(trips[0]) / 2 + 1e-6


def test_a_stall_of_ours_does_not_shift_it() -> None:
    clock = DatabaseClock()
    clock.observe(10.0, 1_000.0, 10.001)
    before = clock.here(0.0)
    clock.observe(20.0, 1_010.0005, 20.400)
    assert clock.here(0.0) == before


def test_a_step_of_the_databases_clock_is_followed_at_once() -> None:
    clock = DatabaseClock()
    clock.observe(10.0, 1_000.0, 10.001)
    clock.observe(20.0, 5_010.0, 20.001)
    assert abs(clock.here(5_010.0) - 20.0005) <= 0.0006
