"""Files with text and words, from packages that the optional part ``text`` of the course brings."""

from importlib.util import find_spec

from companion.data.files import packaged_file


def text_file(package, inside, sha256):
    """Return the path of a data file inside a package of the optional part ``text``.

    Parameters
    ----------
    package, inside, sha256 : str
        As in `companion.data.files.packaged_file`.

    Returns
    -------
    pathlib.Path
        The file, whose bytes are the expected ones.

    Raises
    ------
    ModuleNotFoundError
        If the package is missing; says what to install.
    ValueError
        If the file is missing or not the expected one.
    """
    if find_spec(package) is None:
        raise ModuleNotFoundError(
            f"this text comes with the package {package!r}, which is not installed; "
            "run: pip install 'deep-learning-companion[text]'"
        )
    return packaged_file(package, inside, sha256)
