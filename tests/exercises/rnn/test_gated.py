"""Checks of the exercises in the chapter on gates."""

from itertools import product

import numpy as np
import torch
from scipy.special import expit

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of


def tuple_of(got, count, what):
    assert isinstance(got, tuple | list), f"expected a tuple, {what}, got {kind_of(got)}"
    assert len(got) == count, f"expected {count} values, {what}, got {len(got)}"
    return got


def kept_dtype(got, dtype, what):
    """The dtype of the inputs is asked for."""
    found = getattr(got, "dtype", type(got).__name__)
    assert found == dtype, f"{np.dtype(dtype)} goes in, {found} comes out as {what}"


BEFORE, RESET, UPDATE, GIVEN = 0.5, 0.2, 0.75, 0.9


@check(
    "gru-by-hand",
    hints=(
        "The new content sees the old state, weakened by the reset gate.",
        "n = tanh(0.9 + r · (U_n h + b'_n)) with U_n = 1 and b'_n = 0",
        "np.tanh(0.9 + 0.2 * 0.5)",
    ),
)
def test_the_new_content(student):
    "n"
    mistakes = {
        "the reset gate multiplies the old state inside tanh": np.tanh(GIVEN + BEFORE),
        "that is the update gate; the reset gate stands inside": np.tanh(GIVEN + UPDATE * BEFORE),
        "the new content is bent by tanh": GIVEN + RESET * BEFORE,
        "the old state has a part in it": np.tanh(GIVEN),
        "that is h; n comes first": 0.25 * np.tanh(1) + UPDATE * BEFORE,
    }
    got, _ = tuple_of(student.gru_by_hand(), 2, "n and h")
    expected = torch.tanh(torch.tensor(GIVEN + RESET * BEFORE, dtype=torch.float64)).item()
    assert_close(got, expected, rtol=1e-4, mistakes=mistakes, what="the new content n")


@check(
    "gru-by-hand",
    hints=(
        "The new state is a weighted mean of the new content and the old state.",
        "The update gate u is the weight of the OLD state on this page.",
        "0.25 * n + 0.75 * 0.5",
    ),
)
def test_the_new_state(student):
    "h"
    n = np.tanh(GIVEN + RESET * BEFORE)
    mistakes = {
        "u is the share of the old state that is kept": UPDATE * n + (1 - UPDATE) * BEFORE,
        "the new content gets the share 1 − u only": n + UPDATE * BEFORE,
        "that is n; h comes second": n,
    }
    _, got = tuple_of(student.gru_by_hand(), 2, "n and h")
    expected = (1 - UPDATE) * n + UPDATE * BEFORE
    assert_close(got, expected, rtol=1e-4, mistakes=mistakes, what="the new state h")


SIZES = ((3, 2, 4), (1, 1, 1), (5, 4, 3), (2, 3, 1))


def drawn(seed, dtype=np.float64, scale=1.0):
    count, size, hidden = SIZES[seed % len(SIZES)]
    rng = np.random.default_rng(seed)
    shapes = (
        (count, size),
        (count, hidden),
        (count, hidden),
        (4 * hidden, size),
        (4 * hidden, hidden),
        (4 * hidden,),
    )
    return [(scale * rng.normal(size=shape)).astype(dtype) for shape in shapes]


def by_torch(given):
    """Tensors that ask for gradients, and torch's state and cell."""
    tensors = [torch.tensor(v, requires_grad=True) for v in given]
    x, h, c, w_ih, w_hh, b = tensors
    zeros = torch.zeros_like(b)
    return tensors, torch.lstm_cell(x, (h, c), w_ih, w_hh, b, zeros)


def in_order(given, order, bend=expit):
    """What a step gives with its four blocks taken in another order."""
    x, h, c, w_ih, w_hh, b = given
    blocks = np.split(x @ w_ih.T + h @ w_hh.T + b, 4, axis=1)
    i, f, g, o = (blocks[k] for k in order)
    new = bend(f) * c + bend(i) * np.tanh(g)
    return bend(o) * np.tanh(new), new


