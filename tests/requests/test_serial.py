"""Numbers of requests only grow: in one process, over threads, restarts and clocks set back."""

import threading
from collections.abc import Iterator

from gridwright_runtime.requests.serial import SerialNumbers, next_serial

SECOND = 1_000_000_000


def numbers(*times: int, process: int = 7) -> list[int]:
    clock: Iterator[int] = iter(times)
    serial = SerialNumbers(now=lambda: next(clock), process=lambda: process)
    return [int(serial.next()) for _ in times]


def test_a_number_is_digits_alone() -> None:
    assert next_serial().isdecimal()


def test_numbers_grow_within_one_microsecond() -> None:
    first, second, third = numbers(SECOND, SECOND, SECOND)
    assert first < second < third


def test_numbers_grow_where_the_clock_is_set_back() -> None:
    first, second = numbers(2 * SECOND, SECOND)
    assert first < second


def test_a_later_start_gives_larger_numbers_in_any_process() -> None:
    (before,) = numbers(SECOND, process=999)
    (after,) = numbers(SECOND + 1000, process=0)
    assert before < after


def test_two_processes_of_one_moment_share_no_number() -> None:
    assert numbers(SECOND, process=1) != numbers(SECOND, process=2)


def test_threads_share_no_number() -> None:
    found: list[str] = []

    def take() -> None:
        found.extend([next_serial() for _ in range(200)])

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == len(found) == 1600
