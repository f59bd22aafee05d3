"""The tree of sentences: what is drawn is what was given."""

import matplotlib.pyplot as plt
import pytest

from companion import plots

AFTER = {(): {"a": 0.6, "b": 0.4}, ("a",): {"x": 0.5, "y": 0.5}, ("b",): {"x": 0.9, "z": 0.1}}


def test_products_and_kept_ways():
    figure = plots.draw_sentences(AFTER, kept=[("b",), ("b", "x")], best=("b", "x"))
    ax = figure.axes[0]
    texts = [t.get_text() for t in ax.texts]
    for product in ("0.6", "0.4", "0.3", "0.36", "0.04"):
        assert product in texts
    bold = [t.get_text() for t in ax.texts if t.get_weight() == "bold"]
    assert bold == ["0.36"]
    thick = [line for line in ax.lines if line.get_linewidth() > 2 and len(line.get_xdata()) > 1]
    assert len(thick) == 2
    plt.close(figure)


def test_a_tree_needs_a_root():
    for empty in ({}, {(): {}}, {("a",): {"b": 1}}):
        with pytest.raises(ValueError, match="empty beginning"):
            plots.draw_sentences(empty)
