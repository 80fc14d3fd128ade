"""The parts of the campaign, in the order in which they run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from campaign.rows import Row

__all__ = ["PARTS", "Form"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How much to try."""

    seed: int
    is_short: bool
    processes: int
    replies: int


def _replies(form: Form) -> list[Row]:
    from campaign import corpus, replies

    with TemporaryDirectory() as folder:
        known = [*corpus.samples(), *corpus.combined(6 if form.is_short else 30, Path(folder))]
    return replies.campaign(known, form.replies, form.seed, form.processes)


def _costs(form: Form) -> list[Row]:
    from campaign import costs

    systems = _COSTLY[:2] if form.is_short else _COSTLY
    found = [
        operation
        for system, name in systems
        for operation in import_module(f"gridwright_apis.{system}.mock").OPERATIONS
        if operation.name == name
    ]
    return costs.campaign(found, 1_200_000 if form.is_short else 4_000_000, is_short=form.is_short)


def _writes(form: Form) -> list[Row]:
    from campaign import writes

    return writes.campaign(is_short=form.is_short, seed=form.seed)


def _forks(form: Form) -> list[Row]:
    from campaign import forks

    return forks.campaign(rounds=2 if form.is_short else 12)


def _processes(form: Form) -> list[Row]:
    from campaign import processes

    return processes.campaign(seconds=1.5 if form.is_short else 20.0, seed=form.seed)


def _specs(form: Form) -> list[Row]:
    from campaign import specs

    count, seconds = (300, 10.0) if form.is_short else (20_000, 240.0)
    return specs.campaign(count=count, seed=form.seed, longest_seconds=seconds)


def _times(form: Form) -> list[Row]:
    from campaign import times

    if form.is_short:
        return times.campaign(50, form.seed, form.processes, changes=100, zones=25)
    return times.campaign(10_000, form.seed, form.processes)


def _harvests(form: Form) -> list[Row]:
    from campaign import harvests
    from campaign.postgres import WHY_NOT, postgres_running

    meters, kills = (30, 3) if form.is_short else (2000, 20)
    few, many = (2, 3) if form.is_short else (4, 8)
    rows = [] if form.is_short else harvests.campaign(
        meters=meters, kills=kills, processes=1, ledger="", seed=form.seed
    )  # fmt: skip
    rows += harvests.campaign(meters=meters, kills=kills, processes=few, ledger="", seed=form.seed)
    with postgres_running() as address:
        if address is None:
            return [*rows, Row("harvests", "PostgreSQL", "as on SQLite", not_tried=WHY_NOT)]
        return rows + harvests.campaign(
            meters=meters, kills=kills, processes=many, ledger=address, seed=form.seed
        )


_COSTLY = (
    ("epias_ecms", "find_indexes"),
    ("kansai_kakusyu", "list_applications"),
    ("kepco_opm", "get_day_load_profile"),
    ("thai_moi_power", "get_power_usage"),
    ("kansai_takusou", "get_notices"),
    ("kepco_opm", "get_join_status"),
)
PARTS: Mapping[str, Callable[[Form], list[Row]]] = {
    "replies": _replies,
    "times": _times,
    "costs": _costs,
    "writes": _writes,
    "forks": _forks,
    "processes": _processes,
    "specs": _specs,
    "harvests": _harvests,
}
"""Each loads what it needs when it runs."""
