"""The one form of spec files: what changes, and that nothing else does."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridwright.language import grammar
from gridwright.source import read_yaml
from gridwright.spec_format import FormatError, formatted

SPECS = Path(__file__).parents[3] / "specs"
FILES = [
    (path, kind)
    for kind in ("interface", "amendments")
    for path in sorted(SPECS.glob(f"*/{kind}.yaml"))
]


def form(text: str, kind: str = "interface") -> str:
    return formatted(text, "x.yaml", grammar(kind))


def meaning(text: str) -> object:
    """Return what a text says; the order of keys does not count."""
    root, problems = read_yaml(text.encode(), "x.yaml")
    assert root is not None and not problems
    return root.plain()


def test_the_cited_line_comes_first() -> None:
    text = "title: {text: Demo, en: demo, at: 3}\n"
    assert form(text) == "title: {at: 3, text: Demo, en: demo}\n"


def test_the_cited_line_of_an_amendment_comes_after_its_id() -> None:
    text = "- id: one\n  kind: erratum\n  at: 3\n"
    assert form(text, "amendments") == "- id: one\n  at: 3\n  kind: erratum\n"


def test_a_field_that_is_called_at_keeps_its_place() -> None:
    text = "records: {Row: {fields: {day: {name: day}, at: {name: hour}}, at: 4}}\n"
    wanted = "records: {Row: {at: 4, fields: {day: {name: day}, at: {name: hour}}}}\n"
    assert form(text) == wanted


def test_a_parameter_sent_in_a_login_that_is_called_at_keeps_its_place() -> None:
    text = "auth: {steps: [{name: login, send: {user: credential.user, at: credential.place}}]}\n"
    assert form(text) == text


def test_braces_that_are_too_wide_go_over_lines_of_one_screen() -> None:
    words = " ".join(["word"] * 12)
    text = f"title: {{text: {words}, en: {words}, at: 3}}\n"
    assert form(text) == f"title: {{at: 3, text: {words},\n  en: {words}}}\n"


def test_signs_that_take_two_columns_count_twice() -> None:
    words = "供給地点特定番号" * 3
    text = f"title: {{at: 3, text: {words}, en: {words}}}\n"
    assert form(text) == f"title: {{at: 3, text: {words},\n  en: {words}}}\n"


def test_braces_that_would_take_more_than_four_lines_become_a_block() -> None:
    rows = dict.fromkeys(("text", "en", "label", "change"), "x" * 90)
    text = f"title: {{{', '.join(f'{key}: {value}' for key, value in rows.items())}, at: 3}}\n"
    wanted = "".join(f"  {key}: {value}\n" for key, value in rows.items())
    assert form(text) == f"title:\n  at: 3\n{wanted}"


def test_a_list_of_lines_stays_on_one_line() -> None:
    lines = ", ".join(map(str, range(100, 140)))
    text = f"title: {{text: Demo, at: [{lines}]}}\n"
    assert form(text) == f"title:\n  at: [{lines}]\n  text: Demo\n"


def test_comments_and_blank_lines_keep_their_place() -> None:
    text = (
        "# of the file\n"
        "\n"
        "gridwright: 1  # the language\n"
        "# of the title\n"
        "\n"
        "title:   {text: Demo, at: 3}  # as printed\n"
        "\n\n"
        "# of the codes\n"
        "codes:\n"
        "    # of one\n"
        "    state:  # of the list\n"
        "        values:\n"
        "            A: {name: on}\n"
        "# at the end\n"
    )
    wanted = (
        "# of the file\n"
        "\n"
        "gridwright: 1  # the language\n"
        "# of the title\n"
        "\n"
        "title: {at: 3, text: Demo}  # as printed\n"
        "\n"
        "# of the codes\n"
        "codes:\n"
        "  # of one\n"
        "  state:  # of the list\n"
        "    values:\n"
        "      A: {name: on}\n"
        "# at the end\n"
    )
    assert form(text) == wanted


def test_braces_with_comments_inside_become_a_block() -> None:
    text = "codes: {state: {values: {A: {name: on},  # the first\n  B: {name: off}}}}\n"
    wanted = (
        "codes:\n  state:\n    values:\n      A: {name: on}  # the first\n      B: {name: off}\n"
    )
    assert form(text) == wanted


def test_texts_keep_their_quotes_and_letters() -> None:
    text = "title: {at: 3, text: \"a\\\"b # c\", en: 'it''s', label: 0123, change: NO}\n"
    assert form(text) == text


def test_texts_over_several_lines_keep_their_meaning() -> None:
    text = 'title:\n    en: one\n         two\n    text: "three\n\n      four"\n'
    assert meaning(form(text)) == meaning(text)


@pytest.mark.parametrize("text", ["a: [1, 2\n", "a: &x 1\nb: *x\n"])
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(FormatError, match="`gridwright check` says why"):
        form(text)


@pytest.mark.parametrize(("path", "kind"), FILES, ids=lambda part: getattr(part, "parent", part))
def test_a_real_spec_says_the_same_afterwards_and_is_not_changed_twice(
    path: Path, kind: str
) -> None:
    text = path.read_text("utf-8")
    once = formatted(text, path.name, grammar(kind))
    assert meaning(once) == meaning(text)
    assert formatted(once, path.name, grammar(kind)) == once


WORDS = st.text("ab #:'\"\\供,{}[]-", min_size=0, max_size=30).map(
    lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
)
KEYS = st.sampled_from(["text", "en", "at", "label", "fields", "records", "name", "id"])


def _braces(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    maps = st.dictionaries(KEYS, inner, max_size=5).map(
        lambda pairs: "{" + ", ".join(f"{key}: {value}" for key, value in pairs.items()) + "}"
    )
    return maps | st.lists(inner, max_size=4).map(lambda items: "[" + ", ".join(items) + "]")


@given(st.dictionaries(KEYS, st.recursive(WORDS, _braces, max_leaves=25), min_size=1))
def test_any_text_says_the_same_afterwards_and_is_not_changed_twice(tree: dict[str, str]) -> None:
    text = "".join(f"{key}: {value}\n" for key, value in tree.items())
    once = form(text)
    assert meaning(once) == meaning(text)
    assert form(once) == once
