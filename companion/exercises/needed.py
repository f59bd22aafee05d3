"""What of a submission is run: the exercise's function and the statements it needs, no more.

Plots, downloads and training loops of a notebook stay where they are. A top-level statement is
taken when it binds a name that the function uses, directly or through another such statement.
"""

import ast
import difflib
import dis
import re
import warnings
from dataclasses import dataclass

from companion.exercises.failures import Covered, Failed, NotStarted, Syntax

MUTATORS = {"append", "extend", "insert", "add", "update", "setdefault", "fill", "sort"}
SHOWING = {"print", "display", "plt", "help"}  # calls of these change nothing
TOP_LEVEL_AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


@dataclass(frozen=True)
class Piece:
    """The statements (by index) of one cell that are run."""

    name: str
    text: str
    kept: tuple[int, ...]


@dataclass(frozen=True)
class Broken:
    """A cell that is not Python, and what to tell about it."""

    number: int
    text: str
    message: str


@dataclass(frozen=True)
class Program:
    """A function, the names of its arguments, and the pieces of code to run before calling it.

    The cells that could not be read are named as well: something may be missed from them. So are
    the calls put `aside`, which stand alone in a cell but may fill what the function uses. The
    `parts` of a project are functions of other exercises, each with pieces of its own.
    """

    function: str
    arguments: tuple[str, ...]
    pieces: tuple[Piece, ...]
    place: str
    broken: tuple[Broken, ...] = ()
    aside: tuple[str, ...] = ()
    parts: tuple[tuple[str, tuple[Piece, ...]], ...] = ()


@dataclass(frozen=True)
class _Statement:
    cell: int
    index: int
    node: ast.stmt
    binds: frozenset[str]
    uses: frozenset[str]
    always: bool


def select(cells, function, others=()) -> Program:
    """Return the program for one function.

    Parameters
    ----------
    cells : list of Cell
        A submission.
    function : str
        Name of the exercise's function.
    others : tuple of str
        Names of the functions that other exercises ask for.

    Raises
    ------
    Failed
        If there is no such function, or the cell it stands in has a syntax error.
    """
    statements, broken = [], []
    for number, cell in enumerate(cells):
        try:
            statements += _statements(number, cell)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            broken.append(Broken(number, cell.text, _syntax_message(cell, error)))
    definitions = [s for s in statements if function in s.binds]
    # A later cell with an error would have replaced the function: that is what to tell.
    latest = definitions[-1].cell if definitions else -1
    for cell in reversed(broken):
        if cell.number > latest and re.search(rf"def\s+{function}\b", cell.text):
            raise Syntax(cell.message)
    if not definitions:
        raise _missing(function, statements, broken, others)
    chosen = _closure(statements, function)
    pieces = []
    for number, cell in enumerate(cells):
        kept = tuple(s.index for s in chosen if s.cell == number)
        if kept:
            pieces.append(Piece(cell.name, cell.text, kept))
    last = definitions[-1]
    return Program(
        function,
        _arguments(last.node),
        tuple(pieces),
        _place(cells, last),
        tuple(broken),
        tuple(_aside(cells, statements, chosen)),
    )


def refuse_stub(cells, exercise):
    """Raise when the exercise's stub is the last definition of its function.

    Raises
    ------
    NotStarted
        If there is nothing else.
    Covered
        If an answer stands above, which the stub replaces.
    """
    found = list(definitions(cells, exercise.function))
    if not found or not same_code(found[-1][1], exercise.stub_tree):
        return
    if all(same_code(node, exercise.stub_tree) for _, node in found):
        raise NotStarted(f"{exercise.function} is not written yet")
    cell, stub = found[-1]
    where = f"{cell.name}, line {stub.lineno}"
    raise Covered(f"{where}: this stub replaces your {exercise.function} above it: delete the stub")


def definitions(cells, function):
    """Yield cell and syntax tree of each definition of a function."""
    for cell in cells:
        try:
            body = ast.parse(cell.text).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for node in body:
            if isinstance(node, ast.FunctionDef) and node.name == function:
                yield cell, node


def same_code(one, other) -> bool:
    """Whether two functions are the same, whatever their docstrings and comments say."""
    try:
        return one is not None and other is not None and _bare(one) == _bare(other)
    except RecursionError:  # one is too deep to be looked through, as no stub is
        return False


