"""The name as it is shown and offered for download."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assessments.files.names import MAX_NAME, NAMELESS, clean_name
from tcm_demo.lib.text import is_unseen


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("2023年工作总结.pdf", "2023年工作总结.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\报表\\..\\总结.pdf", "总结.pdf"),
        ("C:总结.pdf", "总结.pdf"),
        ("照片😀.jpg", "照片😀.jpg"),
        ("\u202egpj.总结.exe", "gpj.总结.exe"),
        ("总\u200b结\ufeff.pdf", "总结.pdf"),
        ("总结\u3164.pdf", "总结.pdf"),
        ("总结.pdf\0.exe", "总结.pdf.exe"),
        ("总结\r\nSet-Cookie: x.pdf", "总结 Set-Cookie_ x.pdf"),
        ("总结.pdf" + " " * 90 + ".exe", "总结.pdf.exe"),
        ("e\u0301.pdf", "é.pdf"),
        ("问：<甲>?.pdf", "问：_甲__.pdf"),
        ("", NAMELESS),
        ("..", NAMELESS),
        (" . ", NAMELESS),
        ("a/", NAMELESS),
        ("\u200b", NAMELESS),
        ("长" * 251 + ".pdf", "长" * 116 + ".pdf"),
        ("长" * 255, "长" * 120),
        ("a." + "长" * 255, ("a." + "长" * 255)[:120]),
    ],
)
def test_names_as_they_come(name, clean):
    assert clean_name(name) == clean


@given(st.text() | st.text(alphabet="a长.😀/\\: \u200b\u202e\u0301\r\n\t", max_size=300))
@example("长" * 115 + " .pdf")
@example("0\u0301" * 120)
def test_any_name_comes_out_harmless_and_stays_as_it_is(name):
    clean = clean_name(name)
    assert 0 < len(clean) <= MAX_NAME
    assert not set(clean) & set('/\\:*?"<>|')
    assert not any(map(is_unseen, clean))
    assert clean.strip(" .") == clean
    assert unicodedata.is_normalized("NFC", clean)
    assert clean_name(clean) == clean


@given(st.text(alphabet="长a .", max_size=300), st.sampled_from([".pdf", ".docx", ".JPEG", ".et"]))
def test_however_long_the_name_its_extension_stays(stem, extension):
    assert clean_name(f"x{stem}{extension}").endswith(extension)
