"""Drawings of neurons, networks and computations show the numbers that are really there."""

import numpy as np
import pytest
import torch
from matplotlib.colors import to_rgba

from companion import nn, plots
from companion.gradients.tensor import Tensor
from companion.plots.arrays import TOUCHED

pytestmark = pytest.mark.usefixtures("plain_matplotlib")
X = np.array([1.0, -0.5])


def texts(figure):
    return [text.get_text() for text in figure.axes[0].texts if text.get_text()]


def written(*values):
    """Numbers as drawings write them: two decimals at most, a real minus."""
    return [f"{v:.2f}".rstrip("0").rstrip(".").replace("-", "−") for v in values]


def wires(figure):
    return [line for line in figure.axes[0].lines if line.get_zorder() == 1]


@pytest.fixture
def network():
    network = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 2)).double()
    rng = np.random.default_rng(3)
    state = network.state_dict()
    network.load_state_dict({name: rng.normal(size=w.shape) for name, w in state.items()})
    return network


def test_a_neuron_shows_its_sum_and_its_output():
    figure = plots.draw_neuron([0.5, -1.0], 0.25, [3.0, 1.0], ("tanh", np.tanh))
    found = texts(figure)
    assert {"w₁ = 0.5", "w₂ = −1", "b = 0.25", "z = 0.75", "x₁\n3", "tanh"} <= set(found)
    assert f"a\n{np.tanh(0.75):.2f}" in found
    assert "z = 0.75" not in texts(plots.draw_neuron([0.5, -1.0], 0.25))
    assert "z\n0.75" in texts(plots.draw_neuron([0.5, -1.0], 0.25, [3.0, 1.0]))
    with pytest.raises(ValueError, match="2 weights, but 3 inputs"):
        plots.draw_neuron([0.5, -1.0], 0.25, [1, 2, 3])


def test_a_network_shows_its_weights_and_the_values_of_its_units(network):
    figure = plots.draw_network(network, X)
    weights = [*network[0].weight.numpy().ravel(), *network[2].weight.numpy().ravel()]
    hidden = np.tanh(network[0].weight.numpy() @ X + network[0].bias.numpy())
    scores = network(Tensor(X[None])).numpy()[0]
    found = texts(figure)
    for weight in written(*weights):
        assert weight in found
    for letter, values in (("x", X), ("h", hidden), ("ŷ", scores)):
        for k, value in enumerate(written(*values)):
            assert f"{letter}{'₁₂₃'[k]}\n{value}" in found
    solid = [line.get_linestyle() == "-" for line in wires(figure)]
    assert sorted(solid) == sorted(weight >= 0 for weight in weights)
    thick = [line.get_linewidth() for line in wires(figure)]
    assert np.argmax(thick[:6]) == np.argmax(np.abs(network[0].weight.numpy().T.ravel()))


def test_a_network_shows_the_gradients_of_its_last_backward_pass(network):
    nn.CrossEntropyLoss()(network(Tensor(X[None])), np.array([1])).backward()
    figure = plots.draw_network(network, X, gradients=True)
    shown = [t.get_text() for t in figure.axes[0].texts if t.get_color() == plots.GRADIENT]
    expected = [*network[0].weight.grad.ravel(), *network[2].weight.grad.ravel()]
    assert sorted(shown) == sorted(t if t != "−0" else "0" for t in written(*expected))


def test_long_layers_are_cut_and_say_how_long_they_are():
    model = nn.Sequential(nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 4))
    found = texts(plots.draw_network(model, names=("x", "s")))
    assert {"784 units", "64 units", "ReLU", "x₇₈₄", "h₆₄", "s₄"} <= set(found)
    assert "4 units" not in found
    assert found.count("⋮") == 2
    with pytest.raises(ValueError, match="no linear layer"):
        plots.draw_network(nn.Sequential(nn.Tanh()))


def computation(engine):
    """A neuron and its squared error, in either engine."""
    w1, w2, b = (engine(v) for v in (0.5, -1.0, 0.25))
    z = w1 * 2.0 + w2 * 1.5 + b
    error = z.tanh() - 1.0 if engine is not ours else nn.functional.tanh(z) - 1.0
    return error * error, {"w₁": w1, "w₂": w2, "b": b, "z": z}


def ours(value):
    return Tensor(np.float64(value), requires_grad=True)


def theirs(value):
    return torch.tensor(value, dtype=torch.float64, requires_grad=True)


