"""The package's own files: what pages are dressed with, and what every site publishes as it is. Reads nothing else."""

from pathlib import Path

FOLDER = Path(__file__).parent.parent
PUBLISHED = {"schema/": ("assets", "*.json"), "storefront/": ("storefront", "**/*"), "vectors/": ("vectors", "*")}
"""Address below the site's -> the package's folder and which of its files stand there."""


def asset(name: str) -> bytes:
    """A file of the package's ``assets``."""
    return (FOLDER / "assets" / name).read_bytes()


def published() -> dict[str, bytes]:
    """Address below the site's -> content."""
    found = {}
    for address, (name, pattern) in PUBLISHED.items():
        folder = FOLDER / name
        for path in sorted(folder.glob(pattern)):
            if path.is_file():
                found[address + path.relative_to(folder).as_posix()] = path.read_bytes()
    return found