def _bare(function):
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return [ast.dump(function.args), *map(ast.dump, body)]


def _statements(number, cell):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compile(cell.text, cell.name, "exec", flags=TOP_LEVEL_AWAIT, dont_inherit=True)
        tree = ast.parse(cell.text, cell.name)
        for index, node in enumerate(tree.body):
            binds, uses = _names(node)
            yield _Statement(number, index, node, binds, uses, _is_always(node))


def _is_always(node):
    if not isinstance(node, ast.ImportFrom):
        return False
    return node.module == "__future__" or any(alias.name == "*" for alias in node.names)


def _names(node):
    """Return the global names a statement binds and those it uses, as the compiler sees them."""
    module = ast.Module([node], type_ignores=[])
    code = compile(module, "statement", "exec", flags=TOP_LEVEL_AWAIT, dont_inherit=True)
    binds, uses, waiting = set(_mutated(node)), set(), [code]
    while waiting:
        block = waiting.pop()
        waiting += [item for item in block.co_consts if hasattr(item, "co_code")]
        for instruction in dis.get_instructions(block):
            if instruction.opname in ("LOAD_NAME", "LOAD_GLOBAL"):
                uses.add(instruction.argval)
            elif block is code and instruction.opname in ("STORE_NAME", "STORE_GLOBAL"):
                binds.add(instruction.argval)
    return frozenset(binds), frozenset(uses)


def _mutated(node):
    """Yield names whose object a statement changes: ``table[k] = v``, ``words.append(w)``."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return
    for part in ast.walk(node):
        target = None
        if isinstance(part, ast.Subscript | ast.Attribute) and not isinstance(part.ctx, ast.Load):
            target = part.value
        elif isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute):
            target = part.func.value if part.func.attr in MUTATORS else None
        if isinstance(target, ast.Name):
            yield target.id


def _closure(statements, function):
    """Return the statements needed for a name, in their order."""
    needed, chosen = {function}, []
    grown = True
    while grown:
        before = len(needed)
        chosen = [s for s in statements if s.always or s.binds & needed]
        needed.update(*(s.uses for s in chosen))
        grown = len(needed) > before
    return chosen


def _aside(cells, statements, chosen):
    """Yield the calls that are not run but may change what is."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
    state = {name for s in chosen if not isinstance(s.node, kinds) for name in s.binds}
    called = {name: s for s in statements if isinstance(s.node, kinds[:2]) for name in s.binds}
    for s in statements:
        is_call = isinstance(s.node, ast.Expr) and isinstance(s.node.value, ast.Call)
        if not is_call or s in chosen or s.uses & SHOWING:
            continue
        reached = s.uses.union(*(called[name].uses for name in s.uses if name in called))
        if reached & state:
            where = f"{cells[s.cell].name}, line {s.node.lineno}"
            yield f"{where}, {ast.unparse(s.node).partition(chr(10))[0][:60]}"


def _arguments(node):
    if not isinstance(node, ast.FunctionDef):
        return ()
    return tuple(a.arg for a in (*node.args.posonlyargs, *node.args.args))


def _place(cells, statement):
    name = cells[statement.cell].name
    return name if ", cell " in name else f"{name}, line {statement.node.lineno}"


def _syntax_message(cell, error):
    line = f", line {error.lineno}" if getattr(error, "lineno", None) else ""
    text = (getattr(error, "text", None) or "").strip()
    return f"{cell.name}{line}: {getattr(error, 'msg', error)}" + (f"\n    {text}" if text else "")


def _missing(function, statements, broken, others):
    for cell in broken:
        names = re.findall(r"def\s+(\w+)", cell.text)
        mentioned = re.search(rf"\b{function}\b", cell.text) and not set(names) & set(others)
        if mentioned or _close(function, names, others):
            return Syntax(cell.message)
    names = [s.node.name for s in statements if isinstance(s.node, ast.FunctionDef)]
    close = _close(function, names, others)
    if close:
        return Failed(f"there is no function {function}; did you mean {close[0]}?")
    return NotStarted(f"there is no function {function} yet")


def _close(function, names, others):
    """Return the name that is nearly the function's; another exercise's function is not meant."""
    return difflib.get_close_matches(function, set(names) - set(others), n=1, cutoff=0.75)
