from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from bench import bodies, index_bodies, index_ours, ours, rivals
from bench.cli import main, measure
from bench.equal import require_equal, require_equal_rows
from bench.openapi_document import openapi_document
from bench.report import as_data, table
from bench.rival_child import comparable
from bench.rivals import RivalMissing
from bench.rows import Estimate, Row, Target, Verdict
from bench.sizes import QUICK, Size
from bench.timing import in_order, ratio, take_turns


def row(best: float, median: float, target: Target | None, name: str = "group-one") -> Row:
    return Row(
        name=name,
        what="this against that",
        unit="x speed",
        estimate=Estimate(best, median),
        target=target,
        compared=3,
        details={"this_ms": 1.23456},
    )


@pytest.mark.parametrize(
    ("best", "median", "target", "verdict"),
    [
        (0.7, 0.6, Target("at least", 0.6), "met"),
        (0.5, 0.5, Target("at least", 0.6), "missed"),
        (0.7, 0.5, Target("at least", 0.6), "borderline"),
        (1.4, 1.4, Target("at most", 1.4), "met"),
        (1.5, 1.6, Target("at most", 1.4), "missed"),
        (9.9, 0.1, None, "no target"),
    ],
)
def test_verdict(best: float, median: float, target: Target | None, verdict: Verdict) -> None:
    assert row(best, median, target).verdict == verdict


def test_a_missed_target_stands_out_in_the_table() -> None:
    printed = table([row(0.5, 0.5, Target("at least", 0.6))])
    assert "MISSED" in printed
    assert "targets: 0 met, 1 missed (group-one)" in printed


def test_a_length_of_time_is_printed_as_such() -> None:
    printed = table([replace(row(17.5, 18.25, Target("at most", 50.0)), unit="us")])
    assert "17.50 us  18.25 us" in printed
    assert "0.50 x" in table([row(0.5, 0.5, None)])


def test_the_json_carries_both_estimates() -> None:
    (found,) = as_data([row(0.7, 0.65, Target("at least", 0.6))], {}, "quick")["rows"]
    assert (found["best"], found["median"], found["verdict"]) == (0.7, 0.65, "met")


def test_ratio_takes_the_best_of_each_side_and_the_median_of_the_rounds() -> None:
    assert ratio((2.0, 4.0, 9.0), (1.0, 4.0, 3.0)) == Estimate(best=2.0, median=2.0)


def test_contestants_take_turns_and_swap_who_begins() -> None:
    order: list[str] = []
    ticks = iter(range(100))
    turns = take_turns(
        {"a": lambda: order.append("a"), "b": lambda: order.append("b")},
        rounds=2,
        clock=lambda: float(next(ticks)),
    )
    assert order == ["a", "b", "a", "b", "b", "a"]  # the first two are not counted
    assert turns.seconds == {"a": (1.0, 1.0), "b": (1.0, 1.0)}
    assert in_order(("a", "b"), 1) == ("b", "a")


def test_unequal_results_void_a_comparison() -> None:
    with pytest.raises(AssertionError, match="this and that: the compared results differ"):
        require_equal(1, 2, "this and that")
    with pytest.raises(AssertionError, match="record 1"):
        require_equal_rows([[1], [2]], [[1], [3]], "this and that")
    with pytest.raises(AssertionError, match="number of records"):
        require_equal_rows([[1]], [[1], [2]], "this and that")
    with pytest.raises(AssertionError, match="nothing was compared"):
        require_equal_rows([], [], "this and that")
    assert require_equal_rows([[1, 2]], [(1, 2)], "this and that") == 2


def test_invented_replies_are_repeatable_and_conform() -> None:
    days = bodies.days(3)
    assert days == bodies.days(3)
    assert all(isinstance(day[wire], Decimal) for day in days for wire in bodies.ENERGY)
    body = bodies.json_body(days)
    reply = ours.read(ours.raw_reply(body, "json"), "json")
    assert reply == ours.read(ours.raw_reply(bodies.xml_body(days), "xml"), "xml")
    assert not reply.deviations


def test_invented_gaps_are_read_as_missing() -> None:
    days = bodies.days_as_sent(2)
    reply = ours.read(ours.raw_reply(bodies.json_body(days), "json"), "json")
    assert [record.customer_number for record in reply.records] == ["0100000000", "0100000001"]
    (first, _) = ours.values_of(reply.records, bodies.ENERGY + bodies.REGISTERS)
    assert first.count(None) == 3 + 24


