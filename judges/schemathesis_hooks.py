"""What schemathesis checks beside its own: a service that refuses inside HTTP 200 must refuse.

Runs in the judges' environment; imports nothing of ours.
"""

import schemathesis


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
