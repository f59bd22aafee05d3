"""A figure of a chapter shown on another page, the landing page say, as the run drew it.

    ```{borrowed-figure} gradients/networks fig-learned-band
    Caption.
    ```
"""

from __future__ import annotations

import base64
from pathlib import Path

from docutils import nodes
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from book.pipeline.notebooks import code_cells, read_notebook
from book.pipeline.writing import write_whole

from .executed import notebook_of

FOLDER = "_build/borrowed"


class BorrowedFigure(SphinxDirective):
    """Arguments: a chapter, and the name of a figure in it; the content is the caption."""

    required_arguments = 2
    has_content = True

    def run(self) -> list[nodes.Node]:
        chapter, name = self.arguments
        path = notebook_of(self.env.app, f"book/{chapter}")
        notebook = read_notebook(path)
        cells = code_cells(notebook) if notebook else []
        cell = next((cell for cell in cells if name_of(cell) == name), None)
        if cell is None:
            raise self.error(f"{chapter} has no figure {name}, or has not been run")
        self.env.note_dependency(path.relative_to(self.env.srcdir).as_posix())
        file = self._write(cell, name)
        figure = nodes.figure("", nodes.image(uri=f"/{file}", alt=alt_of(cell)))
        caption = nodes.caption("", "")
        figure += caption
        content, _ = self.state.inline_text("\n".join(self.content), self.lineno)
        caption.extend(content)
        return [figure]

    def _write(self, cell: NotebookNode, name: str) -> str:
        """Write the picture below the sources, where Sphinx looks for images."""
        data = next(o.data for o in cell.outputs if any("image/" in m for m in o.get("data", {})))
        root = Path(self.env.srcdir)
        if "image/svg+xml" in data:
            file = f"{FOLDER}/{name}.svg"
            write_whole(root / file, data["image/svg+xml"])
        else:
            file = f"{FOLDER}/{name}.png"
            (root / FOLDER).mkdir(parents=True, exist_ok=True)
            (root / file).write_bytes(base64.b64decode(data["image/png"]))
        return file


def name_of(cell: NotebookNode) -> str:
    """The name of a cell's figure."""
    return (cell.metadata.get("mystnb", {}).get("figure") or {}).get("name", "")


def alt_of(cell: NotebookNode) -> str:
    """The alternative text of a cell's figure."""
    return (cell.metadata["mystnb"].get("image") or {}).get("alt", "")


def setup(app: Sphinx) -> None:
    app.add_directive("borrowed-figure", BorrowedFigure)
