"""The drawing of encoder and decoder shows the tokens it was given."""

import pytest
from matplotlib.patches import Rectangle

from companion import plots


def test_what_is_said_is_the_next_input():
    figure = plots.draw_translator("cat", ["K", "AE", "T", "end"], [0.9, 0.5, 0.8, 1])
    ax = figure.axes[0]
    written = [text.get_text() for text in ax.texts]
    assert [written.count(token) for token in ("c", "a", "t")] == [1, 1, 1]
    assert [written.count(token) for token in ("<start>", "K", "AE", "T", "end")] == [1, 2, 2, 2, 1]
    assert {"0.9", "0.5", "0.8", "1"} <= set(written)
    boxes = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    assert len(boxes) == 2 * (3 + 4) + 4


def test_one_token_each_and_no_probabilities():
    ax = plots.draw_translator(["x"], ["y"], start="go").axes[0]
    assert {"x", "y", "go"} <= {text.get_text() for text in ax.texts}
    assert len(ax.lines) == 0  # nothing is handed on


def test_errors_are_clear():
    with pytest.raises(ValueError, match="0 tokens read, 1 said"):
        plots.draw_translator("", ["y"])
    with pytest.raises(ValueError, match="1 tokens read, 0 said"):
        plots.draw_translator("x", [])
    with pytest.raises(ValueError, match="1 probabilities for 2 tokens"):
        plots.draw_translator("x", "yz", [0.5])
