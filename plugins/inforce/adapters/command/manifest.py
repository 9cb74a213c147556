"""``inforce manifest``: the JSON that a storefront polls, as the site would publish it."""

from pathlib import Path
from urllib.parse import urlsplit

import click

from inforce.adapters import files
from inforce.adapters.command import output
from inforce.adapters.command.surroundings import Session
from inforce.publish import manifest as manifests


def _address(context: click.Context, parameter: click.Parameter, value: str) -> str:
    if not value:
        return ""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        wanted = "an address such as https://policies.example/"
        raise click.BadParameter(f"{value!r} is not {wanted}", context, parameter)
    return value if value.endswith("/") else f"{value}/"


@click.command(epilog="\b\nExample:\n  inforce manifest --base-url https://policies.example/ -o policy-manifest.json")
@click.option("--base-url", default="", callback=_address, help="The site's address; without it, links are relative.")
@click.option("-o", "--output", "target", type=click.Path(path_type=Path), help="Write to this file instead.")
@click.pass_obj
def manifest(session: Session, base_url: str, target: Path | None) -> None:
    """Print the manifest: every version, its dates and its changes."""
    project = session.project()
    project.sound("versions/")
    data = manifests.encode(manifests.build(project.sources.policies, base_url))
    if target is None or str(target) == "-":
        click.echo(data, nl=False)
        return
    files.write(session.directory, {str(target): data})
    versions = sum(len(policy.ledger.versions) for policy in project.sources.policies)
    click.echo(f"Wrote {target}: {output.count(versions, 'version')}, {len(data)} bytes.", err=True)
