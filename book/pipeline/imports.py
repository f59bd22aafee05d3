"""Which modules of a package a piece of Python imports, directly or through others.

The answer is read from the sources and nothing is imported, so it is the same in a copy
of the package, and a module that raises on import can still be looked at.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

READERS = {"__doc__", "getdoc", "getsource", "help"}
"""Names by which code reads what is written of it."""


@dataclass(frozen=True)
class Package:
    """A package found by its folder, for example ``companion`` in the root of the book."""

    name: str
    folder: Path

    def file_of(self, module: str) -> Path | None:
        """The source file of a dotted module name, or None when there is no such module."""
        parts = module.split(".")
        if parts[0] != self.name:
            return None
        place = self.folder.joinpath(*parts[1:])
        for candidate in (place / "__init__.py", place.with_suffix(".py")):
            if candidate.is_file() and place.name.isidentifier():
                return candidate
        return None

    def imports_of(self, source: str, module: str | None = None) -> set[str]:
        """Modules of this package that ``source`` imports itself.

        ``module`` is the dotted name of the source, needed for relative imports. Packages on
        the way count: importing ``a.b.c`` runs ``a/__init__.py`` and ``a/b/__init__.py``.
        """
        found: set[str] = set()
        for name in _imported_names(ast.parse(source), self._package_of(module)):
            parts = name.split(".")
            prefixes = (".".join(parts[: i + 1]) for i in range(len(parts)))
            found.update(prefix for prefix in prefixes if self.file_of(prefix))
        return found

    def closure(self, modules: Iterable[str], mentioned: Iterable[str] | None = None) -> set[str]:
        """``modules`` and everything they import, at any distance.

        A face, a module that only hands on what others define, imports the whole library. With
        ``mentioned``, the identifiers of the source that asks, a face counts for what it hands on
        under a name that this source, or a module found on the way, mentions.
        """
        found: set[str] = set()
        names, waiting = set(mentioned or ()), list(modules)
        handed: list[tuple[str, frozenset[str]]] = []
        while waiting:
            module = waiting.pop()
            if module not in found:
                found.add(module)
                if mentioned is not None and (on := _handed_on(self, module)):
                    handed.extend(on)
                else:
                    names |= _mentions_of_file(self, module)
                    waiting.extend(_imports_of_file(self, module))
            if not waiting:
                wanted = (group for name, group in handed if name in names)
                waiting = [imported for group in wanted for imported in group - found]
        return found

    def code_of(self, module: str) -> str:
        """What a module does: its code without docstrings, unless it reads some.

        A face does nothing itself. What it hands on is counted where it is mentioned.
        """
        return "" if _handed_on(self, module) else _code_of_text(self.text_of(module))

    def text_of(self, module: str) -> str:
        """The source of a module as it is written, or nothing when there is no such module."""
        file = self.file_of(module)
        return file.read_text(encoding="utf-8") if file else ""

    def mentions(self, modules: Iterable[str]) -> set[str]:
        """Every identifier in the sources of ``modules``; see `mentions_of`."""
        return {name for module in modules for name in _mentions_of_file(self, module)}

    def data_files(self, modules: Iterable[str]) -> list[Path]:
        """Files other than Python that lie in the folders of ``modules``.

        A file with the name of a module, ``contest.json`` beside ``contest.py``, belongs to it.
        """
        files = {file for module in modules if (file := self.file_of(module))}
        folders = {file.parent for file in files}
        return sorted(
            path
            for path in self.folder.rglob("*")
            if path.is_file()
            and path.suffix not in (".py", ".pyc")
            and _owner(path) in folders
            and ((owner := path.with_suffix(".py")) in files or not owner.exists())
        )

    def _package_of(self, module: str | None) -> str | None:
        if module is None:
            return None
        file = self.file_of(module)
        is_package = file is not None and file.name == "__init__.py"
        return module if is_package else module.rpartition(".")[0]


@cache
def _imports_of_text(package: Package, module: str, source: str) -> frozenset[str]:
    return frozenset(package.imports_of(source, module))


def _imports_of_file(package: Package, module: str) -> frozenset[str]:
    return _imports_of_text(package, module, package.text_of(module))


def mentions_of(source: str) -> frozenset[str]:
    """Every identifier in ``source``, those in strings included: ``getattr(nn, "Tanh")``."""
    found: set[str] = set()
    for node in _walk(ast.parse(source)):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.alias):
            found.update(node.name.split("."))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.update(node.value.split(".") if len(node.value) < 80 else ())
    return frozenset(found)


@cache
def _code_of_text(source: str) -> str:
    if not READERS.isdisjoint(_mentions_of_text(source)):
        return source
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, _DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            node.body[0] = ast.Pass()
    return ast.unparse(tree)


_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


@cache
def _mentions_of_text(source: str) -> frozenset[str]:
    return mentions_of(source)


def _mentions_of_file(package: Package, module: str) -> frozenset[str]:
    return _mentions_of_text(package.text_of(module))


def _handed_on(package: Package, module: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """What a face hands on: name → modules it comes from; nothing for other modules."""
    return _handed_on_by_text(package, module, package.text_of(module))


@cache
def _handed_on_by_text(
    package: Package, module: str, source: str
) -> tuple[tuple[str, frozenset[str]], ...]:
    body = ast.parse(source).body[1:]  # after its docstring
    if not (body and all(_hands_on(node) for node in body)):
        return ()
    return tuple(
        (alias.asname or alias.name, frozenset(package.imports_of(_alone(node, alias), module)))
        for node in body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    )


def _hands_on(node: ast.stmt) -> bool:
    """Whether a statement is an import of names, or the list of all of them."""
    is_list = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    return is_list or isinstance(node, ast.ImportFrom)


def _alone(node: ast.ImportFrom, alias: ast.alias) -> str:
    return ast.unparse(ast.ImportFrom(node.module, [alias], node.level))


def _owner(path: Path) -> Path | None:
    """The nearest folder above ``path`` that is a Python package."""
    return next((up for up in path.parents if (up / "__init__.py").exists()), None)


def _imported_names(tree: ast.AST, package: str | None) -> Iterator[str]:
    for node in _walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _base_of(node, package)
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and _called(node) in ("import_module", "__import__"):
            argument = node.args[0] if node.args else None
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield argument.value


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes but the bodies of ``if TYPE_CHECKING``, which never run."""
    yield node
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        children: Iterable[ast.AST] = node.orelse
    else:
        children = ast.iter_child_nodes(node)
    for child in children:
        yield from _walk(child)


def _base_of(node: ast.ImportFrom, package: str | None) -> str:
    if not node.level:
        return node.module or ""
    parts = (package or "").split(".")
    parts = parts[: len(parts) - (node.level - 1)]
    return ".".join([*parts, *([node.module] if node.module else [])])


def _called(node: ast.Call) -> str:
    function = node.func
    return getattr(function, "attr", None) or getattr(function, "id", "")
