"""The MkDocs plugin: puts a publication's pages and files into a site. Only it and ``mkdocs_…`` import MkDocs.

Hooks only delegate. Pages are virtual files outside the nav whose content is made when MkDocs renders them; ledger
files, feeds and the manifest are written as bytes after the build, the manifest last.
"""

import contextlib
import logging
import os
import time
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mkdocs.config import base, config_options
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import BuildError, PluginError
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.utils import get_build_datetime

from inforce import project as sources
from inforce.adapters import files, journal, outward_links, site_settings, templates
from inforce.adapters.cache import Cache
from inforce.adapters.git import guard, repository
from inforce.adapters.mkdocs_chrome import Brought, Chrome, let_go
from inforce.adapters.mkdocs_pages import PolicyPage, Preview, PublishedFile, notes, refuse_sources, replaced, titles
from inforce.adapters.site_builder import SCRIPT, STYLE, Finisher
from inforce.changes.kinds import keep_redlines
from inforce.errors import InForceError, Level
from inforce.publish import headers
from inforce.publish.publication import Page, Publication
from inforce.publish.site import shows_editors

log = logging.getLogger("mkdocs.plugins.inforce")

I18N = "i18n"
"""What mkdocs-static-i18n is called in mkdocs.yml. It builds a site once for each language; policies are in one."""
DISK = frozenset({I18N, "ezlinks"})
"""Plugins that take every file for one on disk: ours come after them."""
DATES = "git_revision_date", "git_creation_date"
"""What plugins say of when a page was edited: of what is no file, that it was today. Of ours, that would be untrue."""
NO_CACHE = "INFORCE_NO_CACHE"
"""In the environment: whether every page is made anew."""


class Options(base.Config):
    """The plugin's options: the instant whose state the pages show, whether drafts are published, and the epoch."""

    as_of = config_options.Optional(config_options.Type((str, datetime)))
    drafts = config_options.Type(bool, default=False)
    epoch = config_options.Type(int, default=0)


