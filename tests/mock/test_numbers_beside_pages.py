"""An invented mock does not contradict its own walk by the only number beside a list."""

from typing import Any

from tests.generated_packages import load_package

from gridwright_runtime.mock.transport import MockTransport

SPEC = """
gridwright: 1
system: paged
title: {text: Readings, en: Readings, at: 1}
document: {file: readings.txt, title: Readings, language: en, at: 1}
conventions:
  required_marks: {M: required}
  time_zone: {name: UTC, at: 1}
servers:
  production: {address: "https://api.example.com", default: yes, at: 1}
operations:
  list_readings:
    en: readings
    kind: read
    at: 2
    method: GET
    address: {text: /readings, at: 2}
    formats: [json]
    paging: {link: next, page_size: 10, at: 2}
    walk: iter_readings
    reply:
      record: Reading
      list: {element: results, at: 2}
      beside:
        next: {name: next_page, type: text, at: 2}
        count: {name: count, type: integer, at: 2}
        # more
      fields:
        kwh: {name: energy_kwh, type: decimal, unit: kWh, at: 2}
"""
MORE = "version: {name: version, type: integer, at: 2}"


def test_the_only_number_beside_a_page_is_the_count_of_all_rows() -> None:
    assert counted(SPEC, "one") == (24, 24)


def test_which_of_several_numbers_beside_a_page_is_a_count_is_not_guessed() -> None:
    count, rows = counted(SPEC.replace("# more", MORE), "several")
    assert count != rows == 24


def counted(spec: str, name: str) -> tuple[int, int]:
    """Return the number beside the first page, and how many rows a walk brings."""
    client: Any
    client, mock = load_package(spec.encode(), f"numbers_beside_{name}.paged", "client", "mock")
    with client.Client(transport=MockTransport(mock.application())) as opened:
        return opened.list_readings().beside.count, len(list(opened.iter_readings()))
