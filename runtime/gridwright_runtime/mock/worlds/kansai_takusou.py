"""An invented Kansai: applications for low-voltage works, their files, progress and notices.

All numbers, names and texts are invented. The document names no item of any message, and so does
the mock: what it tells beyond the number of an application stands in items whose names begin with
``MOCK_``. By code, where a request is refused, which is a 400:

========== =================================================================================
mock-3001  there is no application with this number
mock-3002  the application was cancelled
mock-3003  it is one for collective housing, or is none, and the service is for the others
mock-3004  there is no notice with this number
mock-3005  the works of the application were reported as completed, it cannot be changed
========== =================================================================================

What the document leaves open is decided here as follows.

- An application without a number is a new one and gets the next number; with a number it corrects
  an earlier one of the same kind, whose items it replaces.
- Files are measured as they come, and not kept: size and SHA-256 are told.
- An application goes through 受付, 設計 (after an hour of the mock's clock), 工事中 (after a day)
  and 完了 (once its completion was reported).
- Every application brings a notice; a registered notice is one more. A notice is read once that is
  reported. Which notice is meant: any value in the report that is the number of one.
- Three applications are there from the start.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from threading import Lock

from ...clock import Clock
from ...texts.zones import load_zone
from ..inventing.draw import draw
from ..world import Answer, Question, ReceivedFile, Refusal, Table, World
from .applications import Application, Applications, applications_table

__all__ = ["TakusouWorld", "create_world"]


def create_world(*, seed: int, clock: Clock, **_more: object) -> World:
    """Create the world of a seed."""
    return TakusouWorld(seed=seed, clock=clock)


class TakusouWorld:
    """The applications and notices of one company."""

    def __init__(self, *, seed: int, clock: Clock) -> None:
        self._seed = seed
        self._clock = clock
        self._lock = Lock()
        self._applications = Applications("A", 10)
        self._notices: dict[str, dict[str, object]] = {}
        now = self._now()
        for number, kind in enumerate(_SEEDED):
            self._receive(kind, {}, now - timedelta(hours=30 - 14 * number))

    def answer(self, operation: str, question: Question) -> Answer | Refusal:
        """Carry out one operation.

        Raises:
            KeyError: there is no such operation.
        """
        sent = question.arguments
        with self._lock:
            if operation in _APPLICATIONS:
                return self._apply(operation, sent)
            if operation in _NOTICES:
                return _NOTICES[operation](self, sent)
            return self._answer_about(operation, sent)

    def refused(self, operation: str, refusal: Refusal) -> Mapping[str, object] | None:
        """Return nothing: no reply has an item that could say no, so it is a status."""
        return None

    def tables(self) -> Sequence[Table]:
        """Return the applications."""
        with self._lock:
            return (applications_table(self._applications),)

    @property
    def count(self) -> int:
        """How many applications there are, the cancelled ones included."""
        return len(self._applications)

    def add_notice(self, sent: Mapping[str, object]) -> Answer | Refusal:
        """Register a notice."""
        number = self._notice("お知らせ(模擬)", self._now(), _items(sent))
        return Answer(may_tell_more=True, payload={"items": {"MOCK_notice_number": number}})

    def get_notices(self, _sent: Mapping[str, object]) -> Answer | Refusal:
        """Return all notices, the oldest first."""
        return Answer(
            may_tell_more=True, payload={"items": {"MOCK_notices": list(self._notices.values())}}
        )

    def mark_notice_read(self, sent: Mapping[str, object]) -> Answer | Refusal:
        """Mark the notice as read whose number is among the values."""
        number = next((text for text in _texts(sent) if text in self._notices), None)
        if number is None:
            return Refusal("no-notice", "mock-3004", "mock: there is no notice of this number")
        self._notices[number] = {**self._notices[number], "MOCK_is_read": True}
        return Answer(may_tell_more=True, payload={"items": dict(self._notices[number])})

    def _apply(self, operation: str, sent: Mapping[str, object]) -> Answer | Refusal:
        number = sent.get("application_number")
        if number in (None, ""):
            application = self._receive(operation, sent, self._now())
            return self._describe(application)
        found = self._open(number)
        if isinstance(found, Refusal):
            return found
        if found.kind != operation:
            return _WRONG_KIND
        if "completed" in found.stages:
            return Refusal("completed", "mock-3005", "mock: its completion was reported already")
        found.sent, found.changed_at = dict(sent), self._now()
        found.stages.append("corrected")
        return self._describe(found)

    def _answer_about(self, operation: str, sent: Mapping[str, object]) -> Answer | Refusal:
        """Answer what belongs to one application."""
        kinds, act = _ABOUT[operation]
        found = self._open(sent.get("application_number"), may_be_cancelled=act is None)
        if isinstance(found, Refusal):
            return found
        if found.kind not in kinds:
            return _WRONG_KIND
        if operation == "attach_file":
            return self._attach(found, sent.get("file"))
        if act is not None:
            found.stages.append(act)
            found.changed_at = self._now()
            found.is_cancelled = act == "cancelled"
        return self._describe(found, operation)

    def _attach(self, application: Application, file: object) -> Answer | Refusal:
        told: dict[str, object] = {}
        if isinstance(file, ReceivedFile):
            application.files.append(file)
            told = _file_items(file)
        return Answer(
            may_tell_more=True,
            payload={"application_number": application.number, "items": told},
        )

    def _open(self, number: object, *, may_be_cancelled: bool = False) -> Application | Refusal:
        found = self._applications.find(number)
        if found is None:
            text = "mock: there is no application of this number"
            return Refusal("no-application", "mock-3001", text)
        if found.is_cancelled and not may_be_cancelled:
            return Refusal("cancelled", "mock-3002", "mock: the application was cancelled")
        return found

    def _describe(self, application: Application, operation: str = "") -> Answer:
        """Return a reply about an application: its number, what was sent, and its state."""
        items: dict[str, object] = {
            "MOCK_stage": self._stage(application),
            "MOCK_received_at": application.received_at.isoformat(timespec="seconds"),
            "MOCK_changed_at": application.changed_at.isoformat(timespec="seconds"),
        }
        if operation.endswith("contract_calculation"):
            name = (self._seed, "kansai_takusou", application.number)
            items["MOCK_contract_capacity_kva"] = draw(3, 49, *name)
        if operation.endswith(("reception", "result", "progress")):
            items["MOCK_files"] = [_file_items(file) for file in application.files]
        reply = {**application.sent, "application_number": application.number, "items": items}
        return Answer(may_tell_more=True, payload=reply)

    def _receive(self, kind: str, sent: Mapping[str, object], received_at: datetime) -> Application:
        application = self._applications.add(kind, sent, received_at)
        self._notice("受付しました(模擬)", received_at, {"MOCK_application": application.number})
        return application

    def _notice(self, text: str, at: datetime, more: Mapping[str, object]) -> str:
        number = f"N{len(self._notices) + 1:08d}"
        self._notices[number] = {
            **more,
            "MOCK_notice_number": number,
            "MOCK_text": text,
            "MOCK_registered_at": at.isoformat(timespec="seconds"),
            "MOCK_is_read": False,
        }
        return number

    def _stage(self, application: Application) -> str:
        if application.is_cancelled:
            return "取消"
        if "completed" in application.stages:
            return "完了"
        age = self._now() - application.received_at
        return (
            "受付" if age < timedelta(hours=1) else "設計" if age < timedelta(days=1) else "工事中"
        )

    def _now(self) -> datetime:
        return self._clock.now().astimezone(load_zone("Asia/Tokyo"))


def _items(sent: Mapping[str, object]) -> Mapping[str, object]:
    items = sent.get("items")
    return items if isinstance(items, Mapping) else {}


def _texts(value: object) -> Iterator[str]:
    """Yield every text in a tree."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _file_items(file: ReceivedFile) -> dict[str, object]:
    return {
        "MOCK_file_name": file.filename,
        "MOCK_content_type": file.content_type,
        "MOCK_size_bytes": file.size_bytes,
        "MOCK_sha256": file.sha256,
    }


