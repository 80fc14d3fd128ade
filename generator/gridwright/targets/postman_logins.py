"""The login of a Postman collection: the script that runs before each request.

A result that a login renews by a part of itself is kept in variables of the collection, and that
part is sent in place of what the account holder was given, as a client does: where each use
replaces it, the first one is good once.
"""

import json
from collections.abc import Iterator
from typing import assert_never
from urllib.parse import urlsplit

from gridwright.ir import AuthStep, Basic, Interface, Place, Source
from gridwright.ir.requests import holes_in
from gridwright.targets.calls.sources import with_variables

__all__ = ["about_renewals", "login_script", "login_variables", "replaced"]


def login_script(interface: Interface) -> list[str]:
    """Spell the login in the script that runs before each request."""
    lines: list[str] = []
    for step in reversed(interface.auth_steps):
        lines = _step(interface, step, lines)
    return lines


def login_variables(interface: Interface) -> Iterator[str]:
    """Yield the names of the variables that hold what steps of a login gave."""
    for step in interface.auth_steps:
        yield from (_variable(step, part) for part, _ in step.read_parts)
        if step.renewal is not None:
            yield _whose(step)


def about_renewals(interface: Interface) -> str:
    """Return the sentence that says where what renews a login is kept; empty: nothing does."""
    kept = [
        _variable(step, part)
        for step in interface.auth_steps
        if not step.once
        for part in step.renewing_parts
    ]
    if not kept:
        return ""
    return (
        f" What renews the login is kept in the collection's own variables ({', '.join(kept)}): "
        "where each use replaces it, it is this collection's alone, and a runner that forgets "
        "variables, as newman does, loses it."
    )


def replaced(text: str) -> str:
    """Spell a text with variables in a script."""
    return f"pm.variables.replaceIn({json.dumps(text)})"


def _variable(step: AuthStep, part: str) -> str:
    return f"{step.name}-{part}" if part else step.name


def _whose(step: AuthStep) -> str:
    """Return the variable that tells by which credentials a result was got."""
    return f"{step.name}-of"


def _step(interface: Interface, step: AuthStep, then: list[str]) -> list[str]:
    spare = interface.spare_parts(step)
    taken = [
        f"const found{_index(number)} = {_read_script(found)};"
        for number, (_, found) in enumerate(step.read_parts)
    ]
    kept = [
        f"{f'if (found{_index(number)}) ' if part in spare else ''}"
        f"pm.collectionVariables.set({json.dumps(_variable(step, part))}, found{_index(number)});"
        for number, (part, _) in enumerate(step.read_parts)
    ]
    failed = 'if (error || response.code >= 400) throw new Error("the login failed");'
    if step.renewal is None:
        return _sent(step, [failed, *taken, *kept, *then])
    return _renewed(step, step.renewal, failed, taken, kept, then)


def _renewed(
    step: AuthStep,
    renewal: AuthStep,
    failed: str,
    taken: list[str],
    kept: list[str],
    then: list[str],
) -> list[str]:
    """Spell a step that is renewed where it can be, and else taken anew."""
    name, whose = step.name, json.dumps(_whose(step))
    has_all = " && ".join(
        f"pm.collectionVariables.get({json.dumps(_variable(step, part))})"
        for part in step.renewing_parts
    )
    lost = [
        f"pm.collectionVariables.unset({json.dumps(_variable(step, part))});"
        for part in step.renewing_parts
    ]
    refused = (
        "if (!error && response.code >= 400 && response.code < 500 && response.code !== 429) "
        f"return log_in_{name}();"
    )
    return [
        f"const whose_{name} = CryptoJS.SHA256({_credentials(step)}).toString();",
        f"const take_{name} = (response) => {{",
        *(f"  {line}" for line in (*taken, *kept)),
        f"  pm.collectionVariables.set({whose}, whose_{name});",
        *(f"  {line}" for line in then),
        "};",
        f"const log_in_{name} = () => {{",
        *(f"  {line}" for line in _sent(step, [failed, *lost, f"take_{name}(response);"])),
        "};",
        f"if (pm.collectionVariables.get({whose}) === whose_{name} && {has_all}) {{",
        *(f"  {line}" for line in _sent(renewal, [refused, failed, f"take_{name}(response);"])),
        "} else {",
        f"  log_in_{name}();",
        "}",
    ]


