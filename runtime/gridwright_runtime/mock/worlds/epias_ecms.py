"""An invented Turkey: index records and additional consumption of eight metering points of EPIAS.

Metering points 500001 to 500008 have an index record of active and one of inductive energy for
each of the twelve months before the mock was started, and additional consumption in every fourth
of them. All names and numbers are invented. The same seed, month and environment give the same
records. Any other metering point may be saved, too, but for those from 900000000 on: they do not
exist.

A save takes each record by itself. Where one is refused, the others are saved all the same; its
``state`` says why, and it has no id. Where all are refused, so is the request. By code:

========== =================================================================================
mock-3001  there is no such metering point
mock-3002  the EIC is not that of the metering point
mock-3003  the end is before the start, or the last reading before the first
mock-3004  a last index is below the first, and no number of digits says that it ran over
mock-3005  a period or a reading lies in the future
mock-3006  the period is not the first of a month, at midnight in Istanbul
mock-3007  an index is negative, or a factor not above zero
mock-3008  the same metering point, period and kind of energy comes twice in one request
mock-3101  none of the records to be cancelled is active
mock-3201  the range begins below 1, or ends before it begins
========== =================================================================================

What the document leaves open is decided here as follows.

- Saving an index record again, for the same metering point, period and kind of energy, makes the
  former one an OLD_VERSION. Additional consumption is only ever added to.
- A new record is ACTIVE, a cancelled one PASSIVE; the replaced record stays an OLD_VERSION when
  its successor is cancelled. Only active records are cancelled; the reply does not list others.
- Saving gives ``state`` "Kaydedildi.", finding "Geçerli.", "İptal edildi." or "Eski sürüm.".
- ``recordDate`` is the time of saving; ``editingDate`` that of being replaced or cancelled, and
  absent before. What has not been said on saving is null, what is nobody's to say is absent.
- Finding gives records in the order of the ids asked for, each once, and leaves out unknown ones.
- Searching gives records of any status in the order of their ids. All criteria must fit. Readings
  and changes are compared by their day, as in the document's example; additional consumption must
  lie within the days of its criteria; the time of saving is a range, both ends included; a
  ``periodInterval`` takes the periods of the year up to it.
- A search without a range gives the rows 1 to 10000, as the sample reply has it.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from threading import Lock
from typing import Any, NamedTuple, TypeAlias

from ...clock import Clock
from ...texts.zones import load_zone
from ..inventing.draw import draw
from ..world import Answer, Question, Refusal, Table, World

__all__ = ["EcmsServers", "EcmsWorld", "create_world"]

Row = Mapping[str, Any]
"""A stored record by Python field names; never changed, only replaced by another."""
Found: TypeAlias = Mapping[str, object] | Refusal
"""What a reply holds by Python names, or a refusal."""


def create_world(*, seed: int, clock: Clock, servers: Sequence[str] = (), **_more: object) -> World:
    """Create the world of a seed, with records of its own for each environment."""
    return EcmsServers(seed=seed, clock=clock, servers=servers)


class EcmsServers:
    """The stored records of all environments, by name: what is saved in one is not in another."""

    def __init__(self, *, seed: int, clock: Clock, servers: Sequence[str] = ()) -> None:
        self.servers: Mapping[str, EcmsWorld] = {
            name: EcmsWorld(seed=seed, clock=clock, environment=name)
            for name in servers or ("production",)
        }

    def answer(self, operation: str, question: Question) -> Answer | Refusal:
        """Carry out one operation.

        Raises:
            KeyError: there is no such operation.
        """
        world = self.servers.get(question.server) or next(iter(self.servers.values()))
        found = world.answer(operation, question.arguments)
        return found if isinstance(found, Refusal) else Answer(payload=found)

    def tables(self) -> Sequence[Table]:
        """Return the metering points, and how many records there are."""
        return (
            Table(
                title="Metering points with records of the last twelve months",
                heads=("Metering point", "EIC", "Meter"),
                rows=tuple((str(p.number), _eic(p.number), p.serial) for p in _POINTS.values()),
            ),
            Table(
                title="Records",
                heads=("Environment", "Index records", "Records of additional consumption"),
                rows=tuple(
                    (name, str(world.index_count), str(world.accrual_count))
                    for name, world in self.servers.items()
                ),
            ),
        )

    @property
    def index_count(self) -> int:
        """How many index records the first environment has, whatever their status."""
        return next(iter(self.servers.values())).index_count

    @property
    def accrual_count(self) -> int:
        """How many records of additional consumption it has, whatever their status."""
        return next(iter(self.servers.values())).accrual_count


class EcmsWorld:
    """The stored records of one environment."""

    def __init__(self, *, seed: int, clock: Clock, environment: str = "production") -> None:
        self._clock = clock
        self._lock = Lock()
        self._eics: dict[int, str] = {}
        self._indexes = _Ledger("index_id", 700_000)
        self._accruals = _Ledger("accrual_id", 800_000)
        self._in_force: dict[tuple[Any, ...], int] = {}
        now = clock.now().astimezone(_ZONE)
        for row in _seeded_indexes(seed, environment, now):
            self._add_index(row)
        for row in _seeded_accruals(seed, environment, now):
            self._accruals.add(row)

    def answer(self, operation: str, arguments: Mapping[str, object]) -> Found:
        """Carry out one operation.

        Raises:
            KeyError: there is no such operation.
        """
        with self._lock:
            return _OPERATIONS[operation](self, arguments)

    @property
    def index_count(self) -> int:
        """How many index records there are, whatever their status."""
        return len(self._indexes.rows)

    @property
    def accrual_count(self) -> int:
        """How many records of additional consumption there are, whatever their status."""
        return len(self._accruals.rows)

    def save_indexes(self, arguments: Mapping[str, Any]) -> Found:
        """Save index records, each by itself."""
        taken: set[tuple[Any, ...]] = set()

        def save(sent: Row) -> Row | Refusal:
            refusal = self._index_refusal(sent, taken)
            if refusal is not None:
                return refusal
            taken.add(_key(sent))
            row = self._add_index({**sent, **self._stamp(sent), "status": "ACTIVE"})
            return {**_only(row, _NOT_IN_SAVED_INDEX), "state": _SAVED}

        return _saved("indexes", arguments["indexes"], save)

    def save_accruals(self, arguments: Mapping[str, Any]) -> Found:
        """Save additional consumption, each by itself."""

        def save(sent: Row) -> Row | Refusal:
            refusal = self._accrual_refusal(sent)
            if refusal is not None:
                return refusal
            row = self._accruals.add({**sent, **self._stamp(sent), "status": "ACTIVE"})
            return {**_only(row, _NOT_IN_SAVED_ACCRUAL), "state": _SAVED}

        return _saved("accruals", arguments["accruals"], save)

    def find_indexes(self, arguments: Mapping[str, Any]) -> Found:
        """Return index records by id."""
        return {"indexes": self._indexes.find(arguments["index_ids"])}

    def find_accruals(self, arguments: Mapping[str, Any]) -> Found:
        """Return additional consumption by id."""
        return {"accruals": self._accruals.find(arguments["accrual_ids"])}

    def search_indexes(self, arguments: Mapping[str, Any]) -> Found:
        """Return a page of the index records that fit the criteria."""
        return self._indexes.search("indexes", arguments, _INDEX_CRITERIA)

    def search_accruals(self, arguments: Mapping[str, Any]) -> Found:
        """Return a page of the additional consumption that fits the criteria."""
        return self._accruals.search("accruals", arguments, _ACCRUAL_CRITERIA)

    def cancel_indexes(self, arguments: Mapping[str, Any]) -> Found:
        """Make active index records passive."""
        cancelled = self._indexes.cancel(arguments["index_ids"], self._now())
        return _cancelled("cancelled_index_ids", cancelled)

    def cancel_accruals(self, arguments: Mapping[str, Any]) -> Found:
        """Make active additional consumption passive."""
        cancelled = self._accruals.cancel(arguments["accrual_ids"], self._now())
        return _cancelled("cancelled_accrual_ids", cancelled)

    def _add_index(self, row: Row) -> Row:
        added = self._indexes.add(row)
        if row["status"] == "ACTIVE":
            former = self._in_force.get(_key(row))
            if former is not None and self._indexes.rows[former]["status"] == "ACTIVE":
                self._indexes.change(former, status="OLD_VERSION", edited_at=row["recorded_at"])
            self._in_force[_key(row)] = added["index_id"]
        return added

    def _stamp(self, sent: Row) -> Row:
        """Return what a record gets when it is saved."""
        point = sent["metering_point_id"]
        if sent["metering_point_eic"] is not None:
            self._eics.setdefault(point, sent["metering_point_eic"])
        return {
            "recorded_at": self._now(),
            "measuring_organization_id": _MEASURING_ORGANIZATION,
            "supplier_organization_id": _SUPPLIER,
            "transformer_loss": 0,
            "line_loss": 0,
            "metering_point_eic": self._eic_of(point),
        }

    def _index_refusal(self, sent: Row, taken: set[tuple[Any, ...]]) -> Refusal | None:
        first, last = sent["first_measured_at"], sent["last_measured_at"]
        values = [sent[name] for name in _REGISTERS if sent[name] is not None]
        falls = any(
            sent[f"first_{register}"] is not None
            and sent[f"last_{register}"] is not None
            and sent[f"last_{register}"] < sent[f"first_{register}"]
            for register in ("t0", "t1", "t2", "t3")
        )
        return (
            self._point_refusal(sent)
            or _refusal_if(last < first, "mock-3003", "son okuma ilk okumadan önce")
            or _refusal_if(
                falls and sent["digit_count"] is None, "mock-3004", "son endeks ilkinden küçük"
            )
            or _refusal_if(last > self._now(), "mock-3005", "okuma tarihi gelecekte")
            or _refusal_if(
                min(values, default=0) < 0 or sent["factor"] <= 0,
                "mock-3007",
                "değer sıfırdan küçük",
            )
            or _refusal_if(_key(sent) in taken, "mock-3008", "kayıt aynı istekte iki kez")
        )

    def _accrual_refusal(self, sent: Row) -> Refusal | None:
        ends_first = sent["end_at"] < sent["start_at"]
        return self._point_refusal(sent) or _refusal_if(
            ends_first, "mock-3003", "bitiş tarihi başlangıçtan önce"
        )

    def _point_refusal(self, sent: Row) -> Refusal | None:
        point, eic, period = (
            sent["metering_point_id"],
            sent["metering_point_eic"],
            sent["period"].astimezone(_ZONE),
        )
        is_known = 0 < point < _FIRST_UNKNOWN_POINT
        expected = self._eic_of(point) if is_known else None
        is_month = period == _month_of(period)
        return (
            _refusal_if(not is_known, "mock-3001", "ölçüm noktası bulunamadı")
            or _refusal_if(
                None not in (eic, expected) and eic != expected, "mock-3002", "EIC uyuşmuyor"
            )
            or _refusal_if(not is_month, "mock-3006", "dönem ayın ilk günü değil")
            or _refusal_if(period > self._now(), "mock-3005", "dönem gelecekte")
        )

    def _eic_of(self, point: int) -> str | None:
        return _eic(point) if point in _POINTS else self._eics.get(point)

    def _now(self) -> datetime:
        now = self._clock.now().astimezone(_ZONE)
        # The wire has milliseconds, and a record must be found by the time that it shows.
        return now.replace(microsecond=now.microsecond // 1000 * 1000)


class _Ledger:
    """Records of one kind by their ids, in the order of the ids."""

    def __init__(self, id_name: str, first_id: int) -> None:
        self.rows: dict[int, Row] = {}
        self._id_name = id_name
        self._next_id = first_id
        self._version = 0
        self._by_point: dict[int, list[int]] = {}
        self._found: OrderedDict[tuple[object, ...], tuple[int, list[int]]] = OrderedDict()

    def add(self, row: Row) -> Row:
        """Store a new record, and return it with its id."""
        added = {**row, self._id_name: self._next_id}
        self.rows[self._next_id] = added
        self._by_point.setdefault(row["metering_point_id"], []).append(self._next_id)
        self._next_id += 1
        self._version += 1
        return added

    def change(self, id: int, **values: object) -> None:
        """Replace a record by one that differs in some values."""
        self.rows[id] = {**self.rows[id], **values}
        self._version += 1

    def find(self, ids: Sequence[int]) -> list[Row]:
        """Return records by id, each once."""
        return [_with_state(self.rows[id]) for id in dict.fromkeys(ids) if id in self.rows]

    def cancel(self, ids: Sequence[int], now: datetime) -> list[int]:
        """Make active records passive, and return their ids."""
        active = [
            id
            for id in dict.fromkeys(ids)
            if id in self.rows and self.rows[id]["status"] == "ACTIVE"
        ]
        for id in active:
            self.change(id, status="PASSIVE", edited_at=now)
        return active

    def search(
        self, name: str, arguments: Mapping[str, Any], criteria: Mapping[str, "_Fits"]
    ) -> Found:
        """Return a page of the records that fit."""
        wanted = {key: value for key, value in arguments["criteria"].items() if value is not None}
        rows = arguments["row_range"] or {}
        begin = 1 if rows.get("begin") is None else rows["begin"]
        end = begin + _ROWS_WITHOUT_RANGE - 1 if rows.get("end") is None else rows["end"]
        if begin < 1 or end < begin:
            return Refusal("range", "mock-3201", "mock: aralık geçersiz")
        ids = self._fitting(wanted, criteria)
        return {
            "query_information": {"begin": begin, "end": end, "count": len(ids)},
            name: [_with_state(self.rows[id]) for id in ids[begin - 1 : end]],
        }

    def _fitting(self, wanted: Mapping[str, Any], criteria: Mapping[str, "_Fits"]) -> list[int]:
        """Return the ids of all records that fit; remembered, since pages follow each other."""
        key = tuple(sorted((name, str(value)) for name, value in wanted.items()))
        version, found = self._found.get(key, (-1, []))
        if version == self._version:
            return found
        tests = [(criteria[name], value) for name, value in wanted.items()]
        point = wanted.get("metering_point_id")
        candidates: Iterable[int] = self.rows if point is None else self._by_point.get(point, ())
        found = [id for id in candidates if all(fits(self.rows[id], v) for fits, v in tests)]
        self._found[key] = (self._version, found)
        while len(self._found) > _REMEMBERED_SEARCHES:
            self._found.popitem(last=False)
        return found


_Fits = Callable[[Row, Any], bool]


class _Point(NamedTuple):
    number: int
    brand: str
    serial: str


def _saved(name: str, sent: Sequence[Row], save: Callable[[Row], Row | Refusal]) -> Found:
    """Save records one by one; refuse them all only where none is saved."""
    rows: list[Row] = []
    refusals: list[tuple[int, Refusal]] = []
    for number, record in enumerate(sent):
        result = save(record)
        if isinstance(result, Refusal):
            refusals.append((number, result))
            rows.append({**record, "state": f"Kaydedilmedi: {result.code} {result.text}."})
        else:
            rows.append(result)
    if refusals and len(refusals) == len(rows):
        number, first = refusals[0]
        return Refusal(first.kind, first.code, f"mock: {name}[{number}]: {first.text}")
    return {name: rows}


def _cancelled(name: str, ids: list[int]) -> Found:
    if not ids:
        return Refusal("not-active", "mock-3101", "mock: iptal edilecek aktif kayıt yok")
    return {name: ids}


def _refusal_if(broken: bool, code: str, text: str) -> Refusal | None:
    return Refusal("rule", code, text) if broken else None


def _only(row: Row, without: frozenset[str]) -> Row:
    return {name: value for name, value in row.items() if name not in without}


def _with_state(row: Row) -> Row:
    return {**row, "state": _STATES[row["status"]]}


def _key(row: Row) -> tuple[Any, ...]:
    """Return what a later index record replaces an earlier one by."""
    return row["metering_point_id"], row["period"], row["power_type"]


def _is_equal(name: str) -> _Fits:
    return lambda row, wanted: row.get(name) == wanted


def _same_day(name: str) -> _Fits:
    def fits(row: Row, wanted: datetime) -> bool:
        value = row.get(name)
        return value is not None and _day(value) == _day(wanted)

    return fits


def _within_year(row: Row, wanted: datetime) -> bool:
    last = wanted.astimezone(_ZONE)
    is_leap_day = (last.month, last.day) == (2, 29)
    first = last.replace(year=last.year - 1, day=28 if is_leap_day else last.day)
    return bool(first <= row["period"] <= last)


def _day(value: datetime) -> date:
    return value.astimezone(_ZONE).date()


def _seeded_indexes(seed: int, environment: str, now: datetime) -> Iterable[Row]:
    for start in _months_before(now):
        end = _next_month(start)
        for point in _POINTS.values():
            for power_type, share in (("ACTIVE", 10), ("INDUCTIVE", 2)):
                name = (seed, environment, point.number, power_type)
                row = {
                    **_seeded(point, start, end),
                    "description": None,
                    "digit_count": 9,
                    "factor": Decimal(1),
                    "first_load_type": "AUTOMATED",
                    "first_measured_at": start,
                    "first_measure_type": "PERIODIC",
                    "last_load_type": "AUTOMATED",
                    "last_measured_at": end,
                    "last_measure_type": "PERIODIC",
                    "meter_brand": point.brand,
                    "meter_serial_number": point.serial,
                    "meter_type": "ELECTRONIC",
                    "period_description": None,
                    "power_type": power_type,
                    "first_t0": None,
                    "last_t0": None,
                }
                for register in ("t1", "t2", "t3"):
                    row[f"first_{register}"] = _index(start, share, *name, register)
                    row[f"last_{register}"] = _index(end, share, *name, register)
                yield row


def _seeded_accruals(seed: int, environment: str, now: datetime) -> Iterable[Row]:
    for start in _months_before(now):
        for point in _POINTS.values():
            if (start.month + point.number) % 4:
                continue
            name = (seed, environment, point.number, start.year, start.month)
            values = ("demand", "t0", "t1", "t2", "t3", "ri", "rc")
            yield {
                **_seeded(point, start, _next_month(start)),
                "description": None,
                "start_at": start + timedelta(days=draw(0, 9, *name, "start")),
                "end_at": start + timedelta(days=draw(10, 26, *name, "end")),
                "reason": "METER_RECORDING_ERROR",
                **{value: Decimal(draw(0, 99_999, *name, value)).scaleb(-3) for value in values},
            }


def _seeded(point: _Point, start: datetime, end: datetime) -> dict[str, Any]:
    return {
        "metering_point_id": point.number,
        "metering_point_eic": _eic(point.number),
        "period": start,
        "recorded_at": end + timedelta(days=1, hours=9),
        "measuring_organization_id": _MEASURING_ORGANIZATION,
        "supplier_organization_id": _SUPPLIER,
        "transformer_loss": 0,
        "line_loss": 0,
        "status": "ACTIVE",
    }


def _index(at: datetime, share: int, *name: object) -> Decimal:
    """Return what a register shows; it never falls, and grows by some hundreds a month."""
    months = (at.year - 2000) * 12 + at.month
    monthly = draw(20_000, 40_000, *name) * share
    return Decimal(months * monthly + draw(0, 20_000, *name, months) * share).scaleb(-3)


def _months_before(now: datetime) -> list[datetime]:
    months = [_month_of(now)]
    for _ in range(_SEEDED_MONTHS):
        months.insert(0, _month_of(months[0] - timedelta(days=1)))
    # The last full month is read and recorded on the second of the next.
    return [month for month in months[:-1] if _next_month(month) + timedelta(days=2) <= now]


def _month_of(at: datetime) -> datetime:
    local = at.astimezone(_ZONE)
    return local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _next_month(month: datetime) -> datetime:
    return _month_of(month + timedelta(days=32))


def _eic(point: int) -> str:
    return f"40ZMOCK{point:09d}"


_ZONE = load_zone("Europe/Istanbul")
_POINTS = {
    number: _Point(number, f"MOCK-{letter}", f"MOCK{number}")
    for number, letter in enumerate("ABCDABCD", 500_001)
}
_SEEDED_MONTHS = 12
_FIRST_UNKNOWN_POINT = 900_000_000
_MEASURING_ORGANIZATION = 9001
_SUPPLIER = 9002
_ROWS_WITHOUT_RANGE = 10_000
_REMEMBERED_SEARCHES = 16
_SAVED = "Kaydedildi."
_STATES = {"ACTIVE": "Geçerli.", "PASSIVE": "İptal edildi.", "OLD_VERSION": "Eski sürüm."}
_REGISTERS = tuple(f"{which}_t{number}" for which in ("first", "last") for number in range(4))
# Only find and search show these.
_NOT_IN_SAVED_INDEX = frozenset({"supplier_organization_id", "transformer_loss", "line_loss"})
_NOT_IN_SAVED_ACCRUAL = _NOT_IN_SAVED_INDEX
_OPERATIONS: Mapping[str, Callable[[EcmsWorld, Mapping[str, Any]], Found]] = {
    "save_indexes": EcmsWorld.save_indexes,
    "search_indexes": EcmsWorld.search_indexes,
    "find_indexes": EcmsWorld.find_indexes,
    "cancel_indexes": EcmsWorld.cancel_indexes,
    "save_accruals": EcmsWorld.save_accruals,
    "search_accruals": EcmsWorld.search_accruals,
    "find_accruals": EcmsWorld.find_accruals,
    "cancel_accruals": EcmsWorld.cancel_accruals,
}
_SHARED_CRITERIA: Mapping[str, _Fits] = {
    "edited_at": _same_day("edited_at"),
    "measuring_organization_id": _is_equal("measuring_organization_id"),
    "metering_point_eic": _is_equal("metering_point_eic"),
    "metering_point_id": _is_equal("metering_point_id"),
    "period": _is_equal("period"),
    "recorded_from": lambda row, wanted: bool(row["recorded_at"] >= wanted),
    "recorded_until": lambda row, wanted: bool(row["recorded_at"] <= wanted),
    "status": _is_equal("status"),
    "supplier_organization_id": _is_equal("supplier_organization_id"),
}
_INDEX_CRITERIA: Mapping[str, _Fits] = {
    **_SHARED_CRITERIA,
    "first_measured_at": _same_day("first_measured_at"),
    "index_id": _is_equal("index_id"),
    "last_measured_at": _same_day("last_measured_at"),
    "meter_serial_number": _is_equal("meter_serial_number"),
    "period_interval": _within_year,
    "power_type": _is_equal("power_type"),
}
_ACCRUAL_CRITERIA: Mapping[str, _Fits] = {
    **_SHARED_CRITERIA,
    "start_at": lambda row, wanted: _day(row["start_at"]) >= _day(wanted),
    "end_at": lambda row, wanted: _day(row["end_at"]) <= _day(wanted),
}
