"""Seconds of an update are those of a clock that the test itself winds."""

import pytest

from companion.experiments.optimization import update_times
from companion.experiments.optimization.update_times import in_turns, seconds_per_update


class Clock:
    """A machine on which preparing takes `once` seconds and an update `each`."""

    def __init__(self, monkeypatch):
        self.now, self.order = 0.0, []
        monkeypatch.setattr(update_times.time, "process_time", lambda: self.now)

    def program(self, name, once, each):
        def run(n):
            self.order.append(name)
            self.now += once + n * each

        return run


def test_what_a_run_costs_once_cancels(monkeypatch):
    clock = Clock(monkeypatch)
    assert seconds_per_update(clock.program("a", 5.0, 0.25)) == pytest.approx(0.25)
    assert seconds_per_update(clock.program("a", 0.0, 2.0), few=1, many=2) == pytest.approx(2)
    with pytest.raises(ValueError, match="more than few"):
        seconds_per_update(clock.program("a", 0, 1), few=3, many=3)


def test_programs_take_turns(monkeypatch):
    clock = Clock(monkeypatch)
    runs = {"a": clock.program("a", 1.0, 0.5), "b": clock.program("b", 3.0, 0.125)}
    spent = in_turns(runs, rounds=2)
    assert "".join(clock.order) == "aabbaabb"
    assert spent["a"] == pytest.approx([0.5, 0.5])
    assert spent["b"] == pytest.approx([0.125, 0.125])
