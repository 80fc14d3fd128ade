"""Modules of the package that people import: records, validators, clients, a mock."""
