"""Analyse an interface: functions over `ir` that checks and targets share."""
