"""The MkDocs plugin: puts a publication's pages and files into a site. The only module that imports MkDocs.

Hooks only delegate. Pages are virtual files outside the nav whose content is made when MkDocs renders them; ledger
files, feeds and the manifest are written as bytes after the build, the manifest last.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mkdocs.config import base, config_options
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.structure.toc import AnchorLink, TableOfContents

from inforce import sources
from inforce.adapters import feeds, files, provenance, templates
from inforce.errors import InForceError, Level
from inforce.pages import Page
from inforce.publication import Publication, publish

log = logging.getLogger("mkdocs.plugins.inforce")
# Outside MkDocs' own loggers: under --strict a warning there would throw away a site in which nothing is wrong.
notes = logging.getLogger("inforce")

STYLE, SCRIPT = "assets/inforce/inforce.css", "assets/inforce/inforce.js"


class Options(base.Config):
    """The plugin's options: the instant whose state the pages show, and whether drafts are published."""

    as_of = config_options.Optional(config_options.Type(str))
    drafts = config_options.Type(bool, default=False)


class PolicyPage(MkDocsPage):
    """A page whose content comes from a publication instead of Markdown.

    Today's text is there when MkDocs renders pages, so that it is searched and linked to like any other. A page of the
    archive is made when it is written: a site of thousands holds one at a time, and no search index finds text in it.
    """

    def __init__(self, page: Page, file: File, config: MkDocsConfig, built: str) -> None:
        super().__init__(page.title, file, config)
        self.source = page
        self.update_date = built
        self.head = ""
        self.overrides = [folder for folder in config.theme.dirs if (Path(folder) / "inforce").is_dir()]

    def render(self, config: MkDocsConfig, files: Files) -> None:  # noqa: ARG002
        """What MkDocs calls in place of converting Markdown."""
        self.links_to_anchors = {}
        self.content = ""
        self.meta = {}
        if self.source.searchable:
            self.fill()
        else:
            self.meta["search"] = {"exclude": True}

    def fill(self) -> None:
        """Make the content, its table of contents and the anchors that other pages may link to."""
        content = self.source.content()
        self.content = templates.render(content, self.overrides)
        self.toc = TableOfContents([AnchorLink(title, anchor, 2) for title, anchor in content.headings])
        self.present_anchor_ids = {anchor for _, anchor in content.headings}
        self.head = templates.head(content)
        self.meta["description"] = content.description
        for warning in content.warnings:
            notes.warning("%s.", warning)