def test_invented_index_records_are_repeatable_and_conform() -> None:
    records = index_bodies.indexes(8)
    assert records[3] == index_bodies.index(4)
    json_raw = index_ours.raw_reply(index_bodies.json_body(records), "json")
    xml_raw = index_ours.raw_reply(index_bodies.xml_body(records), "xml")
    reply = index_ours.read(json_raw, "json")
    assert reply == index_ours.read(xml_raw, "xml")
    assert not reply.deviations
    sent = [comparable(record) for record in records]
    read = index_ours.wire_values(index_ours.records_of(reply))
    assert [comparable(record) for record in read] == sent


def test_values_of_different_types_are_compared_in_one_form() -> None:
    read = {"factor": Decimal("16.20"), "period": "2024-01-01T00:00:00.000+0300"}
    rival = {"factor": 16.2, "period": "2023-12-31T21:00:00+00:00", "state": None}
    assert comparable(read) == comparable(rival)
    assert comparable(read) != comparable({**rival, "factor": 16.21})


def test_the_rivals_get_the_same_model() -> None:
    schemas = openapi_document()["components"]["schemas"]
    assert set(schemas) == {
        *("IndexSearchResponse", "IndexSearchResponseBody", "IndexQueryResult"),
        "QueryInformation",
    }
    fields = schemas["IndexQueryResult"]["properties"]
    assert set(index_bodies.index(4)) <= set(fields)
    for wire in index_bodies.INSTANTS:
        assert fields[wire] == {"type": "string", "format": "date-time"}
    for wire in index_bodies.NUMBERS:
        assert fields[wire] == {"type": "number"}


def test_a_rival_that_cannot_be_had_is_a_row_that_did_not_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing() -> Path:
        raise RivalMissing("there is no network")

    monkeypatch.setattr("bench.rivals.rival_interpreter", missing)
    found = rivals.rows(replace(QUICK, rival_rounds=1))
    assert [one.verdict for one in found] == ["did not run"] * 3
    printed = table(found)
    assert "did not run: there is no network" in printed
    assert "3 did not run (" in printed
    assert [(one["best"], one["reason"]) for one in as_data(found, {}, "quick")["rows"]] == [
        (None, "there is no network")
    ] * 3


def test_a_quick_run_leaves_the_rivals_out() -> None:
    assert rivals.rows(QUICK) == []


def test_rivals_are_pinned_and_name_no_index() -> None:
    lines = Path(rivals.__file__).with_name("rivals.txt").read_text().splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert pins == sorted(pins)
    assert all("==" in pin and "://" not in pin and pin[0] != "-" for pin in pins)


def test_a_group_may_be_asked_for_by_its_first_word(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = fake_groups(monkeypatch, 0.7)
    monkeypatch.setattr("bench.cli.GROUPS", {"json-one": "m", "json-two": "m", "xml": "m"})
    assert {found.name for found in measure(["json"], QUICK, asked.append)} == {
        *("json-one", "json-two")
    }
    assert asked == ["measuring json-one …", "measuring json-two …", ""]


def test_only_one_row_can_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = fake_groups(monkeypatch, 0.7)
    assert [found.name for found in measure(["json-one"], QUICK, asked.append)] == ["json-one"]
    assert asked == ["measuring json …", ""]


def test_unknown_rows_are_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fake_groups(monkeypatch, 0.7)
    for name in ("jsom", "json-three"):
        with pytest.raises(SystemExit) as stopped:
            measure([name], QUICK, lambda _: None)
        assert stopped.value.code == 2
    assert "no such row: jsom; groups: json" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "measured", "status"),
    [([], 0.1, 0), (["--strict"], 0.1, 1), (["--strict"], 0.7, 0)],
)
def test_only_strict_fails_where_a_target_is_missed(
    arguments: list[str],
    measured: float,
    status: int,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    fake_groups(monkeypatch, measured)
    out = tmp_path_factory.mktemp("bench") / "latest.json"
    assert main([*arguments, "--out", str(out)]) == status
    assert out.is_file()


def fake_groups(monkeypatch: pytest.MonkeyPatch, measured: float) -> list[str]:
    """Put one group of two rows in the place of all groups."""

    class Module:
        @staticmethod
        def rows(size: Size) -> list[Row]:
            target = Target("at least", 0.6)
            return [row(measured, measured, target, f"json-{name}") for name in ("one", "two")]

    monkeypatch.setattr("bench.cli.GROUPS", {"json": "bench.json_reply"})
    monkeypatch.setattr("bench.cli.import_module", lambda name: Module)
    return []
