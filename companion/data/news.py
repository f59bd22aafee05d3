"""News in English: 300 reports of the Australian Broadcasting Corporation, 2000 to 2001."""

from companion.data.text_files import text_file

FILE = (
    "gensim",
    "test/test_data/lee_background.cor",
    "5d78d6dafd953bbf65797bef09a9ffb9ec430583381be705f8fd460000f370fb",
)


def news():
    """Load short news reports.

    Returns
    -------
    list of str
        300 reports, each of about 200 words.

    Raises
    ------
    ModuleNotFoundError
        If the package gensim is not installed.

    Notes
    -----
    The background corpus of Lee, Pincombe and Welsh (2005), as gensim ships it. Used first on the
    page :ref:`tokens`.
    """
    text = text_file(*FILE).read_text("utf-8")
    return [line.strip() for line in text.splitlines() if line.strip()]
