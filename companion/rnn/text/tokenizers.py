"""From a text to its tokens: letters, or words with their punctuation.

Told in the chapter :ref:`language_models`, and in depth on :ref:`tokens`.
"""

import re
from pathlib import Path

WORD = re.compile(r"\w+(?:['’-]\w+)*|[^\w\s]")
"""Letters and digits, also across an apostrophe or hyphen inside; or one other sign."""
CLOSING, OPENING = frozenset(",.;:!?)]}’”"), frozenset("([{‘“")


def read_text(path):
    """Read a text from a UTF-8 file.

    Parameters
    ----------
    path : path-like
        The file.

    Returns
    -------
    str
        Its text, without a byte order mark.

    Raises
    ------
    ValueError
        If the file is not UTF-8, or has no text in it.
    """
    data = Path(path).read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(
            f"read_text: {path} is not UTF-8: byte 0x{data[error.start]:02x} at place "
            f"{error.start}; save it as UTF-8, or decode it yourself with its own encoding"
        ) from error
    if not text.strip():
        raise ValueError(f"read_text: {path} has no text in it")
    return text


def characters(text):
    """Cut a text into its characters.

    Parameters
    ----------
    text : str
        At least one character.

    Returns
    -------
    list of str
        Joined together they are the text.

    Raises
    ------
    ValueError
        If the text is empty.
    """
    return list(_checked("characters", text))


def words(text):
    """Cut a text into words and punctuation.

    Parameters
    ----------
    text : str
        Something besides white space.

    Returns
    -------
    list of str
        Words as they stand, capital letters included; each other sign is a token of its own. White
        space is gone: `joined` can only guess it.

    Raises
    ------
    ValueError
        If there is no token in the text.
    """
    return WORD.findall(_checked("words", text))


def joined(tokens):
    """Write words and punctuation as a line of text.

    Parameters
    ----------
    tokens : iterable of str
        As from `words`.

    Returns
    -------
    str
        One space between tokens, but none before what closes and none after what opens.
    """
    line, before = "", ""
    for token in tokens:
        space = "" if not line or token in CLOSING or before in OPENING else " "
        line, before = line + space + token, token
    return line


def _checked(name, text):
    """Return the text, or complain that nothing stands in it."""
    if not isinstance(text, str):
        raise TypeError(f"{name}: expected a str, got {type(text).__name__}")
    if not text or (name == "words" and text.isspace()):
        raise ValueError(f"{name}: the text is empty; leave empty texts out")
    return text
