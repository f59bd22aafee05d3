"""Every link, anchor, picture, script and style of the built site leads somewhere."""

import pytest

from .links import broken_links

pytestmark = pytest.mark.reads("_build/html/**/*")


def test_all_links_lead_somewhere(site):
    assert broken_links(site) == []


@pytest.mark.parametrize("link", ["nowhere.html", "index.html#nowhere", "#nowhere", "x.png"])
def test_a_broken_link_is_found(tmp_path, link):
    (tmp_path / "index.html").write_text(f'<a id="top" href="#top">a</a><a href="{link}">b</a>')
    assert broken_links(tmp_path) == [f"index.html → {link}"]
