"""A real Chromium against a live server. `browser_page` is one person's browser; `new_page()` gives further ones."""

import os
import shutil

import pytest
from django.conf import settings
from playwright.sync_api import Page, sync_playwright

# Playwright's own loop runs in the thread of the test, which Django takes for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

NAMES = ["chromium", "chromium-browser", "google-chrome"]
# As root in a container, and silent: it looks nothing up on the network by itself.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{node_modules}/@expo-google-fonts</dir>
</fontconfig>
"""


# For this package only: the loop that Playwright runs in the thread of the tests would be in the way of other tests'.
@pytest.fixture(scope="package")
def browser(tmp_path_factory):
    executable = next(filter(None, map(shutil.which, NAMES)), None)
    if not executable:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("没有 Chromium：make test 会说明如何安装")
    # Chinese letters also where the system has no Chinese font
    fonts = tmp_path_factory.mktemp("fonts") / "fonts.conf"
    fonts.write_text(FONTS.format(node_modules=settings.NODE_MODULES), encoding="utf-8")
    with sync_playwright() as playwright:
        environment = {**os.environ, "FONTCONFIG_FILE": str(fonts)}
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS, env=environment)
        yield browser
        browser.close()


@pytest.fixture
def new_page(browser, live_server):
    """Opens a page in a browser of its own (`new_page(viewport={"width": 390, "height": 844})` for a phone).

    When the test ends it fails if any page asked another host for something, or had an error in a script.
    """
    contexts, faults = [], []

    def watch(page: Page) -> None:
        page.on("pageerror", lambda error: faults.append(f"script error: {error}"))

    def guard(route) -> None:
        if route.request.url.startswith((live_server.url, "data:", "blob:")):
            return route.continue_()
        faults.append(f"another host was asked: {route.request.url}")
        return route.abort()

    def open_page(**options) -> Page:
        options = {"viewport": {"width": 1280, "height": 900}, "locale": "zh-CN", **options}
        context = browser.new_context(base_url=live_server.url, **options)
        context.set_default_timeout(15_000)
        context.on("page", watch)
        context.route("**/*", guard)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def browser_page(new_page) -> Page:
    return new_page()
