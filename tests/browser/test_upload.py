"""Uploading in a real browser: dropped, pasted, photographed, many at once; networks and sessions that end in it."""

import os
import re
import shutil
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from assessments.evidence.storage import local_path
from assessments.files.digest import sha256_of
from assessments.models import Piece, Placement, Upload, Version
from assessments.uploads.turns import MOST, turns
from tcm_demo.accounts.models import User
from tests.evidence_files import pdf_bytes, picture_bytes
from tests.uploading import stored_parts
from tests.world import World, make_world

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
MEGA = 1024 * 1024
TAKEN = "已上传，待审核"

DROP = """([target, files]) => {
    const data = new DataTransfer();
    files.forEach(([name, type, codes]) => data.items.add(new File([new Uint8Array(codes)], name, { type })));
    const place = document.querySelector(target);
    ["dragover", "drop"].forEach(kind => place.dispatchEvent(
        new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true })));
}"""
COPY_A_PICTURE = """() => new Promise(done => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 20;
    canvas.getContext("2d").fillRect(0, 0, 9, 9);
    canvas.toBlob(blob => navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]).then(done));
})"""
COUNT_CHANGES = """() => {
    window.changes = 0;
    document.addEventListener("evidence:changed", () => { window.changes += 1; });
}"""


@pytest.fixture
def world(transactional_db, settings) -> World:
    settings.ROOT_URLCONF = "tests.browser.upload_page"
    shutil.rmtree(settings.UPLOAD_DIR, ignore_errors=True)
    return make_world()


@pytest.fixture
def large(tmp_path) -> Path:
    """A PDF of 12 MB: three parts."""
    path = tmp_path / "会议材料扫描件.pdf"
    document = pikepdf.new()
    document.add_blank_page(page_size=(595, 842))
    document.Root.Scan = document.make_stream(os.urandom(12 * MEGA))
    document.save(path, compress_streams=False)
    return path


def session_of(name: str) -> dict:
    client = Client()
    client.force_login(User.objects.get(username=name))
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "domain": "localhost", "path": "/"}


def opened(page: Page) -> Page:
    page.context.add_cookies([session_of("liaison")])
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/upload-page/")
    page.evaluate(COUNT_CHANGES)
    return page


def area(page: Page, code: str = "1-1"):
    return page.locator(f"#demand-{code}")


def choose(page: Page, *files, code: str = "1-1") -> None:
    area(page, code).locator("input[name=file]").set_input_files(list(files))


def a_file(name: str, content: bytes) -> dict:
    return {"name": name, "mimeType": "application/pdf", "buffer": content}


def line(page: Page, name: str):
    return page.locator(".upload-line").filter(has=page.get_by_text(name, exact=True))


@contextmanager
def slow(page: Page):
    """3 MB a second; the function sets whether there is a network at all."""
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")

    def network(up: bool, speed: int = 3 * MEGA) -> None:
        wire.send(
            "Network.emulateNetworkConditions",
            {"offline": not up, "latency": 0, "downloadThroughput": -1, "uploadThroughput": speed},
        )

    network(up=True)
    yield network
    network(up=True, speed=-1)


def size_of(part: str) -> int:
    """0 where it was taken in meanwhile."""
    try:
        return (Path(settings.UPLOAD_DIR) / part).stat().st_size
    except FileNotFoundError:
        return 0


def wait_for_parts(page: Page, size: int) -> int:
    """Until the server has received so many bytes of an upload; how many they are."""
    for _ in range(200):
        received = max((size_of(name) for name in stored_parts()), default=0)
        if received >= size:
            return received
        page.wait_for_timeout(50)
    raise AssertionError(f"{size} bytes did not arrive")


def test_files_dropped_on_the_row_come_in_together(world, browser_page):
    page = opened(browser_page)
    files = [
        ["一.pdf", "application/pdf", list(pdf_bytes())],
        ["二.jpg", "image/jpeg", list(picture_bytes())],
        ["三.pdf", "application/pdf", list(b"<html></html>")],
    ]
    page.evaluate(DROP, ["#demand-1-2 h2", files])
    for name in ("一.pdf", "二.jpg"):
        expect(line(page, name).get_by_role("status")).to_contain_text(TAKEN)
    expect(line(page, "三.pdf").get_by_role("status")).to_contain_text("是网页（HTML）")
    assert {use.requirement.code for use in Placement.objects.all()} == {"1-2"}
    assert sorted(piece.title for piece in Piece.objects.all()) == ["一", "二"]
    assert page.evaluate("window.changes") == 1
    # the page fetched itself anew around what came of the files
    expect(page.locator("#pieces")).to_have_text("2")
    expect(line(page, "三.pdf")).to_be_visible()
    link = line(page, "一.pdf").get_by_role("link", name=TAKEN)
    assert link.get_attribute("href") == f"/c/A/evidence/{Piece.objects.get(title='一').pk}/"
    # the next batch clears what came in, not what was refused
    choose(page, a_file("四.pdf", pdf_bytes()), code="1-2")
    expect(line(page, "四.pdf").get_by_role("status")).to_contain_text(TAKEN)
    expect(page.locator(".upload-name")).to_have_text(["三.pdf", "四.pdf"])
    line(page, "三.pdf").get_by_role("button", name="清除").click()
    expect(page.locator(".upload-name")).to_have_text(["四.pdf"])


