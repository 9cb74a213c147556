"""Where the links of clauses lead: to a page of a policy that is there, or nowhere, or to the rest of the site.

A relative link counts from the policy's own address. What is not below a policy's address belongs to the rest of the
site, of which nothing is known here: only that a name is nearly a policy's. Who has a built site can look for what
:func:`outward` gives. Pure.
"""

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from inforce.changes import lineage
from inforce.draft.folder import clause_path
from inforce.errors import Level, Problem, meant
from inforce.ledger.addresses import Addresses
from inforce.ledger.entries import clause_line
from inforce.model import Clause, Draft, Policy, Version
from inforce.release import proposal
from inforce.text import markdown
from inforce.text.html import render
from inforce.text.normal import count_of

_MAILBOX = re.compile(r"[^\s/@#?]+@[^\s/@#?]+\.[^\s/@#?]+\Z")
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+(?P<last>[a-z]{2,})(?=[/?#:]|\Z)", re.IGNORECASE)
_FILES = frozenset(("md", "html", "htm", "xml", "txt", "pdf", "json", "png", "jpg", "svg", "doc", "docx"))
"""Endings of a file's name, not of a host's."""
_SHOWN = 8
"""A message names so many pages at the most."""
_NEARLY = 0.8
"""How alike two names are, from 0 to 1, if the one is the other misspelt: a letter or two of them, and no more."""
_PAGE_IDS = frozenset(("top", "page.about", "page.verify", "page.versions"))


@dataclass(frozen=True)
class DeadLink:
    """A link of a clause that leads nowhere: ``written`` as in the text, what is wrong, what to do."""

    clause: str
    written: str
    what: str
    cure: str


@dataclass(frozen=True)
class OutwardLink:
    """A link of a draft to the rest of the site: where it stands, as written, and its address below the site's."""

    path: str
    line: int
    written: str
    address: str


def dead_links(policy: Policy, clauses: Sequence[Clause], policies: Sequence[Policy]) -> Iterator[DeadLink]:
    """The dead links of a text of ``policy``, its draft's or a version's, as it stands among today's pages."""
    known = {each.document: each for each in policies}
    for clause, written, address in _relative(policy, clauses):
        name, _, rest = address.partition("/")
        if name not in known:
            continue
        if whole := _schemeless(written):
            what = "it has no scheme, so it counts as a page of this policy"
            yield DeadLink(clause, written, what, f"Write {whole}")
        elif wrong := _wrong(known[name], rest.removesuffix("index.md"), written.partition("#")[2]):
            yield DeadLink(clause, written, *wrong)


def outward(policy: Policy, policies: Sequence[Policy]) -> Iterator[OutwardLink]:
    """The relative links of a policy's draft that lead to no policy, but stay below the site's address."""
    draft, known = policy.draft, {each.document for each in policies}
    for clause, written, address in _relative(policy, draft.clauses if draft else ()):
        if draft and address.partition("/")[0] not in {*known, ".."}:
            yield OutwardLink(*place_of_link(draft, clause, written), written, address)


def of_draft(policy: Policy, draft: Draft, policies: Sequence[Policy]) -> Iterator[tuple[str, int, str, str]]:
    """Return the dead links of a policy's draft: path, line, what is wrong, the cure."""
    for link in dead_links(policy, draft.clauses, policies):
        place = place_of_link(draft, link.clause, link.written)
        yield *place, f"The link `{link.written}` leads nowhere: {link.what}", link.cure


def doubtful(policy: Policy, policies: Sequence[Policy]) -> Iterator[Problem]:
    """What is no error whatever a policy says of dead links: who is warned can't mend it, or may know better."""
    documents = [each.document for each in policies]
    for link in outward(policy, policies):
        name = link.address.partition("/")[0]
        if near := get_close_matches(posixpath.splitext(name)[0].lower(), documents, 1, _NEARLY):
            what = f"The link `{link.written}` leads to no policy: there is no `{name}`"
            yield Problem(link.path, link.line, "dead-link", what, f"Did you mean `../{near[0]}/`?", Level.WARNING)
    yield from _of_published(policy, policies)


def _relative(policy: Policy, clauses: Sequence[Clause]) -> Iterator[tuple[str, str, str]]:
    """Each relative link: the id of its clause, the link as written, and its address below the site's."""
    for clause in clauses:
        for written in dict.fromkeys(render(clause).links):
            if written and written[0] not in "#/" and ":" not in written:
                path = written.partition("#")[0].partition("?")[0]
                address = posixpath.normpath(f"{policy.document}/{path}")
                yield clause.id, written, f"{address}/" if path.endswith("/") and "/" in address else address


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
    if f"{policy.document}/{page}" in {address.rstrip("/") for address in Addresses(policy.document).published(ledger)}:
        return _unanchored(policy, anchor, ledger.by_number[page]) if page in ledger.by_number else None
    named = page if page.rpartition(".")[2].lower() in _FILES else f"{page}/"
    if not ledger.versions:
        what = f"{policy.document} was never released, so it has no page {named}"
        return what, f"Link to ../{policy.document}/, or release it first"
    pages = ("versions/", *(f"{each}/" for each in ledger.by_number))
    what = f"{policy.document} has no page {named}"
    shown = pages if len(pages) <= _SHOWN else (*pages[:2], "…", pages[-1])
    return what, meant(named, pages, f"Its pages are: {', '.join(shown)}")


def _unanchored(policy: Policy, anchor: str, version: Version | None) -> tuple[str, str] | None:
    """What is wrong with an anchor on a version's page, or on the policy's own, which shows what is to come, too."""
    if not anchor or anchor in _PAGE_IDS:
        return None
    shown = version or policy.draft or policy.ledger.latest
    if shown is None:
        return None
    ids = {name for clause in shown.clauses for name in (clause.id, *render(clause).ids)}
    if anchor in ids:
        return None
    what = f"{policy.document} has no clause `{anchor}`"
    gone = next((each for each in reversed(policy.ledger.standing) if anchor in each.by_id), None)
    if gone and version is None:
        what += f" any more; {gone.number} was the last to have it"
        if heir := _heir(policy, gone, anchor):
            return what, f"Link to `{heir}`, which it became"
        return what, f"Link to {policy.document}/{gone.number}/#{anchor}, or take it out"
    return what, meant(anchor, ids, "Write the id of one of its clauses")


def _heir(policy: Policy, last: Version, clause: str) -> str:
    """The clause that one of the version ``last`` has become by now, in the draft if there is one; empty if none."""
    drafted = policy.draft and proposal.draft_version(policy.draft, policy, last.announced)
    newest = drafted or policy.ledger.latest
    assert newest
    return lineage.heirs(lineage.between(policy.ledger, last, newest)).get(clause, "")


def _of_published(policy: Policy, policies: Sequence[Policy]) -> Iterator[Problem]:
    """Links on the pages of published versions, which nobody can mend in the text: a warning at most.

    A link that many versions have is told once, at the last of them.
    """
    found: dict[tuple[str, str, str], list[Version]] = {}
    for version in policy.ledger.versions:
        for link in dead_links(policy, version.clauses, policies):
            found.setdefault((link.clause, link.written, link.what), []).append(version)
    for (clause, written, wrong), versions in found.items():
        last, earlier = versions[-1], len(versions) - 1
        too = f" (in {count_of(earlier, 'earlier version')}, too)" if earlier else ""
        what = f"In `{clause}`, the link `{written}` leads nowhere by now{too}: {wrong}"
        cure = f"A published text stays; say so beside it: inforce erratum {policy.document} {last.number}"
        line = _line_of_link(written, last.by_id[clause].text, clause_line(last, clause))
        yield Problem(last.path, line, "dead-link", what, cure, Level.WARNING)


def _line_of_link(address: str, text: str, above: int) -> int:
    """The first line of a file that holds an address in a clause's ``text``, which stands below ``above`` others.

    It is 0 where the address is written in some other way.
    """
    links = (link for link in markdown.read(text).links if link.kind != "reference")
    return next((link.line + above for link in links if link.address == address), 0)


def place_of_link(draft: Draft, clause: str, written: str) -> tuple[str, int]:
    """Where a link of a draft's clause is written; line 0 where its file does not show it so."""
    file = draft.files.get(clause)
    return clause_path(draft.document, clause), _line_of_link(written, file.body, file.before) if file else 0
