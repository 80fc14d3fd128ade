"""Reference pages say where each value stands, from the outside in."""

from pathlib import Path

import pytest

from ..support import files_of, understood

EXCHANGES = Path(__file__).parents[2] / "exchanges"


def page_of(name: str, operation: str) -> str:
    """Return the page of an operation of an exchange."""
    spec = (EXCHANGES / f"{name}.yaml").read_text("utf-8").partition("\n---\n")[0]
    interface, problems = understood(spec)
    assert interface is not None, problems
    return files_of(interface)[f"docs/{interface.system}/{operation}.md"]


@pytest.mark.parametrize(
    "said",
    [
        "| `start` | `period` › `interval` › `start` |",
        "| `legs` | `body` › `legs`, in XML each item `leg` |",
    ],
)
def test_a_page_shows_the_containers_of_a_field(said: str) -> None:
    assert said in page_of("fields_in_containers", "get_trade")


@pytest.mark.parametrize(
    "said",
    [
        "| `number_id` | `id` in the path |",
        "| `content_language` | `Content-Language` in a header |",
        "| `theme` of the client | `theme` in a cookie |",
        "| `app` of the client | `meta` › `client` › `app` in the body |",
        "| `dry_run` | `dry-run` |",
    ],
)
def test_a_page_says_where_a_value_travels_that_is_not_in_the_query(said: str) -> None:
    assert said in page_of("values_in_places", "put_number")


def test_a_page_shows_the_way_to_what_a_reply_brings() -> None:
    assert "| what it brings | `a` › `b` › `c` |" in page_of("values_in_places", "put_number")


def test_a_page_says_what_a_login_sends_with_its_place() -> None:
    page = page_of("login_by_get", "README")
    assert "`X-Word` in a header: the text" in page