@check(
    "lstm-step",
    points=2,
    hints=(
        "First the sums of all four layers at once, then their functions, then the cell.",
        "np.split(x @ w_ih.T + h @ w_hh.T + b, 4, axis=1) gives input, forget, cell, output.",
        "c_new = σ(f) * c + σ(i) * np.tanh(g); h_new = σ(o) * np.tanh(c_new)",
    ),
)
def test_one_step(student):
    "state and cell, against torch"
    for seed in range(4):
        given = drawn(seed)
        _, (h, c) = by_torch(given)
        got = tuple_of(student.lstm_step(*given), 2, "h_new and c_new")
        assert_unchanged(student.lstm_step)
        swapped, onnx = in_order(given, (1, 0, 2, 3)), in_order(given, (0, 2, 3, 1))
        x, _, before, w_ih, _, b = given
        alone = in_order([x, 0 * given[1], before, w_ih, given[4], b], range(4))
        mistakes = {
            "the order is input, forget, cell, output: input and forget are exchanged": swapped,
            "the order is input, forget, cell, output, not that of ONNX": onnx,
            "the state before has a part in the layers, too": alone,
        }
        if seed == 1:  # with one unit and one example some of them agree
            mistakes = {}
        for k, (name, expected) in enumerate((("h_new", h), ("c_new", c))):
            expected = expected.detach().numpy()
            wrong = {text: values[k] for text, values in mistakes.items()}
            if name == "h_new":
                _, cell = in_order(given, range(4))
                o = expit(np.split(x @ w_ih.T + given[1] @ given[4].T + b, 4, axis=1)[3])
                wrong["tanh of the cell is shown"] = o * cell
            wrong = {t: v for t, v in wrong.items() if not np.allclose(v, expected)}
            assert_close(got[k], expected, mistakes=wrong, what=f"the array {name}")
            kept_dtype(got[k], np.float64, name)


@check(
    "lstm-step",
    after="test_one_step",
    hints=(
        "float32 goes in, float32 comes out.",
        "Constants of Python do not change a dtype; arrays made with np.zeros do.",
        "(1 + np.tanh(a / 2)) / 2 keeps the dtype",
    ),
)
def test_float32_stays(student):
    "inputs in float32"
    given = drawn(2, np.float32)
    _, (h, c) = by_torch(given)
    got = tuple_of(student.lstm_step(*given), 2, "h_new and c_new")
    assert_unchanged(student.lstm_step)
    for one, expected, name in zip(got, (h, c), ("h_new", "c_new"), strict=True):
        kept_dtype(one, np.float32, name)
        what = f"the array {name}"
        assert_close(one, expected.detach().numpy(), rtol=1e-4, atol=1e-6, what=what)


@check(
    "lstm-step",
    after="test_one_step",
    hidden=True,
    hints=(
        "Large sums saturate the gates.",
        "np.exp of a large number overflows; the value may be right and still warn.",
        "σ(a) = (1 + tanh(a / 2)) / 2",
    ),
)
def test_saturated_gates(student):
    "sums in the thousands, also negative ones"
    for dtype in (np.float64, np.float32):
        given = drawn(0, dtype, scale=30.0)
        given[2] = given[2] / dtype(30)
        _, (h, c) = by_torch(given)
        got = tuple_of(student.lstm_step(*given), 2, "h_new and c_new")
        assert_unchanged(student.lstm_step)
        for one, expected, name in zip(got, (h, c), ("h_new", "c_new"), strict=True):
            assert np.isfinite(one).all(), f"{name} is not finite where sums are large"
            kept_dtype(one, dtype, name)
            what, exact = f"the array {name}", dtype == np.float64
            rtol, atol = (1e-6, 1e-8) if exact else (1e-4, 1e-5)
            assert_close(one, expected.detach().numpy(), rtol=rtol, atol=atol, what=what)


