"""The pytest plugin of gridwright: fixtures of mocks, limits that must hold, no network."""
