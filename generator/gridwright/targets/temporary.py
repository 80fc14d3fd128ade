"""Facts that the language has no word for yet; each goes when the specs say it themselves."""

from gridwright.ir import Interface

__all__ = ["constant_headers", "login_names"]

# Until specs give headers as constants; where there is a body, it says its charset itself.
_CHARSETS = frozenset({"thai_moi_power"})
# Until specs say `auth: {names: {folder: …, url: …}}`.
_LOGIN_NAMES = {
    "epias_ecms": ("ticket_folder", "ticket_url"),
    "thai_moi_power": ("session_folder", "login_url"),
}
_NOT_SAID = ("login_folder", "login_url")


def login_names(interface: Interface) -> tuple[str, str]:
    """Return the names of the arguments for the folder of logins, and for the login's address."""
    if interface.login_names != _NOT_SAID:
        return interface.login_names
    return _LOGIN_NAMES.get(interface.system, _NOT_SAID)


def constant_headers(interface: Interface) -> tuple[tuple[str, str], ...]:
    """Return headers that every request carries."""
    return (("Accept-Charset", "UTF-8"),) if interface.system in _CHARSETS else ()
