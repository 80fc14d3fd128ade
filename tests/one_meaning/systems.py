"""Eight systems: the five of this repository, and three whose specs are the examples."""

from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from gridwright.load import find_systems
from gridwright.pipeline import generate
from gridwright_runtime import errors
from gridwright_runtime.errors import GridwrightError

__all__ = ["EXAMPLES", "NOW", "ROOT", "SYSTEMS", "Call", "System", "generate_examples"]

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = "one_meaning_apis"
"""The package of the examples."""
NOW = datetime(2024, 10, 2, 3, 4, 5, tzinfo=UTC)
"""Wednesday, 12:04 in Tokyo."""
LOCAL = "http://127.0.0.1:8080"

Statuses = Mapping[int, type[GridwrightError]]


class Call(NamedTuple):
    """A call of an operation."""

    operation: str
    arguments: Mapping[str, Any]


class System(NamedTuple):
    """One system in one format, and what its document says of failures."""

    name: str
    client: Mapping[str, Any]
    """What its client is made with."""
    read: Call
    write: Call | None = None
    documented: Statuses = MappingProxyType({})
    """What its document says of HTTP statuses, or its login of those that refuse it."""
    codes: Mapping[str, type[GridwrightError]] | None = None
    """The codes that its document explains; None: it has no code in its replies."""
    has_kinds: bool = False
    """Beside the code, a reply says of which kind a failure is; each kind has a meaning."""
    secret: str = ""
    """The credential that nobody may see; empty: it has none."""
    kept_in: str = ""
    """The argument that says where logins are kept; empty: it has no login."""
    has_limits: bool = False
    package: str = "gridwright_apis"

    @property
    def id(self) -> str:
        format = self.client.get("format")
        return f"{self.name}-{format}" if format else self.name

    def module(self, name: str = "") -> Any:
        """Return the package of the system, or a module of it."""
        package = f"{self.package}.{self.name}"
        return import_module(f"{package}.{name}" if name else package)


_KEPCO: Mapping[str, type[GridwrightError]] = {
    "openapi-4001": errors.NotSubscribedError,
    "openapi-9001": errors.NoDataError,
}
_TAKUSOU: Statuses = {
    400: errors.RejectedError,
    404: errors.WrongAddressError,
    500: errors.SystemFailureError,
    503: errors.ClosedHoursError,
}
_EPIAS = {"username": "demo-username", "password": "demo-password"}
_EPIAS_CALLS = (
    Call("find_indexes", {"index_ids": [700_000]}),
    Call("cancel_indexes", {"index_ids": [700_000]}),
)
_EXPIRES: Statuses = {401: errors.SessionExpiredError}
_EPIAS_SAYS: Mapping[str, Any] = {
    "documented": _EXPIRES,
    "codes": {},
    "has_kinds": True,
    "secret": "password",
    "kept_in": "ticket_folder",
}

SYSTEMS = (
    System(
        "kepco_opm",
        {"service_key": "demo-service-key", "format": "json"},
        Call("list_customers", {}),
        codes=_KEPCO,
        secret="service_key",
    ),
    System(
        "kepco_opm",
        {"service_key": "demo-service-key", "format": "xml"},
        Call("list_customers", {}),
        codes=_KEPCO,
        secret="service_key",
    ),
    System(
        "epias_ecms",
        {**_EPIAS, "format": "json"},
        *_EPIAS_CALLS,
        _EXPIRES,
        {},
        True,
        "password",
        "ticket_folder",
    ),
    System(
        "epias_ecms",
        {**_EPIAS, "format": "xml"},
        *_EPIAS_CALLS,
        _EXPIRES,
        {},
        True,
        "password",
        "ticket_folder",
    ),
    System(
        "kansai_takusou",
        {"base_url": LOCAL},
        Call("get_progress", {"application_number": "A0000000001"}),
        Call("apply_regular", {"application_number": "A0000000001"}),
        _TAKUSOU,
        has_limits=True,
    ),
    System(
        "kansai_kakusyu",
        {
            "login_id": "demo-login-id",
            "password": "demo-password",
            "ip_address": "192.0.2.1",
            "base_url": LOCAL,
        },
        Call("list_applications", {}),
        Call("apply_other", {"selected_item_code": "01"}),
        {**_TAKUSOU, 403: errors.NotSubscribedError},
        secret="password",
        has_limits=True,
    ),
    System(
        "thai_moi_power",
        {
            "client_id": "demo-client-id",
            "client_secret": "demo-client-secret",
            "agent_id": "demo-agent-id",
            "base_url": LOCAL,
        },
        Call("get_power_usage", {"citizen_id": "9000000000012"}),
        documented=_EXPIRES,
        codes={},
        secret="client_secret",
        kept_in="session_folder",
    ),
    System(
        "example_area_prices",
        {"user": "demo-user", "password": "demo-password"},
        Call("list_prices", {"first_day": NOW.date(), "last_day": NOW.date()}),
        documented={
            400: errors.RejectedError,
            401: errors.SessionExpiredError,
            404: errors.NoDataError,
            409: errors.LimitError,
        },
        secret="password",
        kept_in="login_folder",
        package=EXAMPLES,
    ),
    System(
        "example_meter_hub",
        {"api_key": "demo-api-key"},
        Call("get_meter", {"meter_id": "INVENTED1"}),
        documented={
            404: errors.NoDataError,
            429: errors.LimitError,
            503: errors.SystemFailureError,
        },
        secret="api_key",
        has_limits=True,
        package=EXAMPLES,
    ),
    System(
        "example_reading_archive",
        {"service_key": "demo-service-key"},
        Call("get_archive", {"meter_id": "INVENTED1", "first_row": 1, "last_row": 2}),
        codes={"03": errors.NoDataError, "22": errors.LimitError},
        secret="service_key",
        package=EXAMPLES,
    ),
)


def generate_examples(folder: Path) -> None:
    """Generate the packages of the examples into a folder."""
    specs = ROOT / "examples" / "specs"
    for name in find_systems(specs):
        result = generate(specs, name, package=EXAMPLES)
        assert not result.problems
        for artifact in result.artifacts:
            path = folder / artifact.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(artifact.text, encoding="utf-8")
