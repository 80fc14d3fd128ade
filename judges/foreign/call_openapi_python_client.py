"""Call every operation with the client that openapi-python-client made: FOLDER DOCUMENT ROOT.

Prints one line for each operation: its name, ``ok`` and the type of the reply, or what was wrong.
"""

import importlib
import inspect
import io
import sys
from enum import Enum

from document import Call, calls, is_same_name, load, secrets, server_path


def main(folder: str, path: str, root: str) -> None:
    """Call everything once."""
    sys.path.insert(0, folder)
    document = load(path)
    for call in calls(document):
        try:
            said = _called(document, call, root)
        except Exception as error:  # whatever it is, it is said
            said = f"{type(error).__name__}: {error}"
        print(call.name, " ".join(said.split())[:300])


def _called(document, call: Call, root: str) -> str:  # type: ignore[no-untyped-def]  # JSON
    package = importlib.import_module("client")
    module = importlib.import_module(f"client.api.{call.tag}.{call.name}")
    found = secrets(document, root)
    client = package.Client(
        base_url=root + server_path(document),
        headers={name: value for (place, name), value in found.items() if place == "header"},
        httpx_args={
            "params": {name: value for (place, name), value in found.items() if place == "query"}
        },
    )
    reply = module.sync_detailed(client=client, **_arguments(module, call))
    if reply.status_code != 200:
        return f"status {int(reply.status_code)}"
    if type(reply.parsed).__module__.partition(".")[0] != "client":
        return f"the reply is {type(reply.parsed).__name__}, of no type of its own"
    return f"ok {type(reply.parsed).__name__}"


def _arguments(module, call: Call):  # type: ignore[no-untyped-def]  # generated code
    known = inspect.signature(module.sync_detailed).parameters
    values = {}
    for name, value in call.parameters.items():
        own = next(own for own in known if is_same_name(own, name))
        kind = known[own].annotation
        is_code = isinstance(kind, type) and issubclass(kind, Enum)
        values[own] = kind(value) if is_code else value
    if call.media_type:
        values["body"] = _body(known["body"].annotation, call)
    return values


def _body(model, call: Call):  # type: ignore[no-untyped-def]  # generated code
    body = model.from_dict({**call.body, **dict.fromkeys(call.files, b"")})
    file = importlib.import_module("client.types").File
    for name in call.files:
        own = next(f.name for f in model.__attrs_attrs__ if is_same_name(f.name, name))
        setattr(body, own, file(io.BytesIO(b"invented"), call.body[name], "application/pdf"))
    return body


if __name__ == "__main__":
    main(*sys.argv[1:])
