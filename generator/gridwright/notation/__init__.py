"""Notations of documents: patterns of dates and times, units, zones, regular expressions."""
