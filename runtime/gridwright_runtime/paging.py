"""Walks over long answers, as callers and generated packages name them; see `walks`."""

from .walks.anchored import Pager
from .walks.pages import Pages
from .walks.walk import AsyncWalk, Walk

__all__ = ["AsyncWalk", "Pager", "Pages", "Walk"]
