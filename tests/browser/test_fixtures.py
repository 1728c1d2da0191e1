"""The browser that the other tests here rely on reaches the program and draws Chinese."""


def test_it_reaches_the_program_and_its_static_files(browser_page):
    assert browser_page.goto("/static/vendor/tabler.min.css").status == 200


def test_chinese_letters_are_drawn(browser_page):
    """Letters that no font has are drawn as boxes, and all boxes are alike."""

    def picture_of(letter: str) -> bytes:
        browser_page.set_content(f"<b>{letter}</b>")
        return browser_page.locator("b").screenshot()

    assert picture_of("县") == picture_of("县") != picture_of("乡")
