"""Drawings of recurrences show the numbers and steps they were given."""

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from companion import plots


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_a_reading_shows_symbols_states_and_answers():
    states = np.random.default_rng(0).uniform(-1, 1, (3, 5))
    ax = plots.draw_reading("cat", states, ["", "", "yes"])
    assert texts(ax) == ["c", "a", "t", "yes"]
    assert len(ax.images) == 3
    for image, state in zip(ax.images, states, strict=True):
        np.testing.assert_array_equal(np.asarray(image.get_array())[:, 0], state)
    for symbols, answers in (("", []), ("ca", None), ("cat", ["no"])):
        with pytest.raises(ValueError, match="expected a state and an answer for each"):
            plots.draw_reading(symbols, states, answers)


def test_tasks_have_a_box_for_each_input_state_and_answer():
    tasks = {"a": ([0], [0], 1), "b": (range(4), [3], 4), "c": ([], [], 2), "d": ([0], [1, 2], 3)}
    figure = plots.draw_sequence_tasks(tasks)
    for ax, (title, (reads, answers, steps)) in zip(figure.axes, tasks.items(), strict=False):
        assert ax.get_title(loc="left") == title
        boxes = [p for p in ax.patches if isinstance(p, Rectangle)]
        assert len(boxes) == len(reads) + len(answers) + steps
        arrows = len(ax.patches) - len(boxes)
        assert arrows == len(reads) + len(answers) + steps - 1
    with pytest.raises(ValueError, match=r"'a' reads at \[1\] and answers at \[0\]"):
        plots.draw_sequence_tasks({"a": ([1], [0], 1)})
    with pytest.raises(ValueError, match="no task"):
        plots.draw_sequence_tasks({})


def test_an_unrolled_unit_carries_its_numbers():
    found = texts(plots.draw_unrolled_numbers([1, -2], [0.5, 0.25], (3, 4), [0.125, 6]).axes[0])
    assert {"h₁\n0.5", "h₂\n0.25", "x₂\n−2", "W x = 3", "W x = −6", "U h = 0", "U h = 2"} <= set(
        found
    )
    assert {"0.12", "6", "24", "1"} <= set(found)  # da₁, da₂, U da₂, and what began
    assert found.count("6") == 2  # to W x₂ and to U h₁: both are added before the bend
    without = texts(plots.draw_unrolled_numbers([1], [0.5], (3, 4)).axes[0])
    assert set(without) == {"h₀\n0", "h₁\n0.5", "x₁\n1", "W x = 3", "U h = 0"}
    for x, states, back in (([], [], None), ([1], [], None), ([1], [1], [])):
        with pytest.raises(ValueError, match="expected as many of both"):
            plots.draw_unrolled_numbers(x, states, (1, 1), back)
