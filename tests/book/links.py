"""Links of a built site that lead to no file or no anchor."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup


def broken_links(site: Path) -> list[str]:
    """Links within the site that lead to no file or no anchor."""
    pages = {
        path: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for path in site.rglob("*.html")
        if "_static" not in path.relative_to(site).parts
    }
    anchors = {path: _anchors(soup) for path, soup in pages.items()}
    broken = []
    for path, soup in pages.items():
        for link in _links(soup):
            target, anchor = _resolve(site, path, link)
            known = anchors.get(target, {anchor})  # other files have no anchors to look at
            if not target.exists() or (anchor and anchor not in known):
                broken.append(f"{path.relative_to(site)} → {link}")
    return broken


def _anchors(soup: BeautifulSoup) -> set[str]:
    return {tag.get("id") or tag.get("name") for tag in soup.find_all(id=True)} | {
        tag["name"] for tag in soup.find_all("a", attrs={"name": True})
    }


def _links(soup: BeautifulSoup) -> list[str]:
    found = [tag[name] for name in ("href", "src") for tag in soup.find_all(attrs={name: True})]
    return [link for link in found if not urlsplit(link).scheme and not link.startswith("//")]


def _resolve(site: Path, page: Path, link: str) -> tuple[Path, str]:
    parts = urlsplit(link)
    path = unquote(parts.path)
    if not path:
        return page, unquote(parts.fragment)
    start = site if path.startswith("/") else page.parent
    return (start / path.lstrip("/")).resolve(), unquote(parts.fragment)