def _index(number: int) -> str:
    return str(number + 1) if number else ""


def _credentials(step: AuthStep) -> str:
    """Spell where a step goes, and the credentials that it and its renewal send."""
    holes = [hole for part in step.all_parts for hole in holes_in(part.source)]
    names = sorted({hole.name for hole in holes if hole.kind == "credential"})
    return replaced("\n".join(f"{{{{{name}}}}}" for name in (_base(step), *names)))


def _base(step: AuthStep) -> str:
    return "login_url" if urlsplit(step.address[0][1]).netloc else "base_url"


def _sent(step: AuthStep, handled: list[str]) -> list[str]:
    """Spell the request of a step, and what is done with its reply."""
    parts = urlsplit(step.address[0][1])
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    first = next((p.server for p in step.parts if p.server), "")
    own = [p for p in step.parts if p.server in ("", first)]
    asked, sent, headers, cookies = list[str](), dict[str, str](), dict[str, str](), list[str]()
    for item in own:
        value = with_variables(item.source)
        match item.place:
            case Place.PATH:
                path = path.replace(f"{{{item.wire}}}", value)
            case Place.QUERY:
                asked.append(f"{item.wire}={value}")
            case Place.BODY:
                sent[item.wire] = value
            case Place.HEADER:
                headers[item.wire] = _spelt(item.source)
            case Place.COOKIE:
                cookies.append(f"{item.wire}={value}")
            case Place.FORM | Place.PART | Place.SOAP_HEADER:
                raise TypeError(f"the grammar lets no step send anything in a {item.place.value}")
            case _:
                assert_never(item.place)
    if asked:
        path += ("&" if "?" in path else "?") + "&".join(asked)
    if cookies:
        headers["Cookie"] = replaced("; ".join(cookies))
    body = ""
    match step.body:
        case "json":
            body = f'{{mode: "raw", raw: {replaced(json.dumps(sent))}}}'
            headers["Content-Type"] = '"application/json"'
        case "form":
            listed = ", ".join(
                f"{{key: {json.dumps(name)}, value: {replaced(value)}}}"
                for name, value in sent.items()
            )
            body = f'{{mode: "urlencoded", urlencoded: [{listed}]}}'
            headers["Content-Type"] = '"application/x-www-form-urlencoded"'
        case "none":
            pass
        case _:
            assert_never(step.body)
    carried = ", ".join(f"{json.dumps(name)}: {value}" for name, value in headers.items())
    return [
        "pm.sendRequest({",
        f"  url: {replaced(f'{{{{{_base(step)}}}}}{path}')},",
        f'  method: "{step.method}",',
        f"  header: {{{carried}}},",
        *([f"  body: {body},"] if body else []),
        "}, (error, response) => {",
        *(f"  {line}" for line in handled),
        "});",
    ]


def _spelt(source: Source) -> str:
    """Spell a value in a script."""
    if isinstance(source, Basic):
        pair = f"{with_variables(source.user)}:{with_variables(source.password)}"
        return f'"Basic " + btoa({replaced(pair)})'
    return replaced(with_variables(source))


def _read_script(places: tuple[str, ...]) -> str:
    """Spell where a part of the result of a step is looked for, in order."""
    looks = []
    for place in places:
        kind, _, name = place.partition(" ")
        if kind == "header":
            looks.append(f"response.headers.get({json.dumps(name)})")
        elif name:
            keys = "".join(f"?.[{json.dumps(key)}]" for key in name.split("."))
            looks.append(f"(() => {{ try {{ return response.json(){keys}; }} catch (e) {{}} }})()")
        else:
            looks.append("response.text().trim()")
    return " || ".join(looks)
