"""The package as a whole: light to import, and what the pages quote from it."""

import subprocess
import sys

import matplotlib as mpl
import numpy as np
import pytest
from IPython.display import Image

from companion import nn, plots, results
from companion.data import toy
from companion.gradients.tensor import Tensor

pytestmark = [pytest.mark.usefixtures("plain_matplotlib"), pytest.mark.reads("companion/**/*.py")]


def python(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize(
    "module", ["companion", "companion.nn", "companion.training", "companion.plots"]
)
def test_torch_is_not_imported(module):
    assert python(f"import sys, {module}; print('torch' in sys.modules)") == "False"


@pytest.mark.usefixtures("unperturbed")
def test_importing_the_package_imports_nothing_heavy():
    heavy = "{'torch', 'numpy', 'scipy', 'matplotlib'}"
    assert python(f"import sys, companion; print({heavy} & set(sys.modules))") == "set()"


def test_verdicts():
    assert results.verdict("C1", True, "e").fields["verdict"] == "holds"
    conditional = results.verdict("C1", True, "e", when="it rains")
    assert conditional.fields["verdict"] == "holds when"
    assert repr(conditional) == "C1 holds when it rains: e"
    failed = results.verdict("C1", np.bool_(False), "e", when="it rains")
    assert (failed.fields["verdict"], failed.fields["when"]) == ("fails", "")
    bundle = failed._repr_mimebundle_()
    assert bundle[results.CLAIM]["id"] == "C1"


@pytest.fixture
def displayed(monkeypatch):
    """What a cell would leave in the notebook: bundles with their options."""
    shown = []
    monkeypatch.setattr(
        "IPython.display.display", lambda *args, **options: shown.append((*args, options))
    )
    return shown


@pytest.mark.parametrize("kind", ["exact", "measured", "timed"])
def test_numbers_are_what_glue_reads(displayed, kind):
    """The literal under the mime type and the key under which myst-nb's glue looks for it."""
    getattr(results, kind)("a", 2000, "{:,}")
    ((bundle, options),) = displayed
    assert bundle == {"application/papermill.record/text/plain": "'2,000'"}
    assert options["metadata"]["scrapbook"]["name"] == "a"
    assert options["metadata"][results.SAID] == {"kind": kind, "name": "a", "text": "2,000"}


def test_an_expectation_that_holds_shows_nothing(displayed):
    results.expect(np.bool_(True), "it rains")
    ((bundle, options),) = displayed
    assert list(bundle) == ["application/papermill.record/text/plain"]
    assert options["metadata"][results.SAID]["held"] is True


def test_an_expectation_that_falls_says_so_and_raises_nothing(displayed):
    results.expect(1 > 2, "1 < x & 2")
    ((bundle, options),) = displayed
    assert "did not come out: 1 < x & 2." in bundle["text/plain"]
    assert "1 &lt; x &amp; 2" in bundle["text/html"]
    assert options["metadata"][results.SAID]["held"] is False


def test_an_expectation_needs_one_truth_value_and_a_sentence():
    with pytest.raises(TypeError, match=r"shape \(2,\)"):
        results.expect(np.array([True, True]), "both")
    with pytest.raises(ValueError, match="sentence"):
        results.expect(True, " ")


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (5e-3, 0, "5·10⁻³"),
        (1e-7, 0, "10⁻⁷"),
        (-2.34e5, 1, "−2.3·10⁵"),
        (-1e3, 0, "−10³"),
        (np.float32(2e-40), 0, "2·10⁻⁴⁰"),
        (0.0, 0, "0"),
    ],
)
def test_numbers_as_prose_writes_them(value, digits, text):
    assert results.scientific(value, digits) == text


def test_graph_drawing_shows_each_tensor_of_the_tape():
    model = nn.Sequential(nn.Linear(2, 3), nn.Tanh())
    x = Tensor(np.ones((4, 2), np.float32))
    out = (model(x) * x.sum()).mean()
    figure = plots.draw_graph(out, {"X": x, "W": model[0].weight})
    texts = [t.get_text() for t in figure.axes[0].texts if t.get_text()]
    expected = ["X\n4×2", "W\n3×2", "constant\n3", "linear\n4×3", "tanh\n4×3", "mul\n4×3"]
    # x.sum() reads x as a constant: nothing there wants a gradient, so nothing was recorded.
    assert sorted(texts) == sorted([*expected, "constant\nnumber", "mean\nnumber"])


