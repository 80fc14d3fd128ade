"""Several files of one name stand in OpenAPI, Postman and pages as what a form has."""

import json
from functools import cache
from typing import Any

from tests.exchanges.files import EXCHANGES
from tests.generator.support import generated


@cache
def _made() -> dict[str, str]:
    return generated(EXCHANGES["files_in_form"].spec.decode())


def _named(ending: str) -> str:
    return next(text for path, text in _made().items() if path.endswith(ending))


def test_openapi_has_an_array_of_files() -> None:
    api: Any = json.loads(_named("openapi.json"))
    fields = api["components"]["schemas"]["Sent"]["properties"]
    assert (fields["drawing"]["type"], fields["drawing"]["maxItems"]) == ("array", 3)
    assert fields["drawing"]["items"]["format"] == "binary"
    assert fields["photo"]["anyOf"][0]["items"]["format"] == "binary"


def test_postman_sends_a_part_for_each_file() -> None:
    assert 'name=\\"drawing\\"; filename=' in _named("postman_collection.json")


def test_pages_show_a_list_of_uploads() -> None:
    page = _named("docs/files_in_form/apply.md")
    assert 'drawings=[Upload(b"invented", filename="file.pdf")]' in page
    assert "list of files; 1 to 3 items; required" in page
