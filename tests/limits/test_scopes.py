"""Whose calls a limit counts, as generated clients keep it: a company's, an account's, a host's."""

import importlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx2
import pytest
from tests.generated_packages import write_package

from gridwright_runtime.errors import LimitError
from gridwright_runtime.limits.files import FileLimitStore
from gridwright_runtime.limits.store import LimitStore, MemoryLimitStore
from gridwright_runtime.mock.clock import ManualClock

SPEC = Path(__file__).with_name("scopes.yaml").read_text(encoding="utf-8")
CLOCK = ManualClock(datetime(2024, 10, 1, 12, tzinfo=UTC))
ONE = {"client_id": "INVENTED-11111111", "client_secret": "INVENTED-secret"}


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, ModuleType]:
    """Return a package for each scope."""
    folder, found = tmp_path_factory.mktemp("scopes"), {}
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        for scope in ("company", "account", "host"):
            name = f"scope_apis.of_{scope}"
            write_package(SPEC.replace("scope: company", f"scope: {scope}").encode(), folder, name)
        for scope in ("company", "account", "host"):
            importlib.invalidate_caches()
            found[scope] = importlib.import_module(f"scope_apis.of_{scope}")
    return found


def call(package: ModuleType, store: LimitStore, **told: Any) -> None:
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, json={"state": "on"}))
    options = {
        **ONE,
        "clock": CLOCK,
        "limit_store": store,
        "wait_for_turn": False,
        **told,
    }
    with package.Client(transport=transport, **options) as client:
        client.get_state()


@pytest.mark.parametrize(
    ("scope", "told", "is_shared"),
    [
        ("account", {}, True),
        ("account", {"client_id": "INVENTED-22222222"}, False),
        ("account", {"client_secret": "INVENTED-changed"}, True),
        ("company", {"client_id": "INVENTED-22222222"}, True),
        ("company", {"company": "another"}, False),
        ("host", {"client_id": "INVENTED-22222222", "company": "another"}, True),
        ("host", {"base_url": "https://other.example.com"}, False),
    ],
)
def test_a_client_shares_a_limit_with_those_of_its_scope(
    packages: Mapping[str, ModuleType], scope: str, told: Mapping[str, str], is_shared: bool
) -> None:
    store = MemoryLimitStore()
    call(packages[scope], store)
    if not is_shared:
        call(packages[scope], store, **told)
        return
    with pytest.raises(LimitError):
        call(packages[scope], store, **told)


def test_no_credential_is_in_what_limits_leave_on_disk(
    packages: Mapping[str, ModuleType], tmp_path: Path
) -> None:
    call(packages["account"], FileLimitStore(tmp_path))
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    left = b"".join(str(path).encode() + path.read_bytes() for path in files)
    assert not re.search(rb"INVENTED|11111111", left)
