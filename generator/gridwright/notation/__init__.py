"""How documents write values: patterns of dates and times, units, zones, regular expressions."""
