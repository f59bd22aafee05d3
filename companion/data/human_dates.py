"""Dates as people write them in five languages, and as ISO 8601 writes them."""

from datetime import date, timedelta

import numpy as np

LANGUAGES = {"English": "en_US", "German": "de", "French": "fr", "Spanish": "es", "Italian": "it"}
FORMS = ("full", "long", "d MMM yyyy")
FIRST, DAYS = date(1950, 1, 1), 36_525


def written(day, language, form="long"):
    """Write a date as people do.

    Parameters
    ----------
    day : datetime.date
        The day.
    language : str
        One of `LANGUAGES`.
    form : str
        ``"full"`` (with the day of the week), ``"long"``, or a pattern of Unicode's CLDR.

    Returns
    -------
    str
        In lower case, such as ``"5 de marzo de 1997"``.

    Raises
    ------
    ValueError
        If the language is unknown.
    ModuleNotFoundError
        If the package babel is not installed.
    """
    if language not in LANGUAGES:
        raise ValueError(f"written: language {language!r}; expected one of {', '.join(LANGUAGES)}")
    from babel.dates import format_date  # takes a third of a second, and only this needs it

    return format_date(day, form, locale=LANGUAGES[language]).lower()


def human_dates(count, seed=0):
    """Draw dates of the years 1950 to 2049, each written in a language and a form at random.

    Parameters
    ----------
    count : int
        How many, at least 1.
    seed : int
        Of the draw.

    Returns
    -------
    human : list of str
        As people write them; each once.
    iso : list of str
        As ISO 8601 writes them, ``"1997-03-05"``.

    Raises
    ------
    ValueError
        If `count` is below 1 or above 50,000.
    ModuleNotFoundError
        If the package babel is not installed.

    Notes
    -----
    Names of months come from Unicode's CLDR by way of Babel. Used first in the chapter
    :ref:`attention`.
    """
    if not 1 <= count <= 50_000:
        raise ValueError(f"human_dates: count={count}; expected 1 … 50000")
    rng, found, languages = np.random.default_rng(seed), {}, list(LANGUAGES)
    while len(found) < count:
        day = FIRST + timedelta(days=int(rng.integers(DAYS)))
        language = languages[rng.integers(len(languages))]
        found.setdefault(written(day, language, FORMS[rng.integers(len(FORMS))]), day.isoformat())
    return list(found), list(found.values())
