"""What is drawn depends on the name alone."""

from gridwright_runtime.mock.inventing.draw import draw, draw_many


def test_the_same_name_draws_the_same_on_every_machine() -> None:
    assert draw(0, 999_999, 1, "peak") == 962_390
    assert draw_many(4, 0, 999, 1, "noise") == [1, 878, 77, 879]


def test_another_name_draws_another_number() -> None:
    assert len({draw(0, 10**12, seed, name) for seed in (1, 2) for name in ("a", "b")}) == 4
    assert draw(0, 10**12, 1, 23) != draw(0, 10**12, 12, 3)


def test_numbers_stay_within_their_bounds_and_reach_them() -> None:
    assert {draw(1, 3, number) for number in range(100)} == {1, 2, 3}
    assert set(draw_many(200, 7, 9, "x")) == {7, 8, 9}
