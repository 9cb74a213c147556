"""``inforce build``: the publication as a site of its own, or laid into another one, without any generator.

Where all that the last build into a folder was made of is as it was, nothing is read further. A record in the cache,
named by a digest of every byte and every option, says how each file of the site was left, by its size and its times, as
make and git know a file; what git answered; and between which instants nothing changes of itself. Whatever is
otherwise, or nobody can tell, is built: a site is never worse for it.
"""

import contextlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import cached_property, partial
from hashlib import sha256
from pathlib import Path

import click

from inforce.adapters import cache, files, output, site_settings
from inforce.adapters.cache import Cache, digest_of
from inforce.adapters.command import terminal
from inforce.adapters.command.session import Session
from inforce.adapters.command.terminal import examples
from inforce.adapters.git import guard, repository
from inforce.adapters.output import Report, how
from inforce.adapters.site_settings import SiteSettings
from inforce.errors import InForceError, Level, Problem, fail
from inforce.publish.provenance import Provenance
from inforce.text.normal import count_of

_SITE = Path("site")
_ASSETS = ("site.css", "inforce.css", "inforce.js", "search.js")
"""What the package dresses a site of its own with."""


@click.command(
    epilog=examples("build", "build -o public --site-url https://shop.example/legal/", "build --into ../shop/dist")
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write the site to this folder.  [default: site]")
@click.option("--into", metavar="DIR", type=click.Path(path_type=Path), help="Lay it into this built site instead.")
@click.option("--site-name", metavar="NAME", help="What the site is called.")
@click.option("--site-url", metavar="URL", help="The address at which it will stand.")
@click.option("--as-of", metavar="INSTANT", help="Show what is in force then, such as 2027-01-15T00:00:00+08:00.")
@click.option("--drafts", is_flag=True, help="Publish the drafts, too.")
@click.option("--no-cache", "anew", is_flag=True, help="Make every page anew: nothing of .cache/inforce is used.")
@click.pass_obj
def build(
    session: Session,
    output: Path | None,
    into: Path | None,
    site_name: str | None,
    site_url: str | None,
    as_of: str | None,
    drafts: bool,
    anew: bool,
) -> None:
    """Build the site of the policies, without MkDocs or a theme.

    It has every page, ledger file, feed and manifest that the MkDocs plugin publishes, in a layout of our own, with a
    home page, a search, and a sitemap. Name, address and the plugin's options are read from mkdocs.yml where there is
    one. With --into, the policies are added to a site that something else has built, and nothing of it is touched.
    """
    if output and into:
        raise click.UsageError("Give --output or --into, not both.")
    root = files.find_root(session.directory)
    told = site_settings.read(root)
    told = replace(
        told,
        name=site_settings.shown(site_name, "--site-name") if site_name else told.name,
        base=site_settings.address(site_url, "--site-url") if site_url else told.base,
        as_of=as_of or told.as_of,
        drafts=drafts or told.drafts,
    )
    folder = session.directory / target if (target := into or output) else root / _SITE
    _refuse_sources(folder.resolve(), root.resolve())
    if into and not folder.is_dir():
        cure = "Build that site first, or write one of the policies alone with --output"
        raise fail(str(into), 0, "no-folder", "There is no built site here to lay them into", cure)
    now = session.environment.now().replace(microsecond=0)
    place = "--as-of" if as_of else told.file
    at = site_settings.instant(told.as_of, place) if told.as_of else now
    with contextlib.closing(Cache(None if anew else root)) as kept:
        job = _Job(session, root, folder, told, at, into is not None, kept)
        report = job.standing() or job.made()
    changed = f"{report.written} written" + (f", {report.removed} taken away" if report.removed else "")
    click.echo(f"{target or folder}: {count_of(report.files, 'file')}, {changed}.")


@dataclass(frozen=True)
class _LastBuild:
    """One build. ``since`` and ``until`` are instants (ISO 8601) between which it would give the same, empty for any.

    ``asked`` is what git was asked of (document -> versions), ``answered`` a digest of its answer; ``said`` are the
    warnings, ``left`` is how each file was left by that build itself, whoever came after it.
    """

    since: str
    until: str
    asked: Mapping[str, Sequence[str]]
    answered: str
    said: Sequence[str]
    left: Mapping[str, Sequence[int]]

    def holds(self, folder: Path, at: datetime) -> bool:
        """Whether at the instant ``at`` the same would be made, and stands in ``folder``."""
        begun = not self.since or datetime.fromisoformat(self.since) <= at
        over = bool(self.until) and datetime.fromisoformat(self.until) <= at
        return begun and not over and all(how(folder / name) == told for name, told in self.left.items())


@dataclass(frozen=True)
class _Job:
    """One build of the project at ``root`` into ``folder``, as of ``at``."""

    session: Session
    root: Path
    folder: Path
    told: SiteSettings
    at: datetime
    beside: bool
    kept: Cache

    @cached_property
    def _read(self) -> tuple[Path, dict[str, bytes]]:
        return self.session.read()

    @cached_property
    def _name(self) -> str:
        """Of the record that this build keeps, and finds where it was done before; empty for none.

        Beside another site it is not known what that one has, and a draft's pages hang on the instant.
        """
        if self.beside or self.told.drafts or not self.kept.on:
            return ""
        root, read = self._read
        made_of = {**read, **files.site_files(), **{asset: files.asset(asset) for asset in _ASSETS}}
        digests = sorted((path, sha256(data).hexdigest()) for path, data in made_of.items())
        return digest_of("last build", cache.made_by(), root, digests, self.told, self.folder.resolve())

    def standing(self) -> Report | None:
        """What is there, where it is what would be made; None where that has to be seen."""
        found = self.kept.get(self._name) if self._name else None
        last = _LastBuild(**json.loads(found)) if found else None
        if last is None or not last.holds(self.folder, self.at):
            return None
        known = repository.provenance(self.root, last.asked)
        if digest_of(known) != last.answered:
            return None
        self._say(last.said, guard.violations(*guard.opened(self.root)), known)
        return Report(len(last.left) - len(output.OWN), 0, 0)

    def made(self) -> Report:
        """Build it, and keep the record of that."""
        # Imported where something is to be made: parsers and templates take longer than to see that nothing is.
        from inforce.adapters import outward_links
        from inforce.adapters.site_builder import Builder
        from inforce.changes.kinds import keep_redlines
        from inforce.publish.publication import Publication
        from inforce.publish.site import shows_editors

        told, kept = self.told, self.kept
        keep_redlines(kept.redline if kept.on else None)
        project = self.session.project(sound=kept.sound(), read=self._read)
        kept.note_sound(project.sound_heads)
        touched = guard.violations(*guard.opened(self.root))
        if project.errors:
            raise InForceError(*guard.once(touched, project.problems))
        said = [terminal.line(problem) for problem in project.problems if problem.level is Level.WARNING]
        asked = repository.numbers(filter(shows_editors, project.policies))
        known = repository.provenance(self.root, asked)
        self._say(said, touched, known)
        publication = Publication(project, self.at, told.base, known, told.drafts, told.epoch)
        warn = partial(terminal.remark, "warning")
        report = Builder(publication, told.name, told.copyright, self.beside, kept, warn).into(self.folder)
        dead = [terminal.line(problem) for problem in outward_links.missing(publication, self.folder)]
        for line in dead:
            click.echo(line, err=True)
        if self._name and not dead and report.left:
            since, until = (moment.isoformat() if moment else "" for moment in publication.stretch())
            record = _LastBuild(since, until, asked, digest_of(known), said, report.left)
            kept.put(self._name, json.dumps(asdict(record)).encode())
        return report

    def _say(self, warnings: Iterable[str], touched: Iterable[Problem], known: Provenance) -> None:
        """What a reader of the site is not told, whoever builds it is."""
        for warning in warnings:
            click.echo(warning, err=True)
        terminal.complain(touched)
        if known.missing:
            terminal.remark("note", f"Who committed what is left out. {known.missing}")
        if not self.told.base:
            cure = f"Say it in {self.told.file}, or with --site-url"
            terminal.remark("note", f"Without the site's address, pages name none, and there is no sitemap. {cure}.")


def _refuse_sources(folder: Path, root: Path) -> None:
    """An error where a site would stand among what it is made from."""
    sources = [root / name for name in files.FOLDERS]
    if folder == root or any(folder == source or source in folder.parents for source in sources):
        what = "The policies themselves stand here"
        raise fail(str(folder), 0, "sources", what, "Build into a folder of its own, such as site")
