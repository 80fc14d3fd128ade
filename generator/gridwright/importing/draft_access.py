"""Write logins as credentials, steps and what each request carries."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gridwright.importing.description import Description, Scheme
from gridwright.importing.names import credential_of, unique
from gridwright.importing.read_file import Json
from gridwright.importing.unsaid import Unsaid

__all__ = ["Access", "drafted_access"]


@dataclass(frozen=True, slots=True)
class Access:
    """How accounts are presented.

    Attributes:
        credentials, auth: as in a spec.
        carried: by scheme, the fields that its requests carry.
    """

    credentials: Json = field(default_factory=dict)
    auth: Json = field(default_factory=dict)
    carried: dict[str, dict[str, Json]] = field(default_factory=dict)


def drafted_access(
    description: Description, operations: Mapping[str, str], unsaid: Unsaid
) -> Access:
    """Draft what the operations of an interface present."""
    found = Access()
    for name, scheme in description.schemes.items():
        users = [o for o in description.operations if name in o.schemes and not o.stopped]
        if not users:
            if scheme.kind:
                unsaid.leave(scheme.place, "a login that no operation needs", scheme.kind)
            continue
        key = credential_of(name)
        if scheme.kind == "client_credentials" and not found.auth:
            _client_credentials(found, scheme, key, [operations[o.place] for o in users])
        elif scheme.kind:
            found.carried[name] = _carried(found, scheme, key)
            if scheme.kind in ("bearer", "client_credentials"):
                unsaid.operation = ""
                unsaid.decide(f"where the token of {name} comes from: it is a credential now")
    return found


def _credential(found: Access, name: str, said: str, place: str) -> str:
    name = unique(name, found.credentials)
    found.credentials[name] = {
        "en": " ".join(said.split())[:200] or name.replace("_", " "),
        "secret": "yes",
        "environment": name.upper(),
        "inferred": place,
    }
    return name


def _carried(found: Access, scheme: Scheme, key: str) -> dict[str, Json]:
    mark = {"secret": "yes", "inferred": scheme.place}
    if scheme.kind == "key":
        name = _credential(found, key, scheme.said or "key of the account", scheme.place)
        return {
            scheme.wire: {
                "name": name, "type": "text", "in": scheme.where, "credential": name,
                "required": "required", **mark,
            }
        }  # fmt: skip
    start: Json = {"name": "authorization", "in": "header"}
    if scheme.kind == "basic":
        user = _credential(found, f"{key}_user", "user of the account", scheme.place)
        password = _credential(found, f"{key}_password", "password of the account", scheme.place)
        basic = {"user": f"credential.{user}", "password": f"credential.{password}"}
        return {"Authorization": {**start, "basic": basic, **mark}}
    name = _credential(found, f"{key}_token", scheme.said or "token of the account", scheme.place)
    return {"Authorization": {**start, "value": f"Bearer {{credential.{name}}}", **mark}}


def _client_credentials(found: Access, scheme: Scheme, key: str, operations: list[str]) -> None:
    user = _credential(found, f"{key}_client_id", "id of the client", scheme.place)
    secret = _credential(found, f"{key}_client_secret", "secret of the client", scheme.place)
    send = {"grant_type": "client_credentials"}
    if scheme.scopes:
        send["scope"] = " ".join(scheme.scopes)
    step = f"{key}_token"
    basic = {"user": f"credential.{user}", "password": f"credential.{secret}"}
    found.auth.update({
        "en": "a token for the client's own id and secret",
        "inferred": scheme.place,
        "steps": [
            {
                "name": step,
                "en": "ask for a token",
                "method": "POST",
                "address": scheme.token_url,
                "body": "form",
                "send": send,
                "request": {
                    "Authorization": {"in": "header", "basic": basic, "inferred": scheme.place}
                },
                "read": ["body access_token"],
                "lifetime": {"read": "body expires_in", "unit": "s"},
                "uses": "many",
                "inferred": scheme.place,
            }
        ],
        "present": {
            "Authorization": {
                "in": "header",
                "value": f"Bearer {{step.{step}}}",
                "operations": operations,
                "inferred": scheme.place,
            }
        },
    })  # fmt: skip
