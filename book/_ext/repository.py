"""Everything on the pages that needs the public address of the repository.

The address is one setting, ``repository: url`` in ``_config.yml``. While it is empty no page
shows a button that would lead nowhere.
"""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.config import Config

COLAB = "https://colab.research.google.com"
BINDER = "https://mybinder.org"


def colab_address(repository: str, branch: str, docname: str) -> str:
    """The executed notebook on the branch that holds the built site, opened in Colab."""
    return f"{COLAB}/github/{_owner_and_name(repository)}/blob/{branch}/_sources/{docname}.ipynb"


def binder_address(repository: str, branch: str, docname: str) -> str:
    """The chapter's own file, which JupyterLab on Binder opens as a notebook."""
    place = f"{BINDER}/v2/gh/{_owner_and_name(repository)}/{branch}"
    return f"{place}?urlpath=lab/tree/{docname}.md"


def source_address(repository: str, branch: str, path: str) -> str:
    """A file of the repository on its web page."""
    return f"{repository.rstrip('/')}/blob/{branch}/{path}"


def _owner_and_name(repository: str) -> str:
    return "/".join(repository.rstrip("/").removesuffix(".git").split("/")[-2:])


def _show_buttons(app: Sphinx, config: Config) -> None:
    options = config.html_theme_options
    known = bool(options.get("repository_url"))
    for button in ("use_repository_button", "use_issues_button", "use_edit_page_button"):
        options[button] = known


def _add_launch_buttons(
    app: Sphinx, pagename: str, templatename: str, context: dict, doctree: object
) -> None:
    options = app.config.html_theme_options
    repository = options.get("repository_url")
    if not repository or "ipynb_source" not in context:
        return
    colab = colab_address(repository, app.config.pages_branch, pagename)
    binder = binder_address(repository, options.get("repository_branch", "main"), pagename)
    buttons = [
        _button("Colab", colab, "_static/images/logo_colab.png"),
        _button("Binder", binder, "_static/images/logo_binder.svg"),
    ]
    group = {
        "type": "group",
        "tooltip": "Run this chapter",
        "icon": "fas fa-rocket",
        "buttons": buttons,
        "label": "launch-buttons",
    }
    context["header_buttons"].insert(0, group)


def _button(text: str, url: str, icon: str) -> dict:
    return {"type": "link", "text": text, "tooltip": f"Run on {text}", "icon": icon, "url": url}


def setup(app: Sphinx) -> None:
    app.add_config_value("pages_branch", "gh-pages", "html", (str,))
    app.connect("config-inited", _show_buttons)
    # After the theme has made its list of buttons (501).
    app.connect("html-page-context", _add_launch_buttons, priority=600)