def gradients(given, dh, dc):
    tensors, (h, c) = by_torch(given)
    torch.autograd.backward([h, c], [torch.tensor(dh), torch.tensor(dc)])
    return [t.grad.numpy() for t in tensors]


def arriving(given, seed):
    rng = np.random.default_rng(100 + seed)
    shape = given[1].shape
    return [rng.normal(size=shape).astype(given[1].dtype) for _ in range(2)]


def apart(wrong, expected):
    """Leave out wrong answers that are right here by chance."""
    return {
        t: v for t, v in wrong.items() if v.shape != expected.shape or not np.allclose(v, expected)
    }


@check(
    "lstm-step-back",
    points=2,
    hints=(
        "The cell gets a gradient from two sides: from the next step and from the state.",
        "Add dh * o * (1 − tanh²(c_new)) to dc first; then multiply by the forget gate.",
        "dc_before = (dc + dh * o * (1 - np.tanh(c_new)**2)) * f",
    ),
)
def test_the_cell_before(student):
    "dc_before, against torch"
    for seed in range(4):
        given = drawn(seed)
        dh, dc = arriving(given, seed)
        expected = gradients(given, dh, dc)[2]
        got = tuple_of(student.lstm_step_back(dh, dc, *given), 6, "six gradients")[2]
        assert_unchanged(student.lstm_step_back)
        mistakes = {
            "the state sends a gradient into the cell as well": gradients(given, 0 * dh, dc)[2],
            "what arrives from the next step is missing": gradients(given, dh, 0 * dc)[2],
        }
        assert_close(got, expected, mistakes=apart(mistakes, expected), what="the array dc_before")
        kept_dtype(got, np.float64, "dc_before")


@check(
    "lstm-step-back",
    points=2,
    after="test_the_cell_before",
    hints=(
        "Go back from the cell into i, f and g, from the state into o, then through their slopes.",
        "da = [dc·g·i(1−i), dc·c·f(1−f), dc·i·(1−g²), dh·tanh(c_new)·o(1−o)] side by side.",
        "da @ w_ih, da @ w_hh, da.T @ x, da.T @ h, da.sum(axis=0)",
    ),
)
def test_the_other_gradients(student):
    "inputs, state and weights, against torch"
    for seed in range(4):
        given = drawn(seed)
        dh, dc = arriving(given, seed)
        expected = gradients(given, dh, dc)
        no_dc, no_dh = gradients(given, dh, 0 * dc), gradients(given, 0 * dh, dc)
        got = tuple_of(student.lstm_step_back(dh, dc, *given), 6, "six gradients")
        for k, ours in enumerate((0, 1, None, 3, 4, 5)):
            if ours is None:
                continue
            name = ("dx", "dh_before", "", "dw_ih", "dw_hh", "db")[k]
            want = expected[ours]
            mistakes = {
                "what arrives at the cell from the next step is missing": no_dc[ours],
                "what arrives at the state is missing": no_dh[ours],
                "a sum over the batch, not a mean": want / len(dh),
            }
            assert_close(got[k], want, mistakes=apart(mistakes, want), what=f"the array {name}")
            kept_dtype(got[k], np.float64, name)