def gradients_in(figure):
    return [t.get_text() for t in figure.axes[0].texts if t.get_weight() == "bold"]


def test_wires_carry_the_gradients_that_torch_finds():
    loss, names = computation(ours)
    other, others = computation(theirs)
    others["z"].retain_grad()
    other.backward()
    figure = plots.draw_wires(loss, names)
    shown = gradients_in(figure)
    for tensor in others.values():
        assert written(tensor.grad.item())[0] in shown
    assert written(other.item())[0] in texts(figure)
    assert {"w₁", "b", "tanh", "z"} <= set(texts(figure))
    assert all(tensor.grad is None for tensor in names.values())


def test_the_way_back_is_shown_step_by_step():
    loss, names = computation(ours)
    counts = [
        len(gradients_in(plots.draw_wires(loss, names, gradients=k)))
        for k in plots.backward_steps(loss)
    ]
    assert counts[:2] == [0, 1]
    assert counts == sorted(counts)
    assert counts[-1] == len(gradients_in(plots.draw_wires(loss, names)))


def test_a_wire_that_would_run_through_a_circle_is_bent():
    def bends(result):
        ax = plots.draw_wires(result).axes[0]
        wires = [t.arrow_patch for t in ax.texts if hasattr(t, "arrow_patch")]
        styles = [wire.get_connectionstyle() for wire in wires]
        return sum(getattr(style, "rad", 0) != 0 for style in styles), ax.get_ylim()[1]

    x = Tensor(np.float64(1.0), requires_grad=True)
    s = x * x
    straight, low = bends(s.exp())
    bent, high = bends(s + s.exp())
    assert (straight, bent) == (0, 1)
    assert high > low


def test_only_numbers_have_wires():
    x = Tensor(np.ones(3), requires_grad=True)
    with pytest.raises(ValueError, match=r"shape \(3,\) is not a number"):
        plots.draw_wires(x.sum())


NORMALIZED = {
    "batch": np.s_[:, 0],
    "layer": np.s_[0],
    "group": np.s_[0, :2],
    "instance": np.s_[0, 0],
}


def filled(figure):
    """How many of the cells that can be seen are filled, and how many there are."""
    cells = figure.axes[0].patches
    return sum(cell.get_zorder() == 2 for cell in cells), len(cells)


@pytest.mark.parametrize("region", NORMALIZED.values(), ids=NORMALIZED)
def test_an_array_shows_what_a_normalization_averages(region):
    shape = 4, 6, 5
    figure = plots.draw_array(shape, region, names=("batch N", "channel C", "height × width"))
    touched = np.zeros(shape, bool)
    touched[region] = True
    # Front, top and right side: what a look from there sees of the block.
    seen = touched[0].sum() + touched[:, 0].sum() + touched[:, :, -1].sum()
    assert filled(figure) == (seen, 6 * 5 + 4 * 5 + 4 * 6)
    assert texts(figure) == ["height × width", "channel C", "batch N"]


def test_what_is_filled_looks_different_in_grey_too():
    figure = plots.draw_array((2, 2), np.s_[:, 0])
    lightness = {
        cell.get_zorder(): np.dot(cell.get_facecolor()[:3], [0.299, 0.587, 0.114])
        for cell in figure.axes[0].patches
    }
    assert lightness[1] - lightness[2] > 0.15


def test_a_flat_array_holds_its_numbers_row_by_row():
    values = np.array([[3, 1, -0.7], [9, 5, 0.125]])
    figure = plots.draw_array((2, 3), np.s_[:, 0], values=values, title="before")
    assert texts(figure) == ["3", "1", "−0.7", "9", "5", "0.12"]
    places = [text.get_position() for text in figure.axes[0].texts]
    assert places[0][1] == places[2][1] > places[3][1]
    assert places[0][0] == places[3][0] < places[1][0]
    assert filled(figure) == (2, 6)
    assert filled(plots.draw_array((2, 3))) == (0, 6)
    assert figure.axes[0].get_title() == "before"


def test_arrays_that_cannot_be_drawn_are_told():
    with pytest.raises(ValueError, match="two or three axes"):
        plots.draw_array((2, 3, 4, 5))
    with pytest.raises(ValueError, match="two or three axes"):
        plots.draw_array((2, 0))
    with pytest.raises(ValueError, match="2 names for 3 axes"):
        plots.draw_array((2, 3, 4), names=("a", "b"))
    with pytest.raises(ValueError, match=r"values of shape \(3, 2\) for cells \(2, 3\)"):
        plots.draw_array((2, 3), values=np.zeros((3, 2)))
    with pytest.raises(ValueError, match="nothing of the region is at the surface"):
        plots.draw_array((3, 3, 3), np.s_[1, 1, 1])


