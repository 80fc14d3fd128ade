"""What goes out comes back: an export that carries its spec, in every form of the language."""

import json

import pytest
from tests.combinations.packages import CHOICES
from tests.combinations.specs import spec_of

from gridwright.importing.own_exports import edited_places, restore_spec
from gridwright.load import amend_text
from gridwright.pipeline import understand
from gridwright.targets import as_exported
from gridwright.targets.openapi.document import SPEC_KEY, openapi_document


@pytest.mark.parametrize("part", range(8))
def test_each_form_comes_back_from_its_export_as_it_was(part: int) -> None:
    compared = 0
    for number, choice in list(enumerate(CHOICES))[part::8]:
        text = json.dumps(spec_of(f"pairs{number}", choice), ensure_ascii=False).encode()
        amended, problems = amend_text(text, "interface.yaml", ())
        interface, _ = understand(amended, problems)
        assert interface is not None and amended is not None
        if interface.operations[0].protocol != "http":
            continue  # SOAP has a WSDL in the place of an OpenAPI document
        document = openapi_document(as_exported(interface)) | {SPEC_KEY: amended.plain()}
        exported = json.loads(json.dumps(document))
        found = restore_spec(exported)
        assert found == (amended.plain()["interface"], [])
        assert edited_places(exported, found) == []
        compared += 1
    assert compared > 10
