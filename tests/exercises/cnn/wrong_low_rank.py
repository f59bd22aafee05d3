"""Known wrong answers to the exercises of the chapter on layers of low rank."""

from companion.exercises import wrong


@wrong("nearest-rank-one", fails="test_the_entry")
def entry_and_error():
    """Forgets the length of the vectors."""
    return 8.0, 2.0


@wrong("nearest-rank-one", fails="test_the_entry")
def entry_and_error():
    """Takes the smaller part."""
    return 1.0, 2.0


@wrong("nearest-rank-one", fails="test_what_is_missed")
def entry_and_error():
    """Takes the sum of squares."""
    return 4.0, 4.0


@wrong("nearest-rank-one", fails="test_what_is_missed")
def entry_and_error():
    """Takes the largest difference."""
    return 4.0, 1.0


@wrong("cheapest-way", fails="test_each_way_can_win")
def cheapest(O, C, K, r):
    """Forgets the second layer of each split."""
    ways = [("whole", O * C * K * K), ("channels", r * C * K * K), ("axes", r * K * C)]
    return min(ways, key=lambda way: way[1])


@wrong("cheapest-way", fails="test_each_way_can_win")
def cheapest(O, C, K, r):
    """Never leaves the convolution as it is."""
    ways = [("channels", r * (C * K * K + O)), ("axes", r * K * (C + O))]
    return min(ways, key=lambda way: way[1])


@wrong("cheapest-way", fails="test_each_way_can_win")
def cheapest(O, C, K, r):
    """Takes square kernels for the split by axes."""
    ways = [
        ("whole", O * C * K * K),
        ("channels", r * (C * K * K + O)),
        ("axes", r * K * K * (C + O)),
    ]
    return min(ways, key=lambda way: way[1])


@wrong("cheapest-way", fails="test_equal_numbers")
def cheapest(O, C, K, r):
    """Of equal numbers takes the last."""
    ways = [
        ("axes", r * K * (C + O)),
        ("channels", r * (C * K * K + O)),
        ("whole", O * C * K * K),
    ]
    return min(ways, key=lambda way: way[1])
