"""Known wrong answers to the exercises of the chapter on frameworks and several machines."""

import numpy as np

from companion.exercises import wrong


@wrong("merge-gradients", fails="test_parts_of_different_length")
def merge_gradients(gradients, sizes):
    """The plain mean of the workers, as DistributedDataParallel takes it."""
    return np.mean([g for g, m in zip(gradients, sizes) if m], axis=0)


@wrong("merge-gradients", fails="test_parts_of_different_length")
def merge_gradients(gradients, sizes):
    """Adds up sums and forgets to divide."""
    return sum(m * g for g, m in zip(gradients, sizes) if m)


@wrong("merge-gradients", fails="test_gradients_of_any_shape")
def merge_gradients(gradients, sizes):
    """Multiplies along the last axis: right for vectors of any length but matrices."""
    kept = [(np.ravel(g), m) for g, m in zip(gradients, sizes) if m]
    return sum(m * g for g, m in kept) / sum(sizes)


@wrong("merge-gradients", fails="test_gradients_of_any_shape")
def merge_gradients(gradients, sizes):
    """Works in the arrays of the caller."""
    total = None
    for g, m in zip(gradients, sizes):
        if m:
            g = np.asarray(g)
            g *= m
            total = g if total is None else total + g
    return total / sum(sizes)


@wrong("merge-gradients", fails="test_a_part_without_examples_does_not_count")
def merge_gradients(gradients, sizes):
    """Trusts a weight of zero to silence NaN."""
    return np.average(gradients, axis=0, weights=sizes)


@wrong("needed-nodes", fails="test_only_what_the_fetches_need")
def needed_nodes(graph, fetches, fed):
    """Evaluates the whole graph."""
    order, done = [], set(fed)

    def visit(node):
        if node not in done:
            done.add(node)
            for source in graph[node]:
                visit(source)
            order.append(node)

    for node in graph:
        visit(node)
    return order


@wrong("needed-nodes", fails="test_each_node_once_and_after_what_it_reads")
def needed_nodes(graph, fetches, fed):
    """Lists a node as it is met, before what it reads."""
    order, waiting, done = [], list(fetches), set(fed)
    while waiting:
        node = waiting.pop()
        if node not in done:
            done.add(node)
            order.append(node)
            waiting.extend(graph[node])
    return order


@wrong("needed-nodes", fails="test_each_node_once_and_after_what_it_reads")
def needed_nodes(graph, fetches, fed):
    """Turns the order of the first meeting around."""
    order, waiting, done = [], list(fetches), set(fed)
    while waiting:
        node = waiting.pop(0)
        if node not in done:
            done.add(node)
            order.append(node)
            waiting.extend(graph[node])
    return order[::-1]


@wrong("needed-nodes", fails="test_each_node_once_and_after_what_it_reads")
def needed_nodes(graph, fetches, fed):
    """Evaluates a node again on every path."""
    order = []

    def visit(node):
        if node not in fed:
            for source in graph[node]:
                visit(source)
            order.append(node)

    for node in fetches:
        visit(node)
    return list(dict.fromkeys(order))


@wrong("needed-nodes", fails="test_fed_nodes_end_the_search")
def needed_nodes(graph, fetches, fed):
    """Leaves fed nodes out of the list, but not what they read."""
    order, done, waiting = [], set(), list(fetches)
    while waiting:
        node = waiting[-1]
        missing = [i for i in graph[node] if i not in done]
        if node in done:
            waiting.pop()
        elif missing:
            waiting.extend(missing)
        else:
            done.add(waiting.pop())
            order.append(node)
    return [node for node in order if node not in fed]


@wrong("needed-nodes", fails="test_fed_nodes_end_the_search")
def needed_nodes(graph, fetches, fed):
    """Evaluates fed nodes as well."""
    order, done, waiting = [], set(), list(fetches)
    while waiting:
        node = waiting[-1]
        missing = [i for i in ([] if node in fed else graph[node]) if i not in done]
        if node in done:
            waiting.pop()
        elif missing:
            waiting.extend(missing)
        else:
            done.add(waiting.pop())
            order.append(node)
    return order


