"""A store behind a framework's guard against forged requests: the documented header passes it, and without it nobody
is let believe that an answer was kept."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from e2e.storefront.manifests import history, manifest
from programs import REPOSITORY

MANIFEST = manifest(privacy=history("privacy", "material"))
ANSWER = """async ([header, manifest]) => {
  const {createPolicyReview, serverStore} = await import('/storefront/client.js');
  const token = document.querySelector('meta[name=csrf-token]').content, fetched = window.fetch;
  window.fetch = (address, ...rest) => String(address).endsWith('.json')
    ? Promise.resolve(new Response(JSON.stringify(manifest))) : fetched(address, ...rest);
  const store = serverStore('/records', header ? {[header]: token} : {});
  const review = createPolicyReview({documents: 'privacy', store, customer: 'anna'});
  await review.check();
  const {status, result} = await review.accept();
  return [status, result.state, (await store.records()).length];
}"""


@pytest.fixture(params=["X-CSRFToken", "X-CSRF-Token"], ids=["Django", "as Rails"])
def header(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def shop(header: str) -> Iterator[str]:
    """The shop's address."""
    program = Path(__file__).with_name("django_shop.py")
    command = [sys.executable, program, REPOSITORY / "storefront/js/src", header]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        yield f"http://127.0.0.1:{server.stdout.readline().strip()}/"
        server.terminate()


def answered(page: Page, shop: str, header: str) -> list[Any]:
    page.goto(shop)
    found: list[Any] = page.evaluate(ANSWER, [header, MANIFEST])
    return found


def test_the_named_header_lets_an_answer_in(page: Page, shop: str, header: str) -> None:
    assert answered(page, shop, header) == ["stored", "up_to_date", 1]


def test_without_it_the_answer_is_said_to_wait(page: Page, shop: str) -> None:
    assert answered(page, shop, "") == ["queued", "up_to_date", 0]