def test_a_dataflow_runs_from_left_to_right():
    reads = {"x": [], "y": [], "x·y": ["x", "y"], "out": ["x·y", "x"], "late": []}
    reads["late + out"] = ["late", "out"]
    figure = plots.draw_dataflow(reads, marked={"out"}, texts={"out": "result"})
    boxes = {text.get_text(): text for text in figure.axes[0].texts if text.get_text()}
    assert set(boxes) == {"x", "y", "x·y", "result", "late", "late + out"}
    place = {name: text.get_position()[0] for name, text in boxes.items()}
    assert place["x"] == place["y"] == 0
    assert [place[n] for n in ("x·y", "result", "late + out", "late")] == [1, 2, 3, 2]
    assert len({text.get_position() for text in boxes.values()}) == len(boxes)
    edges = {name: text.get_bbox_patch().get_edgecolor() for name, text in boxes.items()}
    assert edges["result"] != edges["x·y"] == edges["x"]
    arrows = [text for text in figure.axes[0].texts if not text.get_text()]
    assert len(arrows) == sum(map(len, reads.values()))


@pytest.mark.parametrize("reads", [{"a": ["b"]}, {"a": ["b"], "b": ["a"]}, {"a": ["a"]}])
def test_a_dataflow_that_has_no_order_is_refused(reads):
    with pytest.raises(ValueError, match="draw_dataflow"):
        plots.draw_dataflow(reads)


def test_a_kernel_shows_what_it_covers_and_the_true_output():
    rng = np.random.default_rng(5)
    image, kernel = rng.integers(0, 4, (4, 5)), rng.integers(-1, 2, (2, 3))
    figure = plots.draw_kernel(image, kernel, at=(1, 2))
    tensors = (torch.tensor(a[None, None], dtype=torch.double) for a in (image, kernel))
    right = torch.nn.functional.conv2d(*tensors).numpy()[0, 0]
    for ax, values in zip(figure.axes, (image, kernel, right), strict=True):
        shown = [text.get_text() for text in ax.texts][: values.size]
        assert shown == written(*values.ravel())
    touched = to_rgba(TOUCHED)
    filled = [sum(p.get_facecolor() == touched for p in ax.patches) for ax in figure.axes]
    assert filled == [kernel.size, kernel.size, 1]
    with pytest.raises(ValueError, match="does not lie within"):
        plots.draw_kernel(image, kernel, at=(3, 0))


def test_a_recurrence_is_unrolled_step_by_step():
    found = texts(plots.draw_unrolled(3, ("x", "h", "ŷ"), outputs=[3]))
    assert {"x₁", "x₂", "x₃", "h₀", "h₁", "h₂", "h₃", "ŷ₃", "x", "h", "ŷ"} <= set(found)
    assert "ŷ₁" not in found
    assert found.count("W") == 4  # the loop, and a wire into each of three steps
    assert found.count("U") == 4
    assert found.count("V") == 2
    for steps, outputs in ((0, None), (2, [3])):
        with pytest.raises(ValueError, match="steps with outputs"):
            plots.draw_unrolled(steps, outputs=outputs)


def test_cells_with_gates_show_their_parts_and_numbers():
    found = texts(plots.draw_lstm({"f": 0.9, "c_before": 2, "c": 2.25, "h": -0.5}))
    assert found.count("⊙") == 3
    assert found.count("+") == 1
    assert found.count("σ") == 3
    assert found.count("tanh") == 2  # of the new content, and of the cell that is shown
    assert {"$f_t$", "$i_t$", "$g_t$", "$o_t$", "$c_{t−1}$", "$c_{t}$", "$h_{t}$"} <= set(found)
    assert set(written(0.9, 2, 2.25, -0.5)) <= set(found)
    found = texts(plots.draw_gru({"u": 0.75, "h": 0.26}))
    assert found.count("⊙") == 2
    assert found.count("+") == 1
    assert {"$u_t$", "$r_t$", "$n_t$", "1 − $u_t$", "0.75", "0.26"} <= set(found)
    with pytest.raises(ValueError, match="no value 'c' in this cell; there are r, u, n"):
        plots.draw_gru({"c": 1.0})
    with pytest.raises(ValueError, match="no value 'u'"):
        plots.draw_lstm({"u": 1.0})


