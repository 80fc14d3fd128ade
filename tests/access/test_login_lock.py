"""How a login failed is told to all who waited for it."""

from gridwright_runtime.access.login_lock import Login, LoginLock
from gridwright_runtime.message import RawReply

USER, PASSWORD = "INVENTED-user", "INVENTED-password"
REFUSED = RawReply(status_code=401)


def test_a_login_has_failed_for_all_who_came_before_it_failed_and_for_nobody_later() -> None:
    lock = LoginLock()
    before = lock.rounds
    assert lock.failure_since(before, Login(USER, PASSWORD)) is None
    lock.note_failure(Login(USER, PASSWORD), REFUSED)
    assert lock.failure_since(before, Login(USER, PASSWORD)) is REFUSED
    assert lock.failure_since(before, Login(USER, "INVENTED-other")) is None
    assert lock.failure_since(before, Login("INVENTED-other", PASSWORD)) is None
    assert lock.failure_since(lock.rounds, Login(USER, PASSWORD)) is None


def test_what_a_failed_login_leaves_shows_neither_name_nor_password() -> None:
    lock = LoginLock()
    lock.note_failure(Login(USER, PASSWORD), REFUSED)
    shown = repr(lock._failure)
    assert USER not in shown
    assert PASSWORD not in shown
