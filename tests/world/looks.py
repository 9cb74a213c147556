"""What must hold of a project at every instant, whatever its history: each look gives the faults that it finds.

The proofs share no code with what they prove. What the shop decides is asked of the shop's own module, as a shop would.
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urldefrag, urljoin

from jsonschema import Draft202012Validator
from mkdocs.commands.build import build
from mkdocs.config import load_config

from inforce_client.review import prepare, review_state
from world import agreement, composed, pages
from world.agreement import instant as instant_of
from world.edits import WORD
from world.history import ADDRESS, DOCUMENT, World

MANIFEST = "policy-manifest.json"
LONG = int(os.environ.get("WORLDS", "0"))
"""How many histories a long run lives through (``make worlds``); 0 is the short run, the same every time."""


class Fault(NamedTuple):
    """What is wrong: the look that found it, where, and what it saw."""

    look: str
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.look}: {self.where}: {self.what}"


def look(world: World) -> list[Fault]:
    """Every fault of a project whose check is green, as of every instant at which anything changes."""
    if world.inforce("check", step=False).exit_code:
        return []
    faults = list(_verified(world))
    manifest = json.loads(world.inforce("manifest", step=False).stdout)
    proven: dict[str, bytes] = {}
    looked = [(world.now, True), *((each, False) for each in instants(manifest, world.now))]
    with tempfile.TemporaryDirectory(prefix="own-") as folder:
        for instant, drafts in looked:
            site = _own(world, Path(folder) / "kept", instant, drafts=drafts)
            faults += [site] if isinstance(site, Fault) else site.faults(world, manifest, proven)
            if not isinstance(site, Fault) and (LONG or drafts or instant == looked[-1][0]):
                faults += _otherwise(world, site, Path(folder) / "anew")
    if DOCUMENT in manifest["documents"]:
        found = (*agreement.pairs(world, manifest), *agreement.restored(world, manifest))
        faults += (Fault(*each) for each in found)
    return list(dict.fromkeys(faults))


def instants(manifest: Mapping[str, Any], now: datetime) -> list[datetime]:
    """Now, every instant at which anything changes, and the moment before those at which what is in force does."""
    found = {now}
    for document in manifest["documents"].values():
        for row in (*document["versions"], document):
            for key in ("announced_at", "effective_at", "accept_by", "withdrawn_at", "retired_at"):
                if key in row:
                    found.add(instant_of(row[key]))
                    if key in ("effective_at", "retired_at"):
                        found.add(instant_of(row[key]) - timedelta(seconds=1))
    return sorted(found)


def _verified(world: World) -> Iterator[Fault]:
    result = world.inforce("verify", step=False)
    if result.exit_code:
        yield Fault("verify", "inforce verify", result.stderr)


# A site of our own layout, and one of MkDocs'


def _own(world: World, folder: Path, at: datetime, *more: str, drafts: bool) -> Site | Fault:
    """What ``inforce build`` makes as of an instant; ``folder`` may hold what it made as of another, as on a host."""
    where = f"as of {at:%Y-%m-%d %H:%M:%S}{' with drafts' if drafts else ''}"
    words = ("--as-of", at.isoformat(), *(("--drafts",) if drafts else ()), *more)
    result = world.inforce("build", "-o", str(folder), *words, step=False)
    if result.exit_code:
        return Fault("own", f"inforce build, {where}", result.stderr)
    files = _read(folder)
    files.pop(".inforce-files")
    return Site(where, at, files, drafts)


def _otherwise(world: World, site: Site, folder: Path) -> Iterator[Fault]:
    """Where ``inforce build`` makes other pages without the cache, or MkDocs shows another thing on its own.

    The short run asks it of the draft and of the last instant, the long run of every one.
    """
    anew, built = _own(world, folder, site.at, "--no-cache", drafts=site.drafts), _built(world, site)
    shutil.rmtree(folder, ignore_errors=True)
    yield from (each for each in (anew, built) if isinstance(each, Fault))
    if isinstance(anew, Site):
        for name in site.files.keys() | anew.files.keys():
            if site.files.get(name) != anew.files.get(name):
                yield site.fault("cache", name, "is not what it is without the cache")
    if isinstance(built, Site):
        yield from built.around(world)
        yield from _apart(site, built)


def _apart(site: Site, built: Site) -> Iterator[Fault]:
    """Where MkDocs shows another thing than our own layout."""
    for name, data in built.files.items():
        if not name.startswith((f"{DOCUMENT}/", "policy-manifest", "schema/")):
            continue
        shown = data.partition(b"</h1>")[2].removesuffix(b"</body></html>") if name.endswith("/index.html") else data
        own = site.files.get(name)
        if own is None or (shown not in own if name.endswith("/index.html") else shown != own):
            yield site.fault("own", name, "is not what it is in a site of MkDocs")


# A built site


class _Heard(logging.Handler):
    """Keeps what a build says."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def _built(world: World, own: Site) -> Site | Fault:
    """The same site as MkDocs builds it, strictly, or why it cannot be built."""
    where = f"{own.where}, in MkDocs"
    heard = _Heard()
    logging.getLogger("mkdocs").addHandler(heard)
    folder = world.root / "site"
    options = {"inforce": {"as_of": own.at.isoformat(), "drafts": own.drafts}}
    try:
        plugins = [{"search": {}}, options]
        config = load_config(str(world.root / "mkdocs.yml"), site_dir=str(folder), strict=True, plugins=plugins)
        config.plugins.on_startup(command="build", dirty=False)
        build(config)
    except Exception as error:
        frame = error.__traceback__
        while frame and frame.tb_next:
            frame = frame.tb_next
        place = f"{frame.tb_frame.f_code.co_filename.rpartition('/')[2]}:{frame.tb_lineno}" if frame else ""
        return Fault("build", where, " ".join((f"{type(error).__name__}: {error} ({place})", *heard.lines)))
    finally:
        logging.getLogger("mkdocs").removeHandler(heard)
    files = _read(folder)
    shutil.rmtree(folder)
    return Site(where, own.at, files, own.drafts)


