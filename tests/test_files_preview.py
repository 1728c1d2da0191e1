"""Pages and pictures as the browser shows them: bounded, upright, and never at the server's cost."""

from io import BytesIO

import pytest
from PIL import Image, ImageChops

from assessments.files import preview
from assessments.files.apart import process
from assessments.files.preview import page_count, page_png, picture_jpeg, picture_png
from assessments.files.refusals import CannotShow
from tests import hostile_files as make

RED, BLUE = (254, 0, 0), (0, 0, 254)


@pytest.fixture
def put(tmp_path):
    def write(content: bytes):
        path = tmp_path / "stored"
        path.write_bytes(content)
        return path

    return write


def image_of(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


def is_near(image: Image.Image, place: tuple[int, int], colour: tuple[int, int, int]) -> bool:
    return all(abs(a - b) < 40 for a, b in zip(image.convert("RGB").getpixel(place), colour, strict=True))


def test_a_page_is_drawn_as_wide_as_asked(put):
    path = put(make.pdf("first", "second"))
    assert page_count(path) == 2
    first, second = (image_of(page_png(path, page, 1000)) for page in (1, 2))
    assert first.format == "PNG"
    assert first.size == (1000, 1416)
    assert ImageChops.difference(first.convert("L"), second.convert("L")).getbbox(), "two different pages"


def test_what_is_filled_into_a_form_is_drawn(put):
    def fill(document):
        look = document.make_stream(b"1 0 0 rg 0 0 595 842 re f")
        look.Type, look.Subtype, look.BBox = make.Name.XObject, make.Name.Form, make.Array([0, 0, 595, 842])
        field = make.Dictionary(
            Type=make.Name.Annot, Subtype=make.Name.Widget, FT=make.Name.Tx, T="seal", F=4, V="x",
            Rect=make.Array([0, 0, 595, 842]), AP=make.Dictionary(N=look),
        )  # fmt: skip
        field = document.make_indirect(field)
        document.pages[0].obj.Annots = make.Array([field])
        document.Root.AcroForm = make.Dictionary(Fields=make.Array([field]))

    assert is_near(image_of(page_png(put(make.pdf_with(fill)), 1, 200)), (100, 100), (255, 0, 0))


@pytest.mark.parametrize("size", [(14400, 1), (1, 14400), (0.01, 14400), (14400, 14400), (3, 3)])
def test_a_page_of_any_shape_is_bounded(put, size):
    image = image_of(page_png(put(make.pdf("x", size=size)), 1, 10_000_000))
    assert image.width <= preview.MAX_WIDTH
    assert image.height <= 6001
    assert image.width * image.height <= 8_100_000


@pytest.mark.parametrize("page", [0, -1, 3])
def test_a_page_that_is_not_there_is_said(put, page):
    with pytest.raises(CannotShow, match=f"没有第 {page} 页"):
        page_png(put(make.pdf("1", "2")), page, 100)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\nnothing", make.pdf(password="x"), make.picture()])
def test_what_is_no_pdf_cannot_be_shown_as_one(put, content):
    with pytest.raises(CannotShow, match="打不开"):
        page_png(put(content), 1, 100)


def test_a_page_that_would_take_all_memory_ends_only_its_own_process(put, monkeypatch):
    monkeypatch.setattr(process, "MEMORY", 300 * 1024 * 1024)  # so that it is soon taken
    with pytest.raises(CannotShow, match="太复杂"):
        page_png(put(make.pdf_of_forms_within_forms()), 1, 1000)


def test_a_page_that_takes_too_long_is_given_up(put, monkeypatch):
    monkeypatch.setattr(preview, "DRAW_SECONDS", 0.01)
    with pytest.raises(CannotShow, match="用时过长"):
        page_png(put(make.pdf()), 1, 1000)


# ---- pictures --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (make.picture("JPEG", (3000, 1500)), (300, 150)),
        (make.picture("PNG", (3000, 1500)), (300, 150)),
        (make.picture("PNG", (40, 20)), (40, 20)),
        (make.picture("JPEG", (3000, 1500), mode="CMYK"), (300, 150)),
        (make.picture("GIF", (600, 300), mode="P"), (300, 150)),
        (make.picture("WEBP", (600, 300)), (300, 150)),
        (make.picture("TIFF", (600, 300)), (300, 150)),
        (make.picture("TIFF", (600, 300), mode="I;16"), (300, 150)),
        (make.picture("PNG", (600, 300), mode="LA"), (300, 150)),
        (make.picture("PNG", (600, 300), mode="1"), (300, 150)),
        (make.picture("BMP", (2, 30_000)), (1, 6000)),
    ],
)
def test_a_picture_is_made_smaller_and_never_larger(put, content, size):
    path = put(content)
    for draw, form in ((picture_png, "PNG"), (picture_jpeg, "JPEG")):
        image = image_of(draw(path, 300))
        assert (image.format, image.size) == (form, size)


def test_colours_stay(put):
    image = image_of(picture_jpeg(put(make.picture("JPEG", (900, 300))), 300))
    assert is_near(image, (10, 50), RED)
    assert is_near(image, (290, 50), BLUE)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF", "WEBP"])
@pytest.mark.parametrize(
    ("orientation", "size", "red"),
    [(1, (120, 80), (5, 40)), (3, (120, 80), (115, 40)), (6, (80, 120), (40, 5)), (8, (80, 120), (40, 115))],
)
def test_a_photo_stands_upright_and_the_file_stays_as_it_is(put, form, orientation, size, red):
    content = make.photo(orientation, form)
    path = put(content)
    image = image_of(picture_png(path, 1000))
    assert image.size == size
    assert is_near(image, red, RED)
    assert path.read_bytes() == content
    assert not image.getexif(), "where it was taken is not handed on"


def test_what_shows_through_is_white_in_a_jpeg(put):
    clear = BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(clear, "PNG")
    assert is_near(image_of(picture_jpeg(put(clear.getvalue()), 50)), (25, 25), (255, 255, 255))


@pytest.mark.parametrize("content", [b"", make.HTML, make.pdf(), make.picture("JPEG", (900, 900))[:2000]])
def test_what_is_no_whole_picture_cannot_be_shown(put, content):
    with pytest.raises(CannotShow):
        picture_jpeg(put(content), 100)


def test_a_picture_of_too_many_pixels_cannot_be_shown(put):
    with pytest.raises(CannotShow, match="万像素"):
        picture_png(put(make.huge_png(100_000, 100_000)), 100)


def test_every_page_of_a_scan_can_be_shown(put):
    more = [Image.new("RGB", (120, 80), colour) for colour in (RED, BLUE)]
    path = put(make.picture("TIFF", save_all=True, append_images=more))
    assert is_near(image_of(picture_png(path, 100, page=2)), (90, 40), RED)
    assert is_near(image_of(picture_jpeg(path, 100, page=3)), (10, 40), BLUE)
    for page in (0, 4):
        with pytest.raises(CannotShow):
            picture_png(path, 100, page=page)