def test_layers_in_time_have_arrows_in_their_direction():
    for layers, rows in ((["→"], 1), (["↔"], 2), (["→", "↔"], 3), (["←", "←"], 2)):
        figure = plots.draw_directions(3, layers, ("x", "h", "ŷ"))
        found = texts(figure)
        assert len(found) == 3 * (rows + 2)
        assert {"x₁", "x₂", "x₃", "ŷ₁", "ŷ₂", "ŷ₃"} <= set(found)
        arrows = [p for p in figure.axes[0].patches if hasattr(p, "_posA_posB")]
        ends = [patch._posA_posB for patch in arrows]
        flat = [b[0] - a[0] for a, b in ends if abs(b[1] - a[1]) < 1e-9]
        right, left = sum(d > 0 for d in flat), sum(d < 0 for d in flat)
        signs = "".join(layers).replace("↔", "→←")
        assert (right, left) == (2 * signs.count("→"), 2 * signs.count("←"))
    both = texts(plots.draw_directions(2, ["↔"]))
    assert {"→\nh₁", "→\nh₂", "←\nh₁", "←\nh₂"} <= set(both)
    deep = texts(plots.draw_directions(2, ["→", "↔"]))
    assert {"h⁽¹⁾₁", "h⁽¹⁾₂", "→\nh⁽²⁾₁", "←\nh⁽²⁾₂"} <= set(deep)
    for steps, layers in ((0, ["→"]), (2, []), (2, ["both"])):
        with pytest.raises(ValueError, match="draw_directions"):
            plots.draw_directions(steps, layers)


def test_an_attention_map_shows_shares():
    weights = np.array([[0.75, 0.25, 0], [0.1, 0.2, 0.7]])
    ax = plots.attention_map(weights, ["le", "chat"], ["the", "black", "cat"])
    assert [text.get_text() for text in ax.texts] == written(*weights.ravel())
    assert [label.get_text() for label in ax.get_xticklabels()] == ["the", "black", "cat"]
    assert np.array_equal(ax.images[0].get_array(), weights)
    with pytest.raises(ValueError, match="1 queries, 3 keys"):
        plots.attention_map(weights, ["le"], ["the", "black", "cat"])
    with pytest.raises(ValueError, match="must add up to 1"):
        plots.attention_map(weights * 2, ["le", "chat"], ["the", "black", "cat"])


def test_a_look_is_as_wide_as_its_share():
    figure = plots.draw_gaze(["Ann", "sings", "she"], [0.75, 0, 0.25], 2)
    assert set(texts(figure)) == {*written(0.75, 0, 0.25), "Ann", "sings", "she"}
    wide, none, narrow = (line.get_linewidth() for line in figure.axes[0].lines)
    assert wide == pytest.approx(3 * narrow)
    assert 0 < none < narrow
    ends = {tuple(line.get_xydata()[0]) for line in figure.axes[0].lines}
    assert len(ends) == 1  # all begin at the place that looks
    assert texts(plots.draw_gaze(["a", "b"], [1, 0], 0, digits=None)) == ["a", "b", "a"]
    for weights, place in (([0.5, 0.5], 0), ([0.5, 0.5, 0], 3), ([2, 0, -1], 0)):
        with pytest.raises(ValueError, match="draw_gaze"):
            plots.draw_gaze(["Ann", "sings", "she"], weights, place)


def test_a_ladder_of_errors_begins_each_bar_where_the_last_ended():
    errors = {"human": 0.01, "train": [0.2, 0.1, 0.12], "dev": 0.05}
    ax = plots.error_ladder(errors, marked="train")
    bars = ax.patches
    assert [bar.get_y() for bar in bars] == pytest.approx([0, 0.01, 0.12])
    assert [bar.get_height() for bar in bars] == pytest.approx([0.01, 0.11, -0.07])
    assert [bar.get_hatch() for bar in bars] == [None, None, "////"]
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    assert dots[0].get_ydata().tolist() == [0.2, 0.1, 0.12]
    assert bars[1].get_edgecolor()[:3] == to_rgba(plots.COLORS[1])[:3]