def _read(folder: Path) -> dict[str, bytes]:
    begin = len(f"{folder}/")
    paths = (Path(above, name) for above, _, names in os.walk(folder) for name in names)
    return {str(path)[begin:]: path.read_bytes() for path in paths}


@dataclass(frozen=True)
class Site:
    """A built site: its files as of an instant."""

    where: str
    at: datetime
    files: Mapping[str, bytes]
    drafts: bool

    @property
    def manifest(self) -> dict[str, Any]:
        """What a storefront polls."""
        loaded = json.loads(self.files[MANIFEST])
        assert isinstance(loaded, dict)
        return loaded

    def page(self, address: str) -> pages.Page:
        """The page at an address below the site's."""
        return pages.read(self.files[f"{address}index.html"].decode())

    def fault(self, look: str, where: str, what: str) -> Fault:
        """A fault of this site."""
        return Fault(look, f"{where}, {self.where}", what)

    def faults(self, world: World, manifest: Mapping[str, Any], proven: dict[str, bytes]) -> Iterator[Fault]:
        """Everything wrong with the site; ``proven`` are the texts of redlines that need no second proof."""
        yield from self.around(world)
        yield from self._manifest(world)
        if {**self.manifest, "base": ""} != {**manifest, "base": ""}:
            yield self.fault("manifest", MANIFEST, "says another thing than inforce manifest")
        if DOCUMENT in self.manifest["documents"]:
            yield from self._standing(world.now)
            yield from self._redlines(proven)
            yield from self._since(proven)
            yield from self._decisions()
            yield from self._composed(proven)

    def around(self, world: World) -> Iterator[Fault]:
        """What can be wrong with any page, whoever laid it out."""
        yield from self._links()
        if not self.drafts:
            yield from self._leaks(world)

    def _composed(self, proven: dict[str, bytes]) -> Iterator[Fault]:
        """Any pair that a reader can choose; nothing of it depends on the day."""
        names = [name for name in self.files if name.startswith(f"{DOCUMENT}/compare/")]
        state = b"".join(hashlib.sha256(self.files[name]).digest() for name in sorted(names))
        if proven.get("compare") != state:
            proven["compare"] = state
            for pair, what in composed.faults(self.files, self.manifest):
                yield self.fault("compare", pair, what)

    def _links(self) -> Iterator[Fault]:
        parts = f"{DOCUMENT}/compare/"  # what the script of that page reads is no page
        names = [
            n for n in self.files if n.endswith(".html") and (not n.startswith(parts) or n == f"{parts}index.html")
        ]
        html = {name: pages.read(self.files[name].decode()) for name in names}
        for name, page in html.items():
            if page.misnested:
                yield self.fault("nesting", name, f"not closed where they should be: {', '.join(page.misnested)}")
            if twice := sorted(each for each, count in Counter(page.ids).items() if count > 1):
                yield self.fault("ids", name, f"more than once on the page: {', '.join(twice)}")
            for link, target, anchor in _targets(name, page.links):
                if dead := self._dead(target, anchor, html):
                    yield self.fault("links", name, f"{link} {dead}")
        for name in (f"{DOCUMENT}/feed.xml", MANIFEST):
            links = re.findall(rf"{ADDRESS}[^\"<>&\s]*", self.files.get(name, b"").decode())
            for link, target, anchor in _targets(name, tuple(links)):
                if dead := self._dead(target, anchor, html):
                    yield self.fault("links", name, f"{link} {dead}")

    def _dead(self, target: str, anchor: str, html: Mapping[str, pages.Page]) -> str:
        """Why a link to a file of the site leads nowhere, empty where it leads somewhere."""
        if target not in self.files:
            return f"leads to no file ({target})"
        if anchor and anchor != "top" and target in html and anchor not in html[target].ids:
            return f"leads to no place on {target}"
        return ""

    def _leaks(self, world: World) -> Iterator[Fault]:
        said = {word for path, data in world.files().items() if path.startswith("versions/") for word in _words(data)}
        for name, data in self.files.items():
            if leaked := _words(data) - said:
                yield self.fault("leak", name, f"words that were never released: {', '.join(sorted(leaked))}")

    def _manifest(self, world: World) -> Iterator[Fault]:
        manifest = self.manifest
        for error in _validator(self.files[manifest["$schema"]]).iter_errors(manifest):
            yield self.fault("manifest", error.json_path, error.message)
        ledger = world.files()
        for name, document in manifest["documents"].items():
            rows = document["versions"]
            standing = [row for row in rows if "withdrawn_at" not in row] or rows
            for row in rows:
                written = ledger[f"versions/{name}/{row['version']}.md"]
                if self.files[row["text"]] != written or row["digest"] != _digest(written):
                    yield self.fault("manifest", row["text"], "is not the ledger's file, or has another digest")
                yield from self._asked(row, written.decode())
            last = ledger[f"versions/{name}/{standing[-1]['version']}.md"].decode()
            for key in ("title", "kind"):
                if f'{key}: "{document[key]}"' not in last.splitlines():
                    what = f"{document[key]!r} is not what the last standing version says"
                    yield self.fault("speaker", f"{MANIFEST}, {key}", what)
            for key in ("url", "history"):
                if f"{document[key]}index.html" not in self.files:
                    yield self.fault("links", MANIFEST, f"{document[key]} leads nowhere")

    def _asked(self, row: Mapping[str, Any], written: str) -> Iterator[Fault]:
        """Until when a version is to be accepted, and how long an answer holds, is told as its file says it."""
        front = dict(line.split(": ", 1) for line in written.split("\n---\n")[0].splitlines() if line.count('"') == 2)
        page = self.page(row["url"]).root.text
        for key, words in (("accept_by", "To be accepted by"), ("reconfirm_every", "Asked again")):
            said, told = front.get(key, "").strip('"'), row.get(key, "")
            same = instant_of(said) == instant_of(told) if said and told and key == "accept_by" else said == told
            if not same or (words in page) != bool(said):
                yield self.fault("asked", row["url"], f"{key} is {said!r} in the file and {told!r} in the manifest")

    def _standing(self, now: datetime) -> Iterator[Fault]:
        """That a version is over is told once nothing can change that; what is in force stands at the policy's address.

        ``now`` is when the last file of the ledger was written, or later.
        """
        document = self.manifest["documents"][DOCUMENT]
        current, last = in_force(document, self.at), in_force(document, now)
        retired = "retired_at" in document and instant_of(document["retired_at"]) <= now
        for row in document["versions"]:
            expected = {"replaced", "retired", "upcoming", "dated"}
            if "withdrawn_at" in row:
                expected = {"withdrawn"}
            elif row["version"] == last or (instant_of(row["effective_at"]) > now and not retired):
                expected = {"dated", "upcoming"}
            statuses = [each for node in self.page(row["url"]).root.all() for each in node.classes]
            told = next(each.removeprefix("if-status--") for each in statuses if each.startswith("if-status--"))
            if told not in expected:
                yield self.fault("standing", row["url"], f"says {told}, the dates say {' or '.join(expected)}")
        if current:
            own, archived = f"{DOCUMENT}/", f"{DOCUMENT}/{current}/"
            here, there = (_texts(self.page(address), address) for address in (own, archived))
            if here != there:
                yield self.fault("standing", own, f"does not show the text of {current}, which is in force")

    def _redlines(self, proven: dict[str, bytes]) -> Iterator[Fault]:
        pattern = re.compile(rf"{DOCUMENT}/redline/([\d.]+)\.\.([\d.]+|draft)/index\.html")
        for name, data in self.files.items():
            text = data[data.find(b'<div class="if-text"') :]
            if (found := pattern.fullmatch(name)) and proven.get(name) != text:
                proven[name] = text
                old, new = (f"{DOCUMENT}/{number}/" for number in found.groups())
                marked = name.removesuffix("index.html")
                for what in proof(self.page(marked), marked, self.page(old), old, self.page(new), new):
                    yield self.fault("proof", marked, what)

    def _since(self, proven: dict[str, bytes]) -> Iterator[Fault]:
        """Every version has a page that leads from it to the one in force, then through all that is announced."""
        document = self.manifest["documents"][DOCUMENT]
        current = in_force(document, self.at)
        rows = {row["version"]: row for row in document["versions"]}
        end = instant_of(document["retired_at"]) if "retired_at" in document else None
        retired = end is not None and end <= self.at
        later = [
            number for number, row in rows.items()
            if "withdrawn_at" not in row and instant_of(row["effective_at"]) > self.at
            and (end is None or instant_of(row["effective_at"]) < end)
        ]  # fmt: skip
        for number, row in rows.items():
            address, place = f"{DOCUMENT}/since/{number}/", row["sequence"]
            if f"{address}index.html" not in self.files:
                yield self.fault("since", address, "is not there")
                continue
            back = "withdrawn_at" in row
            ahead = [each for each in (current, *later) if each and (back or rows[each]["sequence"] > place)]
            pairs = [node for node in self.page(address).root.all() if "if-pair" in node.classes]
            ends = [next(each.attributes["id"] for each in node.all() if each.tag == "h2") for node in pairs]
            if not retired and ends != [f"to-{each}" for each in ahead]:
                yield self.fault("since", address, f"leads {', '.join(ends) or 'nowhere'}, not to {ahead}")
            yield from self._proved(address, [number, *(each.removeprefix("to-") for each in ends)], proven)

    def _proved(self, address: str, stops: list[str], proven: dict[str, bytes]) -> Iterator[Fault]:
        """The pairs on a page since a version, each by itself."""
        sections = self.files[f"{address}index.html"].decode().partition("</article>")[0].split("if-pair")[1:]
        for html, (old, new) in zip(sections, pairwise(stops), strict=True):
            key, text = f"{address} {old}..{new}", html[html.find('<div class="if-text"') :].encode()
            if proven.get(key) != text:
                proven[key] = text
                pair = html.replace(f'="{new}--', '="').replace(f'="#{new}--', '="#')
                old_page, new_page = (self.page(f"{DOCUMENT}/{each}/") for each in (old, new))
                for what in proof(
                    pages.read(pair), address, old_page, f"{DOCUMENT}/{old}/", new_page, f"{DOCUMENT}/{new}/"
                ):
                    yield self.fault("proof", key, what)

    def _decisions(self) -> Iterator[Fault]:
        """Whatever redline a shop names to a customer of any version, at any instant, is on the site.

        So it is of a shop that knows nothing of pages since a version.
        """
        manifest = self.manifest
        older = json.loads(self.files[MANIFEST])
        del older["documents"][DOCUMENT]["redline"]["since"]
        for row in manifest["documents"][DOCUMENT]["versions"]:
            record = {
                "id": "1", "document": DOCUMENT, "version": row["version"], "digest": row["digest"],
                "action": "accepted", "at": row["announced_at"],
            }  # fmt: skip
            for told in (manifest, older):
                prepared = prepare(told)
                for at in instants(told, self.at):
                    for link in review_state(prepared, DOCUMENT, [record], at)["redline"] or ():
                        if f"{link}index.html" not in self.files:
                            yield self.fault("decision", row["version"], f"leads to {link}, which is not there")


