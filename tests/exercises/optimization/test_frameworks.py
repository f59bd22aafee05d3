"""Checks of the exercises in the chapter on frameworks and several machines."""

from itertools import pairwise

import numpy as np

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of

RANDOM = np.random.default_rng(16)


def linear_gradients(sizes, width=3):
    """Gradients of a mean squared error for parts of these sizes, and for all examples."""
    X, y = RANDOM.normal(size=(sum(sizes), width)), RANDOM.normal(size=sum(sizes))
    w = RANDOM.normal(size=width)

    def gradient(part):
        return 2 * X[part].T @ (X[part] @ w - y[part]) / len(y[part])

    ends = np.cumsum([0, *sizes])
    parts = [gradient(slice(a, b)) for a, b in pairwise(ends) if a < b]
    return parts, gradient(slice(None))


@check(
    "merge-gradients",
    hints=(
        "A part with more examples counts more.",
        "Multiply each gradient by its size, add up, and divide by the number of all examples.",
        "np.average(gradients, axis=0, weights=sizes)",
    ),
)
def test_parts_of_different_length(student):
    "the result is the gradient of the mean over all examples"
    for sizes in ([7, 2, 1], [1, 30]):
        parts, expected = linear_gradients(sizes)
        mistakes = {
            "the plain mean of the workers' gradients": np.mean(parts, axis=0),
            "their sum": np.sum(parts, axis=0),
            "the division by the number of examples is missing": expected * sum(sizes),
        }
        assert_close(student.merge_gradients(parts, sizes), expected, mistakes=mistakes)


@check(
    "merge-gradients",
    hints=(
        "The shape of a gradient does not matter.",
        "Average over the workers only, whatever axes a gradient has.",
        "axis=0 is the axis of the workers once the gradients are stacked.",
    ),
)
def test_gradients_of_any_shape(student):
    "matrices and single numbers are merged alike, and what was given stays as it was"
    sizes = [3, 1, 4]
    for shape in ((2, 5), (), (3,), (8,)):
        parts = [RANDOM.normal(size=shape) for _ in sizes]
        expected = (3 * parts[0] + parts[1] + 4 * parts[2]) / 8
        assert_close(student.merge_gradients(parts, sizes), expected)
        assert_unchanged(student.merge_gradients)


@check(
    "merge-gradients",
    hidden=True,
    hints=(
        "What is 0 times NaN?",
        "Leave the parts without examples out before you average.",
        "[(g, m) for g, m in zip(gradients, sizes) if m]",
    ),
)
def test_a_part_without_examples_does_not_count(student):
    "a worker without examples, whose gradient is NaN, changes nothing"
    parts, expected = linear_gradients([5, 0, 2])
    with_empty = [parts[0], np.full(3, np.nan), parts[1]]
    assert_close(student.merge_gradients(with_empty, [5, 0, 2]), expected)


GRAPH = {
    "step": ["w", "dw"],
    "dw": ["error", "x"],
    "cost": ["error"],
    "error": ["score", "y"],
    "score": ["w", "x"],
    "label": ["score"],
    "w": [],
    "x": [],
    "y": [],
}


def assert_order(answer, graph, expected, fed=()):
    """The right nodes, each once, each after those it reads."""
    assert isinstance(answer, list), f"expected a list of nodes, got {kind_of(answer)}"
    place = {}
    for position, node in enumerate(answer):
        assert node in graph, f"{node!r} is not a node of the graph"
        assert node not in place, f"{node!r} comes twice"
        place[node] = position
    extra, missing = sorted(place.keys() - expected), sorted(expected - place.keys())
    assert not extra, f"not needed: {', '.join(map(str, extra[:5]))}"
    assert not missing, f"missing: {', '.join(map(str, missing[:5]))}"
    for node in answer:
        for source in graph[node]:
            early = source in fed or place[source] < place[node]
            assert early, f"{node!r} comes before {source!r}, which it reads"


