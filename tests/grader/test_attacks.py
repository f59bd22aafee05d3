"""A learner's code may do what it likes: its check fails, by name, and nothing else happens.

Every attack runs for one input only, that of the first check. The last check must still pass, in
a fresh process if need be, and a second exercise after it as well.
"""

import gc
import os
import re
import sys
import time

import pytest

from companion.exercises.child import Limits

PROLOGUE = """
import builtins, ctypes, gc, inspect, itertools, os, pickle, signal, subprocess, sys, threading
import time

def signed_distance(X, w, b):
    if len(X) and w[0] == 1.0:
        return attack(X, w, b)
    return (X @ w + b) / np.linalg.norm(w)

def answers():
    "The worker's own descriptor for answers: the pipe with the highest number."
    import stat
    ends = [fd for fd in range(3, 30) if is_pipe(fd)]
    return ends[-1]

def is_pipe(fd):
    import stat
    try:
        return stat.S_ISFIFO(os.fstat(fd).st_mode)
    except OSError:
        return False

def frame(message, arrays=b""):
    return len(message).to_bytes(4, "big") + len(arrays).to_bytes(4, "big") + message + arrays

def answer(number, value):
    from companion.exercises import wire
    return wire.pack({"id": number, "kind": "value", "value": value, "changed": []})

right = np.zeros(5)

def attack(X, w, b):
"""

SLOW = "did not finish within 1.5 s"
DIFFER = "5 of 5 values of the result differ"
BROKEN = "wrote into the grader's own connection"
ENDED = "ended the Python process"

