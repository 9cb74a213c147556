"""Clauses and versions whose life is out of the ordinary, as the pages tell it."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from lxml import html

from adapters import projects
from adapters.sites import AS_OF, build_site, has_anchor, text
from inforce.model import EventKind, Severity


def dead_links(site: Path) -> list[tuple[str, str]]:
    """Every link within the articles of a site that leads nowhere: (page, link)."""
    dead = []
    for page in site.rglob("index.html"):
        for link in html.fromstring(page.read_text(encoding="utf-8")).xpath("//article//a/@href"):
            if re.match(r"[a-z]+:", link):
                continue
            path, _, anchor = link.partition("#")
            target = (page.parent / path).resolve() if path else page
            target = target / "index.html" if target.is_dir() else target
            if not target.is_file() or (anchor and not has_anchor(target, anchor)):
                dead.append((page.relative_to(site).as_posix(), link))
    return dead


@pytest.fixture
def renamed(tmp_path: Path) -> Path:
    """`cookies` became `files` in 1.1, and 2.0 will bring `requests`, to which `contact` will refer."""
    projects.write_policy(tmp_path)
    projects.publish(tmp_path)
    (tmp_path / "policy/privacy/cookies.md").unlink()
    clauses = {**projects.CLAUSES, "files": '---\nwas: ["cookies"]\n---\n' + projects.CLAUSES["cookies"]}
    del clauses["cookies"]
    clauses["contact"] = "## Contact\n\nWrite to us. See [files](#files)."
    projects.write_policy(tmp_path, {name: clauses[name] for name in ("preamble", "files", "contact")})
    projects.publish(tmp_path)
    coming = {**clauses, "files": projects.CLAUSES["cookies"], "requests": "## Requests\n\nAsk for a copy."}
    coming["contact"] = "## Contact\n\nWrite to us. See [files](#files) and [requests](#requests)."
    projects.write_policy(tmp_path, {name: coming[name] for name in ("preamble", "files", "contact", "requests")})
    projects.publish(tmp_path, effective=date(2026, 5, 1), severity=Severity.MATERIAL)
    projects.write_site(tmp_path, options=AS_OF)
    (tmp_path / "docs/index.md").write_text("# Shop\n", encoding="utf-8")
    return tmp_path


def test_a_renamed_clause_leads_to_its_new_name_and_keeps_its_years(renamed: Path) -> None:
    site = build_site(renamed)
    former = text(site / "privacy/clauses/cookies/index.html")
    assert "In version 2.0 this clause goes by another name: Cookies." in former
    assert "without this clause" not in former
    page = html.fromstring((site / "privacy/clauses/files/index.html").read_text(encoding="utf-8"))
    assert page.xpath("//h3/@id") == ["version-1.1", "version-1.0"]


def test_a_clause_to_come_is_not_called_gone(renamed: Path) -> None:
    site = build_site(renamed)
    told = text(site / "privacy/clauses/requests/index.html")
    assert "This is the text of version 2.0 of Shop Privacy. In force from 1 May 2026 on." in told
    assert "without this clause" not in told


def test_no_link_leads_nowhere(renamed: Path) -> None:
    assert dead_links(build_site(renamed)) == []


def test_no_link_of_the_shipped_policy_leads_nowhere(repo_root: Path, tmp_path: Path) -> None:
    for name in ("policy", "versions"):
        shutil.copytree(repo_root / name, tmp_path / name)
    projects.write_site(tmp_path, options='as_of: "2026-12-01T00:00:00+08:00"')
    (tmp_path / "docs/index.md").write_text("# Shop\n", encoding="utf-8")
    assert dead_links(build_site(tmp_path)) == []


def test_a_version_that_a_retirement_overtook_was_never_in_force(tmp_path: Path) -> None:
    projects.two_versions(tmp_path)
    projects.happen(tmp_path, EventKind.RETIRE, datetime(2026, 4, 1, tzinfo=UTC), reason="The shop has closed.")
    projects.write_site(tmp_path, options='as_of: "2026-06-01T00:00:00Z"')
    site = build_site(tmp_path)
    assert "Never in force. Version 2.0 was to take effect on 1 May 2026." in text(site / "privacy/2.0/index.html")
    assert "temporalCoverage" not in (site / "privacy/2.0/index.html").read_text(encoding="utf-8")
    current = text(site / "privacy/index.html")
    assert "This policy was retired on 1 April 2026" in current
    assert "two cookies" in current
    entry = json.loads((site / "policy-manifest.json").read_bytes())["documents"]["privacy"]
    assert (entry["status"], entry["retired_at"]) == ("retired", "2026-04-01T00:00:00Z")


def test_an_end_is_announced_everywhere_with_its_day_and_what_takes_its_place(tmp_path: Path) -> None:
    projects.two_versions(tmp_path)
    (tmp_path / "versions/terms-2").mkdir()
    other = (tmp_path / "versions/privacy/1.0.md").read_text(encoding="utf-8")
    other = other.replace('document: "privacy"', 'document: "terms-2"').replace("Shop Privacy", "Terms of 2026")
    (tmp_path / "versions/terms-2/1.0.md").write_text(other, encoding="utf-8")
    ends = {"effective": datetime(2026, 4, 20, tzinfo=UTC), "replaced_by": "terms-2", "reason": "New terms."}
    projects.happen(tmp_path, EventKind.RETIRE, datetime(2026, 3, 20, tzinfo=UTC), **ends)
    projects.write_site(tmp_path, options=AS_OF)
    (tmp_path / "docs/index.md").write_text("# Shop\n", encoding="utf-8")
    site = build_site(tmp_path)
    told = "Ends on 20 April 2026. Terms of 2026 takes its place. New terms"
    for page in ("privacy", "privacy/1.0", "privacy/versions"):
        assert told in text(site / page / "index.html"), page
    assert "the policy ends on 20 April 2026, before it could take effect" in text(site / "privacy/versions/index.html")
    assert "Then:" not in text(site / "privacy/index.html")
    assert "ends on 20 April 2026" in (site / "privacy/feed.xml").read_text(encoding="utf-8")
    entry = json.loads((site / "policy-manifest.json").read_bytes())["documents"]["privacy"]
    assert (entry["status"], entry["retired_at"], entry["replaced_by"]) == (
        "retired",
        "2026-04-20T00:00:00Z",
        "terms-2",
    )
    assert dead_links(site) == []


def test_what_customers_are_asked_is_told_where_it_changes(tmp_path: Path) -> None:
    projects.write_policy(tmp_path)
    projects.publish(tmp_path)
    settings = tmp_path / "policy/privacy/policy.yml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("acknowledge", "accept"), encoding="utf-8")
    projects.publish(tmp_path)
    projects.write_site(tmp_path, options=AS_OF)
    site = build_site(tmp_path)
    told = text(site / "privacy/redline/1.0..1.1/index.html")
    assert "What you are asked to do: confirm that you have read it accept it" in told
    assert "meaning is unchanged" not in text(site / "privacy/1.1/index.html")


def test_an_erratum_stands_beside_its_clause_wherever_that_is_shown(tmp_path: Path) -> None:
    projects.two_versions(tmp_path)
    at = datetime(2026, 4, 1, tzinfo=UTC)
    projects.happen(tmp_path, EventKind.ERRATUM, at, version="1.0", clause="cookies", reason="Read: three.")
    projects.write_site(tmp_path, options=AS_OF)
    site = build_site(tmp_path)
    for page in ("privacy/", "privacy/1.0/", "privacy/versions/", "privacy/clauses/cookies/"):
        assert "Erratum of 1 April 2026: Read: three." in text(site / page / "index.html")


def test_where_drafts_are_shown_the_current_page_leads_to_them(tmp_path: Path) -> None:
    projects.two_versions(tmp_path)
    projects.edit(tmp_path, "contact", "## Contact\n\nRing us.")
    projects.write_site(tmp_path, options=f"{AS_OF}, drafts: true")
    page = html.fromstring((build_site(tmp_path) / "privacy/index.html").read_text(encoding="utf-8"))
    assert page.xpath("//div[contains(@class, 'if-status--draft')]//a/@href") == ["draft/", "redline/1.0..draft/"]


def test_a_clause_s_history_says_how_long_each_wording_holds(tmp_path: Path) -> None:
    projects.two_versions(tmp_path)
    projects.write_site(tmp_path, options=AS_OF)
    site = build_site(tmp_path)
    told = text(site / "privacy/clauses/cookies/index.html")
    assert "This wording holds from 2 March 2026, 10:00 (UTC+01:00) until 1 May 2026." in told
    assert "This wording holds from 1 May 2026 on." in told
    page = html.fromstring((site / "privacy/clauses/cookies/index.html").read_text(encoding="utf-8"))
    assert page.xpath("//article//h3/a/@href") == ["../../2.0/#cookies", "../../1.0/#cookies"]
    untouched = text(site / "privacy/clauses/contact/index.html")
    assert "This wording holds from 2 March 2026, 10:00 (UTC+01:00) on." in untouched


def test_a_removed_clause_s_history_says_since_when_it_is_gone(tmp_path: Path) -> None:
    projects.write_policy(tmp_path)
    projects.publish(tmp_path)
    (tmp_path / "policy/privacy/contact.md").unlink()
    projects.write_policy(tmp_path, {name: projects.CLAUSES[name] for name in ("preamble", "cookies")})
    projects.publish(tmp_path, effective=date(2026, 3, 20), severity=Severity.NOTICE)
    projects.write_site(tmp_path, options=AS_OF)
    told = text(build_site(tmp_path) / "privacy/clauses/contact/index.html")
    assert "From 20 March 2026 on, the policy is without this clause." in told
    assert "until 20 March 2026." in told


def test_a_move_ends_no_wording(tmp_path: Path) -> None:
    projects.write_policy(tmp_path)
    projects.publish(tmp_path)
    projects.write_policy(tmp_path, {name: projects.CLAUSES[name] for name in ("preamble", "contact", "cookies")})
    projects.publish(tmp_path, effective=date(2026, 3, 20))
    projects.write_site(tmp_path, options=AS_OF)
    site = build_site(tmp_path)
    moved = [text(site / f"privacy/clauses/{name}/index.html") for name in ("cookies", "contact")]
    told = next(page for page in moved if "the clause stands in another place" in page)
    assert "From 20 March 2026 on, the clause stands in another place." in told
    assert "This wording holds from 2 March 2026, 10:00 (UTC+01:00) on." in told


LONG = "We never hand what you tell us on to anybody, at no price and for no purpose at all."


def told_at_the_heads(site: Path, pair: str) -> dict[str, str]:
    """What a redline's page says at the head of each changed clause."""
    page = html.fromstring((site / f"privacy/redline/{pair}/index.html").read_text(encoding="utf-8"))
    heads = page.xpath("//section/p[contains(@class, 'if-kinds')]")
    return {head.getparent().get("id"): head.text_content().partition(". ")[0] for head in heads}


