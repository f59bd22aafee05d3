"""Drawings of paths and of the lattice: what is written, and which steps are joined."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from companion import plots


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_paths_stand_in_columns():
    ax = plots.draw_paths(["a-b", "-ab"], mark=[1]).axes[0]
    cells = {tuple(text.get_position()): text.get_text() for text in ax.texts}
    for column, path in enumerate(["a-b", "-ab"]):
        assert "".join(cells[column + 0.5, row + 0.5] for row in range(3)) == path
    assert len(ax.patches) == 6 + 1


def joined(labels, frames=2):
    ax = plots.draw_lattice(labels, np.ones((frames, len(labels)))).axes[0]
    return {tuple(map(int, line.get_ydata())) for line in ax.lines}


def test_the_lattice_joins_what_a_path_may_do():
    assert joined("-a-b-") == {
        *[(s, s) for s in range(5)],
        *[(s, s + 1) for s in range(4)],
        (1, 3),
    }
    assert (1, 3) not in joined("-a-a-")


def test_numbers_stand_in_nodes_and_zeros_do_not():
    ax = plots.draw_lattice("-a-", [[1, 2, 0], [3, 0, 5]]).axes[0]
    assert sorted(text.get_text().strip() for text in ax.texts) == ["", "", "1", "2", "3", "5"]


def test_refusals():
    with pytest.raises(ValueError, match="draw_paths"):
        plots.draw_paths(["ab", "a"])
    with pytest.raises(ValueError, match="draw_paths"):
        plots.draw_paths([])
    with pytest.raises(ValueError, match="draw_lattice"):
        plots.draw_lattice("-a-", np.ones((2, 4)))
