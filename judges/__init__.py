"""Foreign tools judge what gridwright exports and what its mocks say: ``make judges``.

Each judge runs against an exported file or a running mock; its verdicts are one row of the matrix.
A judge that needs Node or Java says so where they are missing; with ``CI=true`` it must run.
"""