def test_a_clause_split_in_two_says_so_in_both(tmp_path: Path) -> None:
    projects.write_policy(tmp_path)
    projects.publish(tmp_path)
    tracking = '---\nwas: ["cookies"]\n---\n## Tracking\n\n- one for the language'
    cookies = "## Cookies\n\nWe set **two** cookies.\n\n- one for the basket"
    clauses = {"preamble": "", "cookies": "", "tracking": tracking, "contact": ""}
    projects.write_policy(tmp_path, {**clauses, **projects.CLAUSES, "cookies": cookies})
    projects.publish(tmp_path)
    projects.write_site(tmp_path, options=AS_OF)
    site = build_site(tmp_path)
    assert told_at_the_heads(site, "1.0..1.1") == {
        "cookies": "no word changed, split, a part of it is in Tracking",
        "tracking": "new heading, split from Cookies",
    }
    assert dead_links(site) == []


def test_a_clause_merged_out_of_two_names_both(tmp_path: Path) -> None:
    projects.write_policy(tmp_path)
    projects.publish(tmp_path)
    for gone in ("cookies", "contact"):
        (tmp_path / f"policy/privacy/{gone}.md").unlink()
    both = '---\nwas: ["cookies", "contact"]\n---\n## Cookies and contact\n\nWe set **two** cookies. Write to us.'
    projects.write_policy(tmp_path, {"preamble": projects.CLAUSES["preamble"], "both": both})
    projects.publish(tmp_path)
    projects.write_site(tmp_path, options=AS_OF)
    site = build_site(tmp_path)
    heads = told_at_the_heads(site, "1.0..1.1")
    assert heads == {"both": "merged out of Cookies and Contact, wording changed, new heading"}
    assert has_anchor(site / "privacy/redline/1.0..1.1/index.html", "contact")


