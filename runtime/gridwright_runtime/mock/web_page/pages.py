"""Serve the page of a mock at `/`, with a page beside it on which requests can be tried.

Programs on this machine alone are answered, and pages of other origins are not: the mock refuses
foreign hosts and origins before anything is looked at.
"""

import importlib.util
import json
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ...sending.loopback import is_loopback
from ..router import Router
from ..serving.sending import page
from ..state import Mock
from .page_values import base_paths, current_results, current_values, fixed_values

__all__ = ["WEB_PAGE_PATH", "with_web_page"]

WEB_PAGE_PATH = "/.gridwright/"
"""Where the page is in any case; no service has such a path."""

_Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]
_HERE = Path(__file__).resolve().parent
_OWN = {
    "page.css": "text/css",
    "page.js": "text/javascript",
    "try.html": "text/html",
    "try.js": "text/javascript",
}
_SWAGGER = {"swagger-ui.css": "text/css", "swagger-ui-bundle.js": "text/javascript"}
_TYPES = {".json": "application/json", ".wsdl": "text/xml", ".xsd": "text/xml"}
_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "style-src 'self'{styles}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def with_web_page(
    application: Starlette,
    *,
    schemas: Path | None = None,
    others: Callable[[], Mapping[str, str]] = dict,
) -> Starlette:
    """Give a mock a page for a person, at `/` where the service itself has nothing there.

    It shows the credentials that the mock takes, its invented data, its journal and its limits.

    Args:
        application: what `gridwright_apis.<system>.mock.application` returns.
        schemas: folder with what is exported for the system, such as `generated/schemas/<system>`:
            with it, there are its documents, and a page that sends requests.
        others: returns addresses of other mocks, by the name of their system.
    """
    mock: Mock = application.state.mock
    router = application.router.default
    exported = _exported(schemas)
    swagger = _swagger_folder()
    interface = _interface(schemas, exported)
    fixed = {
        **fixed_values(mock, interface),
        "documents": exported,
        "can_try": "openapi.json" in exported and swagger is not None,
    }

    paths: dict[str, _Endpoint] = {
        WEB_PAGE_PATH: _show,
        f"{WEB_PAGE_PATH}about": _saying(lambda: {**fixed, "others": dict(others())}),
        f"{WEB_PAGE_PATH}now": _saying(lambda: current_values(mock)),
        f"{WEB_PAGE_PATH}present": _presenting(mock),
        f"{WEB_PAGE_PATH}page/{{name}}": _own_file,
        f"{WEB_PAGE_PATH}swagger-ui/{{name}}": _of_swagger(swagger),
        f"{WEB_PAGE_PATH}documents/{{name}}": _documents(schemas, exported, mock),
    }
    if isinstance(router, Router) and not router.has("/"):
        paths["/"] = _show
    application.router.routes.extend(
        Route(path, _for_this_machine(endpoint), methods=["GET"])
        for path, endpoint in paths.items()
    )
    application.state.web_page = "/" if "/" in paths else WEB_PAGE_PATH
    return application


async def _show(request: Request) -> Response:
    return _file(_HERE / "page.html", "text/html")


async def _own_file(request: Request) -> Response:
    name = request.path_params["name"]
    return _file(_HERE / name, _OWN[name]) if name in _OWN else page(404, "not found")


def _saying(what: Callable[[], object]) -> _Endpoint:
    """Return what answers with something as JSON, made anew each time."""

    async def say(request: Request) -> Response:
        return _json(what())

    return say


def _presenting(mock: Mock) -> _Endpoint:
    """Return what answers with the values that requests are to carry, and sets its cookies."""

    async def present(request: Request) -> Response:
        presented = current_results(mock)
        response = _json(presented)
        for one in presented:
            if one["place"] == "cookie":  # a script of the page cannot send one
                response.set_cookie(one["name"], one["value"], samesite="strict")
        return response

    return present


def _of_swagger(folder: Path | None) -> _Endpoint:
    """Return what answers with a file of Swagger UI, where it is installed."""

    async def of_swagger(request: Request) -> Response:
        name = request.path_params["name"]
        if folder is None or name not in _SWAGGER:
            return page(404, "not found")
        return _file(folder / name, _SWAGGER[name])

    return of_swagger


def _documents(schemas: Path | None, exported: Collection[str], mock: Mock) -> _Endpoint:
    """Return what answers with a document of the system; OpenAPI leads to this mock."""

    async def document(request: Request) -> Response:
        name = request.path_params["name"]
        if schemas is None or name not in exported:
            return page(404, "not found")
        if name == "openapi.json":
            return _json(_at_home(json.loads((schemas / name).read_bytes()), base_paths(mock)))
        return _file(schemas / name, _TYPES[Path(name).suffix])

    return document


def _for_this_machine(endpoint: _Endpoint) -> _Endpoint:
    async def answered(request: Request) -> Response:
        client = request.client
        if client is None or not is_loopback(client.host):
            return page(404, "not found")
        # A link of another site may lead here; its scripts, styles and pictures may not be ours.
        if (
            request.headers.get("sec-fetch-site") == "cross-site"
            and request.headers.get("sec-fetch-mode") != "navigate"
        ):
            return page(403, "foreign host or origin")
        return await endpoint(request)

    return answered


def _exported(schemas: Path | None) -> list[str]:
    """Return the names of the documents that may be asked for."""
    if schemas is None or not schemas.is_dir():
        return []
    return sorted(path.name for path in schemas.iterdir() if path.suffix in _TYPES)


def _interface(schemas: Path | None, exported: Sequence[str]) -> Mapping[str, Any]:
    if schemas is None or "interface.json" not in exported:
        return {}
    found: dict[str, Any] = json.loads((schemas / "interface.json").read_bytes())
    return found


def _swagger_folder() -> Path | None:
    """Return the folder of Swagger UI; None: it is not installed, or too old for OpenAPI 3.1."""
    spec = importlib.util.find_spec("swagger_ui_bundle")
    folders = [Path(place) for place in (spec.submodule_search_locations or ())] if spec else []
    found = [path for folder in folders for path in (folder / "vendor").glob("swagger-ui-5.*")]
    return found[0] if found else None


def _at_home(document: dict[str, Any], paths: Sequence[str]) -> dict[str, Any]:
    """Return an OpenAPI document whose servers are this mock."""
    return {**document, "servers": [{"url": path or "/"} for path in paths]}


def _json(value: object) -> Response:
    return _safe(Response(msgspec.json.encode(value), media_type="application/json"))


def _file(path: Path, media_type: str) -> Response:
    return _safe(Response(path.read_bytes(), media_type=media_type), path.name == "try.html")


def _safe(response: Response, is_trying: bool = False) -> Response:
    # Swagger UI writes styles into its elements.
    policy = _POLICY.format(styles=" 'unsafe-inline'" if is_trying else "")
    response.headers["Content-Security-Policy"] = policy
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response
