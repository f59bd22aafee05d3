"""Recurrent layers against ONNX: its operators RNN, GRU, LSTM, and the cases of its own tests."""

import numpy as np
import pytest
from onnx import TensorProto, helper
from onnx.backend.test.case.node import gru as gru_cases
from onnx.backend.test.case.node import lstm as lstm_cases
from onnx.backend.test.case.node import rnn as rnn_cases
from onnx.reference import ReferenceEvaluator

from companion import nn
from companion.gradients.tensor import Tensor
from companion.rnn.recurrence.peephole import PeepholeLSTM

ORDER = {"RNN": (0,), "GRU": (1, 0, 2), "LSTM": (0, 3, 1, 2)}
"""Place of each gate of ONNX in our weights: z, r, h of a GRU; i, o, f, c of an LSTM."""
LAYERS = {"RNN": nn.RNN, "GRU": nn.GRU, "LSTM": nn.LSTM}
DIRECTIONS = {"forward": 1, "reverse": 1, "bidirectional": 2}


def reordered(weights, order):
    """Put blocks of rows of ONNX's weights in our order, (…, G·H, …) along the first axis."""
    blocks = np.split(weights, len(order))
    return np.concatenate([blocks[order.index(k)] for k in range(len(order))])


def loaded(layer, kind, w, r, b=None, p=None):
    """Give a layer the weights of an operator, one block for each direction."""
    order = list(ORDER[kind])
    for d, suffix in enumerate(("", "_reverse")[: len(w)]):
        halves = np.split(b[d], 2) if b is not None else [np.zeros(len(w[d]), w.dtype)] * 2
        given = {"weight_ih": w[d], "weight_hh": r[d], "bias_ih": halves[0], "bias_hh": halves[1]}
        for name, value in given.items():
            getattr(layer, f"{name}_l0{suffix}").data = reordered(value, order)
        if p is not None:
            i, o, f = np.split(p[d], 3)
            getattr(layer, f"weight_peep_l0{suffix}").data = np.stack([i, f, o])
    return layer


def by_onnx(kind, inputs, direction, hidden):
    """Run one operator of ONNX; `inputs` maps its names for them to arrays, in its order."""
    states = 2 if kind == "LSTM" else 1
    options = {"direction": direction, "hidden_size": hidden}
    if kind == "RNN":
        options["activations"] = ["Tanh"] * DIRECTIONS[direction]
    if kind == "GRU":
        options["linear_before_reset"] = 1
    outputs = ["Y", "Y_h", "Y_c"][: 1 + states]
    node = helper.make_node(kind, list(inputs), outputs, **options)
    named = [n for n in inputs if n]
    graph = helper.make_graph(
        [node],
        "recurrence",
        [helper.make_tensor_value_info(n, TensorProto.DOUBLE, None) for n in named],
        [helper.make_tensor_value_info(n, TensorProto.DOUBLE, None) for n in outputs],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)])
    return ReferenceEvaluator(model).run(None, {n: inputs[n] for n in named})


def drawn(kind, direction, seed):
    """Sizes, weights, states and a sequence by chance."""
    rng = np.random.default_rng(seed)
    steps, count, size, hidden = rng.integers(1, 6, 4)
    ways, gates = DIRECTIONS[direction], len(ORDER[kind])
    inputs = {
        "X": rng.normal(size=(steps, count, size)),
        "W": rng.normal(size=(ways, gates * hidden, size)),
        "R": rng.normal(size=(ways, gates * hidden, hidden)),
        "B": rng.normal(size=(ways, 2 * gates * hidden)),
        "": None,
        "initial_h": rng.normal(size=(ways, count, hidden)),
    }
    if kind == "LSTM":
        inputs["initial_c"] = rng.normal(size=(ways, count, hidden))
    return inputs, int(hidden)


def ours(layer, inputs, direction):
    """Run a layer of ours and lay its results out as ONNX does: (T, directions, N, H)."""
    x = inputs["X"]
    x = x[::-1].copy() if direction == "reverse" else x
    first = inputs["initial_h"]
    if "initial_c" in inputs:
        first = (first, inputs["initial_c"])
    states, last = layer(Tensor(x), first)
    y = states.numpy().reshape(*x.shape[:2], DIRECTIONS[direction], -1).transpose(0, 2, 1, 3)
    y = y[::-1] if direction == "reverse" else y
    return [y, *(part.numpy() for part in (last if isinstance(last, tuple) else (last,)))]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("kind", LAYERS)
