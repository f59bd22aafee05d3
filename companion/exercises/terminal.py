"""Text made fit for a terminal: what a learner's code writes made harmless, signs made ASCII."""

import codecs
import os
import re
import shlex
import subprocess
import sys
import unicodedata

LONGEST = 20_000

# Escape sequences (CSI, OSC, other), then every control or direction-changing character left.
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b[\]PX^_].*?(?:\x07|\x1b\\|$)|\x1b[ -/]*[0-~]?",
    re.DOTALL,
)
_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)


# What stands for a sign on a terminal that cannot show it, such as one with a Windows code page.
_PLAIN = {
    **{"✓": "v", "✗": "x", "·": "-", "•": "-", "–": "-", "—": "-", "−": "-", "…": "...", "→": "->"},
    **{"“": '"', "”": '"', "‘": "'", "’": "'", "≠": "!=", "≤": "<=", "≥": ">=", "×": "x"},
    **dict.fromkeys("│┃║", "|"),
    **dict.fromkeys("─━═", "-"),
}


def speak_plainly():
    """Let the standard streams write what they cannot encode in ASCII, instead of failing."""
    codecs.register_error("plain-signs", _plain)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="plain-signs")


def _plain(error):
    """Replace characters that cannot be encoded, as an error handler of codecs does."""
    beyond = error.object[error.start : error.end]
    return "".join(_PLAIN.get(sign) or _without_marks(sign) for sign in beyond), error.end


def _without_marks(sign):
    """Return the letter below an accent, or a question mark."""
    letters = unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode()
    return letters or "?"


def clean(text) -> str:
    """Return a text without terminal control: colours, cursor moves, titles, reversed writing."""
    text = text[:LONGEST].replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", _ESCAPES.sub("", text))


def quoted(path) -> str:
    """Return a path as it is typed in a command, made fit for a terminal.

    >>> quoted("my work")
    "'my work'"
    """
    text = clean(str(path))
    return subprocess.list2cmdline([text]) if os.name == "nt" else shlex.quote(text)
