"""Links from clauses to other pages of policies -> those that lead nowhere, or to a clause that is gone.

A relative link counts from the policy's own address. What is not below a policy's address belongs to the rest of the
site, and is not looked at; a policy's own ``#clause`` in its draft is a matter of ``form``.
"""

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape

from inforce.errors import meant
from inforce.ledger.addresses import Addresses
from inforce.model import Clause, Policy, Version, draft_folder
from inforce.text.html import render

_HREF = re.compile(r' href="([^"#:][^":]*)"')
_MAILBOX = re.compile(r"[^\s/@#?]+@[^\s/@#?]+\.[^\s/@#?]+\Z")
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+(?P<last>[a-z]{2,})(?=[/?#:]|\Z)", re.IGNORECASE)
_FILES = frozenset(("md", "html", "htm", "xml", "txt", "pdf", "json", "png", "jpg", "svg", "doc", "docx"))
"""Endings of a file's name, not of a host's."""
_SHOWN = 8
"""A message names so many pages at the most."""
_PAGE_IDS = frozenset(("top", "about-this-version", "verify", "versions"))


@dataclass(frozen=True)
class DeadLink:
    """A link of a clause that leads nowhere: ``written`` as in the text, what is wrong, what to do."""

    clause: str
    written: str
    what: str
    cure: str


def of_draft(policy: Policy, policies: Sequence[Policy]) -> Iterator[DeadLink]:
    """The dead links of a draft."""
    if policy.draft:
        yield from _dead(policy, policy.draft.clauses, policies)


def of_version(policy: Policy, version: Version, policies: Sequence[Policy]) -> Iterator[DeadLink]:
    """The dead links on the page of a published version, as it stands among today's pages."""
    yield from _dead(policy, version.clauses, policies)


def _dead(policy: Policy, clauses: Sequence[Clause], policies: Sequence[Policy]) -> Iterator[DeadLink]:
    known = {each.document: each for each in policies}
    for clause in clauses:
        for written in dict.fromkeys(unescape(found) for found in _HREF.findall(render(clause).body)):
            path, _, anchor = written.partition("#")
            name, _, rest = posixpath.normpath(f"{policy.document}/{path.partition('?')[0]}").partition("/")
            if path.startswith("/") or name not in known:
                continue
            if whole := _schemeless(written):
                what = "it has no scheme, so it counts as a page of this policy"
                yield DeadLink(clause.id, written, what, f"Write {whole}")
                continue
            rest += "/" if rest and path.endswith("/") else ""
            if wrong := _wrong(known[name], rest.removesuffix("index.md"), anchor):
                yield DeadLink(clause.id, written, *wrong)


def _schemeless(written: str) -> str:
    """The whole address of a host or a mailbox that is written without its scheme; empty where it is neither."""
    if _MAILBOX.match(written):
        return f"mailto:{written}"
    host = _HOST.match(written)
    return f"https://{written}" if host and host["last"].lower() not in _FILES else ""


def _wrong(policy: Policy, rest: str, anchor: str) -> tuple[str, str] | None:
    """What is wrong with a link to ``rest`` below a policy's address, and the cure; None where it leads somewhere.

    A policy's own address counts as there before its first release: two policies that name each other could never be
    released otherwise.
    """
    page, ledger = rest.rstrip("/"), policy.ledger
    if page == "":
        return _unanchored(policy, anchor, None)
    if f"{policy.document}/{page}" in {address.rstrip("/") for address in _published(policy)}:
        return _unanchored(policy, anchor, ledger.by_number[page]) if page in ledger.by_number else None
    if not ledger.versions:
        what = f"{policy.document} was never released, so it has no page {page}/"
        return what, f"Link to ../{policy.document}/, or release it first"
    pages = ("versions/", *(f"{each}/" for each in ledger.by_number))
    what = f"{policy.document} has no page {page}/"
    shown = pages if len(pages) <= _SHOWN else (*pages[:2], "…", pages[-1])
    return what, meant(f"{page}/", pages, f"Its pages are: {', '.join(shown)}")


def _published(policy: Policy) -> Iterator[str]:
    return Addresses(policy.document).published(policy.ledger)


def _unanchored(policy: Policy, anchor: str, version: Version | None) -> tuple[str, str] | None:
    """What is wrong with an anchor on a version's page, or on the policy's own, which shows what is to come, too."""
    if not anchor or anchor in _PAGE_IDS:
        return None
    shown = version or policy.draft or next(iter(policy.ledger.versions[-1:]), None)
    if shown is None:
        return None
    ids = {name for clause in shown.clauses for name in (clause.id, *render(clause).ids)}
    if anchor in ids:
        return None
    gone = next((each for each in reversed(policy.ledger.versions) if anchor in each.by_id), None)
    what = f"{policy.document} has no clause `{anchor}`"
    if gone and version is None:
        heir = next((c.clause for v in policy.ledger.versions for c in v.changes if anchor in c.was), "")
        what += f" any more; {gone.number} was the last to have it"
        last = f"{policy.document}/{gone.number}/#{anchor}"
        return what, f"Link to `{heir}`, which it became" if heir else f"Link to {last}, or take it out"
    return what, meant(anchor, ids, "Write the id of one of its clauses")


def place(policy: Policy, link: DeadLink) -> str:
    """The file of a draft that a link stands in."""
    return f"{draft_folder(policy.document)}{link.clause}.md"
