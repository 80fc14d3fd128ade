"""What holds for any reply, not only for those that somebody thought of."""

from datetime import date
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from hypothesis import given, settings
from hypothesis import strategies as st

from gridwright_runtime.errors import GridwrightError
from gridwright_runtime.message import RawReply
from gridwright_runtime.reading import read_reply

from .sample_api import GET_DAY_PROFILE, QUARTER_HOURS
from .support import day_record, read, xml_body

energies = st.decimals(
    min_value=Decimal("-9999999999.9999"), max_value=Decimal("9999999999.9999"), places=4
)
# Characters that XML can carry as they are; a carriage return becomes a line end there.
texts = st.text(
    st.characters(
        codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"
    ),
    min_size=1,
    max_size=30,
)


def written(value: object, quote: str = "") -> str:
    if isinstance(value, Decimal):
        # As the services write: no zeros at the end.
        text = format(value.normalize(), "f")
        return "0" if text == "-0" else text
    return f"{quote}{value}{quote}"


@st.composite
def records(draw: st.DrawFn) -> dict[str, object]:
    """Draw a day profile with values that the document allows, some of them missing."""
    day = draw(st.one_of(st.just(""), st.dates(min_value=date(1, 1, 1)).map(_day)))
    changes: dict[str, object] = {
        "custNo": draw(st.one_of(st.just(""), texts)),
        "meterNo": draw(st.one_of(st.just(""), texts)),
        "multi_yn": draw(st.sampled_from(["Y", "N", ""])),
        "mr_ymd": day,
        "hshcnt": draw(st.one_of(st.just(""), st.integers(0, 99999))),
    }
    for label in draw(st.sets(st.sampled_from(QUARTER_HOURS), max_size=12)):
        changes[f"pwr_qty{label}"] = draw(st.one_of(st.just(""), energies))
    return day_record(**changes)


def _day(day: date) -> str:
    return f"{day.year:04d}{day.month:02d}{day.day:02d}"


def in_json(found: list[dict[str, object]]) -> bytes:
    import json

    def value(item: object) -> str:
        return json.dumps(item, ensure_ascii=False) if isinstance(item, str) else written(item)

    rows = ", ".join(
        "{" + ", ".join(f'"{name}": {value(item)}' for name, item in record.items()) + "}"
        for record in found
    )
    return f'{{"dayInfoList": [{rows}]}}'.encode()


def in_xml(found: list[dict[str, object]]) -> bytes:
    return xml_body(
        [{name: escape(written(item)) for name, item in record.items()} for record in found]
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(records(), max_size=3))
def test_both_forms_of_a_reply_decode_equal(found: list[dict[str, object]]) -> None:
    from_json, from_xml = read(in_json(found)), read(in_xml(found), "xml")
    assert from_json == from_xml
    assert len(from_json.records) == len(found)
    for record, source in zip(from_json.records, found, strict=True):
        assert record.customer_number == (source["custNo"] or None)
        for label in QUARTER_HOURS:
            sent: Any = source[f"pwr_qty{label}"]
            value = getattr(record, f"energy_kwh_{label}")
            assert value is None if sent == "" else value == Decimal(written(sent))


@settings(max_examples=60, deadline=None)
@given(records(), st.sampled_from(["custNo", "mr_ymd", "pwr_qty0015", "hshcnt"]))
def test_the_slow_way_reads_what_the_fast_way_reads(
    record: dict[str, object], missing: str
) -> None:
    # A further record that lacks a field sends the whole reply the slow way.
    other = day_record(**{missing: ...})
    for body, format in ((in_json, "json"), (in_xml, "xml")):
        fast = read(body([record]), format)  # type: ignore[arg-type]
        slow = read(body([record, other]), format)  # type: ignore[arg-type]
        assert slow.records[0] == fast.records[0]


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.text(max_size=100).map(lambda text: text.encode("utf-8", "replace")),
        st.tuples(st.integers(0, 2500), st.binary(max_size=4)).map(
            lambda cut: in_json([day_record()])[: cut[0]] + cut[1]
        ),
        st.tuples(st.integers(0, 2500), st.binary(max_size=4)).map(
            lambda cut: in_xml([day_record()])[: cut[0]] + cut[1]
        ),
    ),
    st.sampled_from(["json", "xml"]),
    st.sampled_from([200, 204, 302, 401, 404, 429, 500]),
    st.sampled_from(["", "text/html", "application/json; charset=euc-kr", "a; charset=rot13"]),
)
def test_any_body_is_read_or_refused_as_an_error_of_ours(
    body: bytes, format: Any, status: int, content_type: str
) -> None:
    raw = RawReply(status_code=status, headers=(("content-type", content_type),), body=body)
    try:
        reply = read_reply(GET_DAY_PROFILE, raw, format=format)
    except GridwrightError as error:
        assert error.__context__ is None
    else:
        assert isinstance(reply.deviations, tuple)