def test_ladders_and_questions_refuse_what_is_not_there():
    with pytest.raises(ValueError, match=r"'test' is not one of \['human'\]"):
        plots.error_ladder({"human": 0.1}, marked="test")
    with pytest.raises(ValueError, match="is not one of"):
        plots.error_ladder({})
    with pytest.raises(ValueError, match="no questions"):
        plots.draw_questions([], "end")


def test_questions_stand_in_their_order():
    figure = plots.draw_questions([("first?", "a", "do b"), ("second?", "c", "do d")], "end")
    found = texts(figure)
    assert [t for t in found if t.endswith("?")] == ["first?", "second?"]
    assert {"a\ndo b", "c\ndo d", "end"} <= set(found)
    assert found.count("yes") == found.count("no") == 2


def test_branches_show_their_maps_and_the_sum():
    figure = plots.draw_branches(6, [[("1×1", 4)], [("1×1", 2), ("5×5", 3)], []], side=8)
    assert sorted(texts(figure)) == sorted(
        ["6", "4", "1×1", "2", "1×1", "3", "5×5", "13", "of 8 × 8", "of 8 × 8"]
    )


def test_branches_without_maps_are_named():
    for branches in ([], [[("1×1", 0)]]):
        with pytest.raises(ValueError, match="expected branches of maps"):
            plots.draw_branches(6, branches)


def test_sheets_show_every_channel_up_to_the_most_and_every_shape():
    figure = plots.draw_sheets(
        [(1, 28, 28), (6, 14, 14), (40, 5, 7), (120,), (10,)],
        ["conv", "pool", "flatten", "dense"], axes_of=1, most=16,
    )  # fmt: skip
    found = texts(figure)
    assert {"1@28×28", "6@14×14", "40@5×7", "120", "10"} <= set(found)
    assert {"conv", "pool", "flatten", "dense", "C", "H", "W"} <= set(found)
    boxes = figure.axes[0].patches
    sheets = [box for box in boxes if round(box.get_width() / box.get_height(), 3) == 1]
    assert len(boxes) == 1 + 6 + 16 + 2 + sum(type(b).__name__ == "FancyArrowPatch" for b in boxes)
    assert len(sheets) == 1 + 6
    assert sheets[0].get_width() == pytest.approx(2 * sheets[1].get_width())


@pytest.mark.parametrize(
    ("shapes", "steps", "message"),
    [
        ([(1, 2)], None, r"expected \(C, H, W\) or \(D,\)"),
        ([(3, 0, 4)], None, "all ≥ 1"),
        ([(3,), (4,)], ["a", "b"], "2 steps between 2 shapes; expected 1"),
    ],
)
def test_sheets_that_are_none_are_refused(shapes, steps, message):
    with pytest.raises(ValueError, match=message):
        plots.draw_sheets(shapes, steps)


def test_volumes_are_boxes_and_vectors_bars_with_their_sizes():
    shapes = [(3, 32, 32), (6, 28, 20), (120,)]
    figure = plots.draw_volumes(shapes, names=["image", "conv", "dense"])
    assert texts(figure) == ["3\n32×32", "image", "6\n28×20", "conv", "120", "dense"]
    polygons = figure.axes[0].patches
    assert len(polygons) == 3 + 3 + 1  # front, top and side of a box; a bar has a front only
    front, second = (polygons[k].get_xy() for k in (0, 3))
    assert np.ptp(second[:, 1]) / np.ptp(front[:, 1]) == pytest.approx((28 / 32) ** 0.5)
    assert np.ptp(second[:, 0]) / np.ptp(front[:, 0]) == pytest.approx(2**0.5)
    assert len({p.get_facecolor() for p in (polygons[0], polygons[3], polygons[6])}) == 3


@pytest.mark.parametrize(
    ("shapes", "options", "message"),
    [
        ([], {}, r"expected shapes \(C, H, W\) or \(D,\)"),
        ([(3, 4)], {}, r"\[\(3, 4\)\]; expected shapes"),
        ([(0,)], {}, "expected shapes"),
        ([(4,)], {"names": ["a", "b"]}, "2 names for 1 shapes"),
        ([(4,)], {"fill": [0, 1]}, "2 fill for 1 shapes"),
    ],
)
def test_volumes_that_do_not_fit_are_refused(shapes, options, message):
    with pytest.raises(ValueError, match=message):
        plots.draw_volumes(shapes, **options)


