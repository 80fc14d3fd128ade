from gridwright.diagnostics import Diagnostic, Span, nearest, sorted_diagnostics


def diagnostic(line: int, column: int, code: str = "unknown-key", message: str = "m") -> Diagnostic:
    return Diagnostic(Span("spec.yaml", line, column), code, message)


def test_a_diagnostic_shows_place_code_message_and_help() -> None:
    shown = str(Diagnostic(Span("specs/usage.yaml", 7, 11), "unknown-unit", "no unit", "say kWh"))
    assert shown == "specs/usage.yaml:7:11: error[unknown-unit]: no unit\n  help: say kWh"


def test_a_diagnostic_without_help_is_one_line() -> None:
    assert str(diagnostic(1, 2)) == "spec.yaml:1:2: error[unknown-key]: m"


def test_diagnostics_are_sorted_by_place_and_said_once() -> None:
    found = [diagnostic(10, 1), diagnostic(2, 9), diagnostic(2, 1), diagnostic(10, 1)]
    assert [(d.span.line, d.span.column) for d in sorted_diagnostics(found)] == [
        (2, 1),
        (2, 9),
        (10, 1),
    ]


def test_what_a_terminal_would_obey_is_spelled_out() -> None:
    shown = str(Diagnostic(Span("a\nb", 1, 1), "c", "\x1b[31m \u202e 한글 \ud800", "\r'"))
    assert shown == "a\\nb:1:1: error[c]: \\x1b[31m \\u202e 한글 \\ud800\n  help: \\r'"


def test_a_slip_is_answered_with_the_word_that_was_meant() -> None:
    assert nearest("kw/h", ["kWh", "kW"]) == "did you mean 'kWh'?"
    assert nearest("KWH", ["kWh", "kW"]) == "did you mean 'kWh'?"
    assert nearest("opperation", ["operation", "record"]) == "did you mean 'operation'?"


def test_a_word_far_from_all_is_answered_with_all_of_them() -> None:
    assert nearest("zzz", ["b", "a"]) == "known: a, b"
    assert nearest("zzz", [f"word{n:02}" for n in range(40)]).endswith("word38, word39")
    assert nearest("zzz", []) == "none is declared"
