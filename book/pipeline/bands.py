"""How far a quoted number may differ from machine to machine, and how far it did.

A text such as ``93.2–93.9 %`` is taken apart into its words and its numbers. The words must be the
same on every machine. Each number has a band, from the lowest to the highest value seen, and a
unit, one in its last digit shown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from .outcomes import Outcomes

TENTH = 0.1  # of a measured value: what two machines may differ by, besides one unit
_SLACK = 1 + 1e-9  # 0.3 - 0.2 is a little more than 0.1

_RAISED = "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"
_PLAIN = str.maketrans(_RAISED, "-0123456789")
_NUMBER = re.compile(
    rf"(?P<factor>\d+(?:,\d{{3}})*(?:\.\d+)?)(?:[eE](?P<e>[-+]?\d+)|·10(?P<raised>[{_RAISED}]+))?"
    rf"|10(?P<alone>[{_RAISED}]+)"
)
_ALONE = re.compile(rf"(?<![\d.,·])10(?P<alone>[{_RAISED}]+)")
_SIGN = re.compile(r"(?:^|[^\w)\]])[-−]$")


@dataclass(frozen=True)
class Value:
    """A number in a text: what it says, and one in its last digit."""

    value: float
    unit: float


def parse(text: str) -> tuple[str, list[Value]]:
    """Take a text apart: its words, with {} where numbers stand, and the numbers."""
    words, values, position = "", [], 0
    for match in _found(text):
        before = text[position : match.start()]
        sign = before and _SIGN.search(text[: match.start()])
        words += (before[:-1] if sign else before) + "{}"
        value = _value(match)
        values.append(Value(-value.value, value.unit) if sign else value)
        position = match.end()
    return words + text[position:], values


def _found(text: str) -> Iterable[re.Match]:
    position = 0
    while position < len(text):
        alone = _ALONE.search(text, position)
        match = _NUMBER.search(text, position)
        if match is None:
            return
        match = alone if alone and alone.start() <= match.start() else match
        yield match
        position = match.end()


def _value(match: re.Match) -> Value:
    groups = match.groupdict()
    if groups.get("alone"):
        power = 10.0 ** int(groups["alone"].translate(_PLAIN))
        return Value(power, power)
    factor = groups["factor"].replace(",", "")
    exponent = groups["e"] or (groups["raised"] or "0").translate(_PLAIN)
    digits = len(factor.partition(".")[2])
    return Value(float(f"{factor}e{int(exponent)}"), 10.0 ** (int(exponent) - digits))


@dataclass(frozen=True)
class Band:
    """One quoted text over the machines: its words, and lowest, highest and unit of each number."""

    kind: str
    words: str | None  # None: the words differ from machine to machine
    numbers: tuple[tuple[float, float, float], ...] = ()

    @property
    def steady(self) -> bool:
        """Whether the text keeps what its kind promises."""
        if self.kind == "timed":
            return True
        if self.words is None or self.kind not in ("exact", "measured"):
            return False
        spreads = [(high - low, unit, max(-low, high)) for low, high, unit in self.numbers]
        if self.kind == "exact":
            return not any(spread for spread, *_ in spreads)
        return all(s <= _SLACK * u and s <= _SLACK * TENTH * size for s, u, size in spreads)

    def __str__(self) -> str:
        """Return the text with a range wherever a number differed."""
        if self.words is None:
            return "other words"
        shown = (_range(low, high, unit) for low, high, unit in self.numbers)
        pieces = self.words.split("{}")
        return "".join(a + b for a, b in zip(pieces, [*shown, ""], strict=True))

    def misses(self, text: str) -> bool:
        """Whether a text of one more machine is outside: in its words, or by more than a unit."""
        words, values = parse(text)
        if self.kind == "timed":
            return False
        if words != self.words:
            return True
        slack = _SLACK if self.kind == "measured" else 0
        return any(
            not low - slack * max(unit, v.unit) <= v.value <= high + slack * max(unit, v.unit)
            for v, (low, high, unit) in zip(values, self.numbers, strict=True)
        )


def band(kind: str, texts: Iterable[str]) -> Band:
    """The band of a number over what each machine showed."""
    parsed = [parse(text) for text in texts]
    if len({words for words, _ in parsed}) != 1:
        return Band(kind, None)
    columns = zip(*(values for _, values in parsed), strict=True)
    return Band(kind, parsed[0][0], tuple(map(_extent, columns)))


def _extent(column: Iterable[Value]) -> tuple[float, float, float]:
    values, units = zip(*((v.value, v.unit) for v in column), strict=True)
    return min(values), max(values), max(units)


def _range(low: float, high: float, unit: float) -> str:
    return _shown(low, unit) if low == high else f"{_shown(low, unit)} … {_shown(high, unit)}"


def _shown(value: float, unit: float) -> str:
    if value and (unit < 1e-6 or abs(value) >= 1e15):
        return f"{value:.3g}"
    digits = len(f"{unit:.10f}".rstrip("0").partition(".")[2])
    return f"{value:,.{digits}f}"


@dataclass
class Chapter:
    """The stored file of one chapter: ``tests/book/numbers/<part>/<chapter>.json``."""

    made_from: str  # fingerprint of the chapter's code and of everything it imports
    machines: list[str]
    numbers: dict[str, Band]
    verdicts: dict[str, list[str]]  # claim → its words, one where all machines agree
    expectations: dict[str, list[str]]  # sentence → machines on which it did not come out

    def unsteady(self) -> list[str]:
        """What a text must not rely on, in words."""
        numbers = self.numbers.items()
        problems = [f"{name} ({one.kind}): {one}" for name, one in numbers if not one.steady]
        for claim, words in self.verdicts.items():
            if len(words) > 1:
                problems.append(f"claim {claim}: {' or '.join(words)}")
        for sentence, machines in self.expectations.items():
            if machines:
                problems.append(f"“{sentence}” does not come out on {', '.join(machines)}")
        return problems

    def misses(self, run: Outcomes) -> list[str]:
        """What a run of this machine said that the machines seen before did not, in words."""
        problems = []
        for name, (_, text) in run.numbers.items():
            if name not in self.numbers:
                problems.append(f"{name} is {text} and has no band")
            elif self.numbers[name].misses(text):
                problems.append(f"{name} is {text}; its band is {self.numbers[name]}")
        for claim, word in run.verdicts.items():
            if word not in self.verdicts.get(claim, []):
                problems.append(f"claim {claim} {word}; elsewhere: {self.verdicts.get(claim)}")
        problems += [f"“{sentence}” does not come out" for sentence in run.unmet]
        gone = {*self.numbers, *self.verdicts} - {*run.numbers, *run.verdicts}
        return problems + [f"{name} has a band but no cell says it" for name in sorted(gone)]


def gathered(made_from: str, runs: Mapping[str, Outcomes]) -> Chapter:
    """Bring together what the machines said; ``runs`` maps a machine's name to its outcomes."""
    names = dict.fromkeys(name for run in runs.values() for name in run.numbers)
    claims = dict.fromkeys(claim for run in runs.values() for claim in run.verdicts)
    sentences = dict.fromkeys(s for run in runs.values() for s in run.expectations)
    return Chapter(
        made_from,
        list(runs),
        {name: _over(runs, name) for name in names},
        {c: sorted({run.verdicts.get(c, "no verdict") for run in runs.values()}) for c in claims},
        {s: [m for m, run in runs.items() if not run.expectations.get(s)] for s in sentences},
    )


