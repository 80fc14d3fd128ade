import copy
import pickle
from datetime import UTC, date, datetime
from typing import Any

import pytest

from gridwright_runtime import errors
from gridwright_runtime.errors import (
    ClosedHoursError,
    ConsentError,
    GridwrightError,
    InvalidRequestError,
    LimitError,
    OutcomeUnknownError,
    ProviderError,
    RequestTimeoutError,
    UnexpectedReplyError,
)
from gridwright_runtime.message import RawReply
from gridwright_runtime.problems import Problem

WHERE: dict[str, Any] = {"system": "sample_power", "operation": "get_bill"}
OPENING = datetime(2024, 10, 1, 9, tzinfo=UTC)


def test_one_class_catches_everything() -> None:
    # What says that an item of a list failed is a fact beside the others, and is not raised.
    for name in set(errors.__all__) - {"ItemFailure"}:
        assert issubclass(getattr(errors, name), GridwrightError)


def test_a_refusal_reads_from_place_to_words() -> None:
    error = ProviderError(
        **WHERE, code="E1", text="안됨\n다시", http_status=500, gloss="not now", hide=("다시",)
    )
    assert str(error) == (
        "sample_power.get_bill: HTTP 500: E1: not now: the provider says: 안됨 ***"
    )
    assert error.text == "안됨\n다시"


def test_a_refusal_without_a_reason_says_so() -> None:
    assert str(ProviderError(**WHERE)) == "sample_power.get_bill: the provider gives no reason"


def test_a_long_text_is_cut_in_the_message_alone() -> None:
    error = ProviderError(**WHERE, text="가" * 10_000)
    assert len(str(error)) < 600
    assert error.text is not None
    assert len(error.text) == 10_000


def test_closed_hours_are_a_limit_that_ends_when_the_service_opens() -> None:
    error = ClosedHoursError(opens_at=OPENING, **WHERE)
    assert isinstance(error, LimitError)
    assert error.retry_at == error.opens_at == OPENING


def test_a_limit_says_who_kept_it() -> None:
    refused = LimitError(**WHERE, code="429", retry_at=OPENING)
    assert (refused.sent, refused.limit) == (True, "")
    kept = LimitError(**WHERE, kept="it is not its turn", limit="one_a_second")
    assert (kept.sent, kept.limit, kept.retry_at) == (False, "one_a_second", None)
    assert str(kept) == "sample_power.get_bill: nothing was sent: it is not its turn"


def test_a_long_list_of_problems_is_cut_in_the_message_alone() -> None:
    problem = Problem(path="a", wire="b", rule="required", message="is required")
    error = InvalidRequestError("sample_power.get_bill", [problem] * 60)
    assert len(error.problems) == 60
    assert str(error).splitlines()[-1] == "  and 10 more"


@pytest.mark.parametrize(
    "error",
    [
        ConsentError(consent_from=date(2024, 3, 15), text="x", **WHERE),
        ClosedHoursError(opens_at=OPENING, **WHERE),
        LimitError(retry_at=OPENING, kept="it is not its turn", limit="one", **WHERE),
        RequestTimeoutError("slow", phase="read"),
        OutcomeUnknownError("x", raw=RawReply(status_code=500)),
        UnexpectedReplyError("x", raw=RawReply(status_code=200, body=b"y")),
        InvalidRequestError("x", [Problem(path="a", wire="b", rule="required", message="m")]),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_survive_copying_and_pickling(error: GridwrightError) -> None:
    for again in (copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert type(again) is type(error)
        assert str(again) == str(error)
        assert again.__dict__ == error.__dict__
