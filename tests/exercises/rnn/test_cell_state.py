"""Checks of the exercises on the page about the cell state."""

import numpy as np
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator
from scipy.special import expit, logit

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of


@check(
    "forget-bias",
    hints=(
        "After `steps` steps the share left is σ(b) to the power of `steps`.",
        "Take the root first: f = kept ** (1 / steps). Then ask which b has σ(b) = f.",
        "b = log(f / (1 - f))",
    ),
)
def test_fifty_steps(student):
    "half after fifty steps"
    f = 0.5 ** (1 / 50)
    mistakes = {
        "that is the gate, not its bias": f,
        "take the root: σ(b) ** steps should be `kept`": float(logit(0.5)),
        "the sign: a gate near 1 needs a large positive bias": -float(logit(f)),
        "σ(b) = f means b = log(f / (1 − f))": float(np.log(f)),
        "a share of 1/e is left with that; here it is `kept`": float(np.log(49)),
    }
    got = student.forget_bias(0.5, 50)
    assert_close(got, logit(f), mistakes=mistakes, what="the bias")


@check(
    "forget-bias",
    after="test_fifty_steps",
    hidden=True,
    hints=(
        "Use both arguments; one step is allowed, and a million.",
        "For a gate very close to 1 mind 1 − f: expm1 keeps its digits.",
        "log = np.log(kept) / steps; b = log - np.log(-np.expm1(log))",
    ),
)
def test_other_memories(student):
    "other shares and lengths, from 1 to a million"
    cases = (0.9, 1), (0.1, 3), (0.001, 1), (1 / np.e, 1000), (0.99, 20), (0.5, 10**6)
    for kept, steps in cases:
        got = student.forget_bias(kept, steps)
        left = np.exp(-steps * np.log1p(np.exp(-float(got))))
        assert abs(left / kept - 1) < 1e-6, (
            f"with the bias {float(got):.6g} the share {left:.6g} is left after {steps} steps, "
            f"not {kept:.6g}"
        )


def drawn(seed, count=3, size=4, dtype=np.float64):
    rng = np.random.default_rng(seed)
    shapes = (count, 4 * size), (count, size), (3, size)
    return [rng.normal(size=shape).astype(dtype) for shape in shapes]


def by_onnx(a, c, p):
    """One step of ONNX's operator LSTM, whose input projection is the identity."""
    size = c.shape[1]
    i, f, g, o = np.split(a, 4, axis=1)
    inputs = {
        "X": np.concatenate([i, o, f, g], axis=1)[None],
        "W": np.eye(4 * size)[None],
        "R": np.zeros((1, 4 * size, size)),
        "initial_h": np.zeros((1, *c.shape)),
        "initial_c": c[None],
        "P": np.concatenate([p[0], p[2], p[1]])[None],
    }
    given = ["X", "W", "R", "", "", "initial_h", "initial_c", "P"]
    node = helper.make_node("LSTM", given, ["Y", "Y_h", "Y_c"], hidden_size=size)

    def info(names):
        return [helper.make_tensor_value_info(n, TensorProto.DOUBLE, None) for n in names]

    graph = helper.make_graph([node], "step", info(inputs), info(["Y", "Y_h", "Y_c"]))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)])
    _, h, c = ReferenceEvaluator(model).run(None, inputs)
    return h[0], c[0]


def both(got):
    assert isinstance(got, tuple | list), f"expected (h_new, c_new), got {kind_of(got)}"
    assert len(got) == 2, f"expected two arrays, got {len(got)}"
    return got


def kept_dtype(got, dtype, what):
    """The dtype of the inputs is asked for."""
    found = getattr(got, "dtype", type(got).__name__)
    assert found == dtype, f"{np.dtype(dtype)} goes in, {found} comes out as {what}"


@check(
    "peephole-step",
    hints=(
        "Input and forget gate look at the cell before the step.",
        "Add p[0] * c to the input gate's sum and p[1] * c to the forget gate's.",
        "c_new = sigmoid(f + p[1] * c) * c + sigmoid(i + p[0] * c) * np.tanh(g)",
    ),
)
def test_the_cell(student):
    "the new cell, against ONNX's operator"
    for seed, (count, size) in enumerate(((3, 4), (1, 1), (5, 2))):
        a, c, p = drawn(seed, count, size)
        i, f, g, _ = np.split(a, 4, axis=1)
        plain = expit(f) * c + expit(i) * np.tanh(g)
        swapped = expit(f + p[0] * c) * c + expit(i + p[1] * c) * np.tanh(g)
        mistakes = {
            "the gates do not look at the cell": plain,
            "the peepholes of input and forget gate are exchanged": swapped,
        }
        got = both(student.peephole_step(a, c, p))
        assert_unchanged(student.peephole_step)
        assert_close(got[1], by_onnx(a, c, p)[1], mistakes=mistakes, what="the array c_new")
        kept_dtype(got[1], np.float64, "c_new")


@check(
    "peephole-step",
    after="test_the_cell",
    hints=(
        "The output gate looks as well, but later.",
        "It sees the new cell: p[2] * c_new.",
        "h_new = sigmoid(o + p[2] * c_new) * np.tanh(c_new)",
    ),
)
def test_the_state(student):
    "the new state, against ONNX's operator, and float32"
    for seed, (count, size) in enumerate(((3, 4), (1, 1), (5, 2))):
        a, c, p = drawn(10 + seed, count, size)
        h, cell = by_onnx(a, c, p)
        o = np.split(a, 4, axis=1)[3]
        mistakes = {
            "the output gate sees the new cell, not the old": expit(o + p[2] * c) * np.tanh(cell),
            "the output gate has a peephole, too": expit(o) * np.tanh(cell),
            "tanh of the cell is shown": expit(o + p[2] * cell) * cell,
        }
        got = both(student.peephole_step(a, c, p))
        assert_unchanged(student.peephole_step)
        assert_close(got[0], h, mistakes=mistakes, what="the array h_new")
        kept_dtype(got[0], np.float64, "h_new")
    given = drawn(20, dtype=np.float32)
    right = by_onnx(*(v.astype(np.float64) for v in given))
    got = both(student.peephole_step(*given))
    for one, expected, name in zip(got, right, ("h_new", "c_new"), strict=True):
        kept_dtype(one, np.float32, name)
        what = f"the array {name} in float32"
        assert_close(one, expected.astype(np.float32), rtol=1e-4, atol=1e-6, what=what)
