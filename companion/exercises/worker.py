"""The child process: runs a learner's code and answers calls to one function with values.

Started as ``python -I worker.py <memory in bytes>``. It is given code and inputs, never a check,
an expected value or a verdict: those, and the clock, stay in the parent. But it runs with the
user's own rights: the code can read the user's files, hidden checks too, and reach the user's
other processes, the grader too. Whoever grades a class needs a sandbox around all of this.
"""

import contextlib
import os
import signal
import sys

MARK = b"\0companion:%d\0"
TEXT = 4000
DEATH_SIGNAL, SUBREAPER = 1, 36  # PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER of <linux/prctl.h>


def main():
    """Move the protocol off the standard streams, set the limits, serve until the input ends."""
    requests, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)  # what the code prints goes where its errors go, in the order of printing
    if hasattr(os, "fork"):
        keep_apart(requests, answers)
    limit(int(sys.argv[1]))
    # Imported only now: a fork of a process with NumPy's threads would not be safe.
    from companion.exercises import wire

    serve(wire, requests, answers)


def keep_apart(requests, answers):
    """Go on in a child, so that the learner's parent process is not the grader.

    The process that stays behind waits, ends what the code may have left running, and then ends
    in the way its child did.
    """
    # Processes that lose their parent, daemons too, become ours and can be ended; when the grader
    # is killed we are told to end them, and when we are killed the child is.
    control(SUBREAPER, 1)
    control(DEATH_SIGNAL, signal.SIGTERM)
    child = os.fork()
    if child == 0:
        control(DEATH_SIGNAL, signal.SIGKILL)
        return

    def stop(*_):
        end(child)
        os._exit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for descriptor in (0, 1, 2, requests, answers):
        os.close(descriptor)
    _, status = os.waitpid(child, 0)
    end(None)
    if os.WIFSIGNALED(status):
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.kill(os.getpid(), os.WTERMSIG(status))
    os._exit(os.waitstatus_to_exitcode(status))


def control(option, value):
    """Call Linux's ``prctl``; other systems do without."""
    if sys.platform == "linux":
        with contextlib.suppress(ImportError, OSError, AttributeError):
            import ctypes

            ctypes.CDLL(None).prctl(option, int(value), 0, 0, 0)


def end(child):
    """Kill the child and, where the system lists them, everything it started."""
    victims = [child] if child else []
    for _ in range(1000):
        with contextlib.suppress(OSError), open(f"/proc/self/task/{os.getpid()}/children") as file:
            victims += [int(pid) for pid in file.read().split()]
        for pid in victims:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        victims = []
        try:
            os.waitpid(-1, 0)
        except OSError:
            return


