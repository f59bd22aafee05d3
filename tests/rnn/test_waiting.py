"""The longest chain of a graph against networkx, and in closed form."""

import networkx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.gradients.tensor import Tensor
from companion.nn import functional as F
from companion.rnn.recurrence.waiting import longest_chain, operations


def by_networkx(root):
    """Longest path and number of inner nodes of the graph, from its edges."""
    graph, waiting = networkx.DiGraph(), [root]
    graph.add_node(id(root), made=True)
    while waiting:
        tensor = waiting.pop()
        for source in tensor.node.inputs if tensor.node else ():
            if getattr(source, "requires_grad", False):
                graph.add_edge(id(source), id(tensor))
                graph.nodes[id(source)]["made"] = source.node is not None
                waiting.append(source)
    made = sum(graph.nodes[n]["made"] for n in graph)
    return networkx.dag_longest_path_length(graph), made


@given(seed=st.integers(0, 1000), count=st.integers(1, 12))
def test_random_graphs(seed, count):
    rng = np.random.default_rng(seed)
    made = [Tensor(np.ones(2), requires_grad=True), Tensor(np.ones(2), requires_grad=True)]
    for _ in range(count):
        a, b = rng.integers(0, len(made), 2)
        made.append(made[a] + made[b] if rng.random() < 0.7 else made[a] * 2.0)
    root = made[-1]
    assert (longest_chain(root), operations(root)) == by_networkx(root)


@pytest.mark.parametrize("steps", [1, 2, 7, 3000])
def test_a_recurrence_waits_at_each_step(steps):
    w, h = Tensor(np.eye(2) / 2, requires_grad=True), np.zeros((1, 2))
    for _ in range(steps):
        h = F.tanh(h @ w + 1.0)
    assert longest_chain(h) == operations(h) == 3 * steps


@pytest.mark.parametrize("steps", [1, 5, 50])
def test_attention_waits_for_the_same_chain_at_any_length(steps):
    x = Tensor(np.random.default_rng(0).normal(size=(steps, 4)), requires_grad=True)
    out = F.softmax(x @ x.transpose(0, 1), dim=1) @ x
    assert longest_chain(out) == 4  # transpose, product, softmax, product
    assert operations(out) == 4


def test_without_a_graph_there_is_nothing_to_count():
    leaf = Tensor(np.ones(2), requires_grad=True)
    with pytest.raises(ValueError, match="longest_chain: no graph"):
        longest_chain(leaf)
    total = (leaf * 2.0).sum()
    total.backward()
    with pytest.raises(ValueError, match="operations: no graph"):
        operations(total)