def test_equal_to_the_operator(kind, direction, seed):
    inputs, hidden = drawn(kind, direction, seed)
    layer = LAYERS[kind](inputs["X"].shape[2], hidden, bidirectional=direction == "bidirectional")
    loaded(layer, kind, inputs["W"], inputs["R"], inputs["B"])
    expected = by_onnx(kind, inputs, direction, hidden)
    for got, want in zip(ours(layer, inputs, direction), expected, strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_peepholes_equal_to_the_operator(direction, seed):
    inputs, hidden = drawn("LSTM", direction, seed)
    ways = DIRECTIONS[direction]
    inputs["P"] = np.random.default_rng(seed).normal(size=(ways, 3 * hidden))
    layer = PeepholeLSTM(inputs["X"].shape[2], hidden, bidirectional=ways == 2)
    loaded(layer, "LSTM", inputs["W"], inputs["R"], inputs["B"], inputs["P"])
    expected = by_onnx("LSTM", inputs, direction, hidden)
    for got, want in zip(ours(layer, inputs, direction), expected, strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-10, atol=1e-12)


def cases():
    """Collect the cases of ONNX's own tests: (name, node, inputs, outputs)."""
    found = []
    for module, kind in ((rnn_cases, "RNN"), (gru_cases, "GRU"), (lstm_cases, "LSTM")):
        kept = module.expect
        module.expect = lambda node, inputs, outputs, name: found.append(
            (name, node, inputs, outputs)
        )
        try:
            for export in (n for n in dir(getattr(module, kind)) if n.startswith("export_")):
                getattr(getattr(module, kind), export)()
        finally:
            module.expect = kept
    return found


CASES = [case for case in cases() if case[0] != "test_gru_seq_length"]
"""All but one: a GRU of ONNX resets before the product unless told otherwise, ours behind it. Where
all weights are equal, as in the other cases, that makes no difference."""


def test_all_cases_are_there():
    assert len(CASES) >= 17
    assert {case[1].op_type for case in CASES} == set(LAYERS)


@pytest.mark.parametrize(("name", "node", "inputs", "outputs"), CASES, ids=[c[0] for c in CASES])
def test_the_cases_of_onnx(name, node, inputs, outputs):
    options = {a.name: helper.get_attribute_value(a) for a in node.attribute}
    direction = options.get("direction", b"forward").decode()
    batch_first = options.get("layout", 0) == 1
    given = {n: np.asarray(v, np.float64) for n, v in zip(node.input, inputs, strict=True)}
    both = direction == "bidirectional"
    layer_of = PeepholeLSTM if "P" in given else LAYERS[node.op_type]
    sizes = given["X"].shape[2], options["hidden_size"]
    layer = layer_of(*sizes, bidirectional=both, batch_first=batch_first)
    loaded(layer, node.op_type, given["W"], given["R"], given.get("B"), given.get("P"))
    x = given["X"][::-1].copy() if direction == "reverse" else given["X"]
    states, last = layer(Tensor(x))
    last = last if isinstance(last, tuple) else (last,)
    got = {"Y_h": last[0].numpy(), "Y_c": last[-1].numpy()}
    steps, count = (1, 0) if batch_first else (0, 1)
    y = states.numpy().reshape(*x.shape[:2], 1 + both, -1)
    y = np.flip(y, steps) if direction == "reverse" else y
    got["Y"] = y if batch_first else y.transpose(0, 2, 1, 3)
    if batch_first:
        got["Y_h"] = got["Y_h"].transpose(1, 0, 2)
    assert states.shape[count] == x.shape[count]
    asked = [n for n in node.output if n]
    for n, want in zip(asked[len(asked) - len(outputs) :], outputs, strict=True):
        assert not any(v.any() for k, v in given.items() if k.startswith("initial"))
        np.testing.assert_allclose(got[n], want, rtol=1e-5, atol=1e-6)