_ALONE = ("apply_regular", "apply_temporary", "apply_street_light")
_GROUP = ("apply_housing_group",)
_APPLICATIONS = (*_ALONE, *_GROUP)
_SEEDED = ("apply_regular", "apply_street_light", "apply_housing_group")
_WRONG_KIND = Refusal(
    "wrong-kind", "mock-3003", "mock: the service is for applications of another kind"
)
# Which kinds of applications a service is for, and what it makes of one; None: it only tells.
_ABOUT: Mapping[str, tuple[tuple[str, ...], str | None]] = {
    "complete_housing_group": (_GROUP, "group complete"),
    "report_completion": (("apply_regular", "apply_temporary"), "completed"),
    "report_street_light_completion": (("apply_street_light",), "completed"),
    "report_housing_group_completion": (_GROUP, "completed"),
    "attach_file": (_APPLICATIONS, "file attached"),
    "cancel_application": (_APPLICATIONS, "cancelled"),
    "get_reception": (_ALONE, None),
    "get_housing_group_reception": (_GROUP, None),
    "get_progress": (_ALONE, None),
    "get_housing_group_progress": (_GROUP, None),
    "get_contract_calculation": (_ALONE, None),
    "get_housing_group_contract_calculation": (_GROUP, None),
    "get_result": (_ALONE, None),
    "get_housing_group_result": (_GROUP, None),
}
_NOTICES: Mapping[str, Callable[[TakusouWorld, Mapping[str, object]], Answer | Refusal]] = {
    "get_notices": TakusouWorld.get_notices,
    "add_notice": TakusouWorld.add_notice,
    "mark_notice_read": TakusouWorld.mark_notice_read,
}