@check(
    "lstm-step-back",
    after="test_the_other_gradients",
    hidden=True,
    hints=(
        "float32 goes in, float32 comes out; zeros give zeros; large sums saturate the gates.",
        "Take the sigmoid in a way that keeps the dtype and does not overflow.",
        "(1 + np.tanh(a / 2)) / 2",
    ),
)
def test_float32_zeros_and_large_sums(student):
    "inputs in float32, gradients of zero, sums in the thousands"
    names = ("dx", "dh_before", "dc_before", "dw_ih", "dw_hh", "db")
    given = drawn(2, np.float32)
    dh, dc = arriving(given, 2)
    got = tuple_of(student.lstm_step_back(dh, dc, *given), 6, "six gradients")
    assert_unchanged(student.lstm_step_back)
    for one, expected, name in zip(got, gradients(given, dh, dc), names, strict=True):
        kept_dtype(one, np.float32, name)
        assert_close(one, expected, rtol=1e-3, atol=1e-5, what=f"the array {name}")
    for one in student.lstm_step_back(0 * dh, 0 * dc, *given):
        assert not one.any(), "without a gradient at the end there is none anywhere"
    given = drawn(0, scale=30.0)
    given[2] = given[2] / 30
    dh, dc = arriving(given, 0)
    got = tuple_of(student.lstm_step_back(dh, dc, *given), 6, "six gradients")
    for one, expected, name in zip(got, gradients(given, dh, dc), names, strict=True):
        assert np.isfinite(one).all(), f"{name} is not finite where sums are large"
        assert_close(one, expected, rtol=1e-4, atol=1e-6, what=f"the array {name}")


def parts_of(got):
    names, shapes = ("w_ih", "w_hh", "b"), ((4, 1), (4, 1), (4,))
    for one, name, shape in zip(tuple_of(got, 3, "w_ih, w_hh and b"), names, shapes, strict=True):
        assert np.shape(one) == shape, f"{name} has shape {np.shape(one)}; expected {shape}"
        assert np.isfinite(one).all(), f"{name} is not finite"
    return [torch.tensor(np.asarray(v, np.float64)) for v in got]


def cells_after(parts, rows):
    """The cell after each step, for rows (N, T) of bits: (N, T)."""
    rows = torch.tensor(np.asarray(rows, np.float64))
    h = c = torch.zeros(len(rows), 1, dtype=torch.float64)
    w_ih, w_hh, b = parts
    cells = []
    for x in rows.T:
        h, c = torch.lstm_cell(x[:, None], (h, c), w_ih, w_hh, b, torch.zeros_like(b))
        cells.append(c[:, 0])
    return torch.stack(cells, dim=1).numpy()


@check(
    "counting-cell",
    hints=(
        "What should be written at a 1, and what at a 0? What has to be kept?",
        "Forget gate open for good (large bias); i · g should be 1 at a 1 and 0 at a 0.",
        "g = tanh(50 x) with bias 0; biases of 50 for input and forget gate",
    ),
)
def test_short_rows(student):
    "all rows of up to six"
    parts = parts_of(student.counting())
    rows = np.array(list(product((0, 1), repeat=6)))
    rows = rows[np.argsort(rows.sum(axis=1), kind="stable")]
    cells = cells_after(parts, rows)
    for count in range(1, 7):
        for row, cell in zip(rows[:, :count], cells[:, count - 1], strict=True):
            said = " ".join(map(str, row))
            right = abs(cell - row.sum()) <= 0.01
            assert right, f"after {said} the cell is {cell:.3f}, not {row.sum()}"


@check(
    "counting-cell",
    after="test_short_rows",
    hints=(
        "A small leak at each step adds up.",
        "The forget gate must be so close to 1 that a hundred factors do not matter.",
        "a bias of 15 or more; and nothing should depend on h",
    ),
)
def test_long_rows(student):
    "rows of a hundred: zeros, ones, one after the other, at random"
    parts = parts_of(student.counting())
    rng = np.random.default_rng(0)
    at = np.arange(100)
    rows = [at < 100, at < 0, at < 1, at < 50, at >= 50, at % 2 == 0, at < 90, at >= 99]
    rows += [rng.random(100) < share for share in (0.1, 0.3, 0.5, 0.7, 0.9)]
    rows = np.array(rows).astype(int)
    for row, cells in zip(rows, cells_after(parts, rows), strict=True):
        far = np.abs(cells - row.cumsum())
        worst = int(np.argmax(far))
        assert far[worst] <= 0.01, (
            f"after {worst + 1} steps with {row[: worst + 1].sum()} ones "
            f"the cell is {cells[worst]:.3f}"
        )
