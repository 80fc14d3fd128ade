"""Import generated packages from memory, and forget them."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from types import CodeType, ModuleType


class _Sources(MetaPathFinder, InspectLoader):
    """Finds and loads modules from their sources, by dotted name."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._sources = sources

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name not in self._sources:
            return None
        return spec_from_loader(name, self, is_package=self.is_package(name))

    def is_package(self, name: str) -> bool:
        return any(other.startswith(f"{name}.") for other in self._sources)

    def get_source(self, name: str) -> str:
        return self._sources[name]

    def get_code(self, name: str) -> CodeType:
        return compile(self._sources[name], name, "exec")


@contextmanager
def imported(files: Mapping[str, str], own: str) -> Iterator[dict[str, ModuleType]]:
    """Import all modules of the package ``own``; they are gone when the block ends."""
    sources = {own.partition(".")[0]: ""}
    for path, text in files.items():
        if path.endswith(".py"):
            sources[path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")] = text
    finder = _Sources(sources)
    sys.meta_path.insert(0, finder)
    try:
        modules = [name for name in sources if name.startswith(f"{own}.")]
        yield {name.rpartition(".")[2]: import_module(name) for name in modules}
    finally:
        sys.meta_path.remove(finder)
        for name in sources:
            sys.modules.pop(name, None)
