"""Reading and writing are inverse in every pattern and every zone, on both sides of the wire."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridwright.notation.patterns import PatternError, example_of, understand
from gridwright_runtime.mock.texts.time_texts import reader_of, writer_of
from gridwright_runtime.texts.encoders import EncodingError
from gridwright_runtime.texts.local_instant import NotPlacedError
from gridwright_runtime.times.letters import compiled
from gridwright_runtime.times.types import written_date, written_instant

ZONES = sorted(available_timezones() - {"localtime", "posixrules", "Factory"})
# After 1970 all zones have offsets of whole minutes.
INSTANTS = st.datetimes(datetime(1972, 2, 1), datetime(2069, 12, 30)).map(
    lambda moment: moment.replace(tzinfo=UTC)
)
DAYS = st.dates(date(1970, 1, 8), date(2069, 12, 20))
YEARS = ["yyyy", "yy", "YYYY", "{buddhist}yyyy", "{minguo}yyy"]
MONTHS = ["MM", "MMM", "mm", "M"]
CLOCKS = ["HH:mm", "HH24MI", "HH:mm:ss", "hh:mm a", "HHmmssSSS", "HH:mm{a|b}", "HH{|*}:mm", "kk"]
ZONED = ["", "XXX", "XX", "Z"]
WORDS = ["rfc3339", "iso8601", "http-date", "epoch_s", "epoch_ms"]


@st.composite
def day_patterns(draw: Any) -> str:
    year, month, sign = (draw(st.sampled_from(o)) for o in (YEARS, MONTHS, ["-", "/", ".", " "]))
    parts = draw(st.permutations([year, month, draw(st.sampled_from(["dd", "d", "DD"]))]))
    era, _, bare = year.rpartition("}")
    parts = [bare if part == year else part for part in parts]
    return f"{era}{'}' if era else ''}{sign.join(parts)}"


@st.composite
def patterns(draw: Any) -> str:
    if draw(st.integers(0, 9)) == 0:
        return str(draw(st.sampled_from(WORDS)))
    clock = draw(st.sampled_from(CLOCKS))
    zoned = "" if "{" in clock else draw(st.sampled_from(ZONED))
    return f"{draw(day_patterns())}{draw(st.sampled_from([' ', 'T', ', ']))}{clock}{zoned}"


@settings(max_examples=400, deadline=None)
@given(pattern=patterns(), zone=st.sampled_from(ZONES), moment=INSTANTS)
def test_what_is_written_is_read_and_the_service_writes_and_reads_the_same(
    pattern: str, zone: str, moment: datetime
) -> None:
    kind = written_instant(pattern, zone)
    moment = moment.replace(second=0, microsecond=0)
    if "kk" in pattern:
        is_utc = "T" in pattern and pattern.endswith("Z")
        local = moment.astimezone(UTC if is_utc else ZoneInfo(zone))
        moment -= timedelta(minutes=local.minute)
    try:
        text = kind.write_wire(moment)
    except EncodingError as error:
        assert error.rule in ("undecided-time", "not-a-date")
        local = moment.astimezone(ZoneInfo(zone))
        offsets = {local.replace(fold=fold).utcoffset() for fold in (0, 1)}
        is_odd = (local.utcoffset() or timedelta()) % timedelta(minutes=1) != timedelta()
        assert len(offsets) == 2 or is_odd
        return
    assert kind.read_wire(text).astimezone(UTC) == moment
    write, read = writer_of(kind), reader_of(kind)
    assert write is not None and read is not None
    assert write(moment) == text
    read_by_service: Any = read(text)
    assert read_by_service.astimezone(UTC) == moment


@settings(max_examples=200, deadline=None)
@given(pattern=day_patterns(), day=DAYS)
def test_days_are_written_and_read(pattern: str, day: date) -> None:
    kind = written_date(pattern)
    text = kind.write_wire(day)
    write, read = writer_of(kind), reader_of(kind)
    assert write is not None and read is not None
    assert (kind.read_wire(text), read(text), write(day)) == (day, day, text)


@settings(max_examples=200, deadline=None)
@given(pattern=patterns(), zone=st.sampled_from(ZONES), moment=INSTANTS)
def test_schemas_take_what_is_written_and_examples_are_read(
    pattern: str, zone: str, moment: datetime
) -> None:
    import re

    expression = understand(pattern).expression
    assert re.fullmatch(expression, example_of(pattern, date(2024, 2, 29)), re.ASCII)
    moment = moment.replace(minute=0, second=0, microsecond=0)
    try:
        text = compiled(pattern).write(moment, zone)
    except EncodingError:
        return
    assert re.fullmatch(expression, text, re.ASCII)


@settings(max_examples=300, deadline=None)
@given(zone=st.sampled_from(ZONES), moment=INSTANTS, repeated=st.sampled_from(["first", "second"]))
def test_a_text_of_the_clock_on_the_wall_is_the_instant_that_is_meant_or_none(
    zone: str, moment: datetime, repeated: str
) -> None:
    shown = moment.replace(tzinfo=None, second=0, microsecond=0)
    walked = [  # every offset that any zone has had since 1970
        shown.replace(tzinfo=UTC) + timedelta(minutes=minutes) for minutes in range(-900, 901)
    ]
    local = ZoneInfo(zone)
    found = [m for m in walked if m.astimezone(local).replace(tzinfo=None, fold=0) == shown]
    kind = written_instant("yyyy-MM-dd HH:mm", zone, repeated)
    try:
        read = kind.read_wire(f"{shown:%Y-%m-%d %H:%M}")
    except NotPlacedError as error:
        assert (error.rule, found) == ("skipped-time", [])
        return
    if not found:  # a day begins, even where the wall jumps over its midnight
        assert (shown.hour, shown.minute) == (0, 0)
        return
    assert read.astimezone(UTC) == found[-1 if repeated == "second" else 0]


@pytest.mark.parametrize(
    "pattern",
    ["HH{a}", "yyMMdd{buddhist}{minguo}", "{buddhist}yyMMdd", "yyyMMdd", "yyyyMMddHHmm{a|b}XXX"],
)
def test_a_pattern_that_says_too_little_or_too_much_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        understand(pattern)


@pytest.mark.parametrize(
    "pattern", ["rfc3339", "iso8601", "epoch_s", "epoch_ms", "http-date", "yyyy-MM-ddTHH:mmZ",
                "dd.MM.yyyy HH:mm XXX", "dd.MM.yyyy HH:mm"]
)  # fmt: skip
def test_no_pattern_writes_an_hour_that_the_clocks_skip(pattern: str) -> None:
    skipped = datetime(2026, 3, 29, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    with pytest.raises(EncodingError, match="skipped"):
        written_instant(pattern, "Europe/Berlin").write_wire(skipped)