def test_windows_show_their_pairs():
    figure = plots.draw_windows(["in", "the", "very", "beginning"], [0, 3], 2)
    assert texts(figure) == ["in", "the", "very", "beginning"] * 2
    assert len(figure.axes[0].patches) == 4  # an arrow for each neighbour
    reached = plots.draw_windows(["in", "the", "very", "beginning"], [3], 2, crossed={1, 2})
    assert len(reached.axes[0].patches) == 1
    for centres, crossed in (([4], ()), ([1], {1}), ([], ())):
        with pytest.raises(ValueError, match="draw_windows"):
            plots.draw_windows(["in", "the", "very", "beginning"], centres, 2, crossed)


def test_two_games_give_and_ask():
    left, right = plots.draw_two_games(["a", "b", "c"], 1).axes
    assert left.get_title() == "skip-gram"
    assert right.get_title() == "CBOW"
    for ax in (left, right):
        assert {"a", "b", "c", "given", "asked for"} <= {text.get_text() for text in ax.texts}
        assert len(ax.patches) == 4  # the vector and three arrows
    for words, centre in ((["a"], 0), (["a", "b"], 2)):
        with pytest.raises(ValueError, match="draw_two_games"):
            plots.draw_two_games(words, centre)


def test_a_tree_of_words():
    figure = plots.draw_tree(
        ["x", "y", "z"], ["0", "10", "11"], marked=2, notes={"": "w₁", "1": "w₂"}
    )
    found = texts(figure)
    assert {"x", "y", "z", "w₁", "w₂"} <= set(found)
    assert found.count("0") == found.count("1") == 2
    marked = [line for line in figure.axes[0].lines if line.get_color() == plots.COLORS[1]]
    assert len(marked) == 2
    for ways in (["0", "10"], ["0", "1", "11"], ["0", "10", "10", "11"]):
        with pytest.raises(ValueError, match="make no tree"):
            plots.draw_tree(["x", "y", "z"], ways)


def test_a_look_shows_its_shares_and_draws_larger_ones_wider():
    figure = plots.draw_look(["a", "b", "c"], [0.25, 0.7, 0.05], "z", vectors=["(1)", "(2)", "(3)"])
    found = texts(figure)
    assert {"0.25", "0.7", "0.05", "a (1)", "b (2)", "c (3)", "h₁", "h₃", "s", "c", "z"} <= set(
        found
    )
    widths = [p.get_linewidth() for p in figure.axes[0].patches if p.get_alpha() is not None]
    assert np.argsort(widths).tolist() == [2, 0, 1]
    with pytest.raises(ValueError, match=r"weights \(2,\) for 3 tokens"):
        plots.draw_look("abc", [0.5, 0.5])
    for weights in ([0.5, 0.6], [1.5, -0.5]):
        with pytest.raises(ValueError, match="must add up to 1"):
            plots.draw_look("ab", weights)


def test_a_bottleneck_has_one_wide_arrow():
    figure = plots.draw_bottleneck(["a", "b"], ["x", "y", "z"])
    assert {"a", "b", "x", "y", "z", "one vector"} <= set(texts(figure))
    arrows = [p for p in figure.axes[0].patches if hasattr(p, "set_arrowstyle")]
    widths = [arrow.get_linewidth() for arrow in arrows]
    assert len(widths) == 5 + 4  # one for each token, one from unit to unit
    assert sum(width > 2 for width in widths) == 1
    with pytest.raises(ValueError, match="0 tokens in, 1 out"):
        plots.draw_bottleneck([], ["x"])


def test_blocks_have_a_norm_and_a_way_around_for_each_part():
    figure = plots.draw_blocks(
        [("reads", ["look", "think"], True), ("speaks", ["back", "across", "think"], False)],
        across=[(0, 1, 1)],
    )
    found = texts(figure)
    assert found == [
        *("reads", "norm", "look", "+", "norm", "think", "+"),
        *("speaks", "back", "+", "norm", "across", "+", "norm", "think", "+", "norm"),
    ]
    heights = {t.get_text(): t.get_position()[1] for t in figure.axes[0].texts}
    assert heights["back"] < heights["across"] < heights["think"]
    assert len(figure.axes[0].lines) == 5 + 1  # five ways around, one across
    for wrong in ([], [("a", [], True)]):
        with pytest.raises(ValueError, match="at least one block with a part"):
            plots.draw_blocks(wrong)
    with pytest.raises(ValueError, match=r"no arrow \(0, 1, 0\)"):
        plots.draw_blocks([("a", ["b"], True)], across=[(0, 1, 0)])
