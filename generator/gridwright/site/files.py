"""Write a site to disk: remove what it no longer has, and leave alone what is not its own."""

from pathlib import Path

from gridwright.output.write import Changes, Made, write_tree
from gridwright.site.build import Site

__all__ = ["write_site"]


def write_site(out: Path, site: Site) -> Changes:
    """Bring the folder of a site up to date, all files of it or none.

    Raises:
        ForeignFileError: a file that is not the site's own is in the way.
        OutputError: another run is writing, or the folder's manifest is not one of ours.
    """
    made = Made(inputs="", counts={"pages": site.pages}, artifacts=site.artifacts)
    return write_tree(out, {"site": made})["site"]