def test_what_is_dropped_beside_the_areas_does_not_leave_the_page(world, browser_page):
    page = opened(browser_page)
    page.evaluate(DROP, ["header.site-header", [["一.pdf", "application/pdf", list(pdf_bytes())]]])
    expect(page.locator(".upload-line")).to_have_count(0)
    assert page.url.endswith("/upload-page/")


def test_a_network_that_goes_and_comes_back(world, browser_page, large):
    page = opened(browser_page)
    with slow(page) as network:
        choose(page, large)
        wait_for_parts(page, 5 * MEGA)
        network(up=False)
        expect(line(page, large.name).get_by_role("status")).to_have_text("网络断开，恢复后自动继续")
        assert Upload.objects.get().piece is None
        network(up=True)
        expect(line(page, large.name).get_by_role("status")).to_contain_text(TAKEN)
    with local_path(Version.objects.get().file) as stored:
        assert sha256_of(stored) == sha256_of(large)
    assert (stored_parts(), Upload.objects.count()) == ([], 1)


def test_a_page_that_was_closed_goes_on_where_it_was(world, browser_page, large):
    page = opened(browser_page)
    with slow(page):
        choose(page, large)
        received = wait_for_parts(page, 5 * MEGA)
        page.reload()
    assert large.name not in page.evaluate("JSON.stringify(localStorage)"), "PCs are shared"
    begun = Upload.objects.get()
    with slow(page):
        choose(page, large)
        status = line(page, large.name).get_by_role("status")
        expect(status).to_have_text("接着上次没传完的部分继续")
        begun.refresh_from_db()
        assert begun.received >= received
        expect(status).to_contain_text(TAKEN)
    assert Upload.objects.get() == begun
    with local_path(Version.objects.get().file) as stored:
        assert sha256_of(stored) == sha256_of(large)
    assert page.evaluate("localStorage.length") == 0


def test_a_file_goes_on_while_the_page_around_it_changes(world, browser_page, large):
    page = opened(browser_page)
    with slow(page):
        choose(page, large)
        choose(page, a_file("一.pdf", pdf_bytes()), code="1-2")
        wait_for_parts(page, 5 * MEGA)
        page.evaluate("document.dispatchEvent(new Event('evidence:changed'))")
        expect(page.locator("#pieces")).to_have_text("1")
        expect(line(page, large.name)).to_be_visible()
        expect(line(page, large.name).get_by_role("status")).to_contain_text(TAKEN)
    expect(page.locator("#pieces")).to_have_text("2")


def test_paused_continued_and_cancelled(world, browser_page, large):
    page = opened(browser_page)
    with slow(page):
        choose(page, large)
        received = wait_for_parts(page, 5 * MEGA)
        line(page, large.name).get_by_role("button", name="暂停").click()
        expect(line(page, large.name)).to_contain_text(re.compile("已暂停，已传 [0-9]+%"))
        paused = wait_for_parts(page, received)
        page.wait_for_timeout(700)
        assert wait_for_parts(page, received) - paused < MEGA, "what was on its way may still come"
        line(page, large.name).get_by_role("button", name="继续").click()
        wait_for_parts(page, 10 * MEGA)
        line(page, large.name).get_by_role("button", name="取消").click()
        expect(page.locator(".upload-line")).to_have_count(0)
        for _ in range(100):
            if not stored_parts():
                break
            page.wait_for_timeout(50)
    assert (stored_parts(), Upload.objects.count(), Piece.objects.count()) == ([], 0, 0)


def test_three_at_a_time(world, browser_page):
    page = opened(browser_page)
    with slow(page) as network:
        network(up=False)
        choose(page, *(a_file(f"{n}.pdf", pdf_bytes()) for n in range(5)))
        expect(page.get_by_text("网络断开，恢复后自动继续")).to_have_count(3)
        expect(page.get_by_text("等待上传")).to_have_count(2)
        network(up=True)
        expect(page.get_by_text(TAKEN)).to_have_count(5)
    assert page.evaluate("window.changes") == 1


