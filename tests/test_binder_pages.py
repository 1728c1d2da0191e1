"""Stamps and pictures: what evidence looks like as pages of a binder."""

from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from assessments.binders import sources
from assessments.binders.balance import Balance, balance
from tests.binders import A4, evidence_pages, merged, pdf, picture, piece


def drawn(path, page: int = -1) -> Image.Image:
    """A page as people see it, 1000 points high or wide."""
    with pypdfium2.PdfDocument(path) as document:
        shown = document[len(document) + page]
        scale = 1000 / max(shown.get_size())
        return shown.render(scale=scale).to_pil().convert("L")


def ink(image: Image.Image) -> tuple[float, ...]:
    """What is drawn on white, in parts of the page: left, upper, right and lower end."""
    box = image.point(lambda shade: 255 if shade < 128 else 0).getbbox()
    width, height = image.size
    return (box[0] / width, box[1] / height, box[2] / width, box[3] / height)


def is_in_upper_right(box: tuple[float, ...]) -> bool:
    return box[0] > 0.7 and box[1] > 0.01 and box[2] < 0.99 and box[3] < 0.06


NO_TEXT = b"% %s\n"
PICTURE = b"q 100 0 0 100 0 0 cm BI /W 4 /H 1 /BPC 8 /CS /G ID Q q \nEI Q "


@pytest.mark.parametrize("rotate", [0, 90, 180, -90])
@pytest.mark.parametrize("box", [A4, (0, 0, 842, 595), (-300, -200, 295, 642), (595, 842, 0, 0), (0, 0, 2384, 3370)])
def test_stamps_stand_in_the_upper_right_of_turned_pages_and_odd_boxes(tmp_path, rotate, box):
    merged(tmp_path, piece("24-01", pdf("x", box=box, rotate=rotate, content=NO_TEXT)))
    assert is_in_upper_right(ink(drawn(tmp_path / "卷.pdf")))


@pytest.mark.parametrize(
    "content",
    [
        b"q 3 0 0 3 100 100 cm q 0 1 -1 0 0 0 cm % %s\n",
        b"Q Q 5 0 0 5 0 0 cm % %s\n",
        b"Q q 5 0 0 5 0 0 cm q % %s\n",
        b"1 0 0 1 300 -700 cm (Q Q \\) Q) pop % Q Q %s\n",
        b"BT 9 0 0 9 0 0 Tm % %s\n",
        b"0.1 0 0 0.1 0 0 cm 1 g 1 G 3 Tr % %s\n",
    ],
)
def test_content_that_leaves_a_mess_does_not_disturb_the_stamp(tmp_path, content):
    merged(tmp_path, piece("24-01", pdf("x", content=content)))
    assert is_in_upper_right(ink(drawn(tmp_path / "卷.pdf")))


def test_content_in_several_streams_is_one_content(tmp_path):
    file = pikepdf.open(BytesIO(pdf("x")))
    parts = (b"q 0.5 0 0 0.5 0 0 cm", b"0 g 0 0 100 100 re", b"f")
    file.pages[0].Contents = pikepdf.Array([file.make_stream(part) for part in parts])
    stream = BytesIO()
    file.save(stream)
    reader, _ = merged(tmp_path, piece("24-01", stream.getvalue()))
    assert "24-01 第 2 页" in evidence_pages(reader)[0].extract_text()
    left, _, _, low = ink(drawn(tmp_path / "卷.pdf"))
    assert (left, round(low, 2)) == (0, 1)


def test_a_cropped_page_has_its_stamp_in_the_part_that_is_shown(tmp_path):
    file = pikepdf.open(BytesIO(pdf("x", content=NO_TEXT)))
    file.pages[0].CropBox = pikepdf.Array([100, 100, 400, 500])
    stream = BytesIO()
    file.save(stream)
    merged(tmp_path, piece("24-01", stream.getvalue()))
    assert is_in_upper_right(ink(drawn(tmp_path / "卷.pdf")))


def test_a_page_without_content_and_resources_is_stamped_too(tmp_path):
    file = pikepdf.new()
    file.add_blank_page(page_size=(595, 842))
    del file.pages[0].obj["/Resources"]
    stream = BytesIO()
    file.save(stream)
    reader, _ = merged(tmp_path, piece("24-01", stream.getvalue()))
    assert "24-01 第 2 页" in evidence_pages(reader)[0].extract_text()


