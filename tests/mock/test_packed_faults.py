"""Bad days of packed replies: what a mock plays, and what a client says of each."""

import importlib
from collections.abc import Iterator
from types import ModuleType

import pytest
from tests.exchanges.files import EXCHANGES
from tests.generated_packages import write_package

from gridwright_runtime.errors import UnexpectedReplyError
from gridwright_runtime.mock.faults import Fault
from gridwright_runtime.mock.transport import MockTransport

PACKAGE = "packed_apis.packed_replies"
FAULTS = [
    ("list_outages", Fault.foreign_member(), "member 9 of the archive: the body is neither"),
    ("list_names", Fault.foreign_member(), "holds 2 members, not one"),
    ("list_names", Fault.wrong_charset(), "not UTF-8"),
    ("list_short_names", Fault.wrong_charset(), "not UTF-8"),
    ("list_outages", Fault.bomb(), "when it is unpacked"),
    ("list_names", Fault.bomb(), "when it is unpacked"),
    ("list_short_names", Fault.bomb(), "when it is unpacked"),
    ("list_outages", Fault.truncated(), "cut off or damaged"),
    ("list_names", Fault.truncated(), "cut off or damaged"),
    ("list_short_names", Fault.truncated(), "cut off"),
]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The package of packed replies."""
    folder = tmp_path_factory.mktemp("packed")
    write_package(EXCHANGES["packed_replies"].spec, folder, PACKAGE)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield importlib.import_module(PACKAGE)


@pytest.mark.parametrize(
    ("operation", "fault", "said"), FAULTS, ids=[f"{one[0]}-{one[1].name}" for one in FAULTS]
)
def test_a_client_says_what_is_wrong_with_what_is_packed(
    package: ModuleType, operation: str, fault: Fault, said: str
) -> None:
    app = importlib.import_module(f"{PACKAGE}.mock").application()
    with package.Client(transport=MockTransport(app)) as client:
        call = getattr(client, operation)
        app.state.mock.faults.add(operation, fault)
        with pytest.raises(UnexpectedReplyError, match=said):
            call()
        assert call().records


def test_what_is_not_packed_goes_out_as_it_is() -> None:
    for fault in (Fault.foreign_member(), Fault.bomb()):
        assert fault.rewrite is not None
        assert fault.rewrite(b'{"a": 1}') == b'{"a": 1}'
