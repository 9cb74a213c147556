"""A policies' host and a shop on another origin, each a real nginx, and a customer's fresh browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from e2e.storefront.shop import FAULTS, HOST_RULES, ONE_LINE, PAGE, POLICY, SHOP_RULES, Host, Shop


@pytest.fixture
def missing() -> list[str]:
    """What the test's pages did not get: much, where it is about a host that fails."""
    return []


@pytest.fixture(scope="session")
def _host(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Host:
    folder = tmp_path_factory.mktemp("policies")
    return Host(folder, serve(folder, rules=HOST_RULES))


@pytest.fixture
def host(_host: Host) -> Iterator[Host]:
    """The policies' host, in good health."""
    yield _host
    for fault in FAULTS:
        _host.turn(fault, False)


@pytest.fixture(scope="session")
def shop_address(
    _host: Host, serve: Callable[..., str], repo_root: Path, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """A shop that vendors the storefront's files, under a strict Content-Security-Policy."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "storefront").mkdir()
    for path in (*(repo_root / "storefront/js/src").iterdir(), *(repo_root / "storefront/js/dist").iterdir()):
        (folder / "storefront" / path.name).symlink_to(path)
    (folder / "index.html").write_text(PAGE, encoding="utf-8")
    for language in ("en", "fr"):
        page = ONE_LINE.format(manifest=_host.manifest_url, language=language)
        (folder / f"{language}.html").write_text(page, encoding="utf-8")
    policy = POLICY.format(host=_host.address.rstrip("/"))
    return serve(folder, rules=SHOP_RULES.format(policy=policy))


@pytest.fixture
def new_shop(new_page: Callable[..., Page], shop_address: str, host: Host) -> Iterator[Callable[..., Shop]]:
    """Open the shop in a fresh browser profile, with Playwright's options for a context.

    No test may break its Content-Security-Policy, or leave an error unhandled.
    """
    shops = []

    def open_shop(**options: Any) -> Shop:
        shops.append(Shop(new_page(**options), shop_address, host))
        return shops[-1]

    yield open_shop
    assert [fault for shop in shops for fault in shop.faults] == []


@pytest.fixture
def shop(new_shop: Callable[..., Shop]) -> Shop:
    """The shop in a fresh browser profile with the browser's usual settings."""
    return new_shop()
