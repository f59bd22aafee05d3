"""Text from a learner's code, made harmless for a terminal."""

import re

LONGEST = 20_000

# Escape sequences (CSI, OSC, other), then every control or direction-changing character left.
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b[\]PX^_].*?(?:\x07|\x1b\\|$)|\x1b[ -/]*[0-~]?",
    re.DOTALL,
)
_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)


def clean(text) -> str:
    """Return a text without terminal control: colours, cursor moves, titles, reversed writing."""
    text = text[:LONGEST].replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", _ESCAPES.sub("", text))