def test_animation_has_all_frames_and_rests_on_the_last():
    from io import BytesIO

    from PIL import Image as Pillow

    shown = plots.animate(lambda ax, k: ax.plot([0, k]), range(4), seconds=2, hold=1)
    assert isinstance(shown, Image)
    with Pillow.open(BytesIO(shown.data)) as picture:
        pauses = []
        for k in range(picture.n_frames):
            picture.seek(k)
            pauses.append(picture.info["duration"])
    assert pauses == [500, 500, 500, 1000]
    with pytest.raises(ValueError, match="no frames"):
        plots.animate(lambda ax, k: None, [])


def test_regions_and_bands_draw_what_they_are_given():
    X, y = toy.rings(40)
    ax = plots.decision_regions(lambda p: (p[:, 0] > 0).astype(int), X, y)
    shaded = ax.images[0].get_array()
    assert shaded[:, 0].max() == 0
    assert shaded[:, -1].min() == 1
    assert sum(len(c.get_offsets()) for c in ax.collections[-2:]) == 40
    ax = plots.bands({"a": [[1, 2], [3, 4], [5, 9]]}, xlabel="x", ylabel="y")
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), [3, 4])
    line = plots.line_of([1.0, 1.0], -1.0, ax)
    assert line.get_xy1() == pytest.approx([0.5, 0.5])


def test_contours_lie_where_the_function_has_their_level():
    ax = plots.contours(lambda p: p[..., 0] ** 2 + p[..., 1] ** 2, (-2, 2, -1, 1), count=5)
    lines = ax.collections[0]
    assert len(lines.get_paths()) == 5
    for path, level in zip(lines.get_paths(), lines.levels, strict=True):
        radii = np.hypot(*path.vertices.T)
        np.testing.assert_allclose(radii**2, level, rtol=0.02)
    assert ax.get_xlim() == (-2, 2)


def test_level_lines_are_those_of_the_contours():
    def bowl(p):
        return p[..., 0] ** 2 + p[..., 1] ** 2

    box = (-2, 2, -1, 1)
    drawn = plots.contours(bowl, box, count=5).collections[0]
    fine = np.transpose(plots.level_lines(bowl, box, count=5))
    paths = [line for lines in drawn.allsegs for line in lines]
    assert np.isnan(fine).any(axis=1).sum() == len(paths)
    np.testing.assert_allclose(fine[np.isfinite(fine[:, 0])], np.concatenate(paths))
    coarse = np.transpose(plots.level_lines(bowl, box, count=5, tolerance=0.002))
    coarse = coarse[np.isfinite(coarse[:, 0])]
    assert len(coarse) < len(fine) / 3
    off = np.abs(np.hypot(*coarse.T)[:, None] - np.sqrt(drawn.levels)).min(axis=1)
    assert off.max() < 0.012  # the tolerance, of a picture 4 wide, and the grid


def test_walks_are_drawn_as_they_went():
    paths = {"a": [[0, 0], [1, 2], [2, 1]], "b": [[0, 1], [1, 1]]}
    ax = plots.walks(paths, plots.contours(lambda p: p[..., 0], (0, 2, 0, 2)))
    drawn = {line.get_label(): line.get_xydata() for line in ax.lines}
    for label, path in paths.items():
        np.testing.assert_array_equal(drawn[label], path)
    with pytest.raises(ValueError, match="got 7 paths; draw at most 6"):
        plots.walks({key: [[0, 0]] for key in range(7)}, ax)


@pytest.mark.parametrize("color", plots.COLORS)
def test_colours_stand_out_on_white_and_on_black(color):
    """Contrast of at least 3:1, WCAG's bound for graphics, on both."""
    channels = np.array(mpl.colors.to_rgb(color))
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    luminance = linear @ [0.2126, 0.7152, 0.0722]
    assert 1.05 / (luminance + 0.05) >= 3
    assert (luminance + 0.05) / 0.05 >= 2.8
