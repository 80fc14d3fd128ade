"""Alignment: equal lines are found again, in order and out of it, whatever the texts."""

import random

from hypothesis import given
from hypothesis import strategies as st

from gridwright.trace.align import align

TEXTS = st.lists(st.sampled_from("abcdefg"), max_size=40)


def found(old: str, new: str) -> dict[int, int]:
    return align(list(old), list(new)).to


@given(TEXTS, TEXTS)
def test_only_equal_lines_are_matched_and_each_once(old: list[str], new: list[str]) -> None:
    to = align(old, new).to
    assert all(old[i] == new[j] for i, j in to.items())
    assert len(set(to.values())) == len(to)


@given(TEXTS, TEXTS)
def test_what_is_not_matched_is_in_one_gap(old: list[str], new: list[str]) -> None:
    done = align(old, new)
    assert sorted([*done.to, *(i for gap in done.gaps for i in gap.old)]) == [*range(len(old))]
    theirs = sorted([*done.to.values(), *(j for gap in done.gaps for j in gap.new)])
    assert theirs == [*range(len(new))]


@given(TEXTS)
def test_a_text_is_itself(text: list[str]) -> None:
    done = align(text, text)
    assert done.to == {i: i for i in range(len(text))} and done.gaps == ()


@given(st.lists(st.integers(0, 99), unique=True, max_size=30), st.randoms())
def test_lines_that_a_text_has_once_are_found_wherever_they_are(
    numbers: list[int], chance: random.Random
) -> None:
    old = [str(n) for n in numbers]
    new = list(old)
    chance.shuffle(new)
    assert align(old, new).to == {i: new.index(token) for i, token in enumerate(old)}


@given(TEXTS, st.lists(st.tuples(st.integers(0, 40), st.sampled_from("XYZ")), max_size=6))
def test_after_insertions_every_line_is_found(
    old: list[str], inserted: list[tuple[int, str]]
) -> None:
    new = list(old)
    for place, token in inserted:
        new.insert(place, token)
    assert len(align(old, new).to) == len(old)


def test_a_block_that_moved_takes_its_repeated_lines_with_it() -> None:
    assert found("aXb1x2cd", "cdaXb1x2") == {0: 2, 1: 3, 2: 4, 3: 5, 4: 6, 5: 7, 6: 0, 7: 1}


def test_a_repeated_line_is_not_taken_for_one_that_moved() -> None:
    # An "r" went and another came elsewhere: nobody can say that they are one.
    assert found("arbcrd", "abcrdr") == {0: 0, 2: 1, 3: 2, 4: 3, 5: 4}


def test_what_equals_nothing_is_never_matched() -> None:
    assert align([None, "a"], [None, "a"]).to == {1: 1}


def test_texts_that_repeat_without_end_are_aligned_in_bounded_time() -> None:
    chance = random.Random(1)
    old = [str(chance.randrange(150)) for _ in range(4000)]
    new = [str(chance.randrange(150)) for _ in range(4000)]
    looked = 0

    class Counted(str):
        __slots__ = ()

        def __eq__(self, other: object) -> bool:
            nonlocal looked
            looked += 1
            return str.__eq__(self, other)

        __hash__ = str.__hash__

    align([Counted(token) for token in old], [Counted(token) for token in new])
    assert looked < 20_000_000
