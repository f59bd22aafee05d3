"""The figure to explore walks: what it shows is where the optimizer was, within the picture."""

import json

import numpy as np
import pytest

from companion import optim
from companion.optimization.explorer import explore_walks, inverse_curvature
from companion.optimization.surfaces import SURFACES, plateau, ravine, rosenbrock, saddle
from companion.optimization.trajectories import walk

pytestmark = pytest.mark.usefixtures("plain_matplotlib")
OPTIMIZERS = {
    "plain": lambda params, lr, momentum: optim.SGD(params, lr),
    "momentum": lambda params, lr, momentum: optim.SGD(params, lr, momentum),
}
PLACES = [ravine(), rosenbrock()]
RATES, MOMENTA = [0.2, 1.0, 2.5], [0.5, 0.9]


@pytest.fixture(scope="module")
def figure():
    return explore_walks(PLACES, OPTIMIZERS, RATES, MOMENTA, steps=40).data


def drawn(data, label, **places):
    """A curve as the script looks it up."""
    told = next(c for c in data["curves"] if c["label"] == label)
    state = 0
    for name in told["of"]:
        control = next(c for c in data["controls"] if c["name"] == name)
        state = state * len(control["values"]) + places[name]
    rows = [data["arrays"][k] for k in told["states"][state]]
    return np.array(rows, dtype=float).T


@pytest.mark.parametrize("surface", range(len(PLACES)))
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("momentum", MOMENTA)
def test_the_path_is_the_walk_as_far_as_the_picture_goes(
    figure, surface, optimizer, rate, momentum
):
    place, make = PLACES[surface], OPTIMIZERS[optimizer]
    lr = rate * inverse_curvature(place)
    walked = walk(place.gradient, lambda p: make(p, lr, momentum), place.start, 40)
    low, high = np.reshape(place.box, (2, 2)).T
    close = (high - low) / 400
    inside = np.all((walked >= low) & (walked <= high), axis=1)
    count = 41 if inside.all() else int(np.argmin(inside))
    at = {
        "surface": surface,
        "optimizer": [*OPTIMIZERS].index(optimizer),
        "rate": RATES.index(rate),
        "momentum": MOMENTA.index(momentum),
    }
    path = drawn(figure, "path", **at)
    assert np.all((path >= low - close) & (path <= high + close))
    if inside.all():
        shared = len(path)
        assert np.all(np.abs(walked[shared:] - path[-1]) <= close)  # it does not move any more
    else:
        shared = count
        assert len(path) == count + 1  # and a point on the border
    assert np.all(np.abs(path[:shared] - walked[:shared]) <= close)
    assert np.isnan(drawn(figure, "end", **at)).all() == (not inside[-1])


def test_a_walk_that_leaves_ends_on_the_border(figure):
    path = drawn(figure, "path", surface=0, optimizer=0, rate=2, momentum=0)
    assert np.min(np.abs(np.abs(path[-1]) - [5, 2])) < 0.02
    state = figure["say"]["states"]
    assert any("leaves the picture" in text for text in state)


def test_each_surface_has_axes_of_its_own(figure):
    for axis, ends in (("x", (0, 1)), ("y", (2, 3))):
        assert figure[axis]["of"] == ["surface"]
        for told, place in zip(figure[axis]["states"], PLACES, strict=True):
            assert told["limits"] == [place.box[k] for k in ends]


def test_level_lines_are_level(figure):
    for s, place in enumerate(PLACES):
        lines = drawn(figure, "level lines", surface=s)
        heights = place.value(lines)
        gaps = np.flatnonzero(np.isnan(heights))
        span = np.nanmax(place.value(lines))
        for piece in np.split(heights, gaps):
            piece = piece[np.isfinite(piece)]
            if len(piece):
                assert np.ptp(piece) < 0.1 * span


def test_one_momentum_is_no_control():
    data = explore_walks([saddle()], {"Adam": lambda p, lr, _: optim.Adam(p, lr)}, [0.1], [0]).data
    assert [c["name"] for c in data["controls"]] == ["surface", "optimizer", "rate"]


def test_the_unit_of_the_rate_is_what_the_caller_says():
    data = explore_walks([plateau()], OPTIMIZERS, [0.5], [0.9], 3, unit=lambda s: 10.0).data
    assert "η = 5:" in data["say"]["states"][0]


def test_numbers_are_told_as_prose_writes_them():
    data = explore_walks([rosenbrock(), saddle()], OPTIMIZERS, [0.05], [0.9], 200).data
    told = data["say"]["states"]
    assert told[0].startswith("η = 5.0·10⁻⁵: height ")
    assert any(text.startswith("η = 0.025: height −0.25 ") for text in told)


def test_the_figure_of_the_chapter_is_small():
    data = explore_walks(
        [SURFACES[name] for name in ("ravine", "saddle", "plateau", "Rosenbrock")],
        {
            **OPTIMIZERS,
            "Nesterov": lambda params, lr, mu: optim.SGD(params, lr, mu, nesterov=True),
        },
        [0.05, 0.1, 0.3, 1, 1.9, 2.2],
        [0.5, 0.75, 0.9],
        60,
    ).data
    assert len(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()) < 150_000


def test_the_unit_is_one_over_the_largest_curvature():
    assert inverse_curvature(ravine(40.0)) == pytest.approx(1 / 40)
    assert inverse_curvature(saddle()) == pytest.approx(1 / 2)
