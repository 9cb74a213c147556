"""Any two versions: the pieces of which a script makes their redline say what a page of the pair does, and what a shop
tells its customers."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from lxml import html

from core import builders
from core.histories import histories
from inforce.adapters import templates
from inforce.model import Ledger, Policy, Version
from inforce.publish import compare, manifest
from inforce.publish.compare import comparable, fragments
from inforce.publish.redlines import redline_page
from inforce.publish.site import Site
from inforce_client.review import prepare, review_state

LATE = datetime(2030, 1, 1, tzinfo=UTC)
HIGHEST = {"Editorial: the meaning is unchanged": "editorial", "Worth knowing": "notice"}


def files_of(site: Site) -> dict[str, Any]:
    """Every file that the script reads, parsed."""
    return {address: html.document_fromstring(templates.render(content)) for address, content in fragments(site)}


def composed(files: dict[str, Any], site: Site, older: Version) -> dict[str, list[tuple[Any, Any]]]:
    """For each later version's number, the (item, section) of each changed clause, as the script puts them together."""
    page = files[site.addresses.pieces(older.number)]
    names = page.find("body").get("data-inforce-pieces").split()
    return {
        each.get("data-inforce-to"): [
            piece_of(files, site, *names[int(place)].split("/")) for place in each.get("data-inforce-pieces").split()
        ]
        for each in page.xpath("//div[@data-inforce-to]")
    }


def piece_of(files: dict[str, Any], site: Site, wording: str, name: str) -> tuple[Any, Any]:
    """The (item, section) that the script takes from the file of an old wording."""
    [piece] = files[site.addresses.wording(wording)].xpath("//div[@data-inforce-piece=$name]", name=name)
    item, section = piece
    return item, section


def inner(element: Any) -> str:
    """What stands in an element."""
    return "".join((element.text or "", *(html.tostring(each, encoding="unicode") for each in element))).strip()


@given(histories(max_size=6))
@settings(max_examples=30)
def test_what_is_composed_is_what_the_page_of_the_pair_shows(ledger: Ledger) -> None:
    site = Site(Policy("privacy", None, ledger), LATE)
    files = files_of(site)
    for older in comparable(site):
        made = composed(files, site, older)
        later = ledger.versions[ledger.sequence[older.number] :]
        assert list(made) == [version.number for version in later]
        for newer in later:
            if not site.redline_address(older, newer):
                continue
            page = html.fromstring(templates.render(redline_page(site, older, newer)))
            items, sections = page.xpath("//ul[@class='if-changes']/li"), page.xpath("//section[@id]")
            told = [(item[0].text_content(), section) for item, section in made[newer.number]]
            named = [section.get("data-inforce-clause") for _, section in told]
            assert [section.get("id") for section in sections] == named
            here, there = (
                [inner(section.xpath("./div[@class='if-inline']")[0]) for section in found]
                for found in (sections, [section for _, section in told])
            )
            assert here == there
            said = [" ".join(item[0].text_content().split()) for item, _ in made[newer.number]]
            assert [" ".join(item.text_content().split()) for item in items] == said


def union(ledger: Ledger, older: Version, newer: Version) -> list[dict[str, Any]] | None:
    """What a shop tells whoever agreed to ``older`` once ``newer`` is in force; None where it never is."""
    told = deepcopy(manifest.build([Policy("privacy", None, ledger)]))
    document = told["documents"]["privacy"]
    document["versions"] = document["versions"][: ledger.sequence[newer.number]]
    record = {
        "id": "1", "document": "privacy", "version": older.number, "digest": older.digest,
        "action": "accepted", "at": manifest.utc(older.announced),
    }  # fmt: skip
    state = review_state(prepare(told), "privacy", [record], LATE)
    changes: list[dict[str, Any]] | None = state["changes"]
    return changes if state["base"] == older.number else None


@given(histories(max_size=6))
@settings(max_examples=30)
def test_what_is_composed_grades_and_notes_as_a_shop_does(ledger: Ledger) -> None:
    site = Site(Policy("privacy", None, ledger), LATE)
    standing = ledger.standing
    files = files_of(site)
    for older in comparable(site):
        made = composed(files, site, older)
        for newer in standing:
            shop = union(ledger, older, newer) if newer.number in made and older in standing else None
            for row in shop or ():
                if row["clause"] not in {*older.by_id, *newer.by_id}:
                    continue  # it came and went between the two
                [item] = [
                    item for item, section in made[newer.number] if section.get("data-inforce-clause") == row["clause"]
                ]
                [graded] = item.xpath(".//*[contains(@class, 'if-severity')]/text()")
                assert HIGHEST.get(graded, "material") == row["severity"]
                notes = item.xpath(".//span[contains(@class, 'if-severity')]/following-sibling::bdi/text()")
                assert notes == row["notes"]


def test_pieces_are_those_of_the_newest_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare, "NEWEST", 3)
    entries = tuple(builders.version([builders.clause("a")], number=f"{place}.0") for place in range(1, 6))
    site = Site(Policy("privacy", None, Ledger("privacy", entries)), LATE)
    assert [version.number for version in comparable(site)] == ["3.0", "4.0"]
