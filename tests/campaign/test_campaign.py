"""The campaign sees what it looks for: else its table would show no break whatever happens."""

import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from campaign.corpus import samples
from campaign.fork_worker import calls_in_round
from campaign.gateway import Fault
from campaign.independent import NotReadable, other_values, read_json, read_xml
from campaign.measuring import MeasuringServer
from campaign.mutations import mutated
from campaign.report import as_data, breaks, table
from campaign.rows import Row
from campaign.specs import _try as try_spec

from gridwright_runtime.decodings.reader import read_reply
from gridwright_runtime.reply import Reply

ROOT = Path(__file__).parents[2]


def test_another_value_than_other_tools_read_is_found_in_both_formats() -> None:
    found = {
        sample.format: sample
        for sample in samples(("kepco_opm",))
        if sample.operation.name == "get_all_customers_hour"
    }
    assert set(found) == {"json", "xml"}
    for sample in found.values():
        read = read_json if sample.format == "json" else read_xml
        reply = read_reply(sample.operation, sample.raw, format=sample.format)
        assert isinstance(reply, Reply)
        records: list[Any] = list(reply.records)
        tree = read(sample.raw.body)
        assert records and not other_values(sample.operation, records, tree)
        wrong = msgspec.structs.replace(records[0], energy_kwh=Decimal("0.1"))
        [said] = other_values(sample.operation, [wrong, *records[1:]], tree)
        assert said.startswith("energy_kwh")


def test_a_charset_that_the_header_names_is_believed_where_the_body_is_not_utf8() -> None:
    body = '{"a": "가"}'.encode("cp949")
    assert read_json(body, "application/json; charset=euc-kr") == {"a": ["가"]}
    assert read_json(b'{"a": "\xc3\xa9"}', "a/b; charset=euc-kr") == {"a": ["é"]}
    assert read_json('{"a": 1}'.encode("utf-16"), "a/b; charset=utf-8") == {"a": [1]}
    for content_type in ("", "application/json", "a/b; charset=nonsense"):
        with pytest.raises(NotReadable):
            read_json(body, content_type)


def test_the_same_seed_mutates_alike() -> None:
    body = b'{"a": [{"b": "1.5"}, {"b": 2}]}'
    once, again = ([mutated(body, "json", Random(n)) for n in range(50)] for _ in range(2))
    assert once == again
    assert len(set(once)) > 40


def test_a_spec_that_is_none_is_refused() -> None:
    row = Row("specs", "one", "")
    assert try_spec(b"[", row) == ""
    assert row.seen == {"refused": 1}


def test_breaks_stand_in_table_and_data() -> None:
    row = Row("writes", "one", "once", tried=2)
    row.broke("left twice")
    assert table([row]).splitlines()[-1] == "2 tried, 1 broken"
    assert breaks([row]) == "writes/one: left twice"
    assert as_data([row], {}, 1, "short")["rows"][0]["broken"] == 1
    assert Fault().what == "none"


@pytest.mark.parametrize(
    ("reason", "ci", "said"),
    [
        ("", "", "writes/one: nothing was tried"),
        ("there is no server", "", ""),
        ("there is no server", "true", "writes/one: nothing was tried: there is no server"),
    ],
)
def test_a_row_that_tried_nothing_is_no_success(
    monkeypatch: pytest.MonkeyPatch, reason: str, ci: str, said: str
) -> None:
    monkeypatch.setenv("CI", ci)
    assert breaks([Row("writes", "one", "once", not_tried=reason)]) == said


@pytest.mark.parametrize("way", ["fork", "os.fork", "thread before a fork"])
def test_each_call_of_a_round_of_forks_prints_a_line(way: str) -> None:
    with MeasuringServer(seconds=0).running() as server:
        command = [sys.executable, "-m", "campaign.fork_worker", server.address, way, "1"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert len(done.stdout.splitlines()) == calls_in_round(way), done.stderr