def test_content_that_unpacks_to_very_much_is_not_unpacked(tmp_path):
    bomb = pdf("x", content=b"% " + b" " * 3_000_000 + b"\n%s")
    reader, _ = merged(tmp_path, piece("24-01", bomb))
    (page,) = evidence_pages(reader)
    (stamp,) = [annotation.get_object() for annotation in page["/Annots"]]
    assert (stamp["/Subtype"], stamp["/F"]) == ("/Stamp", 4 + 64 + 128)
    assert ink(drawn(tmp_path / "卷.pdf"))[2] > 0.9


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", Balance(1, 1)),
        (b"q 1 0 0 1 0 0 cm Q", Balance(1, 1)),
        (b"q q", Balance(1, 3)),
        (b"Q", Balance(2, 1)),
        (b"Q q q", Balance(2, 3)),
        (b"(q Q) Tj /q gs /Q Do <</q 1>> % q q\r", Balance(1, 1)),
        (b"[(a\\)q (nested q) q)] TJ", Balance(1, 1)),
        (PICTURE, Balance(1, 1)),
        (b"q[1]0 d Q", Balance(1, 1)),
        (b"BT (a) Tj", None),
    ],
)
def test_what_brings_the_graphics_state_back(content, expected):
    assert balance(content) == expected


@given(st.lists(st.sampled_from(["q", "Q", "0 g", "(Q q)", "/q gs", "BT ET"]), max_size=30))
def test_after_what_is_added_the_state_is_as_before(operators):
    found = balance(" ".join(operators).encode())
    depth = 0
    for operator in ["q"] * found.before + operators:
        depth += {"q": 1, "Q": -1}.get(operator, 0)
        assert depth > 0
    assert depth == found.after


@pytest.mark.parametrize(("size", "across"), [((400, 300), True), ((300, 400), False)])
def test_a_picture_is_a_page_of_a4_upright_or_across(tmp_path, size, across):
    reader, _ = merged(tmp_path, piece("24-01", picture("JPEG", size), "jpg"))
    (page,) = evidence_pages(reader)
    assert (round(page.mediabox.width), round(page.mediabox.height)) == ((842, 595) if across else (595, 842))


def test_jpeg_goes_over_as_it_is_and_stands_as_the_camera_says(tmp_path):
    turned = Image.Exif()
    turned[0x0112] = 6  # to be turned to the right
    data = picture("JPEG", (400, 300), exif=turned)
    reader, _ = merged(tmp_path, piece("24-01", data, "jpg"))
    (page,) = evidence_pages(reader)
    assert page["/Resources"]["/XObject"]["/Im0"].get_object()._data == data
    with pypdfium2.PdfDocument(tmp_path / "卷.pdf") as document:
        shown = document[len(document) - 1].render().to_pil().convert("RGB")
    width, height = shown.size
    assert width < height
    assert shown.getpixel((width // 2, height // 4))[0] > 200  # red, which was left
    assert shown.getpixel((width // 2, height * 3 // 4))[2] > 200


@pytest.mark.parametrize(
    ("kind", "mode", "options"),
    [
        ("PNG", "RGB", {}),
        ("PNG", "RGBA", {}),
        ("PNG", "P", {}),
        ("PNG", "LA", {}),
        ("PNG", "I;16", {}),
        ("WEBP", "RGB", {}),
        ("WEBP", "RGBA", {}),
        ("TIFF", "RGB", {}),
        ("TIFF", "1", {"compression": "group4"}),
        ("JPEG", "CMYK", {}),
        ("JPEG", "L", {}),
        ("BMP", "RGB", {}),
        ("GIF", "P", {}),
    ],
)
def test_every_picture_becomes_a_page(tmp_path, kind, mode, options):
    reader, written = merged(tmp_path, piece("24-01", picture(kind, mode=mode, **options), kind.lower()))
    assert written.notes == ()
    assert len(evidence_pages(reader)) == 1
    assert len(drawn(tmp_path / "卷.pdf").getcolors()) > 1


def test_what_is_transparent_shows_white_paper(tmp_path):
    stream = BytesIO()
    Image.new("RGBA", (400, 300), (0, 0, 0, 0)).save(stream, "PNG")
    merged(tmp_path, piece("24-01", stream.getvalue(), "png"))
    image = drawn(tmp_path / "卷.pdf")
    assert image.getpixel((image.width // 2, image.height // 2)) == 255


def test_each_picture_of_a_tiff_file_is_a_page(tmp_path):
    stream = BytesIO()
    first, *more = [Image.new("L", (30, 40), shade) for shade in (0, 100, 200)]
    first.save(stream, "TIFF", save_all=True, append_images=more)
    reader, _ = merged(tmp_path, piece("24-01", stream.getvalue(), "tif"))
    assert len(evidence_pages(reader)) == 3


@pytest.mark.parametrize(
    ("kind", "mode", "size", "options"),
    [("PNG", "RGBA", (8000, 4000), {"compress_level": 1}), ("TIFF", "RGB", (8000, 5100), {"compression": "tiff_lzw"})],
)
def test_a_picture_too_large_to_unpack_gets_a_sheet(tmp_path, kind, mode, size, options):
    stream = BytesIO()
    Image.new(mode, size).save(stream, kind, **options)
    _, written = merged(tmp_path, piece("24-01", stream.getvalue(), kind.lower()))
    assert written.notes == (f"24-01《材料24-01》：{sources.TOO_LARGE}",)
