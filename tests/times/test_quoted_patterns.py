"""Patterns that differ in quotes alone are read each as it is written, whichever stands first."""

import itertools
import re
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from tests.generated_packages import load_package
from tests.generator.support import BASE, problems_of, understood

from gridwright.notation.patterns import understand
from gridwright_runtime.mock.texts import letters as mock_letters
from gridwright_runtime.times.letters import compiled

SPEC = BASE.replace("Asia/Seoul", "Europe/London")
FIELDS = {
    "utc": 'pattern: "yyyy-MM-ddTHH:mm:ssZ"',
    "offset": "pattern: \"yyyy-MM-dd'T'HH:mm:ssZ\"",
    "wall": "pattern: \"yyyy-MM-dd'T'HH:mm:ss'Z'\", zone: Europe/London, repeated: first",
    "paris": "pattern: \"yyyy-MM-dd'T'HH:mm:ss'Z'\", zone: Europe/Paris, repeated: first",
}
TEXT = "2023-07-29T01:30:00Z"
READ = {"utc": 1, "offset": 1, "wall": 0, "paris": -1}


def with_fields(*names: str, **patterns: str) -> str:
    lines = [
        f"        {name}: {{name: {name}_at, type: datetime, {FIELDS.get(name, '')}"
        f"{patterns.get(name, '')}, at: 6}}\n"
        for name in (*names, *patterns)
    ]
    return SPEC + "".join(lines)


def record_of(package: str, spec: str, values: dict[str, str]) -> Any:
    [client] = load_package(spec.encode(), package, "client")
    reply = {"readings": [{"energy": 1, **values}]}
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, json=reply))
    with client.Client(transport=transport) as opened:
        return opened.list_readings(meter_number="1", strict=True).records[0]


@pytest.mark.parametrize("names", list(itertools.permutations(FIELDS, 2)), ids="-".join)
def test_each_of_two_patterns_is_read_as_it_is_written(names: tuple[str, str]) -> None:
    package = f"quoted_{'_'.join(names)}.demo"
    record = record_of(package, with_fields(*names), dict.fromkeys(names, TEXT))
    read = {name: getattr(record, f"{name}_at").astimezone(UTC) for name in names}
    wanted = {
        name: datetime(2023, 7, 28 if READ[name] < 0 else 29, READ[name] % 24, 30, tzinfo=UTC)
        for name in names
    }
    assert read == wanted


def test_quotes_that_change_nothing_leave_the_type_one() -> None:
    patterns = {
        "bare": "pattern: yyyy-MM-ddTHH:mmXXX",
        "quoted": "pattern: \"yyyy-MM-dd'T'HH:mmXXX\"",
    }
    [times] = load_package(with_fields(**patterns).encode(), "quoted_alike.demo", "times")
    assert len(times.__all__) == 1


@pytest.mark.parametrize("quotes", ["''", '""', "‘’", "’’", "“”", "””"])
def test_whatever_the_quotes_no_quote_is_sent_or_read(quotes: str) -> None:
    pattern = f"YYYY-MM-DD{quotes[0]}T{quotes[1]}HH24"
    moment, text = datetime(2024, 10, 1, 5), "2024-10-01T05"
    assert re.fullmatch(understand(pattern).expression, text)
    assert compiled(pattern).read(text) == moment
    assert compiled(pattern).write(moment.replace(tzinfo=UTC), "UTC") == text
    assert mock_letters.write_time(pattern, moment.replace(tzinfo=UTC)) == text
    assert mock_letters.read(pattern, text).shown == moment


@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        ("yyyy-MM-dd'T'HH:mm:ss'Z'", '`pattern: "yyyy-MM-ddTHH:mm:ssZ"`'),
        ('yyyy-MM-dd\\"T\\"HH:mm:ss\\"Z\\"', '`pattern: "yyyy-MM-ddTHH:mm:ssZ"`'),
        ("yyyy-MM-ddTHH:mm'Z'", '`pattern: "yyyy-MM-ddTHH:mmZ"`'),
        ("yyyyMMddHHmmss'Z'", "for UTC write `zone: UTC`"),
        ("yyyy-MM-dd HH:mm' UTC'", "for UTC write `zone: UTC`"),
        ("yyyy-MM-ddTHH:mm:ss'.000Z'", "for UTC write `zone: UTC`"),
    ],
)
def test_a_quoted_sign_of_utc_needs_the_zone_that_it_means(pattern: str, written: str) -> None:
    [problem] = [
        found
        for found in understood(with_fields(at=f'pattern: "{pattern}"'))[1]
        if found.code == "ambiguous-format"
    ]
    assert written in problem.help
    said = with_fields(at=f'pattern: "{pattern}", zone: UTC')
    assert problems_of(said) == []


def test_a_quoted_sign_of_utc_says_nothing_else_where_the_zone_is_utc() -> None:
    spec = with_fields(at="pattern: \"yyyy-MM-dd'T'HH:mm:ss'Z'\"")
    assert problems_of(spec.replace("Europe/London", "UTC")) == []
