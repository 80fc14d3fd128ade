"""Rendering: imports sorted, layout fixed, and nothing taken from where the run happens."""

from pathlib import Path

import pytest
from jinja2 import TemplateNotFound, UndefinedError

from gridwright.output import formatting
from gridwright.output.formatting import format_python
from gridwright.output.render import render
from gridwright.output.view import TextView, View


def test_imports_are_sorted_and_the_layout_is_that_of_the_formatter() -> None:
    assert format_python("import sys\nimport os\nx = {'a':1}\n") == (
        'import os\nimport sys\n\nx = {"a": 1}\n'
    )


@pytest.mark.parametrize(
    "text",
    [
        "isort: skip_file",
        "isort: off",
        "isort:skip",
        "fmt: off",
        "fmt: skip",
        "import zzz\nimport aaa",
        "from b import a",
        "type: ignore",
    ],
)
def test_a_text_that_looks_like_an_order_to_a_tool_orders_nothing(text: str) -> None:
    source = f'"""Doc.\n\n{text}\n"""\nimport sys\nimport os\nx = {text!r}\ny  =  1\n'
    formatted = format_python(source)
    assert formatted.index("import os\nimport sys\n") and "y = 1\n" in formatted
    namespace: dict[str, object] = {}
    exec(compile(formatted, "x", "exec"), namespace)
    assert namespace["x"] == text
    assert str(namespace["__doc__"]).split() == f"Doc. {text}".split()


def test_a_folder_in_the_working_directory_does_not_change_the_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = "import msgspec\nimport httpx2\nimport os\nimport gridwright_runtime\n"
    formatting._import_order.cache_clear()
    elsewhere = format_python(source)
    (tmp_path / "msgspec").mkdir()
    (tmp_path / "msgspec" / "__init__.py").touch()
    (tmp_path / ".isort.cfg").write_text("[settings]\nforce_single_line=true\n", "utf-8")
    (tmp_path / "pyproject.toml").write_text("[tool.black]\nline-length = 20\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    formatting._import_order.cache_clear()
    assert format_python(source) == elsewhere


def test_a_name_that_a_template_does_not_get_stops_the_run() -> None:
    with pytest.raises(UndefinedError):
        render(View("a.py", "python/codes.py.j2", {}), "apis.demo")


def test_a_template_that_is_not_there_stops_the_run() -> None:
    with pytest.raises(TemplateNotFound):
        render(View("a.py", "nowhere.j2", {}), "apis.demo")


def test_a_text_needs_no_template() -> None:
    assert render(TextView("a.json", "{{ 7*7 }}"), "apis.demo").text == "{{ 7*7 }}"