ATTACKS = {
    "loops for ever": ("while True: pass", SLOW),
    "sleeps": ("time.sleep(1000)", SLOW),
    "stops itself": ("os.kill(os.getpid(), signal.SIGSTOP)", SLOW),
    "ignores every signal": (
        "[signal.signal(n, signal.SIG_IGN) for n in range(1, 32) if n not in (9, 19)]\n"
        "while True: time.sleep(1)",
        SLOW,
    ),
    "sys.exit": ("sys.exit(0)", "SystemExit: 0"),
    "os._exit": ("os._exit(0)", f"{ENDED} .exit status 0."),
    "os._exit with a status": ("os._exit(3)", f"{ENDED} .exit status 3."),
    "kills itself": ("os.kill(os.getpid(), 9)", "ended by SIGKILL"),
    "kills its group": ("os.killpg(0, 9)", "ended by SIGKILL"),
    "kills its parent": ("os.kill(os.getppid(), 9); time.sleep(9)", "ended by SIGKILL"),
    "raises KeyboardInterrupt": ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "raises a BaseException": ("raise BaseException('boo')", "BaseException: boo"),
    "raises what cannot be read": (
        "class E(Exception):\n  def __str__(self): raise self\nraise E",
        "no readable message",
    ),
    "raises half a character": ("raise ValueError('\\ud800')", r"ValueError: \?"),
    "prints 100 MB": ("sys.stdout.write('x' * (100 << 20)); return right", "more than 1 MB"),
    "prints for ever": ("while True: print('spam' * 1000)", "more than 1 MB"),
    "floods below Python": ("while True: os.write(1, b'x' * 65536)", "more than 1 MB"),
    "allocates 50 GB": ("return np.ones(50 << 27)", "MemoryError"),
    "allocates bit by bit": ("return [bytearray(1 << 24) for _ in range(800)]", "MemoryError"),
    "recurses": ("return attack(X, w, b)", "RecursionError"),
    "recurses without a limit": (
        "x = ()\nfor _ in range(1 << 20): x = (x,)\nhash(x)",
        "ended by SIGSEGV: is the recursion endless",
    ),
    "reads address 0": ("ctypes.string_at(0)", "ended by SIGSEGV"),
    "closes everything": ("os.closerange(0, 200)", f"{ENDED}|closed the connection"),
    "closes its output": ("os.close(1); os.close(2); sys.stdout.close(); return right", DIFFER),
    "answers with garbage": ("os.write(answers(), b'\\xc1' * 999)", BROKEN),
    "writes to every descriptor": (
        "for fd in range(100):\n  try: os.write(fd, os.urandom(64))\n  except OSError: pass",
        BROKEN,
    ),
    "declares a huge frame": ("os.write(answers(), b'\\xff' * 8)", "a frame of 8589934590 bytes"),
    "answers with a pickle": (
        "os.write(answers(), frame(pickle.dumps(right))); os._exit(0)",
        BROKEN,
    ),
    "answers with an object array": ("return np.array([X, None], dtype=object)", "dtype object"),
    "sends an object array": (
        "import io, msgpack\nf = io.BytesIO(); np.save(f, np.array([print], object))\n"
        "a = f.getvalue()\n"
        "v = msgpack.ExtType(2, len(a).to_bytes(4, 'big'))\n"
        "m = msgpack.packb({'id': 2, 'kind': 'value', 'value': v, 'changed': []})\n"
        "os.write(answers(), frame(m, a)); time.sleep(9)",
        "not the header of a plain array",
    ),
    "answers another question": ("os.write(answers(), answer(77, right))", "the question asked"),
    "answers the last question": ("os.write(answers(), answer(1, right))", "the question asked"),
    "answers in advance": (
        "os.write(answers(), answer(3, right)); return right",
        "the question asked",
    ),
    "answers True for 1": ("os.write(answers(), answer(True, right))", "the question asked"),
    "sends half a frame": (
        "os.write(answers(), answer(2, right)[:-9]); os._exit(0)",
        f"{BROKEN}.*lengths",
    ),
    "sends other keys": (
        "import msgpack\n"
        "m = {'id': 2, 'kind': 'value', 'value': 1, 'changed': [], 'points': 4}\n"
        "os.write(answers(), frame(msgpack.packb(m))); time.sleep(9)",
        "an answer of an unknown kind",
    ),
    "patches numpy": (
        "np.allclose = np.isclose = np.array_equal = lambda *a, **k: True\n"
        "np.ndarray.__eq__ if True else None\nnp.testing.assert_allclose = lambda *a, **k: None\n"
        "return right",
        DIFFER,
    ),
    "patches builtins": (
        "builtins.abs = builtins.min = lambda *a: 0\nbuiltins.AssertionError = Warning\n"
        "builtins.isinstance = lambda *a: True\nreturn right",
        f"{DIFFER}|Error|{BROKEN}|{ENDED}",
    ),
    "patches pytest and the grader": (
        "import pytest\npytest.fail = pytest.raises = lambda *a, **k: None\n"
        "from companion.exercises import compare, runner, student, results\n"
        "compare.assert_close = runner.run = student.assert_unchanged = lambda *a, **k: None\n"
        "results.ExerciseResult.points = 4\nreturn right",
        DIFFER,
    ),
    "reads the caller's frames": (
        "frames = [f.frame for f in inspect.stack()]\n"
        "found = [v for f in frames for v in {**f.f_globals, **f.f_locals}.values()]\n"
        "found += gc.get_objects()\n"
        "own = [v for v in found if type(v) is np.ndarray and v.shape == (5,)]\n"
        "hopeful = [v for v in own if v is not right]\n"
        "names = {n for f in frames for n in f.f_locals}\n"
        "assert not names & {'expected', 'check', 'mistakes', 'hints', 'points'}, names\n"
        "return hopeful[0] if hopeful else right",
        DIFFER,
    ),
    "looks for checks in memory": (
        "from companion.exercises.checks import Check\n"
        "return (np.ones(5) if [o for o in gc.get_objects() if type(o) is Check] else right)",
        DIFFER,
    ),
    "leaves a process with the pipes": (
        "p = subprocess.Popen(['sleep', '1000'], close_fds=False)\nprint('pid', p.pid)\n"
        "return right",
        DIFFER,
    ),
    "leaves a fork": (
        "p = os.fork()\nif p == 0: time.sleep(1000)\nprint('pid', p)\nreturn right",
        DIFFER,
    ),
    "leaves a daemon": (
        "r, w = os.pipe()\nif os.fork() == 0:\n  os.setsid()\n  p = os.fork()\n"
        "  if p: os.write(w, str(p).encode()); os._exit(0)\n  time.sleep(1000)\n"
        "os.wait(); print('pid', os.read(r, 20).decode()); return right",
        DIFFER,
    ),
    "forks and both answer": ("os.fork(); return right", DIFFER),
    "returns what pretends": (
        "class A:\n  __class__ = np.ndarray\n  shape = (5,)\n"
        "  def __array__(self, *a, **k): return right\n"
        "  def __eq__(self, other): return True\n  def __float__(self): return 1.0\n"
        "return A()",
        r"returned a submission\.attack.*A; expected numbers",
    ),
    "returns a subclass of array": (
        "class A(np.ndarray):\n  def __eq__(self, other): return np.True_\nreturn right.view(A)",
        "expected a plain NumPy array",
    ),
    "returns a masked array": ("return np.ma.array(right, mask=True)", "plain NumPy array"),
    "returns NaN": ("return right * np.nan", "NaN or infinity arises"),
    "returns complex numbers": ("return right * 1j", "dtype complex128"),
    "returns a generator": ("return (x for x in X)", "a generator; expected values"),
    "returns an endless iterator": ("return itertools.count()", "itertools.count; expected values"),
    "returns a set": ("return {1, 2}", "a set; expected numbers"),
    "returns a function": ("return lambda: 1", "a function; expected numbers"),
    "returns itself in itself": ("x = []; x.append(x); return x", "nested too deeply"),
    "returns far too much": ("return np.zeros(20_000_000)", "at most 64 MB"),
    "returns nothing": ("pass", "is a return missing?"),
    "returns a list": ("return list(right)", "a list; expected an array of shape"),
    "claims NotImplementedError": ("raise NotImplementedError", "is still reached: toy.py, line"),
    "prints for the terminal": (
        "print('\\x1b]0;title\\x07\\x1b[2Jgot\\x1b[1A'); return right",
        DIFFER,
    ),
}


