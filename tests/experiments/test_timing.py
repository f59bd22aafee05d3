"""Turns are taken in changing order, and the fastest of each counts."""

from companion.experiments.timing import fastest


class Clock:
    """A clock that only moves while something works."""

    now = 0.0

    def __call__(self):
        return self.now


def test_the_fastest_turn_counts():
    clock, order = Clock(), []
    durations = {"a": iter([5, 2, 3]), "b": iter([7, 9, 1])}

    def work(name):
        order.append(name)
        clock.now += next(durations[name])

    found = fastest(
        {name: lambda name=name: work(name) for name in "ab"}, rounds=3, number=1, timer=clock
    )
    assert found == {"a": 2, "b": 1}
    assert "".join(order) == "abbaab"


def test_seconds_are_those_of_one_call():
    clock = Clock()

    def work():
        clock.now += 0.5

    assert fastest({"a": work}, rounds=2, number=8, timer=clock) == {"a": 0.5}