class InForcePlugin(BasePlugin[Options]):
    """Publishes ``policy/`` and ``versions/`` beside ``mkdocs.yml``."""

    publication: Publication
    verbatim: Sequence[tuple[str, bytes]] = ()
    serving = False

    def on_startup(self, *, command: str, dirty: bool) -> None:  # noqa: ARG002
        """Drafts are shown in a live preview; having this hook keeps the plugin between its builds."""
        self.serving = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Add the style sheet and the script; refuse settings under which addresses would not hold."""
        if not config.use_directory_urls:
            raise PluginError(
                "mkdocs.yml: use_directory_urls is false. Remove it: a policy needs directory addresses."
            )
        if not config.site_url:
            log.warning(
                "mkdocs.yml: site_url is missing. Set it to the site's address: without it the feed's and the "
                "manifest's addresses are relative, and pages name no canonical address."
            )
        config.extra_css.append(STYLE)
        config.extra_javascript.append(SCRIPT)
        return config

    def on_serve(self, server: Any, *, config: MkDocsConfig, builder: Any) -> Any:  # noqa: ARG002
        """Reload on edits in ``policy/`` and ``versions/``."""
        for folder in files.FOLDERS:
            if (path := _root(config) / folder).is_dir():
                server.watch(str(path))
        return server

    @event_priority(-50)
    def on_files(self, found: Files, *, config: MkDocsConfig) -> Files:
        """Read the policies and add their pages, late enough to see what other plugins claim."""
        self.publication = self._publication(config)
        built = self.publication.at.date().isoformat()
        claimed = {file.dest_uri: file for file in found}
        for page in self.publication.pages():
            file = File.generated(config, f"{page.address}index.md", content="", inclusion=InclusionLevel.NOT_IN_NAV)
            _refuse_conflict(claimed, file.dest_uri, page.address)
            PolicyPage(page, file, config, built)
            found.append(file)
        self.verbatim = self._files()
        for address, _ in self.verbatim:
            _refuse_conflict(claimed, address, address)
        for uri in (STYLE, SCRIPT):
            found.append(File.generated(config, uri, content=templates.asset(Path(uri).name)))
        return found

    def on_env(self, env: Any, *, config: MkDocsConfig, files: Files) -> None:  # noqa: ARG002
        """While serving, the theme's templates may be edited; a build need not look at their files for every page."""
        env.auto_reload = self.serving

    def _publication(self, config: MkDocsConfig) -> Publication:
        root = _root(config)
        try:
            read = files.read(root)
            found = sources.read(read)
            for problem in found.problems:
                if problem.level is Level.WARNING:
                    log.warning(str(problem))
            known = provenance.read(root, found.policies)
            drafts = self.serving or self.config.drafts
            at, base_url = self._instant(), _base(config)
            publication = publish(read, found, at, base=base_url, provenance=known, drafts=drafts)
        except InForceError as error:
            raise PluginError(f"In Force cannot publish this:\n{error}") from None
        if known.missing:
            notes.warning("In Force leaves out who committed what. %s", known.missing)
        if not found.policies:
            log.warning("There is no policy beside mkdocs.yml. Write policy/<document>/policy.yml and its clauses.")
        return publication

    def _instant(self) -> datetime:
        if not self.config.as_of:
            return datetime.now(UTC)
        try:
            moment = datetime.fromisoformat(self.config.as_of)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            cure = 'Write an instant with its offset: "2027-01-15T00:00:00+08:00"'
            raise PluginError(f"mkdocs.yml: as_of is {self.config.as_of!r}. {cure}.")
        return moment.astimezone(UTC)

    def on_page_content(self, html: str, *, page: MkDocsPage, config: MkDocsConfig, files: Files) -> None:  # noqa: ARG002
        """With an instant given, other pages carry its date, too: the sitemap is then the same in every build."""
        if self.config.as_of:
            page.update_date = self.publication.at.date().isoformat()

    @event_priority(-100)
    def on_page_context(self, context: Any, *, page: MkDocsPage, config: MkDocsConfig, nav: Any) -> None:  # noqa: ARG002
        """Make a page of the archive, after every search plugin has seen it empty: MkDocs' own knows no exception."""
        if isinstance(page, PolicyPage) and not page.source.searchable:
            page.fill()

    def on_post_page(self, output: str, *, page: MkDocsPage, config: MkDocsConfig) -> str:  # noqa: ARG002
        """Put link relations and JSON-LD into the head; any theme has one."""
        if isinstance(page, PolicyPage):
            output = output.replace("</head>", f"{page.head}\n</head>", 1)
            page.content = None
        return output

    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write ledger files, feeds, schema and manifest as bytes."""
        for address, data in self.verbatim:
            target = Path(config.site_dir, address)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)

    def _files(self) -> list[tuple[str, bytes]]:
        policies = [policy for policy in self.publication.policies if policy.ledger.versions]
        written = [(f"{p.document}/feed.xml", feeds.atom(p, self.publication.base)) for p in policies]
        return [*written, *self.publication.files(templates.asset("policy-manifest-1.json"))]


def _root(config: MkDocsConfig) -> Path:
    """The folder of mkdocs.yml: policies stand beside it."""
    return Path(config.config_file_path or ".").resolve().parent


def _base(config: MkDocsConfig) -> str:
    address = config.site_url or ""
    return address if not address or address.endswith("/") else f"{address}/"


def _refuse_conflict(claimed: Mapping[str, File], target: str, address: str) -> None:
    """An error where something in ``docs/`` claims an address of the plan."""
    if target in claimed:
        cure = "Rename the file, or the policy's folder"
        raise PluginError(f"docs/{claimed[target].src_uri}: Its address /{address} belongs to a policy. {cure}.")