def _over(runs: Mapping[str, Outcomes], name: str) -> Band:
    said = [run.numbers.get(name, ("unsaid", "not said")) for run in runs.values()]
    kinds = {kind for kind, _ in said}
    return band(kinds.pop() if len(kinds) == 1 else "unsaid", [text for _, text in said])


def read(path: Path) -> Chapter | None:
    """The stored file of a chapter, or None when there is none."""
    if not path.exists():
        return None
    stored = json.loads(path.read_text(encoding="utf-8"))
    numbers = {
        name: Band(entry["kind"], entry["words"], tuple(map(tuple, entry["numbers"])))
        for name, entry in stored["numbers"].items()
    }
    return Chapter(**{**stored, "numbers": numbers})


def as_text(chapter: Chapter) -> str:
    """The chapter's file: one line a number, so that a change reads as a change of that number."""
    parts = {
        "made_from": json.dumps(chapter.made_from),
        "machines": json.dumps(chapter.machines),
        "numbers": _lines({name: vars(b) for name, b in sorted(chapter.numbers.items())}),
        "verdicts": _lines(dict(sorted(chapter.verdicts.items()))),
        "expectations": _lines(chapter.expectations),
    }
    return "{\n" + ",\n".join(f' "{name}": {text}' for name, text in parts.items()) + "\n}\n"


def _lines(entries: Mapping[str, object]) -> str:
    if not entries:
        return "{}"
    lines = (f"  {_json(name)}: {_json(entry)}" for name, entry in entries.items())
    return "{\n" + ",\n".join(lines) + "\n }"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
