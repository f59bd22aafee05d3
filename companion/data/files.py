"""Files that installed packages bring: found without importing the package, checked by checksum."""

import hashlib
from importlib.util import find_spec
from pathlib import Path


def packaged_file(package, inside, sha256):
    """Return the path of a data file inside an installed package.

    Parameters
    ----------
    package : str
        Import name of the package.
    inside : str
        Path of the file below the package's folder.
    sha256 : str
        Expected checksum, hexadecimal.

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
    spec = find_spec(package)
    if spec is None:
        raise ModuleNotFoundError(
            f"this file comes with the package {package!r}, which is not installed; "
            "run: pip install 'deep-learning-companion[data]'"
        )
    path = Path(spec.origin).parent / inside
    if not path.is_file():
        raise ValueError(
            f"{package}/{inside} is missing; install the version that constraints.txt pins"
        )
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != sha256:
        raise ValueError(
            f"{package}/{inside} is not the file this course was written for "
            f"(sha256 {found[:12]}…, expected {sha256[:12]}…); "
            "install the version that constraints.txt pins"
        )
    return path
