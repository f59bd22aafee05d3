"""Figures to explore: which positions are computed, and what the page is given to draw."""

import itertools
import json
import re
import xml.etree.ElementTree as ElementTree

import matplotlib as mpl
import numpy as np
import pytest

from companion import plots
from companion.plots.explorer import EXPLORE
from companion.plots.photos import opened

pytestmark = pytest.mark.usefixtures("plain_matplotlib")
NAMES = ["sin", "exp", "log"]
PLACES = [0.25, 0.5, 1.0, 2.0, 4.0]


def line(**changes):
    """The smallest explorer, changed."""
    arguments = {
        "controls": {"k": [1, 2, 3]},
        "curves": {"line": lambda k: ([0, 1], [0, k])},
        **changes,
    }
    return plots.explore(**arguments)


def curve(data, index, *places):
    """A curve as the script looks it up: by the places of the controls it names, in order."""
    told = data["curves"][index]
    sizes = {c["name"]: len(c["values"]) for c in data["controls"]}
    state = 0
    for name, place in zip(told["of"], places, strict=True):
        state = state * sizes[name] + place
    return [data["arrays"][k] for k in told["states"][state]]


def test_each_function_is_called_for_its_own_controls_only():
    calls = {"both": [], "one": [], "none": [], "said": []}

    def both(x, name):
        calls["both"].append((x, name))
        return [x], [1.0]

    def one(name):
        calls["one"].append(name)
        return [0, 1], [0, 1]

    def none(fixed=7):
        calls["none"].append(fixed)
        return [0, 1], [1, 1]

    def said(x):
        calls["said"].append(x)
        return f"{x}"

    shown = plots.explore(
        {"name": NAMES, "x": PLACES}, {"both": both, "one": one, "none": none}, say=said
    )
    assert calls["both"] == list(itertools.product(PLACES, NAMES))
    assert calls["one"] == NAMES
    assert calls["none"] == [7]
    assert calls["said"] == PLACES
    assert [c["of"] for c in shown.data["curves"]] == [["x", "name"], ["name"], []]


def test_the_page_is_given_what_the_functions_return():
    xs = np.linspace(0.01, 5, 37)
    functions = {name: getattr(np, name) for name in NAMES}
    curves = {
        "graph": lambda name: (xs, functions[name](xs)),
        "here": lambda x, name: ([x], [functions[name](x)]),
    }

    def say(x, name):
        return f"{name} {x}"

    shown = plots.explore({"name": NAMES, "x": PLACES}, curves, say=say)
    data = json.loads(json.dumps(shown.data, allow_nan=False))
    for i, name in enumerate(NAMES):
        x, y = curve(data, 0, i)
        np.testing.assert_allclose(x, xs, rtol=5e-5)
        np.testing.assert_allclose(y, functions[name](xs), rtol=5e-5)
        for j, at in enumerate(PLACES):
            x, y = curve(data, 1, j, i)
            np.testing.assert_allclose([x[0], y[0]], [at, functions[name](at)], rtol=5e-5)
            assert data["say"]["states"][j * len(NAMES) + i] == say(at, name)


def test_equal_arrays_are_written_once():
    xs = np.linspace(0, 1, 50)
    data = line(
        controls={"k": range(20)},
        curves={"a": lambda k: (xs, xs * k), "b": lambda: (xs, 0 * xs)},
    ).data
    assert len(data["arrays"]) == 20  # xs is 1 * xs as well, and b is 0 * xs


def test_what_is_not_finite_breaks_the_line():
    data = line(curves={"a": lambda k: (range(4), [k, np.nan, np.inf, 1.0])}).data
    assert curve(data, 0, 2) == [[0, 1, 2, 3], [3, None, None, 1]]


def test_controls_say_their_kind_values_and_start():
    shown = plots.explore(
        {"how": ["fast", "slow"], "rate": np.linspace(-1, 1, 21)},
        {"a": lambda how, rate: ([0, 1], [0, rate])},
        forms={"rate": "{:+.2f}"},
        start={"rate": 0.3},  # linspace holds 0.30000000000000004
    )
    how, rate = shown.data["controls"]
    assert how == {"name": "how", "kind": "choice", "values": ["fast", "slow"], "start": 0}
    assert (rate["kind"], rate["values"][0], rate["values"][-1]) == ("slider", "−1.00", "+1.00")
    assert rate["values"][rate["start"]] == "+0.30"
    assert line().data["controls"][0]["start"] == 1  # the middle
    assert line().data["controls"][0]["values"] == ["1", "2", "3"]


