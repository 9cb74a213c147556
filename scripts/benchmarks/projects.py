"""MkDocs projects with the same pages: of policies, of Markdown files that somebody keeps by hand, and of empty files.

The pages written by hand hold a version's text, a clause's earlier texts and the list of versions, and no more: neither
dates nor digests nor links between versions. Redline pages have no counterpart among them.

``python -m benchmarks.projects VERSIONS CLAUSES FOLDER`` writes them into four folders there.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks.synthetic import AS_OF, DOCUMENT, policy

from inforce import project as sources
from inforce.model import Policy, Version

_CONFIG = """\
site_name: Policies
site_url: https://policies.example/
theme:
  name: material
plugins:
  - search
"""
_NAV = """\
nav:
  - Home: index.md
  - Privacy policy: {document}/index.md
"""
_PLUGIN = """\
  - inforce:
      as_of: "{as_of}"
"""
# What the text needs beside MkDocs' own extensions: the ids of its headings.
_EXTENSIONS = """\
markdown_extensions:
  - attr_list
"""

_GIT_ATTRIBUTES = b"versions/** -text -filter -ident\npolicy/** text eol=lf\n"

_EMPTY = "---\nsearch: {exclude: true}\n---\n\n# Empty\n"


def write_policies(folder: Path, files: Mapping[str, bytes]) -> None:
    """A project whose pages In Force makes."""
    _write(folder, {**files, **_common(_CONFIG + _PLUGIN + _NAV), ".gitattributes": _GIT_ATTRIBUTES})


def write_plain(folder: Path, files: Mapping[str, bytes], nav: bool) -> None:
    """A project with the same pages as Markdown files, built by MkDocs and the theme alone.

    With ``nav`` the navigation names two pages, as in the project of policies; otherwise MkDocs puts all of them there.
    """
    pages = _pages(sources.read(files).policies[0])
    _write(folder, {**_docs(pages), **_common(_CONFIG + _EXTENSIONS + (_NAV if nav else ""))})


def write_empty(folder: Path, files: Mapping[str, bytes]) -> None:
    """A project with as many pages, nothing on them, and none in the search: what MkDocs and the theme cost alone."""
    pages = dict.fromkeys(_pages(sources.read(files).policies[0]), _EMPTY)
    _write(folder, {**_docs(pages), **_common(_CONFIG + _NAV)})


def _docs(pages: Mapping[str, str]) -> dict[str, bytes]:
    return {f"docs/{DOCUMENT}/{name}": text.encode() for name, text in pages.items()}


def _common(config: str) -> dict[str, bytes]:
    config = config.format(document=DOCUMENT, as_of=AS_OF)
    return {"mkdocs.yml": config.encode(), "docs/index.md": b"# Policies\n"}


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _pages(made_up: Policy) -> dict[str, str]:
    """The pages by their paths below the document's folder: every version, the current one, the list, the clauses."""
    versions = made_up.ledger.versions
    pages = {f"{version.number}/index.md": _text(version) for version in versions}
    pages["index.md"] = _text(versions[-1]) + _list(versions, "")
    pages["versions/index.md"] = f"# Every version\n{_list(versions, '../')}"
    for clause in versions[-1].clauses:
        pages[f"clauses/{clause.id}/index.md"] = _clause(versions, clause.id)
    return pages


def _text(version: Version) -> str:
    clauses = "\n\n".join(clause.text for clause in version.clauses)
    return f"# {version.title}, version {version.number}\n\n{clauses}\n"


def _list(versions: tuple[Version, ...], up: str) -> str:
    """Every version with its summary and its changes, newest first."""
    entries = []
    for version in reversed(versions):
        changes = "".join(f"\n    - {change.clause}: {change.note}" for change in version.changes)
        entries.append(f"- [Version {version.number}]({up}{version.number}/index.md): {version.summary}\n{changes}")
    return "\n" + "\n".join(entries) + "\n"


def _clause(versions: tuple[Version, ...], name: str) -> str:
    """One clause's text in every version that changed it, newest first."""
    found = [version for version in reversed(versions) if any(change.clause == name for change in version.changes)]
    if versions[0] not in found:
        found.append(versions[0])
    texts = (f"## Version {version.number}\n\n{version.by_id[name].body}\n" for version in found)
    return f"# {name}: history\n\n" + "\n".join(texts)


if __name__ == "__main__":
    files, target = policy(int(sys.argv[1]), int(sys.argv[2])), Path(sys.argv[3])
    write_policies(target / "policies", files)
    write_plain(target / "plain", files, nav=True)
    write_plain(target / "listed", files, nav=False)
    write_empty(target / "empty", files)