@pytest.mark.parametrize(("code", "reason"), ATTACKS.values(), ids=ATTACKS)
def test_only_the_attacking_check_fails(grade_code, code, reason):
    body = "".join(f"    {line}\n" for line in code.splitlines())
    # Only who means to hang meets a short limit: the rest must not depend on a busy machine.
    limits = Limits(call=1.5 if reason == SLOW else 30, memory=512 << 20)
    first, second, last = grade_code(PROLOGUE + body, limits=limits).checks
    assert first.name == "test_divides_by_the_norm"
    assert first.status == "failed"
    assert re.search(reason, first.message, re.DOTALL), first.message
    assert second.status == "waits"
    assert (last.status, last.message) == ("passed", "")
    assert "\x1b" not in first.message + first.output
    for line in first.output.splitlines():
        if line.startswith("pid "):
            assert not alive(int(line.split()[1])), "a process was left behind"


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_code_that_hangs_while_it_is_loaded_is_waited_for_once(grade_code):
    code = "while True: signed_distance = 1\ndef signed_distance(X, w, b): return X"
    result = grade_code(code, limits=Limits(start=1.0))
    first, waits, last = result.checks
    assert "did not finish within 1 s" in first.message
    assert last.message == first.message
    assert waits.status == "waits"


def test_after_two_hangs_the_rest_is_not_run(grade_code):
    code = "def centred(X):\n    while True: pass"
    result = grade_code(code, "centred", limits=Limits(call=0.3))
    assert [check.status for check in result.checks] == ["failed", "failed"]


def test_the_grader_is_not_the_parent_of_the_code(grade_code):
    code = "import os\ndef signed_distance(X, w, b): raise ValueError(f'parent {os.getppid()}')"
    message = grade_code(code).checks[0].message
    assert "ValueError: parent " in message
    assert f"parent {os.getpid()}\n" not in message


def test_nothing_of_the_learners_surroundings_is_there(grade_code, monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "hush")
    code = (
        "import os, sys\n"
        "def signed_distance(X, w, b):\n"
        "    raise ValueError(f'{sorted(os.environ)} {os.listdir()} {sys.flags.isolated}')"
    )
    message = grade_code(code).checks[0].message
    assert "SECRET_TOKEN" not in message
    assert "[] 1" in message


def test_what_is_printed_is_shown_with_its_check(grade_code):
    code = "def signed_distance(X, w, b):\n    print('rows', len(X))\n    return X @ w"
    first, _, last = grade_code(code).checks
    assert first.output == "rows 5\n"
    assert last.output == "rows 0\n"


@pytest.mark.skipif(sys.platform != "linux", reason="counts descriptors in /proc")
def test_no_descriptor_and_no_folder_is_left(grade_code, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    code = "def signed_distance(X, w, b): return X"
    grade_code(code)
    gc.collect()  # what earlier tests left behind is closed before, not meanwhile
    before = set(os.listdir("/proc/self/fd"))
    grade_code(code)
    deadline = time.monotonic() + 10  # threads that wait for the child close their ends last
    while (left := set(os.listdir("/proc/self/fd")) - before) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert left == set()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("companion-")] == []
