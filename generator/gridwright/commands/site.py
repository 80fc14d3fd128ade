"""`gridwright site`: pages of all systems, as one site."""

import argparse
from pathlib import Path

from gridwright.commands.arguments import FINE, PROBLEMS, WRONG_USE
from gridwright.commands.printing import (
    complain,
    print_problems,
    print_result,
    problem_data,
    say,
)
from gridwright.commands.systems import choose_systems, is_unasked
from gridwright.output.write import UnownedFileError
from gridwright.site.build import SiteOptions, build_site
from gridwright.site.files import write_site

__all__ = ["command"]


def command(options: argparse.Namespace) -> int:
    """Build the site of all systems, or of those that are named."""
    systems = choose_systems(options)
    if systems is None:
        return WRONG_USE
    if is_unasked(options, "published"):
        return WRONG_USE
    out = options.out or Path("site")
    site = build_site(
        SiteOptions(
            specs=options.specs,
            systems=systems,
            amendments=tuple(options.amend),
            project=options.project,
            package=options.package,
            title=options.title,
        )
    )
    problems = list(site.problems)
    print_problems(options, problems)
    if not problems:
        try:
            write_site(out, site)
        except UnownedFileError as error:
            names = ", ".join(error.paths)
            complain(options, f"{out} holds files that are not of a site: {names}")
            return PROBLEMS
        say(options, f"{out / 'index.html'}: {site.pages} pages, {len(systems)} systems")
    print_result(
        options,
        systems=systems,
        pages=site.pages,
        folder=out.as_posix(),
        problems=[problem_data(problem) for problem in problems],
    )
    return PROBLEMS if problems else FINE
