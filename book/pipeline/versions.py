"""Which pinned versions a chapter depends on: those of the packages that its code speaks of.

A package that is added to ``constraints.txt`` for one chapter leaves all others as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

ALWAYS = ("deep-learning-companion", "ipykernel", "nbval")
"""What every chapter runs with: the course itself, with all it needs at least, and the kernel."""

_ELSEWHERE = re.compile(r"extra|win32|Windows|\bnt\b")


def versions_for(constraints: Path, names: Iterable[str]) -> list[str]:
    """Find the lines of ``constraints`` that hold for code in which ``names`` are mentioned.

    A name counts if it is that of a package, or of a module that a package installs. What these
    packages need counts as well, at any distance.
    """
    pinned = _pinned(constraints.read_text(encoding="utf-8")) if constraints.exists() else {}
    found: set[str] = set()
    waiting = {_normal(name) for name in ALWAYS}
    for name in names:
        waiting.update(package for package in _packages_of(name) if package in pinned)
    while waiting:
        package = waiting.pop()
        found.add(package)
        waiting |= _needs(package) - found
    return sorted(pinned[package] for package in found if package in pinned)


def _pinned(text: str) -> dict[str, str]:
    lines = [line.strip() for line in text.splitlines()]
    return {_normal(line.partition("==")[0]): line for line in lines if "==" in line}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _packages_of(name: str) -> set[str]:
    return {_normal(name), *map(_normal, _installed().get(name, ()))}


@cache
def _installed() -> dict[str, list[str]]:
    """Module → packages that install it."""
    return dict(metadata.packages_distributions())


@cache
def _needs(package: str) -> frozenset[str]:
    """What a package needs, but for extras and Windows; nothing of one not installed here."""
    try:
        needed = [Requirement(text) for text in metadata.requires(package) or ()]
    except metadata.PackageNotFoundError:
        return frozenset()
    return frozenset(_normal(r.name) for r in needed if not _ELSEWHERE.search(str(r.marker)))
