"""Read servers and logins of an OpenAPI document."""

import re
from typing import Any
from urllib.parse import urlsplit

from gridwright.importing.description import Scheme, Server
from gridwright.importing.documents import Documents, below
from gridwright.importing.unsaid import Unsaid

__all__ = ["choose_schemes", "read_schemes", "read_servers", "server_address"]


def read_servers(listed: Any, place: str, unsaid: Unsaid) -> tuple[Server, ...]:
    """Return the servers that can be called; the others are left out."""
    found = []
    for number, server in enumerate(listed if isinstance(listed, list) else ()):
        where = below(place, number)
        address = server_address(server, where, unsaid)
        if address:
            found.append(
                Server(address=address, said=str(server.get("description") or ""), place=where)
            )
    return tuple(found)


def server_address(server: Any, place: str, unsaid: Unsaid) -> str:
    """Return the address of a server with its variables filled in; "" where it cannot be called."""
    if not isinstance(server, dict):
        return ""
    url = str(server.get("url") or "")
    variables = server.get("variables")
    for name, variable in variables.items() if isinstance(variables, dict) else ():
        values = variable.get("enum") if isinstance(variable, dict) else None
        chosen = variable.get("default") if isinstance(variable, dict) else ""
        if isinstance(values, list) and "https" in values:
            chosen = "https"
        unsaid.leave(below(place, "variables", name), "a variable of a server", variable)
        url = url.replace(f"{{{name}}}", str(chosen or ""))
    parts = urlsplit(url) if re.fullmatch(r"[!-~]*", url) and "[" not in url else None
    if (
        parts is None
        or parts.scheme != "https"
        or not parts.hostname
        or "{" in url
        or parts.query
        or parts.fragment
        or "@" in parts.netloc
    ):
        unsaid.leave(place, "a server whose address is not `https://` and whole", url)
        return ""
    return url.rstrip("/")


def read_schemes(documents: Documents, unsaid: Unsaid) -> dict[str, Scheme]:
    """Return the logins that the document declares, as far as they can be said."""
    components = documents.main.get("components")
    listed = components.get("securitySchemes") if isinstance(components, dict) else None
    found: dict[str, Scheme] = {}
    for name, given in listed.items() if isinstance(listed, dict) else ():
        scheme, place, trouble = documents.follow(given, f"#/components/securitySchemes/{name}")
        if trouble or not isinstance(scheme, dict):
            unsaid.leave(place, trouble or "a login that is no mapping", given)
            continue
        if isinstance(scheme.get("x-gridwright"), dict):
            unsaid.leave(place, "the login that gives the key")
        found[str(name)] = _scheme(str(name), scheme, place, unsaid)
    return found


def _scheme(name: str, scheme: dict[str, Any], place: str, unsaid: Unsaid) -> Scheme:
    said = str(scheme.get("description") or "")
    kind = scheme.get("type")
    word = str(scheme.get("scheme") or "").lower()
    where = scheme.get("in")
    if kind == "apiKey" and where in ("header", "query", "cookie") and scheme.get("name"):
        wire = str(scheme["name"])
        return Scheme(name=name, kind="key", said=said, place=place, where=where, wire=wire)
    if kind in ("basic", "http") and (kind == "basic" or word == "basic"):
        return Scheme(name=name, kind="basic", said=said, place=place)
    if kind == "http" and word == "bearer":
        return Scheme(name=name, kind="bearer", said=said, place=place)
    flows = scheme.get("flows")
    if kind == "oauth2" and isinstance(flows, dict):
        flow = flows.get("clientCredentials")
        for other in flows.keys() - {"clientCredentials"} if isinstance(flow, dict) else flows:
            unsaid.leave(below(place, "flows", other), "a login in a browser or with a password",
                         flows[other])  # fmt: skip
        if isinstance(flow, dict) and str(flow.get("tokenUrl") or "").startswith("https://"):
            scopes = flow.get("scopes")
            return Scheme(
                name=name, kind="client_credentials", said=said, place=place,
                token_url=str(flow["tokenUrl"]),
                scopes=tuple(scopes) if isinstance(scopes, dict) else (),
            )  # fmt: skip
        return Scheme(name=name, kind="bearer", said=said, place=place)
    unsaid.leave(place, "a login", {key: scheme[key] for key in scheme if key != "description"})
    if kind == "openIdConnect":
        return Scheme(name=name, kind="bearer", said=said, place=place)
    return Scheme(name=name, kind="", said=said, place=place)


def choose_schemes(
    security: Any, schemes: dict[str, Scheme], place: str, unsaid: Unsaid
) -> tuple[str, ...]:
    """Return what an operation presents: the first alternative that can be said."""
    listed = (
        [one for one in security if isinstance(one, dict)] if isinstance(security, list) else []
    )
    usable = [
        one for one in listed if one and all(n in schemes and schemes[n].kind for n in one)
    ]  # fmt: skip
    chosen = min(usable, key=lambda one: [_RANK[schemes[n].kind] for n in one], default={})
    for one in listed:
        if one is not chosen:
            unsaid.leave(place, "another way to be known to the service", _names(one), own=True)
    if listed and not chosen and all(listed):
        unsaid.decide("how it is known to the service: its login cannot be said")
    return tuple(str(name) for name in chosen)


_RANK = {"key": 0, "basic": 1, "client_credentials": 2, "bearer": 3}


def _names(one: dict[str, Any]) -> str:
    return " and ".join(sorted(map(str, one))) or "nothing"
