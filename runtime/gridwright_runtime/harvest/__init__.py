"""Bulk reads that go on after anything: a ledger of chunks, immutable part files, and reports.

Subjects, such as customers' numbers, stand in clear in part files alone.
"""
