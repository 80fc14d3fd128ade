"""How much is measured: all of it, or just enough to see that the bench works."""

from dataclasses import dataclass

__all__ = ["FULL", "QUICK", "Size"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much one run measures.

    Attributes:
        name: for the report.
        customers: records of the large reply.
        few_customers: records of the reply for the slowest contestant.
        rounds: turns of each contestant, in one process.
        calls: calls in one turn.
        requests: requests in one turn.
        request_rounds: turns of each server.
        child_rounds: turns of each contestant that is a process of its own.
        memory_rounds: processes that measure the same memory.
        generate_rounds: turns of the generator, and of a comparison of specs.
        generate_operations: operations of the large spec that is generated.
        diff_operations: operations of the large spec that is compared.
        indexes: index records of the large reply.
        walked: index records of the long walk.
        rival_rounds: turns of each generated client, each turn a process; 0: left out.
        turns: turns of the limiter in one round.
        rows: rows of a table.
    """

    name: str
    customers: int
    few_customers: int
    rounds: int
    calls: int
    requests: int
    request_rounds: int
    child_rounds: int
    memory_rounds: int
    generate_rounds: int
    generate_operations: int
    diff_operations: int
    indexes: int
    walked: int
    rival_rounds: int
    turns: int
    rows: int


FULL = Size(
    name="full",
    customers=2000,
    few_customers=200,
    rounds=15,
    calls=200,
    requests=200,
    request_rounds=40,
    child_rounds=15,
    memory_rounds=3,
    generate_rounds=5,
    generate_operations=300,
    diff_operations=2000,
    indexes=5000,
    walked=100_000,
    rival_rounds=5,
    turns=2000,
    rows=100_000,
)
QUICK = Size(
    name="quick",
    customers=40,
    few_customers=5,
    rounds=2,
    calls=5,
    requests=32,
    request_rounds=2,
    child_rounds=2,
    memory_rounds=1,
    generate_rounds=1,
    generate_operations=4,
    diff_operations=40,
    indexes=40,
    walked=2000,
    rival_rounds=0,
    turns=50,
    rows=500,
)