def test_a_clause_that_has_another_address_names_the_one_before(tmp_path: Path) -> None:
    """Its heading stayed, so what it was called tells nothing."""
    projects.write_policy(tmp_path)
    projects.publish(tmp_path)
    clauses = {"preamble": projects.CLAUSES["preamble"]}
    for old, new in ("cookies", "crumbs"), ("contact", "letters"):
        (tmp_path / f"policy/privacy/{old}.md").unlink()
        text = projects.CLAUSES[old].replace("## Contact", "## Letters").replace("#cookies", "#crumbs")
        clauses[new] = f'---\nwas: ["{old}"]\n---\n{text}'
    projects.write_policy(tmp_path, clauses)
    projects.publish(tmp_path)
    projects.write_site(tmp_path, options=AS_OF)
    heads = told_at_the_heads(build_site(tmp_path), "1.0..1.1")
    assert heads == {"crumbs": "no word changed, formerly at #cookies", "letters": "new heading, out of Contact"}


def test_a_removed_clause_and_a_moved_one_say_so(tmp_path: Path) -> None:
    extra = {**projects.CLAUSES, "safeguards": "## Safeguards\n\nWe lock.", "rights": "## Rights\n\nAsk us."}
    projects.write_policy(tmp_path, extra)
    projects.publish(tmp_path)
    (tmp_path / "policy/privacy/contact.md").unlink()
    projects.write_policy(tmp_path, {name: extra[name] for name in ("preamble", "safeguards", "cookies", "rights")})
    projects.publish(tmp_path, effective=date(2026, 3, 20), severity=Severity.NOTICE)
    projects.write_site(tmp_path, options=AS_OF)
    heads = told_at_the_heads(build_site(tmp_path), "1.0..1.1")
    assert heads == {"safeguards": "moved from place 3 to place 1", "contact": "removed"}


def test_what_moved_within_a_clause_leads_to_its_old_place_wherever_it_is_shown(tmp_path: Path) -> None:
    extra = {**projects.CLAUSES, "safeguards": f"## Safeguards\n\n{LONG}\n\nWe lock.\n\nWe bolt."}
    projects.write_policy(tmp_path, extra)
    projects.publish(tmp_path)
    projects.edit(tmp_path, "safeguards", f"## Safeguards\n\nWe lock.\n\nWe bolt.\n\n{LONG}")
    projects.publish(tmp_path)
    projects.write_site(tmp_path, options=AS_OF)
    site = build_site(tmp_path)
    page = site / "privacy/redline/1.0..1.1/index.html"
    links = html.fromstring(page.read_text(encoding="utf-8")).xpath("//a[contains(@class, 'redline-go')]/@href")
    assert links == ["#safeguards--redline-moved-1", "#safeguards--redline-left-1"]
    assert dead_links(site) == []
    assert "Moved here:" in text(site / "privacy/clauses/safeguards/index.html")
