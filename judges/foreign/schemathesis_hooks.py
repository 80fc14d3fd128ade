"""What schemathesis needs to know of a mock: how to log in, and where a refusal stands.

Runs in the judges' environment; imports nothing of ours. ``JUDGED_DOCUMENT`` and ``JUDGED_ROOT``
in the environment say what is judged.
"""

import os
import re

import schemathesis
from document import load, secrets
from schemathesis.specs.openapi.checks import (
    has_only_additional_properties_in_non_body_parameters,
)

_DOCUMENT = load(os.environ["JUDGED_DOCUMENT"])
_ROOT = os.environ["JUDGED_ROOT"]
_PLACES = {"header": "headers", "query": "query"}
_NO_FORM = "quarter hour|not a period|not of a year|out of range|whole millisecond"


@schemathesis.auth(refresh_interval=None)  # some tickets serve for one request
class Login:
    """Logs in for each request."""

    def get(self, case, context):  # type: ignore[no-untyped-def]  # not our types
        """Return what a request must carry."""
        return secrets(_DOCUMENT, _ROOT)

    def set(self, case, data, context):  # type: ignore[no-untyped-def]  # as above
        """Let a request carry it."""
        for (place, name), value in data.items():
            part = getattr(case, _PLACES[place])
            if part is None:
                setattr(case, _PLACES[place], {name: value})
            else:
                part[name] = value


@schemathesis.check
def refused(ctx, response, case):  # type: ignore[no-untyped-def]  # as above
    """Expect that what breaks the document is refused, by status or in the body."""
    if not _is(case, "negative") or response.status_code >= 400:
        return
    if case.method.upper() != case.operation.method.upper():
        return  # KEPCO takes a POST for a GET as well, as field note F15 says
    if has_only_additional_properties_in_non_body_parameters(case):
        return  # no document forbids parameters that it does not know
    if _in_xml(case):
        return  # numbers, texts and lists of one look alike there: what was broken may be whole
    if not re.search("mock-[0-9]{4}", response.text):
        raise AssertionError("what breaks the document is answered as if it did not")


@schemathesis.check
def accepted_in_its_form(ctx, response, case):  # type: ignore[no-untyped-def]  # as above
    """Expect that what keeps to the document is not refused for its form."""
    if not _is(case, "positive") or not re.search("mock-2[0-9]{3}", response.text):
        return
    if _in_xml(case) and b"null" in (response.request.body or b""):
        return  # XML has no null, and a word of these letters stands in its place
    # That a time is no quarter hour, a period none, a year not of our times, or that an instant
    # lies before the zone had whole minutes, or is told to the microsecond, is no matter of form.
    if not re.search(_NO_FORM, response.text):
        raise AssertionError("what keeps to the document is refused for its form")


def _in_xml(case) -> bool:  # type: ignore[no-untyped-def]  # as above
    return "xml" in (case.media_type or "")


def _is(case, mode: str) -> bool:  # type: ignore[no-untyped-def]  # as above
    return case.meta is not None and case.meta.generation.mode.value == mode