@lru_cache(maxsize=4000)
def _targets(name: str, links: tuple[str, ...]) -> list[tuple[str, str, str]]:
    """Of links on the page ``name`` those to the site itself: the link, the file that it means, the place there."""
    found = []
    for link in dict.fromkeys(links):
        address, anchor = urldefrag(urljoin(f"{ADDRESS}{name.removesuffix('index.html')}", link))
        if address.startswith(ADDRESS):
            target = address.removeprefix(ADDRESS)
            found.append((link, f"{target}index.html" if not target or target.endswith("/") else target, anchor))
    return found


@lru_cache(maxsize=4000)
def _words(data: bytes) -> frozenset[str]:
    return frozenset(WORD.findall(data.decode(errors="replace")))


def _digest(data: bytes) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(data).digest()).decode()}"


@lru_cache
def _validator(schema: bytes) -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema))


def in_force(document: Mapping[str, Any], at: datetime) -> str:
    """The number of the version in force; empty where none is."""
    if "retired_at" in document and instant_of(document["retired_at"]) <= at:
        return ""
    begun = [r for r in document["versions"] if "withdrawn_at" not in r and instant_of(r["effective_at"]) <= at]
    return str(begun[-1]["version"]) if begun else ""


# A redline


def _texts(page: pages.Page, address: str) -> dict[str, pages.Stream]:
    return {name: pages.shown(node, ADDRESS + address) for name, node in pages.clauses(page).items()}


def proof(
    marked: pages.Page, here: str, old: pages.Page, old_address: str, new: pages.Page, new_address: str
) -> Iterator[str]:
    """What keeps a redline's page from leading to both versions' pages."""
    before, after = _texts(old, old_address), _texts(new, new_address)
    rejected: dict[str, pages.Stream] = {}
    for name, node in pages.clauses(marked).items():
        accepted = pages.side(node, ADDRESS + here, accept=True)
        rejected[name] = pages.side(node, ADDRESS + here, accept=False)
        if accepted != after.get(name, ()):
            yield f"accepting {name} gives {_parted(accepted, after.get(name, ()))}"
    if missing := after.keys() - pages.clauses(marked).keys():
        yield f"{', '.join(missing)} is missing"
    yield from pages.unlike(rejected, before)


def _parted(one: pages.Stream, other: pages.Stream) -> str:
    """Where two streams part."""
    place = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    start = max(0, place - 30)
    context = " instead of ".join(repr(pages.readable(each[start : place + 40])) for each in (one, other))
    formats = " / ".join(each[place] if place < len(each) else "end" for each in (one, other))
    return f"{context} ({formats})"
