"""Wire trees of the sample's messages, for properties."""

from decimal import Decimal

from hypothesis import strategies as st

__all__ = ["LIST_REPLIES", "LIST_REQUESTS", "TEXTS"]

# Whatever XML can carry and the schema allows; a text is not empty, as that is a missing one.
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"),
    min_size=1,
    max_size=12,
)
_AMOUNTS = st.decimals(-9999999, 9999999, places=2)
_CODES = st.sampled_from(["01", "02"])
_STEPS = st.fixed_dictionaries({}, optional={"stepName": TEXTS, "cost": _AMOUNTS})
_SUMMARIES = st.fixed_dictionaries(
    {"number": TEXTS}, optional={"stage": _CODES, "steps": st.lists(_STEPS, max_size=3)}
)
LIST_REQUESTS = st.fixed_dictionaries(
    {"stage": _CODES},
    optional={
        "day": st.dates().map(lambda day: f"{day:%Y%m%d}".zfill(8)),
        "PROVISIONAL_text": TEXTS,
        "atMost": st.integers(-9999, 9999),
        "limit": _AMOUNTS | st.just(Decimal("1E+3")),
        "isOpen": st.booleans(),
        "numbers": st.lists(TEXTS, max_size=3),
        "step": _STEPS,
    },
)
LIST_REPLIES = st.fixed_dictionaries(
    {"status": TEXTS},
    optional={
        "total": st.integers(-999999, 999999),
        "entries": st.lists(_SUMMARIES, min_size=1, max_size=3),
    },
)