def test_axes_hold_every_position_and_have_ticks_within():
    y = line(curves={"a": lambda k: ([0, 1], [0, k])}).data["y"]
    assert y["limits"] == pytest.approx([-0.15, 3.15])
    assert y["texts"][y["ticks"].index(0.0)] == "0"
    assert all(-0.15 <= tick <= 3.15 for tick in y["ticks"])
    narrow = line(ylim=(-2, 2), xlim=np.array([0, 9]))
    assert narrow.data["y"]["limits"] == [-2, 2]
    assert narrow.data["y"]["texts"][0] == "−2"
    assert narrow.data["x"]["limits"] == [0, 9]


def test_ranks_have_ticks_at_whole_numbers():
    def told(x):
        return line(curves={"a": lambda k: (x, [k] * len(x))}).data["x"]

    assert told(np.arange(1, 17))["ticks"] == [5, 10, 15]
    assert 2.5 in told(np.linspace(1, 16, 20))["ticks"]
    assert 0.2 in told([0, 1])["ticks"]  # a straight line by its ends


def test_limits_may_depend_on_controls():
    data = line(
        controls={"where": ["near", "far"], "k": [1, 2]},
        curves={"a": lambda k: ([0, 1], [0, k])},
        xlim=lambda where: (0, 9 if where == "near" else 900),
        ylim=lambda k, where: (0, k),
    ).data
    assert data["x"]["of"] == ["where"]
    assert [told["limits"] for told in data["x"]["states"]] == [[0, 9], [0, 900]]
    assert [told["texts"][-1] for told in data["x"]["states"]] == ["8", "800"]
    assert data["y"]["of"] == ["k", "where"]
    assert [told["limits"][1] for told in data["y"]["states"]] == [1, 1, 2, 2]
    assert "label" in data["x"]


def test_the_picture_has_the_limits_of_the_start():
    pictures = {
        where: line(
            controls={"where": ["near", "far"]},
            curves={"a": lambda: ([0, 1], [0, 1])},
            xlim=lambda where: (0, 9 if where == "near" else 900),
            start={"where": where},
        ).svg
        for where in ("near", "far")
    }
    assert "<!-- 800 -->" in pictures["far"]
    assert "<!-- 800 -->" not in pictures["near"]


def test_a_curve_may_be_thin_or_dots():
    plots.use_style()
    shown = line(
        curves={name: lambda k: ([0, 1, 2], [0, k, 0]) for name in ("path", "steps", "level")},
        looks={"steps": "dots", "level": "thin"},
    )
    path, steps, level = shown.data["curves"]
    assert "look" not in path
    assert (steps["look"], steps["color"], steps["dash"]) == ("dots", plots.COLORS[1], [])
    assert (level["look"], level["color"], level["dash"]) == ("thin", "#8C8C8C", [])
    assert "stroke: #8c8c8c; stroke-width: 0.7" in shown.svg


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([0.0, 1e-3, 1e2], ["10⁻³", "10⁻²", "10⁻¹", "10⁰", "10¹", "10²"]),
        ([-1.0, 3.0, 30.0], ["5", "10¹", "20"]),
    ],
)
def test_a_logarithmic_axis_shows_what_is_above_zero(values, texts):
    y = line(curves={"a": lambda: (range(3), values)}, log=True).data["y"]
    assert 0 < y["limits"][0] < min(v for v in values if v > 0)
    assert y["limits"][1] > max(values)
    assert y["texts"] == texts


def test_a_curve_that_never_shows_still_has_axes():
    assert line(curves={"a": lambda: ([0, 1], [np.nan, np.nan])}).data["y"]["ticks"]
    assert line(curves={"a": lambda: ([], [])}, log=True).data["y"]["ticks"]


def test_a_notebook_shows_the_start_in_house_style():
    plots.use_style()
    shown = line(
        curves={"line": lambda k: ([0, 1], [0, k]), "here": lambda k: ([1], [k])},
        start={"k": 3},
        xlabel="time",
    )
    bundle = shown._repr_mimebundle_()
    assert set(bundle) == {EXPLORE, "image/svg+xml", "text/plain"}
    svg = bundle["image/svg+xml"]
    ElementTree.fromstring(svg)
    for text in ("line", "here", "k: 3", "time"):
        assert f"<!-- {text} -->" in svg
    for look in bundle[EXPLORE]["curves"]:
        assert look["color"].lower() in svg
    assert [look["marker"] for look in bundle[EXPLORE]["curves"]] == ["o", "^"]
    assert mpl.pyplot.get_fignums() == []  # else the notebook would show it twice
    assert "by k" in repr(shown)
    again = line(
        curves={"line": lambda k: ([0, 1], [0, k]), "here": lambda k: ([1], [k])},
        start={"k": 3},
        xlabel="time",
    )
    assert again.svg == svg


