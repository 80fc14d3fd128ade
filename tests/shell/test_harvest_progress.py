"""What a harvest says while it runs and nobody looks: now and then a line, and each long wait."""

import logging
from datetime import timedelta

import pytest

from gridwright_runtime.harvest.run import Progress
from gridwright_runtime.shell.harvest_progress import lines_now_and_then, progress_shown

from .conftest import NOON, wait_till_it_opens


class Night:
    """A harvest of eight hours, as it goes by."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.lines: list[tuple[float, str]] = []
        self.tell = lines_now_and_then(
            "Asia/Seoul",
            lambda line: self.lines.append((self.seconds, line)),
            seconds=lambda: self.seconds,
            now=lambda: NOON + timedelta(seconds=self.seconds),
        )


def test_thousands_of_chunks_are_some_lines_with_growing_distances() -> None:
    night = Night()
    for number in range(1, 8 * 3600):
        night.seconds = float(number)
        night.tell(Progress(number, 8 * 3600 - number, 8 * 3600.0 - number))
    assert night.lines[0] == (
        60.0, "60 read, 28740 left, through at about 2024-10-06 05:00 (Asia/Seoul)",
    )  # fmt: skip
    told_at = [at for at, _ in night.lines]
    assert told_at[:10] == [60.0 * number for number in range(1, 10)] + [1140.0]
    assert len(told_at) == 56


def test_a_short_harvest_says_nothing_on_its_way() -> None:
    night = Night()
    for number in range(59):
        night.seconds = float(number)
        night.tell(Progress(number, 59 - number, 1.0))
    assert night.lines == []


def test_a_service_that_cannot_be_reached_is_said_at_once_and_not_for_each_attempt() -> None:
    night = Night()
    for number in range(120):
        night.seconds = number / 2
        again = NOON + timedelta(seconds=night.seconds + 1)
        night.tell(Progress(0, 7, None, again))
        night.tell(Progress(number, 7, 1.0))
    assert night.lines == [
        (0.0, "0 read, 7 left; the service cannot be reached, next attempt at 21:00:01"),
    ]


def test_a_long_wait_is_a_line_in_the_zone_of_the_service(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with progress_shown("Asia/Seoul", quiet=False):
        wait_till_it_opens()
    assert capsys.readouterr() == (
        "",
        "waits 2:30:00, until 2024-10-05 23:30 (Asia/Seoul): "
        "the service is closed (limit nights)\n",
    )
    assert logging.getLogger("gridwright").handlers == []
    wait_till_it_opens()
    assert capsys.readouterr() == ("", "")


def test_who_wants_quiet_has_it(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_shown("Asia/Seoul", quiet=True) as tell:
        wait_till_it_opens()
    assert tell is None
    assert capsys.readouterr() == ("", "")