@wrong("needed-nodes", fails="test_deep_graphs")
def needed_nodes(graph, fetches, fed):
    """Calls itself for each node of a chain."""
    order, done = [], set(fed)

    def visit(node):
        if node not in done:
            done.add(node)
            for source in graph[node]:
                visit(source)
            order.append(node)

    for node in fetches:
        visit(node)
    return order


@wrong("ring-traffic", fails="test_equal_pieces")
def ring_traffic(lengths, itemsize):
    """Forgets that the sums have to travel around as well."""
    lengths = np.asarray(lengths)
    return itemsize * (lengths.sum() - np.roll(lengths, -1))


@wrong("ring-traffic", fails="test_equal_pieces")
def ring_traffic(lengths, itemsize):
    """A round too many in each phase."""
    return np.full(len(lengths), 2 * itemsize * sum(lengths)) * (len(lengths) > 1)


@wrong("ring-traffic", fails="test_equal_pieces")
def ring_traffic(lengths, itemsize):
    """Counts numbers."""
    lengths = np.asarray(lengths)
    return 2 * lengths.sum() - np.roll(lengths, -1) - np.roll(lengths, -2)


@wrong("ring-traffic", fails="test_pieces_of_different_length")
def ring_traffic(lengths, itemsize):
    """Takes the formula for equal pieces."""
    n = len(lengths)
    return np.full(n, 2 * (n - 1) * sum(lengths) * itemsize // n)


@wrong("ring-traffic", fails="test_pieces_of_different_length")
def ring_traffic(lengths, itemsize):
    """Lets both phases begin with the worker's own piece."""
    lengths = np.asarray(lengths)
    return 2 * itemsize * (lengths.sum() - np.roll(lengths, -1))


@wrong("ring-traffic", fails="test_one_worker_sends_nothing")
def ring_traffic(lengths, itemsize):
    """Has at least one round."""
    n = len(lengths)
    sent = np.zeros(n, dtype=int)
    for first in (0, 1):
        for t in range(max(n - 1, 1)):
            for r in range(n):
                sent[r] += itemsize * lengths[(r + first - t) % n]
    return sent


@wrong("epoch-parts", fails="test_blocks_of_each_batch")
def epoch_parts(order, batch_size, rank, workers):
    """Gives each worker a part of the epoch, and cuts that into batches."""
    mine = np.array_split(order, workers)[rank]
    size = batch_size // workers
    return [mine[start : start + size] for start in range(0, len(mine), size)]


@wrong("epoch-parts", fails="test_blocks_of_each_batch")
def epoch_parts(order, batch_size, rank, workers):
    """Deals out like cards."""
    starts = range(0, len(order), batch_size)
    return [order[start : start + batch_size][rank::workers] for start in starts]


@wrong("epoch-parts", fails="test_nothing_is_lost_and_nothing_comes_twice")
def epoch_parts(order, batch_size, rank, workers):
    """Drops what does not divide."""
    parts = []
    for start in range(0, len(order), batch_size):
        batch = order[start : start + batch_size]
        each = len(batch) // workers
        parts.append(batch[rank * each : (rank + 1) * each])
    return parts


@wrong("epoch-parts", fails="test_nothing_is_lost_and_nothing_comes_twice")
def epoch_parts(order, batch_size, rank, workers):
    """Makes all parts equally long by taking some examples twice."""
    parts = []
    for start in range(0, len(order), batch_size):
        batch = order[start : start + batch_size]
        each = -(-len(batch) // workers)
        batch = np.resize(batch, each * workers)
        parts.append(batch[rank * each : (rank + 1) * each])
    return parts


@wrong("epoch-parts", fails="test_empty_parts_stay")
def epoch_parts(order, batch_size, rank, workers):
    """Leaves empty parts out."""
    starts = range(0, len(order), batch_size)
    parts = [np.array_split(order[s : s + batch_size], workers)[rank] for s in starts]
    return [part for part in parts if len(part)]
