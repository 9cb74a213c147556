"""The package's own files: what pages are dressed with, and what every site publishes as it is. Reads nothing else.

A wheel brings the storefront's files inside the package; in a checkout they stand in ``storefront/`` beside it.
"""

from pathlib import Path

FOLDER = Path(__file__).parent.parent
STOREFRONT = next(
    folder for folder in (FOLDER / "storefront", FOLDER.parents[1] / "storefront") if (folder / "schema").is_dir()
)
PUBLISHED = {"schema/": ("schema", "*.json"), "storefront/": ("js/src", "**/*"), "vectors/": ("vectors", "*.json")}
"""Address below the site's -> the storefront's folder and which of its files stand there."""


def asset(name: str) -> bytes:
    """A file of the package's ``assets``."""
    return (FOLDER / "assets" / name).read_bytes()


def published() -> dict[str, bytes]:
    """Address below the site's -> content."""
    found = {}
    for address, (name, pattern) in PUBLISHED.items():
        folder = STOREFRONT / name
        for path in sorted(folder.glob(pattern)):
            if path.is_file():
                found[address + path.relative_to(folder).as_posix()] = path.read_bytes()
    return found
