"""The former place of `with_face`, which is `mock.web_page.pages.with_web_page` now."""

import warnings

from ..web_page.pages import with_web_page

__all__ = ["with_face"]

warnings.warn(
    "gridwright_runtime.mock.face.pages.with_face is now "
    "gridwright_runtime.mock.web_page.pages.with_web_page; "
    "the former name works until the next version",
    DeprecationWarning,
    stacklevel=2,
)

with_face = with_web_page
