"""Pages and downloads made from the notebooks that nbval has executed."""

from __future__ import annotations

from pathlib import Path

from myst_nb.core.execute import cache as myst_nb_cache
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from book.pipeline.downloads import as_download
from book.pipeline.layout import Book
from book.pipeline.notebooks import as_text, read_notebook
from book.pipeline.writing import write_whole


def notebook_of(app: Sphinx, docname: str) -> Path:
    """Where the executed notebook of a page lies; only chapters have one."""
    return Path(app.srcdir) / "_build" / "notebooks" / f"{docname}.ipynb"


def _depend_on_notebook(app: Sphinx, docname: str, source: list[str]) -> None:
    """Read a page again when its notebook was run again, though its text is the same."""
    path = notebook_of(app, docname)
    if path.exists():
        app.env.note_dependency(path.relative_to(app.srcdir).as_posix())


def _refuse(*arguments: object, **options: object) -> None:
    raise ExtensionError(
        "A chapter has no executed notebook. Jupyter Book only renders; run `make book`, "
        "which lets nbval execute what is missing first."
    )


def _execute_nothing(app: Sphinx) -> None:
    myst_nb_cache.single_nb_execution = _refuse


def _offer_download(
    app: Sphinx, pagename: str, templatename: str, context: dict, doctree: object
) -> None:
    if notebook_of(app, pagename).exists():
        context["ipynb_source"] = f"{pagename}.ipynb"


def _write_downloads(app: Sphinx, error: Exception | None) -> None:
    """MyST-NB leaves notebooks without outputs when it finds them in its cache."""
    if error is not None or app.builder.format != "html":
        return
    repository = app.config.html_theme_options.get("repository_url", "")
    for page in Book(Path(app.srcdir)).chapters:
        notebook = read_notebook(notebook_of(app, page.name))
        if notebook is not None:
            target = Path(app.outdir) / "_sources" / f"{page.name}.ipynb"
            write_whole(target, as_text(as_download(notebook, repository)))


def setup(app: Sphinx) -> None:
    app.connect("builder-inited", _execute_nothing)
    app.connect("source-read", _depend_on_notebook)
    app.connect("html-page-context", _offer_download)
    app.connect("build-finished", _write_downloads)
