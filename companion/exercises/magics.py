"""Cells with IPython's own syntax, turned into Python by IPython's own transformer, line for line.

Statements of magics become ``pass``, but for those that run Python: of ``%time x = 1`` the code
stays. Where a magic or a shell command should give a value, a call of ``get_ipython`` stays; the
worker explains it when it is reached.
"""

import ast
import io

RUN_PYTHON = ("%%time", "%%capture", "%%prun")  # cells whose names are there afterwards
TIMING = ("time", "prun")


def as_python(text) -> str:
    """Return a cell as Python, every line where it was; a cell of another language is empty.

    Parameters
    ----------
    text : str
        A cell that is not Python as it stands.
    """
    lines = list(io.StringIO(text))
    first = next((k for k, line in enumerate(lines) if line.strip()), 0)
    blank, lines = ["\n"] * first, lines[first:]
    if lines and lines[0].startswith("%%"):
        if lines[0].split()[0] not in RUN_PYTHON:
            return ""
        return as_python("".join([*blank, "\n", *lines[1:]]))
    from IPython.core.inputtransformer2 import TransformerManager  # only who needs it waits

    manager = TransformerManager()
    for clean in manager.cleanup_transforms:
        lines = clean(lines)
    try:
        changed, after = manager.do_one_token_transform(lines)
        while changed:
            lines = _as_long(after, lines)
            changed, after = manager.do_one_token_transform(lines)
    except SyntaxError:
        pass  # whoever compiles the cell tells it, with its line
    return _without_calls("".join([*blank, *lines]))


def _as_long(after, before):
    """Return the new lines with blank ones where several became one."""
    pairs = enumerate(zip(after, before, strict=False))
    change = next((k for k, (new, old) in pairs if new != old), 0)
    return [*after[: change + 1], *["\n"] * (len(before) - len(after)), *after[change + 1 :]]


def _without_calls(text):
    """Replace the statements that only ask IPython to do something."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return text
    lines = [line.encode() for line in io.StringIO(text)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and _asks_ipython(node.value):
            line = lines[node.lineno - 1]
            before, after = line[: node.col_offset], line[node.end_col_offset :]
            lines[node.lineno - 1] = before + _python_of(node.value).encode() + after
    return b"".join(lines).decode()


def _asks_ipython(value):
    function = value.func if isinstance(value, ast.Call) else None
    return isinstance(function, ast.Attribute) and ast.unparse(function.value) == "get_ipython()"


def _python_of(call):
    """Return the code that a timing magic runs; ``pass`` for any other call."""
    name, *rest = (arg.value for arg in call.args if isinstance(arg, ast.Constant))
    code = rest[0] if rest and name in TIMING else ""
    try:
        return code if ast.parse(code).body else "pass"
    except SyntaxError:  # options, or no Python
        return "pass"
