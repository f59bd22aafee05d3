"""A processor that is not at hand, imitated: sums and products that end in other last bits.

Set ``COMPANION_PERTURB`` to a whole number, the seed, before the companion is imported. From then
on every result of a matrix product, a reduction or an exponential that the companion's modules, or
the cells of a notebook, compute in NumPy is moved by at most `STEPS` units in the last place.
Whatever a page says must survive that, because another processor or another BLAS does the same.

NumPy's ``@`` cannot be replaced from Python, so the source is rewritten while it is imported:
``a @ b`` becomes ``moved(a @ b)``. Without the variable nothing of this is loaded.

The step depends on the value and the seed alone. Equal values stay equal, a run repeats bit for
bit, and numbers that every machine computes exactly (counts, sums of whole numbers) stay as they
are. Results of torch and SciPy are left alone; their kernels are varied by their own settings.
"""

import ast
import builtins
import os
import sys
from importlib.machinery import PathFinder, SourceFileLoader

import numpy as np

VARIABLE = "COMPANION_PERTURB"
STEPS = 2
"""Largest distance of a moved result, in units in the last place."""

# Summing whole numbers is exact everywhere; an exponential of one is not.
SUMS = {"sum", "mean", "dot", "vdot", "inner", "matmul", "einsum", "tensordot", "bincount"}
FUNCTIONS = {"exp", "expm1", "exp2", "log", "log1p", "tanh", "expit", "erf", "norm", "var", "std"}

_MOVED, _CALLED = "__companion_moved__", "__companion_called__"
_MIX = {4: (np.uint32, 0x9E3779B1), 8: (np.uint64, 0x9E3779B97F4A7C15)}


def moved(value, seed):
    """Move floating-point results by up to `STEPS` units in the last place.

    Parameters
    ----------
    value : object
        An array or a NumPy number in 32 or 64 bits is moved; anything else is returned as it is.
    seed : int
        Which of the imitated machines.

    Returns
    -------
    object
        A new array of the same shape and type; whole numbers, infinities, NaN and numbers too
        small to have full precision are unchanged.
    """
    known = isinstance(value, (np.ndarray, np.floating)) and value.dtype.kind == "f"
    if not known or value.dtype.itemsize not in _MIX:
        return value
    unsigned, factor = _MIX[value.dtype.itemsize]
    bits = np.ascontiguousarray(value).view(unsigned)
    mixed = (bits ^ unsigned(seed * 0x9E37 + 1)) * unsigned(factor)
    mixed ^= mixed >> unsigned(15)
    mixed *= unsigned(factor)
    step = (mixed >> unsigned(mixed.dtype.itemsize * 8 - 16)).astype(np.int64) % (2 * STEPS + 1)
    result = (bits + (step - STEPS).astype(unsigned)).view(value.dtype)
    size = np.abs(value)
    normal = np.isfinite(value) & (size >= np.finfo(value.dtype).smallest_normal)
    result = np.where(normal & (value != np.rint(value)), result, value)
    return result.reshape(np.shape(value))[()]


def exact(arrays):
    """Whether sums of these are the same on every machine: no array holds a fraction."""
    floats = [a for a in arrays if isinstance(a, (np.ndarray, np.floating)) and a.dtype.kind == "f"]
    return all(np.array_equal(a, np.rint(a)) for a in floats)


class Rewritten(ast.NodeTransformer):
    """Wraps matrix products and the calls named in `SUMS` and `FUNCTIONS`."""

    def visit_BinOp(self, node):
        """Wrap ``a @ b``."""
        self.generic_visit(node)
        if not isinstance(node.op, ast.MatMult):
            return node
        return ast.copy_location(ast.Call(ast.Name(_MOVED, ast.Load()), [node], []), node)

    def visit_Call(self, node):
        """Hand ``x.sum(...)`` over to a function that knows what is summed."""
        self.generic_visit(node)
        name = getattr(node.func, "attr", None) or getattr(node.func, "id", None)
        written = any(keyword.arg == "out" for keyword in node.keywords)
        if name not in SUMS | FUNCTIONS or written:
            return node
        caller = ast.Name(_CALLED, ast.Load())
        call = ast.Call(caller, [ast.Constant(name), node.func, *node.args], node.keywords)
        return ast.copy_location(call, node)

    def visit_FunctionDef(self, node):
        """Leave decorators alone; they compute nothing."""
        node.body = [self.visit(statement) for statement in node.body]
        return node

    def visit_Module(self, node):
        """Rewrite a module or a cell; new nodes get the line of the old ones."""
        return ast.fix_missing_locations(self.generic_visit(node))


class _Loader(SourceFileLoader):
    """Compiles a module from its rewritten source, never from a stored ``.pyc``."""

    def get_code(self, fullname):
        path = self.get_filename(fullname)
        tree = Rewritten().visit(ast.parse(self.get_data(path), path))
        return compile(tree, path, "exec", dont_inherit=True)


class _Finder:
    """Finds the companion's modules as Python does, and gives them the loader above."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if not name.startswith("companion."):
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec and type(spec.loader) is SourceFileLoader:
            spec.loader = _Loader(spec.loader.name, spec.loader.path)
        return spec


def install():
    """Rewrite every module of the companion imported from now on, and cells run from now on.

    Raises
    ------
    ValueError
        When the variable ``COMPANION_PERTURB`` is not a whole number.
    """
    text = os.environ[VARIABLE]
    if not text.isdecimal():
        raise ValueError(f"{VARIABLE} is a seed, a whole number such as 1; it is {text!r}")
    seed = int(text)

    def called(name, function, *args, **kwargs):
        value = function(*args, **kwargs)
        inputs = [getattr(function, "__self__", None), *args]
        return value if name in SUMS and exact(inputs) else moved(value, seed)

    setattr(builtins, _MOVED, lambda value: moved(value, seed))
    setattr(builtins, _CALLED, called)
    sys.meta_path.insert(0, _Finder)
    if "IPython" in sys.modules and (shell := sys.modules["IPython"].get_ipython()):
        shell.ast_transformers.append(Rewritten())