class InForcePlugin(BasePlugin[Options]):
    """Publishes ``policy/`` and ``versions/`` beside ``mkdocs.yml``."""

    publication: Publication
    pages: list[PolicyPage]
    written: int
    published: Sequence[File] = ()
    addresses: Mapping[str, str] = {}
    others: Mapping[str, Any] = {}
    elsewhere = False
    preview: Preview | None = None
    cache = Cache(None)
    file = site_settings.FILE

    def on_startup(self, *, command: str, dirty: bool) -> None:  # noqa: ARG002
        """Drafts are shown in a live preview; having this hook keeps the plugin between its builds."""
        self.preview = Preview() if command == "serve" else None
        self.made: list[Path] = []
        self.brought = Brought()

    @event_priority(100)
    def _begin(self, config: MkDocsConfig) -> MkDocsConfig:
        """While a build is under way, its preview lays out nothing."""
        if self.preview:
            self.preview.begin()
        return config

    @event_priority(-100)
    def _configure(self, config: MkDocsConfig) -> MkDocsConfig:
        """Add the style sheet and the script; refuse settings under which no address would hold, whoever made them."""
        self.file = Path(config.config_file_path or site_settings.FILE).name
        if not config.use_directory_urls:
            cure = "Remove it, or the plugin that sets it (offline does): a policy needs directory addresses"
            raise PluginError(f"{self.file}: use_directory_urls is false. {cure}.")
        try:
            site_settings.DATES_OF_SITEMAPS.index(int(get_build_datetime().timestamp()))  # ValueError beyond them
        except (ValueError, OverflowError, OSError):
            what = f"SOURCE_DATE_EPOCH is {os.environ['SOURCE_DATE_EPOCH']!r}, which is no instant"
            raise PluginError(f"{what}. Give seconds since 1970, or unset it.") from None
        if not config.site_url:
            cure = "Set it to the site's address: without it the feed's and the manifest's addresses are relative"
            log.warning("%s: site_url is missing. %s, and pages name no canonical address.", self.file, cure)
        self.others = {name: plugin for name, plugin in config.plugins.items() if plugin is not self}
        config.extra_css.insert(0, STYLE)  # a site's own style sheets come after it, so that theirs hold
        config.extra_javascript.insert(0, SCRIPT)
        return config

    on_config = CombinedEvent(_begin, _configure)

    def on_serve(self, server: Any, *, config: MkDocsConfig, builder: Any) -> Any:  # noqa: ARG002
        """Reload on edits in ``policy/`` and ``versions/``; only a folder that exists can be watched, so it is made."""
        for folder in files.FOLDERS:
            path = _root(config) / folder
            try:
                if not path.is_dir():
                    path.mkdir()
                    self.made.append(path)
                server.watch(str(path))
            except OSError as error:
                cure = "Start mkdocs serve again once the folder is there"
                notes.warning("%s/ is not watched (%s). %s.", folder, error.strerror, cure)
        if self.preview:
            server.set_app(self.preview.app(server.serve_request))
        return server

    def on_shutdown(self) -> None:
        """Take away the folders that a preview made and nothing was put into."""
        for path in self.made:
            with contextlib.suppress(OSError):
                path.rmdir()

    @event_priority(50)
    def _read_and_add(self, found: Files, *, config: MkDocsConfig) -> Files:
        """Read the policies and add their pages before other plugins look for some, wherever they are listed."""
        self.publication = self._publication(config)
        return found if DISK & set(config.plugins) else self._add(found, config)

    @event_priority(-110)
    def _add_late(self, found: Files, *, config: MkDocsConfig) -> Files:
        """Add them when all others are done, where one of them can use only files on disk."""
        return self._add(found, config) if DISK & set(config.plugins) else found

    on_files = CombinedEvent(_read_and_add, _add_late)

    def _add(self, found: Files, config: MkDocsConfig) -> Files:
        overrides = tuple(folder for folder in config.theme.dirs if (Path(folder) / "inforce").is_dir())
        if self.preview and overrides:
            templates.environment.cache_clear()  # a theme's author is at work
        self.finisher = Finisher(self.cache, overrides)
        pages = list(self.publication.pages())
        made = {address: make() for address, _, make in self.finisher.files(self.publication)}
        written = made | dict(self.publication.files(files.site_files()))
        if headers.PATH in found.src_uris:
            notes.info("docs/%s is published as it is; it can take over what the help on serving says.", headers.PATH)
            del written[headers.PATH]
        self.addresses = {name: name for name in written if name != headers.PATH}
        self.addresses |= {f"{page.address}index.html": page.address for page in pages}
        self._refuse_conflicts(found)
        self.elsewhere = not getattr(config.plugins.get(I18N), "is_default_language_build", True)
        self.pages = list(self._pages(pages, config))
        self.published = [PublishedFile.generated(config, name, content=data) for name, data in written.items()]
        for file in (*(page.file for page in self.pages), *self.published):
            found.append(file)
        for uri in (STYLE, SCRIPT):
            if uri not in found.src_uris:  # as with a theme's files, a site's own one replaces it
                found.append(File.generated(config, uri, content=files.asset(Path(uri).name)))
        return found

    def _pages(self, pages: Iterable[Page], config: MkDocsConfig) -> Iterator[PolicyPage]:
        """The pages of this build; where another one of the same site makes them, only what leads there."""
        built = self.publication.at.date().isoformat()
        for page in pages:
            kind = PublishedFile if self.elsewhere or (self.preview and not page.searchable) else File
            file = kind.generated(config, f"{page.address}index.md", content="", inclusion=InclusionLevel.NOT_IN_NAV)
            file.dest_uri = f"{page.address}index.html"
            yield PolicyPage(page, file, config, built=built, finisher=self.finisher)

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> None:
        """Refuse what other plugins claim or take; call a page what the nav calls it, as MkDocs does."""
        self._refuse_conflicts(files)
        self._refuse_losses(files)
        refuse_sources(files, _root(config))
        for title, uri in titles(config.nav or []):
            file = files.get_file_from_path(uri)
            if file and isinstance(file.page, PolicyPage):
                file.page.title = title
        if self.preview and not self.elsewhere:
            self.preview.nav = nav

    def _refuse_conflicts(self, found: Files) -> None:
        """An error where something else claims an address of the plan."""
        for file in found:
            ours = isinstance(file, PublishedFile) or isinstance(file.page, PolicyPage)
            if file.dest_uri in self.addresses and not ours:
                place = f"{file.src_uri} (made by {file.generated_by})" if file.generated_by else f"docs/{file.src_uri}"
                what = f"Its address /{self.addresses[file.dest_uri]} is one that In Force publishes"
                raise PluginError(f"{place}: {what}. Rename the file, or the policy's folder.")

    def _refuse_losses(self, found: Files) -> None:
        """An error where another plugin took something away: the manifest would name what is not there."""
        for file in (*(page.file for page in self.pages), *self.published):
            if found.src_uris.get(file.src_uri) is not file:
                others = [name for name, each in self.others.items() if hasattr(each, "on_files")]
                what = f"/{self.addresses.get(file.dest_uri, file.dest_uri)} was taken out of the site"
                cure = "Leave policies out of what a plugin excludes"
                raise PluginError(f"{self.file}: {what} by a plugin: {' or '.join(others)}. {cure}.")

    def on_build_error(self, *, error: Exception) -> None:
        """Name the plugin for which a page without a file was too much, instead of its traceback."""
        if self.preview:
            self.preview.end()
        name, ours = "", False
        for frame, _ in traceback.walk_tb(error.__traceback__):
            name = next((each for each, plugin in self.others.items() if plugin is frame.f_locals.get("self")), name)
            ours = ours or any(isinstance(getattr(each, "page", each), PolicyPage) for each in frame.f_locals.values())
        if name and ours and not isinstance(error, BuildError):
            what = f"The plugin {name} cannot use pages that are no files on disk, as those of In Force are"
            fault = f"{type(error).__name__}: {error}".split("\n")[0]
            cure = "Leave it out, or out of the build of policies"
            raise PluginError(f"{self.file}: {what} ({fault}). {cure}.") from None

    @event_priority(-100)
    def on_env(self, env: Any, *, config: MkDocsConfig, files: Files) -> None:
        """While serving, the theme's templates may be edited; a build need not look at their files for every page."""
        env.auto_reload = self.preview is not None
        if not self.preview and not self.elsewhere and self.cache.on:
            chrome = Chrome(env, config)
            for page in self.pages:
                chrome.take(page)
        if self.preview and not self.elsewhere:
            self.preview.env = env
            archive = (page for page in self.pages if not page.source.searchable)
            self.preview.leave(archive, self.published, files, config)

    def on_template_context(self, context: Any, *, template_name: str, config: MkDocsConfig) -> None:  # noqa: ARG002
        """Leave out of the sitemap what search engines are to leave out."""
        if template_name == "sitemap.xml":
            unlisted = {page.file for page in self.pages if not page.source.listed}
            context["pages"] = [file for file in context["pages"] if file not in unlisted]

    def on_post_template(self, output: str, *, template_name: str, config: MkDocsConfig) -> None:  # noqa: ARG002
        """Note what a page that the theme makes by itself brings."""
        if not self.preview and template_name.endswith(".html"):
            self.brought.by(output)

    def _publication(self, config: MkDocsConfig) -> Publication:
        root = _root(config)
        try:
            read, told = journal.read(root)
            if told:
                notes.info("%s.", told)
            self.cache.close()
            self.cache = Cache(None if os.environ.get(NO_CACHE) else root)
            keep_redlines(self.cache.redline if self.cache.on else None)
            found = sources.read(read, self.cache.sound())
            self.cache.note_sound(found.sound_heads)
            for problem in found.problems:
                if problem.level is Level.WARNING:
                    notes.warning(str(problem))
            touched = () if self.preview else guard.violations(*guard.opened(root))
            if found.errors:
                raise InForceError(*guard.once(touched, found.errors))
            for problem in touched:  # a warning ends a strict build
                (log.warning if problem.level is Level.ERROR else notes.info)(str(problem))
            known = repository.provenance(root, repository.numbers(filter(shows_editors, found.policies)))
            as_of = site_settings.as_written(self.config.as_of)
            at = site_settings.of_sitemap(as_of, self.file) if as_of else datetime.now(UTC).replace(microsecond=0)
            address = site_settings.address(config.site_url or "", self.file)
            epoch = site_settings.epoch(self.config.epoch, self.file)
            drafts = self.preview is not None or self.config.drafts
            publication = Publication(found, at, address, known, drafts, epoch)
        except InForceError as error:
            raise PluginError(f"In Force cannot publish this:\n{error}") from None
        if known.missing:
            notes.warning("In Force leaves out who committed what. %s", known.missing)
        if not found.policies:
            log.warning("There is no policy beside %s. Write policy/<document>/policy.yml and its clauses.", self.file)
        return publication

    @event_priority(-100)
    def on_page_content(self, html: str, *, page: MkDocsPage, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG002
        """Fill in what a page asks for of all policies.

        With an instant given, other pages carry its date, too: the sitemap is then the same in every build.
        """
        if self.config.as_of:
            page.update_date = self.publication.at.date().isoformat()
        if isinstance(page, PolicyPage):
            page.meta.pop("draft", None)
            for name in [each for each in page.meta if each.startswith(DATES)]:
                del page.meta[name]
            return html
        try:
            address = page.file.dest_uri.rpartition("index.html")[0]
            return templates.centre(html, address, list(self.publication.sites()), self.finisher.overrides)
        except InForceError as error:
            raise PluginError(f"docs/{page.file.src_uri}: {error.problems[0].said}") from None

    @event_priority(100)
    def _begin_page(self, context: Any, *, page: MkDocsPage, config: MkDocsConfig, nav: Any) -> None:  # noqa: ARG002
        """MkDocs knows by now who lays a page out: what other plugins see of one says nothing of that."""
        let_go(page)

    @event_priority(-100)
    def _fill_page(self, context: Any, *, page: MkDocsPage, config: MkDocsConfig, nav: Any) -> None:  # noqa: ARG002
        """Make a page of the archive, after every search plugin has seen it empty: MkDocs' own knows no exception."""
        if isinstance(page, PolicyPage) and not page.source.searchable:
            page.fill()

    on_page_context = CombinedEvent(_begin_page, _fill_page)

    @event_priority(-100)
    def on_post_page(self, output: str, *, page: MkDocsPage, config: MkDocsConfig) -> str:  # noqa: ARG002
        """Put link relations and JSON-LD into the head; any theme has one. The last to see the content lets it go."""
        if not self.preview:
            self.brought.by_page(output, page)
        if isinstance(page, PolicyPage):
            page.headed = "</head>" in output
            output = output.replace("</head>", f"{page.head}\n</head>", 1)
            page.content = None
        return output

    @event_priority(100)
    def _see_pages_written(self, *, config: MkDocsConfig) -> None:  # noqa: ARG002
        """Note when MkDocs had written all pages, before other plugins write theirs."""
        self.written = time.time_ns()

    @event_priority(-100)
    def _publish(self, *, config: MkDocsConfig) -> None:
        """Write feeds, ledger files, what the package publishes, then the manifest; a site's own ``_headers`` stays."""
        self.cache.close()
        if self.preview:
            self.preview.end()
            return
        for address in replaced(self.pages, self.written):
            told = "Another plugin took the place of /%s, which the manifest names. Give its page another address."
            log.warning(told, address)
        for file in self.published:
            if file.src_uri == headers.PATH:
                allowed = headers.content_security(self.brought.found)
                file.content_bytes = headers.encode(self.publication.policies, self.publication.base, allowed)
            if file.src_uri != headers.PATH or not Path(file.abs_dest_path).exists():
                File.copy_file(file)
        for problem in () if I18N in config.plugins else outward_links.missing(self.publication, Path(config.site_dir)):
            notes.warning(str(problem))  # with i18n, other languages' pages are not there yet

    on_post_build = CombinedEvent(_see_pages_written, _publish)


def _root(config: MkDocsConfig) -> Path:
    """The folder of mkdocs.yml, the current one where it is read from a stream: policies stand beside it."""
    return Path(config.config_file_path or "mkdocs.yml").resolve().parent
