"""The machines that `make elsewhere` imitates on the one at hand: the table to edit.

A processor is imitated by asking each library for the kernels it would choose there; processors
and libraries that are not at hand by moving the last bits of sums and products
(``companion.perturbation``). One line a machine.
"""

from __future__ import annotations

import platform
from dataclasses import dataclass, field
from functools import cache

import numpy as np

# Two chapters share two cores: one thread each, and sums in the same order every time.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
TWO_THREADS = {"OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"}

# Variables that choose kernels: they decide the last bits of what a run computes.
CHOOSING = (
    *("OPENBLAS_CORETYPE", "NPY_DISABLE_CPU_FEATURES", "ATEN_CPU_CAPABILITY"),
    *("ONEDNN_MAX_CPU_ISA", "MKL_ENABLE_INSTRUCTIONS", "COMPANION_PERTURB"),
)


@dataclass(frozen=True)
class Machine:
    """One row of the table: a name, the variables that imitate it, and where that can be done."""

    name: str
    words: str
    variables: dict[str, str] = field(default_factory=dict)
    architectures: tuple[str, ...] = ()  # none: any
    needs: str = ""  # a feature the present CPU must have, as NumPy calls it
    keeps: tuple[str, ...] | None = None  # the features NumPy may use; None: all

    def missing(self) -> str | None:
        """Why this machine cannot be imitated here, or None when it can."""
        if self.architectures and platform.machine().lower() not in self.architectures:
            return f"this is {platform.machine()}, not {' or '.join(self.architectures)}"
        if self.needs and self.needs not in (*_features("baseline"), *_features("found")):
            return f"this CPU has no {self.needs}"
        return None

    def environment(self) -> dict[str, str]:
        """The variables to run under, threads included."""
        variables = {**ONE_THREAD, **self.variables}
        if self.keeps is not None:
            dropped = [name for name in _features("found") if name not in self.keeps]
            if dropped:
                variables["NPY_DISABLE_CPU_FEATURES"] = " ".join(dropped)
        return variables


@cache
def _features(kind: str) -> tuple[str, ...]:
    """Names of the CPU features this NumPy knows: its ``baseline``, or those ``found`` beyond."""
    return tuple(np.show_config(mode="dicts")["SIMD Extensions"].get(kind, ()))


def _x86(name: str, words: str, isa: str, aten: str, needs: str, keeps: tuple | None) -> Machine:
    """An x86-64 processor, by the name that OpenBLAS gives its kernels."""
    variables = {
        "OPENBLAS_CORETYPE": name,
        "ATEN_CPU_CAPABILITY": aten,
        "ONEDNN_MAX_CPU_ISA": isa,
        "MKL_ENABLE_INSTRUCTIONS": isa.replace("SSE41", "SSE4_2").replace("_CORE", ""),
    }
    return Machine(name, words, variables, ("x86_64", "amd64"), needs, keeps)


def _arm(name: str, words: str) -> Machine:
    variables = {"OPENBLAS_CORETYPE": name, "ATEN_CPU_CAPABILITY": "default"}
    return Machine(name, words, variables, ("aarch64", "arm64"))


HERE = Machine("here", "this machine as it is, one thread")
_AVX2 = ("AVX", "F16C", "FMA3", "AVX2", "X86_V3")
MACHINES = (
    HERE,
    _x86("Nehalem", "Intel 2008: SSE 4.2", "SSE41", "default", "", ()),
    _x86("Sandybridge", "Intel 2011: AVX", "AVX", "default", "X86_V3", ()),
    _x86("Haswell", "Intel 2013: AVX2 and FMA", "AVX2", "avx2", "X86_V3", _AVX2),
    _x86("Zen", "AMD since 2017", "AVX2", "avx2", "X86_V3", _AVX2),
    _x86("SkylakeX", "Intel with AVX-512", "AVX512_CORE", "avx512", "X86_V4", None),
    _arm("ARMV8", "any 64-bit Arm"),
    _arm("CORTEXA57", "Arm 2015"),
    _arm("NEOVERSEN1", "Arm servers of 2019"),
    Machine("two threads", "this machine, sums split over two threads", TWO_THREADS),
    Machine("any 1", "last bits moved, seed 1", {"COMPANION_PERTURB": "1"}),
    Machine("any 2", "last bits moved, seed 2", {"COMPANION_PERTURB": "2"}),
)


def named(names: list[str]) -> list[Machine]:
    """The machines called so, all when no name is given; ``any 7`` makes a new one.

    Raises
    ------
    KeyError
        With the name that stands in no row.
    """
    table = {machine.name.lower(): machine for machine in MACHINES}
    return [_one(table, name) for name in names] or list(MACHINES)


def _one(table: dict[str, Machine], name: str) -> Machine:
    seed = name.lower().removeprefix("any ")
    if name.lower() not in table and seed != name.lower() and seed.isdecimal():
        return Machine(f"any {seed}", f"last bits moved, seed {seed}", {"COMPANION_PERTURB": seed})
    if name.lower() not in table:
        raise KeyError(name)
    return table[name.lower()]