def test_dashes_are_those_of_the_picture():
    plots.use_style()
    width = mpl.rcParams["lines.linewidth"]
    shown = line(curves={f"{n} ends": lambda: ([0, 1], [0, 1]) for n in range(6)})
    drawn = re.findall(r"stroke-dasharray: ([\d.,]+)", shown.svg)
    drawn = [[float(length) for length in dash.split(",")] for dash in drawn]
    written = [[width * length for length in c["dash"]] for c in shown.data["curves"] if c["dash"]]
    assert len(written) == 5
    for dash in written:
        assert any(dash == pytest.approx(d, rel=1e-3) for d in drawn)


def test_the_picture_is_that_of_the_start():
    paths = {k: re.findall(r' d="([^"]+)"', line(start={"k": k}, ylim=(0, 4)).svg) for k in (1, 3)}
    assert paths[1] != paths[3]


def test_twelve_functions_and_41_places_stay_small():
    xs, places = np.linspace(-5, 5, 201), np.linspace(-5, 5, 41)
    names = [f"function {k}" for k in range(12)]

    def f(name, z):
        return np.sin(z * (1 + int(name.split()[1]))) / np.pi

    data = plots.explore(
        {"name": names, "z": places},
        {
            "f(z)": lambda name: (xs, f(name, xs)),
            "slope": lambda name: (xs, np.gradient(f(name, xs), xs)),
            "tangent": lambda name, z: (z + np.array([-1, 1]) / 3, [f(name, z), f(name, z + 1)]),
            "here": lambda name, z: ([z], [f(name, z)]),
        },
        say=lambda name, z: f"At z = {z:+.1f} {name} is {f(name, z):.2f}, its slope {z:.2f}.",
    ).data
    assert len(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()) < 150_000


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"curves": {"a": lambda j: ([0], [0])}}, "curve 'a' asks for 'j'.*the controls k"),
        ({"say": lambda j: ""}, "say asks for 'j'.*the controls k"),
        ({"say": lambda k: k}, r"say for {'k': 1} is 1; return a string"),
        ({"controls": {"k": []}}, "control 'k' has no values; give it"),
        ({"controls": {"k": [1, "a"]}}, "control 'k' holds 'a'; give it only"),
        ({"controls": {"k": [True, False]}}, "control 'k' holds True; give it only"),
        ({"start": {"k": 2.5}}, r"'k' cannot start at 2.5; choose from 1, 2, 3 \(nearest: [23]\)"),
        ({"start": {"k": "x"}}, "'k' cannot start at 'x'; choose from 1, 2, 3"),
        ({"start": {"j": 2}}, "start names 'j'; the controls are k"),
        ({"forms": {"j": "{}"}}, "forms names 'j'; the controls are k"),
        ({"curves": {"a": lambda k: ([0, 1], [k])}}, r"shape \(2,\).*shape \(1,\); return two"),
        ({"curves": {"a": lambda k: k}}, "curve 'a' for {'k': 1} is no pair of x and y"),
        ({"curves": {}}, "got 0 curves; draw 1 to 6"),
        ({"curves": dict.fromkeys("abcdefg", lambda: ([0], [0]))}, "got 7 curves"),
        ({"xlabel": "$x$"}, r"label '\$x\$' holds TeX; write plain text"),
        ({"looks": {"line": "bold"}}, "says 'bold' of 'line'; say thin or dots"),
        ({"looks": {"lime": "thin"}}, "says 'thin' of 'lime'.*of a curve: line"),
        ({"xlim": lambda j: (0, 1)}, "xlim asks for 'j'.*the controls k"),
        ({"xlim": lambda k: (k, 2)}, "limits 2 to 2; they must be rising"),
        ({"photo": lambda k: np.zeros((4, 4))}, r"photo for {'k': 1} is \(4, 4\); return"),
        ({"photo": lambda k: np.full((2, 2, 3), np.nan)}, "photo for {'k': 1} holds NaN"),
        ({"ylim": (1, 0)}, "limits 1 to 0; they must be rising"),
        ({"ylim": (0, 1), "log": True}, "limits 0 to 1.*positive"),
    ],
)
def test_bad_input_is_named_with_its_remedy(changes, message):
    with pytest.raises(ValueError, match=message):
        line(**changes)


def test_a_choice_that_does_not_exist():
    with pytest.raises(ValueError, match="'how' cannot start at 'no'; choose from a, b"):
        line(controls={"how": ["a", "b"]}, curves={"c": lambda: ([0], [0])}, start={"how": "no"})


def test_a_photo_is_kept_once_and_stands_in_the_picture():
    bright = {1: 0.0, 2: 0.5, 3: 0.5}
    shown = line(photo=lambda k: np.full((8, 6, 3), bright[k]))
    assert shown.data["photo"] == {"of": ["k"], "states": [0, 1, 1]}
    assert len(shown.data["photos"]) == 2
    picture = opened(shown.data["photos"][1])
    assert picture.shape == (8, 6, 3)
    np.testing.assert_allclose(picture, 128, atol=2)
    assert "<image" in shown.svg
    assert "<image" not in line().svg
    assert "photo" not in line().data
