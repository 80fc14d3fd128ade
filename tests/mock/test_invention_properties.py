"""Whatever a check demands of a record, the invented world gives it: no client refuses its mock."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from gridwright_runtime.interface import ReplySpec
from gridwright_runtime.mock.replies.reply_naming import problems_by_name
from gridwright_runtime.mock.world import Answer, Question
from gridwright_runtime.mock.worlds.invention import Invented
from gridwright_runtime.problems import Problem
from gridwright_runtime.record import Record
from gridwright_runtime.validation import RecordValidator

from .support import one

CODES = st.lists(st.text("ABCDEFXYZ0123456789_", min_size=1, max_size=6), min_size=1, max_size=6)
RULES: st.SearchStrategy[tuple[str, dict[str, Any]]] = st.one_of(
    st.tuples(
        st.just("text"),
        st.integers(1, 12).flatmap(
            lambda most: st.fixed_dictionaries(
                {"max_characters": st.just(most), "min_characters": st.integers(0, most)}
            )
        ),
    ),
    st.tuples(st.just("text"), st.fixed_dictionaries({"max_bytes": st.integers(1, 9)})),
    st.tuples(st.just("code"), st.fixed_dictionaries({"codes": CODES})),
    st.tuples(st.just("integer"), st.fixed_dictionaries({"max_digits": st.integers(1, 4)})),
    st.tuples(
        st.just("decimal"),
        st.integers(0, 4).flatmap(
            lambda scale: st.fixed_dictionaries(
                {"scale": st.just(scale), "precision": st.integers(scale, scale + 4)}
            )
        ),
    ),
    st.tuples(
        st.just("date"),
        st.fixed_dictionaries(
            {
                "pattern": st.sampled_from(
                    ["yyyymmdd", "yyyymm", "yyyymmddhhmi", "yyyymmddhh", "dd", "hhmi"]
                )
            }
        ),
    ),
)
TYPES = {"integer": int, "decimal": Decimal}


@settings(deadline=None)
@given(st.lists(RULES, min_size=1, max_size=5), st.integers(1, 1000))
def test_invented_records_pass_any_check(
    rules: list[tuple[str, dict[str, Any]]], seed: int
) -> None:
    named = [(f"w{at}", f"field_{at}", kind, rule) for at, (kind, rule) in enumerate(rules)]
    model = msgspec.defstruct(
        "Any_",
        [(name, TYPES.get(kind, str), msgspec.field(name=wire)) for wire, name, kind, _ in named],
        bases=(Record,),
        frozen=True,
        kw_only=True,
    )

    def check(record: Mapping[str, object], path: str = "") -> list[Problem]:
        validator = RecordValidator(record, path)
        for wire, name, kind, rule in named:
            getattr(validator, kind)(wire, name, "", "", required=True, **rule)
        return validator.problems()

    reply: ReplySpec[Any] = ReplySpec(
        model=model, shape="list", formats={"json": ()}, payload=("rows",), check=check
    )
    operation = one(reply=reply)
    found = Invented([operation], seed=seed, records=3).answer("get_one", Question(arguments={}))
    assert isinstance(found, Answer)
    rows: Any = found.payload
    assert [problems_by_name(operation, row) for row in rows] == [[], [], []]
