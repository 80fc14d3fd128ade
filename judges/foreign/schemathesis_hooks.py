"""What schemathesis needs to know of a mock: how to log in, and where a refusal stands.

Runs in the judges' environment; imports nothing of ours. ``JUDGED_DOCUMENT`` and ``JUDGED_ROOT``
in the environment say what is judged.
"""

import os

import schemathesis
from document import load, secrets

_DOCUMENT = load(os.environ["JUDGED_DOCUMENT"])
_ROOT = os.environ["JUDGED_ROOT"]
_PLACES = {"header": "headers", "query": "query"}


@schemathesis.hook
def before_call(context, case, kwargs):  # type: ignore[no-untyped-def]  # not our types
    """Log in for each request: some tickets serve only one."""
    for (place, name), value in secrets(_DOCUMENT, _ROOT).items():
        part = getattr(case, _PLACES[place])
        if part is None:
            setattr(case, _PLACES[place], {name: value})
        else:
            part[name] = value


@schemathesis.check
def refused_in_the_body(ctx, response, case):  # type: ignore[no-untyped-def]  # not our types
    """Expect that what breaks the document is refused, by status or in the body."""
    meta = case.meta
    if meta is None or not meta.generation.mode.is_negative or response.status_code >= 400:
        return
    if case.method.upper() != case.operation.method.upper():
        return  # the service takes POST for GET as well, as field note F15 says
    if "mock-" not in response.text:
        raise AssertionError("what breaks the document is answered as if it did not")