def test_a_screenshot_is_pasted(world, browser_page):
    page = opened(browser_page)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate(COPY_A_PICTURE)
    page.keyboard.press("Control+V")
    expect(page.locator(".upload-line")).to_have_count(0)
    area(page, "1-2").locator("input[name=file]").focus()
    page.keyboard.press("Control+V")
    status = area(page, "1-2").locator(".upload-line").get_by_role("status")
    expect(status).to_contain_text(TAKEN)
    assert re.fullmatch(r"截图 \d{4}-\d\d-\d\d \d{6}\.png", Version.objects.get().file_name)
    # also where the mouse is
    page.evaluate("document.activeElement.blur()")
    expect(page.locator("#pieces")).to_have_text("1")
    area(page, "1-1").get_by_text("上传材料").click()
    area(page, "1-1").locator(".upload-box").hover()
    page.keyboard.press("Control+V")
    expect(area(page, "1-1").locator(".upload-line").get_by_role("status")).to_contain_text("是同一个文件")


def test_a_session_that_ends_meanwhile(world, browser_page):
    page = opened(browser_page)
    page.context.clear_cookies(name="sessionid")
    choose(page, a_file("一.pdf", pdf_bytes()))
    # not by its role: nothing of the page is there for anybody before somebody signed in
    expect(line(page, "一.pdf").locator(".upload-said")).to_have_text("登录已超时，重新登录后自动继续")
    expect(page.locator("#session-ended")).to_be_visible()
    page.context.add_cookies([session_of("liaison")])
    expect(line(page, "一.pdf").get_by_role("status")).to_contain_text(TAKEN)


def test_without_room_it_waits_for_somebody(world, browser_page, settings):
    page = opened(browser_page)
    room, settings.EVIDENCE_MIN_FREE_BYTES = settings.EVIDENCE_MIN_FREE_BYTES, 2**62
    choose(page, a_file("一.pdf", pdf_bytes()))
    expect(line(page, "一.pdf").get_by_role("status")).to_contain_text("存储空间不足")
    settings.EVIDENCE_MIN_FREE_BYTES = room
    line(page, "一.pdf").get_by_role("button", name="继续").click()
    expect(line(page, "一.pdf").get_by_role("status")).to_contain_text(TAKEN)


def test_where_many_upload_it_goes_on_by_itself(world, browser_page):
    page = opened(browser_page)
    with ExitStack() as stack:
        for number in range(MOST):
            stack.enter_context(turns.taken(f"somebody {number}"))
        choose(page, a_file("一.pdf", pdf_bytes()))
        status = line(page, "一.pdf").get_by_role("status")
        expect(status).to_have_text("正在上传的人较多，稍后自动继续")
        expect(status).to_have_class(re.compile("upload-waits"))
        expect(line(page, "一.pdf").get_by_role("button", name="暂停")).to_be_visible()
    expect(status).to_contain_text(TAKEN, timeout=15000)


def test_a_scanner_that_comes_back(world, browser_page, settings, tmp_path):
    page = opened(browser_page)
    settings.CLAMD = f"unix://{tmp_path}/nobody.sock"
    choose(page, a_file("一.pdf", pdf_bytes()))
    expect(line(page, "一.pdf").get_by_role("status")).to_contain_text("病毒扫描")
    line(page, "一.pdf").get_by_role("button", name="继续").click()
    expect(line(page, "一.pdf").get_by_role("status")).to_contain_text("病毒扫描")
    settings.CLAMD = ""
    line(page, "一.pdf").get_by_role("button", name="继续").click()
    expect(line(page, "一.pdf").get_by_role("status")).to_contain_text(TAKEN)
    assert Piece.objects.count() == 1


def test_on_a_phone(world, new_page):
    page = opened(new_page(**PHONE))
    camera = area(page).locator("input[capture]")
    expect(area(page).get_by_text("拍照上传")).to_be_visible()
    camera.set_input_files({"name": "w" * 150 + ".jpg", "mimeType": "image/jpeg", "buffer": picture_bytes()})
    expect(page.get_by_text(TAKEN)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    small = "all => all.filter(each => each.offsetParent && each.getBoundingClientRect().height < 44).length"
    assert page.eval_on_selector_all(".upload-box, .upload-camera, .upload-acts .btn", small) == 0


def test_without_scripts(world, new_page):
    page = new_page(java_script_enabled=False)
    page.context.add_cookies([session_of("liaison")])
    page.goto("/upload-page/")
    choose(page, a_file("一.pdf", pdf_bytes()), a_file("二.pdf", pdf_bytes()))
    area(page).get_by_role("button", name="上传").click()
    expect(page.get_by_text("“一.pdf”已上传，待审核。")).to_be_visible()
    assert page.url.endswith("/upload-page/")
    assert Piece.objects.count() == 2
