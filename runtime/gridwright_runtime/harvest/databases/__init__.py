"""Databases for ledgers: a file for one machine, a server for several.

Both know the same statements, with ``?`` for values. They differ in how workers are known to live
and in how one keeps others out.
"""
