"""Facts that the language has no word for yet; each goes when the specs say it themselves."""

from gridwright.ir import Interface

__all__ = ["constant_headers", "folder_name", "url_name"]

# Until specs give headers as constants.
_CHARSETS = frozenset({"kansai_takusou", "thai_moi_power"})
# Until specs say `auth: {names: {folder: …, url: …}}`.
_FOLDERS = {"epias_ecms": "ticket_folder", "thai_moi_power": "session_folder"}
_URLS = {"epias_ecms": "ticket_url"}


def folder_name(interface: Interface) -> str:
    """Return the name of the argument that says where logins are kept."""
    if interface.folder_name != "login_folder":
        return interface.folder_name
    return _FOLDERS.get(interface.system, interface.folder_name)


def url_name(interface: Interface) -> str:
    """Return the name of the argument that says where one logs in."""
    if interface.url_name != "login_url":
        return interface.url_name
    return _URLS.get(interface.system, interface.url_name)


def constant_headers(interface: Interface) -> tuple[tuple[str, str], ...]:
    """Return headers that every request carries."""
    return (("Accept-Charset", "UTF-8"),) if interface.system in _CHARSETS else ()