def limit(memory):
    """Set the limits of memory, processor time and file size, as far as the system has them."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for name, value in (
        ("RLIMIT_AS", memory),
        ("RLIMIT_CPU", 600),
        ("RLIMIT_CORE", 0),
        ("RLIMIT_FSIZE", 16 << 20),
    ):
        with contextlib.suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, name), (value, value))


def serve(wire, requests, answers):
    """Answer one request after the other."""
    function, files = None, set()

    def read(size):
        data = b""
        while len(data) < size:
            part = os.read(requests, min(size - len(data), 1 << 20))
            if not part:
                os._exit(0)
            data += part
        return data

    while True:
        header = read(wire.HEADER.size)
        request = wire.unpack(header + read(sum(wire.sizes(header))), source=make)
        number = request["id"]
        try:
            if request["kind"] == "load":
                pieces, parts = request["pieces"], request["parts"]
                files = {name for name, _, _ in sum(parts.values(), pieces)}
                supply(parts)
                function = load(pieces, request["function"])
                answer = {"kind": "ready"}
            else:
                answer = call(wire, function, request["args"], request["kwargs"])
        except BaseException as error:  # SystemExit and KeyboardInterrupt are answers as well
            answer = raised(error, files)
        frame = wire.pack({"id": number, **answer})
        with contextlib.suppress(BaseException):
            sys.stdout.flush()
            sys.stderr.flush()
        with contextlib.suppress(OSError):
            os.write(2, MARK % number)
        while frame:
            frame = frame[os.write(answers, frame) :]


def make(source):
    """Return the input a `Source` describes."""
    import numpy

    names = {"np": numpy}
    exec(compile(source.setup, "input", "exec"), names)
    return eval(compile(source.expression, "input", "eval"), names)


def supply(parts):
    """Put the parts of a project where it imports them from; each runs in a module of its own."""
    from types import ModuleType

    module = ModuleType("companion.exercises.parts")
    sys.modules[module.__name__] = module  # in place first: what is not in it cannot be imported
    for name, pieces in parts.items():
        setattr(module, name, load(pieces, name))


def load(pieces, function):
    """Run the statements a function needs and return the function."""
    import __future__

    import ast
    import io
    import linecache
    from types import ModuleType

    module = ModuleType("submission")
    vars(module).update(display=show, get_ipython=no_ipython)
    sys.modules["submission"] = module
    flags = 0  # a cell's imports from __future__ hold for the cells below, as in a notebook
    for name, text, kept in pieces:
        linecache.cache[name] = (len(text), None, list(io.StringIO(text)), name)
        tree = ast.parse(text, name)
        tree.body = [tree.body[index] for index in kept]
        for node in tree.body:
            if isinstance(node, ast.ImportFrom) and node.module == "__future__":
                found = (getattr(__future__, alias.name).compiler_flag for alias in node.names)
                flags |= sum(found)
        exec(compile(tree, name, "exec", flags, dont_inherit=True), vars(module))
    found = getattr(module, function)
    if not callable(found):
        raise TypeError(f"{function} is a {type(found).__name__}, not a function")
    return found


def show(*values, **options):
    """Stand in for IPython's ``display``: print."""
    for value in values:
        print(repr(value))


def no_ipython():
    """Stand in for ``get_ipython``, which is left where a magic or a shell command has a value."""
    raise RuntimeError("the grader runs no magics and no shell commands: say it in Python")


def call(wire, function, args, kwargs):
    """Return the answer to one call: its value and which inputs it changed in place."""
    before = {name: print_of(wire, item) for name, item in (*enumerate(args), *kwargs.items())}
    inputs = {**dict(enumerate(args)), **kwargs}
    value = function(*args, **kwargs)
    changed = [name for name, item in inputs.items() if print_of(wire, item) != before[name]]
    try:
        wire.pack(value)
    except wire.Unsendable as error:
        return {"kind": "unsendable", "text": sendable(str(error)[:TEXT])}
    return {"kind": "value", "value": value, "changed": changed}


def print_of(wire, item):
    """Return bytes that change when an input changes; None for what cannot change or be sent."""
    try:
        return wire.pack(item)
    except wire.Unsendable:
        return None


def raised(error, files):
    """Return the answer that tells of an exception, with the learner's lines only."""
    import traceback

    types = [kind.__name__ for kind in type(error).__mro__ if kind is not object]
    try:
        text = str(error)[:TEXT]
    except BaseException:
        text = "(the exception has no readable message)"
    lines = []
    try:
        for frame in traceback.extract_tb(error.__traceback__):
            if frame.filename in files:
                place = f"{frame.filename}, line {frame.lineno}, in {frame.name}"
                lines.append(f"{place}\n    {frame.line}")
    except BaseException:
        lines = []
    where = "\n".join(lines)[-TEXT:]
    return {
        "kind": "raised",
        "types": [sendable(name) for name in types[:20]],
        "text": sendable(text),
        "where": sendable(where),
    }


def sendable(text):
    """Return a text without halves of surrogate pairs, which no frame can carry."""
    return text.encode("utf-8", "replace").decode("utf-8")


if __name__ == "__main__":
    main()
