"""Call every operation with the client that openapi-generator made: FOLDER DOCUMENT ROOT.

Prints one line for each operation: its name, ``ok`` and the type of the reply, or what was wrong.
"""

import importlib
import inspect
import sys

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
    schemes = document["components"].get("securitySchemes", {})
    found = secrets(document, root)
    keys = {name: found[scheme["in"], scheme["name"]] for name, scheme in schemes.items()}
    options = package.Configuration(host=root + server_path(document), api_key=keys)
    with package.ApiClient(options) as client:
        kind = next(k for k in vars(package) if is_same_name(k, f"{call.tag}Api"))
        method = getattr(getattr(package, kind)(client), f"{call.name}_with_http_info")
        reply = method(**_arguments(package, method, call))
    if reply.status_code != 200:
        return f"status {reply.status_code}"
    data = getattr(reply.data, "actual_instance", reply.data)
    # Where the document knows nothing of a reply, there is no type to give.
    is_typed = type(data).__module__.partition(".")[0] == "client"
    if not is_typed and not (call.is_open_reply and isinstance(data, dict)):
        return f"the reply is {type(data).__name__}, of no type of its own"
    return f"ok {type(data).__name__}"


def _arguments(package, method, call: Call):  # type: ignore[no-untyped-def]  # generated code
    known = inspect.signature(method).parameters
    given = dict(call.parameters)
    if call.files:
        given |= call.body
        given |= {name: (call.body[name], b"invented") for name in call.files}
    values = {
        # A name that Python or the generator itself uses, such as date, gets a prefix.
        next(own for own in known if is_same_name(own.removeprefix("var_"), name)): value
        for name, value in given.items()
    }
    if call.media_type and not call.files:
        own = next(own for own in known if is_same_name(own, call.model) or own == "request_body")
        # A body about which the document says nothing is a dict there.
        is_dict = own == "request_body"
        values[own] = call.body if is_dict else getattr(package, call.model).from_dict(call.body)
    return values


if __name__ == "__main__":
    main(*sys.argv[1:])
