"""JSON reply to objects: against a bare msgspec decode, and against pydantic."""

from bench import bare, bodies, ours
from bench.equal import require_equal_rows
from bench.rows import Row, Target
from bench.sizes import Size
from bench.timing import take_turns

__all__ = ["rows"]


def rows(size: Size) -> list[Row]:
    """Measure the rows of this group."""
    return [*_documented(size), _as_sent(size)]


def _documented(size: Size) -> list[Row]:
    body = bodies.json_body(bodies.days(size.customers))
    raw = ours.raw_reply(body, "json")
    decode, model = bare.decoder(), bare.pydantic_model()
    wires = bodies.TEXTS + bodies.ENERGY
    mine = ours.values_of(ours.read(raw, "json").records, wires)
    by_hand = bare.values_of(decode(body).dayLpDataInfoList, wires)
    by_model = vars(model.model_validate_json(body))["dayLpDataInfoList"]
    compared = require_equal_rows(mine, by_hand, "JSON, gridwright and msgspec")
    compared_too = require_equal_rows(
        mine, bare.pydantic_values(by_model, wires), "JSON, gridwright and pydantic"
    )
    del mine, by_hand, by_model
    turns = take_turns(
        {
            "msgspec": lambda: decode(body),
            "gridwright": lambda: ours.read(raw, "json"),
            "pydantic": lambda: model.model_validate_json(body),
        },
        size.rounds,
    )
    details = turns.milliseconds() | {"body_bytes": len(body), "records": size.customers}
    return [
        Row(
            name="json-msgspec",
            what="JSON reply to objects, against a bare msgspec decode",
            unit="x speed",
            estimate=turns.ratio("msgspec", "gridwright"),
            target=Target("at least", 0.6),
            compared=compared,
            details=details,
        ),
        Row(
            name="json-pydantic",
            what="JSON reply to objects, against pydantic on the same model",
            unit="x speed",
            estimate=turns.ratio("pydantic", "gridwright"),
            target=Target("at least", 2.0),
            compared=compared_too,
            details=details,
        ),
    ]


def _as_sent(size: Size) -> Row:
    """Compare on a reply with gaps; msgspec gets it with nulls, for it cannot read the gaps."""
    body = bodies.json_body(bodies.days_as_sent(size.customers))
    nulls = body.replace(b':""', b":null")
    raw = ours.raw_reply(body, "json")
    decode = bare.decode_tolerant()
    wires = bodies.TEXTS + bodies.ENERGY + bodies.REGISTERS
    compared = require_equal_rows(
        ours.values_of(ours.read(raw, "json").records, wires),
        bare.values_of(decode(nulls).dayLpDataInfoList, wires),
        "JSON with gaps, gridwright and msgspec",
    )
    turns = take_turns(
        {"msgspec": lambda: decode(nulls), "gridwright": lambda: ours.read(raw, "json")},
        size.rounds,
    )
    return Row(
        name="json-gaps",
        what="the same with gaps and empty registers, which msgspec gets as null",
        unit="x speed",
        estimate=turns.ratio("msgspec", "gridwright"),
        target=None,
        compared=compared,
        details=turns.milliseconds() | {"body_bytes": len(body), "records": size.customers},
    )
