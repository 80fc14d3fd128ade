"""Turn interface specs into typed clients, validators, mocks and reference pages."""

__all__ = ["__version__"]

__version__ = "0.1.0"
"""As in pyproject.toml; stands here so that ``--version`` reads no metadata of packages."""