@check(
    "needed-nodes",
    hints=(
        "What a fetch reads is needed, and what that reads, and so on.",
        "Start from the fetches, not from the whole graph.",
        "Put the fetches on a stack; a node that comes off puts what it reads on.",
    ),
)
def test_only_what_the_fetches_need(student):
    "nodes that no fetch depends on are left out"
    for fetches, expected in (
        (["label"], {"label", "score", "w", "x"}),
        (["cost", "label"], {"cost", "label", "error", "score", "w", "x", "y"}),
        (["x"], {"x"}),
    ):
        answer = student.needed_nodes(GRAPH, fetches, [])
        assert isinstance(answer, list), f"expected a list of nodes, got {kind_of(answer)}"
        extra, missing = sorted(set(answer) - expected), sorted(expected - set(answer))
        assert not extra, f"fetching {fetches}: not needed: {', '.join(map(str, extra))}"
        assert not missing, f"fetching {fetches}: missing: {', '.join(map(str, missing))}"


@check(
    "needed-nodes",
    after="test_only_what_the_fetches_need",
    hints=(
        "A node may be listed when all it reads are listed.",
        "A node stays on the stack until nothing it reads is missing.",
        "if missing: waiting.extend(missing), else: order.append(waiting.pop())",
    ),
)
def test_each_node_once_and_after_what_it_reads(student):
    "the order is one in which the nodes can be evaluated, also where paths part and meet again"
    everything = {"step", "dw", "error", "score", "w", "x", "y"}
    assert_order(student.needed_nodes(GRAPH, ["step", "error"], []), GRAPH, everything)
    # Forty diamonds in a row have 2⁴⁰ paths: following each one does not end in time.
    ladder = {0: []} | {k: [k - 1, k - 1] for k in range(1, 41)}
    assert_order(student.needed_nodes(ladder, [40], []), ladder, set(ladder))
    late = {"r": ["a", "b"], "a": ["b"], "b": ["c"], "c": []}
    assert_order(student.needed_nodes(late, ["c", "r"], []), late, set(late))


@check(
    "needed-nodes",
    after="test_only_what_the_fetches_need",
    hints=(
        "A value that is given need not be computed.",
        "Treat fed nodes as done before you start.",
        "done = set(fed)",
    ),
)
def test_fed_nodes_end_the_search(student):
    "fed nodes are not evaluated, and neither is what only they read"
    expected = {"step", "dw", "error", "w", "x", "y"}
    answer = student.needed_nodes(GRAPH, ["step"], ["score"])
    assert_order(answer, GRAPH, expected, fed={"score"})
    answer = student.needed_nodes(GRAPH, ["score", "cost"], ["x", "error", "y"])
    assert_order(answer, GRAPH, {"score", "w", "cost"}, fed={"x", "error", "y"})
    assert_order(student.needed_nodes(GRAPH, ["cost"], ["cost"]), GRAPH, set(), fed={"cost"})


@check(
    "needed-nodes",
    hidden=True,
    after="test_each_node_once_and_after_what_it_reads",
    hints=(
        "Python allows about 1,000 calls inside each other.",
        "Replace the recursion by a list of the nodes that wait.",
        "while waiting: node = waiting[-1] …",
    ),
)
def test_deep_graphs(student):
    "a chain of 5,000 nodes is no problem"
    chain = {"0": []} | {f"{k}": [f"{k - 1}"] for k in range(1, 5000)}
    assert_order(student.needed_nodes(chain, ["4999"], []), chain, set(chain))


def traffic_by_play(lengths, itemsize):
    """Count what is sent, message by message."""
    n, sent = len(lengths), np.zeros(len(lengths), dtype=int)
    for first in (0, 1):
        for t in range(n - 1):
            for r in range(n):
                sent[r] += lengths[(r + first - t) % n] * itemsize
    return sent


@check(
    "ring-traffic",
    hints=(
        "Each phase has n - 1 rounds.",
        "With equal pieces a worker sends 2 (n - 1) of them.",
        "Two loops over t, one over r: sent[r] += itemsize * lengths[(r - t) % n]",
    ),
)
def test_equal_pieces(student):
    "with equal pieces everybody sends 2 (n - 1) pieces"
    for n, length, itemsize in ((4, 100, 4), (3, 7, 8), (2, 5, 2)):
        expected = np.full(n, 2 * (n - 1) * length * itemsize)
        mistakes = {
            "one phase of two": expected // 2,
            "a round too many in each phase": np.full(n, 2 * n * length * itemsize),
            "numbers, not bytes": expected // itemsize,
        }
        got = student.ring_traffic([length] * n, itemsize)
        assert_close(got, expected, mistakes=mistakes)


