"""Render the site with Jupyter Book, which finds every notebook already executed."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import sys
from pathlib import Path

from .layout import HOME, Book, PipelineError
from .machines import CHOOSING
from .outcomes import unmet
from .processes import run
from .writing import one_at_a_time, write_whole

_INPUTS = ("book", "companion", "tests/book/reference", "tests/book/numbers")
_FILES = ("index.md", "_config.yml", "_toc.yml", "constraints.txt")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_STRUCTURE = ("_config.yml", "_toc.yml", "constraints.txt")


def build(book: Book) -> bool:
    """Bring the site up to date; return whether there was anything to do."""
    with one_at_a_time(book.build):
        key = site_key(book)
        stamp = book.html / ".built"
        parts = [book.html / "index.html", *map(book.executed, book.chapters)]
        if _read(stamp) == key and all(part.exists() for part in parts):
            print("Nothing has changed since the last build.", flush=True)
            _tell_unmet(book)
            return False
        from .execute import execute  # importing Jupyter takes a second: only when needed

        execute(book)
        _render(book, stamp, key)
        _tell_unmet(book)
        return True


def _tell_unmet(book: Book) -> None:
    """Name what the text relies on and this machine's run did not bear out; nothing fails."""
    found = unmet(book)
    if found:
        print("On this machine some outcomes that the text relies on did not come out;")
        print("the pages say so at their place:")
    for chapter, sentences in found.items():
        for sentence in sentences:
            print(f"  {chapter}: {sentence}", flush=True)


def site_key(book: Book) -> str:
    """One fingerprint of everything the site is made from."""
    files = [book.root / name for name in _FILES]
    for folder in _INPUTS:
        files += sorted((book.root / folder).rglob("*"))
    files += sorted((HOME / "book" / "_ext").rglob("*"))
    asked = " ".join(f"{name}={os.environ.get(name)}" for name in CHOOSING)
    return _fingerprint(files) + hashlib.sha256(asked.encode()).hexdigest()[:8]


def _structure_key(book: Book) -> str:
    """What every page depends on: a change here renders all pages anew."""
    files = [book.root / name for name in _STRUCTURE]
    files += sorted((book.root / "book" / "_static").rglob("*"))
    files += sorted((HOME / "book" / "_ext").rglob("*"))
    return _fingerprint(files)


def _fingerprint(files: list[Path]) -> str:
    digest = hashlib.sha256(platform.python_version().encode())
    for path in files:
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(str(path).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _render(book: Book, stamp: Path, key: str) -> None:
    structure = _structure_key(book)
    unfinished = not stamp.exists()
    # Warnings come only from pages that are read: after a build that did not end well, or
    # when the frame of all pages changed, everything is read again.
    if unfinished or _read(book.html / ".structure") != structure:
        shutil.rmtree(book.output / ".doctrees", ignore_errors=True)
        shutil.rmtree(book.html, ignore_errors=True)
    stamp.unlink(missing_ok=True)
    _fill_cache(book)
    print(f"Rendering {len(book.pages)} pages ...", flush=True)
    log: list[str] = []
    program = str(Path(sys.executable).with_name("jupyter-book"))
    command = [program, "build", "-W", "-n", "--keep-going", str(book.root)]
    command += ["--path-output", str(book.output.parent)]

    def each_line(line: str) -> None:
        log.append(_COLOURS.sub("", line))

    code = run(command, cwd=book.root, env=_environment(book), each_line=each_line)
    write_whole(book.build / "render.log", "\n".join(log) + "\n")
    if code:
        raise PipelineError("The site could not be rendered:\n" + "\n".join(_complaints(log)))
    write_whole(book.html / ".structure", structure)
    write_whole(stamp, key)
    print(f"The book is in {book.html / 'index.html'}", flush=True)


def _fill_cache(book: Book) -> None:
    """Give jupyter-cache the notebooks as MyST-NB will ask for them.

    The cache is made anew each time, which takes a moment and cannot be half right. MyST-NB
    looks a notebook up by its code *and* the metadata of its cells, so a new caption would
    miss; here the outputs are put under today's metadata.
    """
    from jupyter_cache import get_cache
    from jupyter_cache.base import CacheBundleIn
    from myst_nb.core.read import read_myst_markdown_notebook

    from .notebooks import joined, read_notebook

    folder = book.build / ".jupyter_cache"
    shutil.rmtree(folder, ignore_errors=True)
    cache = get_cache(str(folder))
    for page in book.chapters:
        asked = read_myst_markdown_notebook(page.text, add_source_map=True, path=page.source)
        executed = read_notebook(book.notebook(page))
        kernelspec = asked.metadata.get("kernelspec")
        bundle = joined(asked, executed)
        bundle.metadata["kernelspec"] = kernelspec  # part of the key
        cache.cache_notebook_bundle(
            CacheBundleIn(
                bundle,
                str(page.source),
                data={"execution_seconds": executed.metadata["course"]["seconds"]},
            ),
            overwrite=True,
        )


def _environment(book: Book) -> dict[str, str]:
    environment = book.environment()
    environment["BOOK_ROOT"] = str(book.root)
    environment.pop("PYTHONWARNINGS", None)
    return environment


def _complaints(log: list[str]) -> list[str]:
    """The lines that say what is wrong, or the end of the log when none does."""
    found = [line for line in log if "WARNING" in line or "ERROR" in line]
    for number, line in enumerate(log):
        if re.fullmatch(r"[\w ]+ error:|Exception occurred:", line):
            found += log[number : number + 4]
    return found or log[-30:]


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
