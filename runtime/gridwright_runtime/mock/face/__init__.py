"""The former place of the page of a mock; it is in `gridwright_runtime.mock.web_page` now."""