@check(
    "ring-traffic",
    hints=(
        "Which piece does a worker not send in each phase?",
        "In the first phase worker r sends all but piece r + 1, in the second all but r + 2.",
        "2 * lengths.sum() - lengths[(r + 1) % n] - lengths[(r + 2) % n], times itemsize",
    ),
)
def test_pieces_of_different_length(student):
    "with pieces of different length the numbers differ from worker to worker"
    for lengths in ([5, 1, 0, 10], [3, 2, 2], [4, 9], [1, 0, 0, 0, 0, 0]):
        expected = traffic_by_play(lengths, 4)
        first = sum(lengths) - np.roll(lengths, -1)
        mistakes = {"the first phase twice": 8 * first}
        assert_close(student.ring_traffic(lengths, 4), expected, mistakes=mistakes)


@check(
    "ring-traffic",
    hidden=True,
    hints=(
        "Who is alone need not speak.",
        "n - 1 rounds are no rounds for n = 1.",
        "range(n - 1) is empty for n = 1.",
    ),
)
def test_one_worker_sends_nothing(student):
    "a single worker sends nothing, and a gradient without numbers costs nothing"
    assert_close(student.ring_traffic([12], 4), np.array([0]))
    assert_close(student.ring_traffic([0, 0, 0], 8), np.zeros(3, dtype=int))


def blocks(order, batch_size, rank, workers):
    """The same, counted by hand: no array_split."""
    parts = []
    for start in range(0, len(order), batch_size):
        batch = list(order[start : start + batch_size])
        each, longer = divmod(len(batch), workers)
        begin = rank * each + min(rank, longer)
        parts.append(np.array(batch[begin : begin + each + (rank < longer)], dtype=int))
    return parts


def assert_parts(got, expected):
    assert isinstance(got, list), f"expected a list of arrays, got {kind_of(got)}"
    assert len(got) == len(expected), f"expected {len(expected)} parts, got {len(got)}"
    for k, (one, wanted) in enumerate(zip(got, expected, strict=True)):
        assert_close(one, wanted, what=f"the part of batch {k}")


@check(
    "epoch-parts",
    hints=(
        "Cut the epoch into batches first, each batch among the workers second.",
        "A batch is a slice of order; a worker's part is a slice of the batch.",
        "np.array_split(batch, workers)[rank]",
    ),
)
def test_blocks_of_each_batch(student):
    "each worker gets its block of each batch"
    order = RANDOM.permutation(24)
    for rank in range(3):
        got = student.epoch_parts(order, 12, rank, 3)
        assert_parts(got, blocks(order, 12, rank, 3))
    order = RANDOM.permutation(8)
    assert_parts(student.epoch_parts(order, 4, 1, 2), blocks(order, 4, 1, 2))


@check(
    "epoch-parts",
    after="test_blocks_of_each_batch",
    hints=(
        "The last batch may be shorter, and a batch need not divide evenly.",
        "Drop nothing and repeat nothing: the first parts are longer by one.",
        "np.array_split makes blocks whose lengths differ by at most one, longer ones first.",
    ),
)
def test_nothing_is_lost_and_nothing_comes_twice(student):
    "together the parts are the epoch, also where lengths do not divide"
    order = RANDOM.permutation(23)
    collected = []
    for rank in range(3):
        got = student.epoch_parts(order, 10, rank, 3)
        assert_parts(got, blocks(order, 10, rank, 3))
        collected += [int(i) for part in got for i in part]
    assert sorted(collected) == list(range(23)), "the parts are not the examples of the epoch"


@check(
    "epoch-parts",
    hidden=True,
    after="test_blocks_of_each_batch",
    hints=(
        "What does the worker do that gets nothing of the last batch?",
        "It must still take part in the update: keep its empty part.",
        "Do not filter the list by length.",
    ),
)
def test_empty_parts_stay(student):
    "a worker that gets nothing of a batch has an empty part there"
    order = RANDOM.permutation(9)
    for rank in range(4):
        got = student.epoch_parts(order, 4, rank, 4)
        assert_parts(got, blocks(order, 4, rank, 4))
