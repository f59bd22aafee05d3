r"""MathJax from the installed package ``sphinx-mathjax-offline``, only what a page needs.

That package holds MathJax 3.2.2 (Apache License 2.0, The MathJax Consortium). Used as an
extension it would copy all of its 24 MB; the course needs the component that reads TeX and
MathML and writes HTML, its fonts, and the TeX extensions that ``\require`` may load.
"""

from __future__ import annotations

import shutil
from importlib.metadata import distribution
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

VERSION = "3.2.2"
PARTS = ("tex-mml-chtml.js", "output/chtml/fonts", "input/tex/extensions")
NOTICE = (
    f"MathJax {VERSION}, https://www.mathjax.org\n"
    "Copyright (c) 2009-2022 The MathJax Consortium\n"
    "Licensed under the Apache License, Version 2.0: http://www.apache.org/licenses/LICENSE-2.0\n"
)


def source_folder() -> Path:
    """Where the installed package keeps MathJax.

    Raises
    ------
    ExtensionError
        When the package brings another version, or not the files we copy.
    """
    installed = distribution("sphinx-mathjax-offline")
    folder = Path(installed.locate_file("sphinx-mathjax-offline/static/mathjax"))
    missing = [part for part in PARTS if not (folder / part).exists()]
    if missing:
        raise ExtensionError(f"sphinx-mathjax-offline has no {', '.join(missing)} in {folder}")
    if f'"{VERSION}"' not in (folder / PARTS[0]).read_text(encoding="utf-8"):
        raise ExtensionError(f"sphinx-mathjax-offline does not bring MathJax {VERSION}")
    return folder


def _copy(app: Sphinx) -> None:
    """Before the pages, which carry the checksum of the script they load."""
    target = Path(app.outdir) / "_static" / "mathjax"
    if app.builder.format != "html" or (target / "NOTICE").exists():
        return
    folder = source_folder()
    for part in PARTS:
        (target / part).parent.mkdir(parents=True, exist_ok=True)
        if (folder / part).is_dir():
            shutil.copytree(folder / part, target / part, dirs_exist_ok=True)
        else:
            shutil.copyfile(folder / part, target / part)
    (target / "NOTICE").write_text(NOTICE, encoding="utf-8")


def setup(app: Sphinx) -> None:
    app.connect("builder-inited", _copy)
