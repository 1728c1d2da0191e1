"""A binder as one PDF: what is in it, in which order, and what happens to files that are not as they should be."""

from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest
from pypdf import PdfReader

from assessments.binders import sources
from assessments.binders.content import StatementText
from tests.binders import A4, binder, evidence_pages, merged, pdf, picture, piece, saved, write


def texts(pages) -> list[str]:
    return [page.extract_text() for page in pages]


def flat(outline) -> list[str]:
    """Titles of an outline, in order, whatever their depth."""
    return [t for entry in outline for t in (flat(entry) if isinstance(entry, list) else [entry.title])]


def test_cover_labels_contents_body_and_evidence_follow_each_other(tmp_path):
    reader, written = merged(tmp_path, piece("24-01", pdf("one", "two")), piece("24-02", picture("JPEG"), "jpg"))
    assert reader.page_labels == ["封面 1", "封面 2", "目录 1", "1", "2", "3", "4"]
    found = texts(reader.pages)
    assert "迎 检 资 料" in found[0]
    assert "脊背标签" in found[1]
    assert "卷内目录" in found[2]
    assert "条目要求" in found[3]
    assert "one" in found[4]
    assert "24-01 第 2 页" in found[4]
    assert "two" in found[5]
    assert "24-02 第 4 页" in found[6]
    assert (written.pages, written.pieces, written.binders, written.notes) == (7, 2, 1, ())


def test_the_body_says_what_is_required_how_it_stands_and_what_is_missing(tmp_path):
    reader, _ = merged(tmp_path)
    body = "".join(texts(reader.pages)[3].split())
    for words in (
        "全部镇卫生院和社区卫生服务中心建成中医馆",
        "区卫生健康局",
        "区财政局",
        "基本达标",
        "92.31%",
        "≥100%",
    ):
        assert words in body
    for words in ("全区13家机构建成中医馆。", "（某某，2024年2月1日）", "1.缺凤凰镇卫生院的照片。"):
        assert words in body


def test_the_contents_name_the_page_where_each_piece_begins_and_lead_to_it(tmp_path):
    reader, _ = merged(tmp_path, piece("24-01", pdf("a", "b", "c")), piece("24-02", pdf("d")))
    lines = [line for line in reader.pages[2].extract_text().split("\n") if line]
    assert lines[lines.index("24-01") :].index("2") < lines[lines.index("24-01") :].index("24-02")
    assert lines[-2:] == ["5", "第 24 条　卷内目录第 1 页"] or "5" in lines[lines.index("24-02") :]
    leads_to = [annotation.get_object()["/Dest"][0] for annotation in reader.pages[2]["/Annots"]]
    assert [reader.get_page_number(page.get_object()) for page in leads_to] == [3, 4, 7]


def test_bookmarks_lead_from_section_to_item_to_piece(tmp_path):
    contents = [
        binder("1", piece("01-01", pdf("a")), section_number="一", section_name="组织管理"),
        binder("2", section_number="一", section_name="组织管理"),
        binder("24", piece("24-01", pdf("b"), title="设备清单")),
    ]
    write(contents, tmp_path / "x.pdf")
    reader = PdfReader(tmp_path / "x.pdf")
    assert [entry.title for entry in reader.outline if not isinstance(entry, list)] == ["一 组织管理", "三 服务体系"]
    titles = flat(reader.outline)
    assert titles[-8:-6] == ["24 中医馆建设", "封面"]
    assert titles[-1] == "24-01 设备清单"
    assert reader.page_labels[reader.get_destination_page_number(reader.outline[-1][-1][-1])] == "24 2"
    assert len(titles) == 2 + 3 + 3 * 6 + 2


def test_several_binders_begin_with_a_cover_and_contents_of_the_whole(tmp_path):
    contents = [
        binder(str(n), piece(f"{n:02d}-01", pdf("a", "b")), item_title=f"条目{n}", section_name=f"部分{n // 20}")
        for n in range(1, 41)
    ]
    written = write(contents, tmp_path / "x.pdf")
    reader = PdfReader(tmp_path / "x.pdf")
    assert written.pages == len(reader.pages)
    labels = reader.page_labels
    first = labels.index("01 封面 1")
    assert labels[:first] == ["总封面", *(f"总目录 {n}" for n in range(1, first))]
    found = texts(reader.pages[:first])
    assert "迎 检 资 料" in found[0]
    assert f"40 件，{written.pages} 页" in found[0]
    starts = [at for at, label in enumerate(labels) if label.endswith(" 封面 1")]
    leads_to = [
        reader.get_page_number(annotation.get_object()["/Dest"][0].get_object())
        for page in reader.pages[1:first]
        for annotation in page["/Annots"]
    ]
    assert leads_to == starts
    words = "\n".join(found[1:]).split("\n")
    assert all(str(start + 1) in words and f"条目{n}" in words for n, start in enumerate(starts, start=1))
    with pikepdf.open(tmp_path / "x.pdf") as file:
        assert file.check_pdf_syntax() == []


def test_each_binder_has_page_numbers_of_its_own(tmp_path):
    write([binder("1", piece("01-01", pdf("a"))), binder("2", piece("02-01", pdf("b")))], tmp_path / "x.pdf")
    reader = PdfReader(tmp_path / "x.pdf")
    assert reader.page_labels[5:7] == ["01 1", "01 2"]
    assert reader.page_labels[-2:] == ["02 1", "02 2"]
    assert "02-01 第 2 页" in reader.pages[-1].extract_text()


def test_nothing_accepted_yet_makes_a_binder_all_the_same(tmp_path):
    content = binder("24", criteria=(), statement=None, missing=())
    write([content], tmp_path / "x.pdf")
    words = "".join(texts(PdfReader(tmp_path / "x.pdf").pages))
    assert "本条目还没有已接受的佐证材料。" in words
    assert "尚未撰写。" in words
    assert "无缺件。" in words


def test_a_long_statement_moves_the_evidence_and_its_numbers(tmp_path):
    content = replace(binder("24", piece("24-01", pdf("a"))), statement=StatementText("持续推进中医馆建设。" * 300))
    write([content], tmp_path / "x.pdf")
    reader = PdfReader(tmp_path / "x.pdf")
    number = reader.page_labels[-1]
    assert int(number) > 4
    assert f"24-01 第 {number} 页" in reader.pages[-1].extract_text()


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (piece("24-02", b"%PDF-1.4 nonsense"), sources.DAMAGED),
        (piece("24-02", b""), sources.DAMAGED),
        (piece("24-02", None), sources.GONE),
        (piece("24-02", b"no picture", "jpg"), sources.BAD_PICTURE),
        (piece("24-02", picture("PNG")[:60], "png"), sources.BAD_PICTURE),
        (piece("24-02", b"PK", "docx"), sources.NO_PDF_FORM),
        (piece("24-02", pdf("x", encryption=pikepdf.Encryption(owner="o", user="u"))), sources.LOCKED),
    ],
)
def test_a_file_that_cannot_be_merged_gets_a_sheet_and_stops_nobody(tmp_path, bad, reason):
    reader, written = merged(tmp_path, piece("24-01", pdf("before")), bad, piece("24-03", pdf("after")))
    before, sheet, after = texts(evidence_pages(reader))
    assert "before" in before
    assert "after" in after
    assert "24-03 第 4 页" in after
    words = "".join(sheet.split())
    assert "".join(reason.split()) in words
    assert "24-02第3页" in words
    assert f"24_中医馆建设/24-02_材料24-02_区卫生健康局.{bad.extension}" in words
    assert bad.sha256 in words
    assert written.notes == (f"24-02《材料24-02》：{reason}",)


def test_a_stream_that_fails_halfway_leaves_nothing_of_its_file(tmp_path):
    """The second page's content is not where the file says it is."""
    whole = pdf("good", "SECOND", object_stream_mode=pikepdf.ObjectStreamMode.disable)
    broken = whole.replace(b"SECOND", b"S").replace(b"endstream", b"end")
    reader, written = merged(tmp_path, piece("24-01", broken), piece("24-02", pdf("after")))
    assert written.notes
    assert "after" in evidence_pages(reader)[-1].extract_text()
    with pikepdf.open(tmp_path / "卷.pdf") as file:
        assert file.check_pdf_syntax() == []


def test_content_that_cannot_be_unpacked_is_said_to_be_damaged(tmp_path):
    file = pikepdf.open(BytesIO(pdf("x")))
    file.pages[0].Contents = pikepdf.Stream(file, b"no zlib at all", Filter=pikepdf.Name.FlateDecode)
    reader, written = merged(tmp_path, piece("24-01", saved(file)), piece("24-02", pdf("after")))
    assert written.notes == (f"24-01《材料24-01》：{sources.MENDED}",)
    assert len(evidence_pages(reader)) == 2


def test_a_few_bytes_that_claim_very_many_pages_get_a_sheet(tmp_path):
    file = pikepdf.open(BytesIO(pdf("again")))
    file.Root.Pages.Kids = pikepdf.Array([file.pages[0].obj] * 5_001)
    _, written = merged(tmp_path, piece("24-01", saved(file)))
    assert written.notes == (f"24-01《材料24-01》：{sources.TOO_MANY}",)


def test_a_cut_off_file_is_merged_as_far_as_it_goes_and_said_to_be(tmp_path):
    _, written = merged(tmp_path, piece("24-01", pdf("one")[:-200]))
    assert written.notes == (f"24-01《材料24-01》：{sources.MENDED}",)


def test_a_file_that_anybody_can_open_is_merged_though_it_is_encrypted(tmp_path):
    locked = pdf("open to all", encryption=pikepdf.Encryption(owner="secret", user=""))
    reader, written = merged(tmp_path, piece("24-01", locked))
    assert "open to all" in evidence_pages(reader)[0].extract_text()
    assert written.notes == ()


def test_an_office_file_comes_as_its_pdf_form(tmp_path):
    office = piece("24-01", b"PK", "docx", pdf_form=lambda: BytesIO(pdf("printed")))
    reader, _ = merged(tmp_path, office)
    assert "printed" in evidence_pages(reader)[0].extract_text()


def test_a_file_used_by_several_items_is_stored_once(tmp_path):
    data = pdf("x", content=b"% " + bytes(range(97, 123)) * 20_000 + b"\n%s", compress_streams=False)
    write([binder("1", piece("01-01", data))], tmp_path / "one.pdf")
    write([binder(str(n), piece(f"{n:02d}-01", data)) for n in range(1, 4)], tmp_path / "three.pdf")
    assert (tmp_path / "three.pdf").stat().st_size < (tmp_path / "one.pdf").stat().st_size + len(data) / 2
    assert [page.extract_text().count("x") for page in PdfReader(tmp_path / "three.pdf").pages].count(1) >= 3


def test_a_binder_can_be_evidence_itself(tmp_path):
    write([binder("1", piece("01-01", pdf("inner")))], tmp_path / "inner.pdf")
    reader, _ = merged(tmp_path, piece("24-01", (tmp_path / "inner.pdf").read_bytes()))
    last = reader.pages[-1].extract_text()
    assert "01-01 第 2 页" in last
    assert "24-01 第 6 页" in last


def test_what_is_signed_or_filled_into_a_form_stays_to_be_seen(tmp_path):
    file = pikepdf.open(BytesIO(pdf("paper")))
    seal = file.make_stream(b"1 0 0 rg 0 0 100 100 re f")
    seal.Type, seal.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    seal.BBox = pikepdf.Array([0, 0, 100, 100])
    field = file.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Widget,
            FT=pikepdf.Name.Sig,
            T="seal",
            F=132,
            Rect=pikepdf.Array([200, 200, 300, 300]),
            AP=pikepdf.Dictionary(N=seal),
        )
    )
    file.pages[0].Annots = pikepdf.Array([field])
    file.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]), NeedAppearances=True)
    merged(tmp_path, piece("24-01", saved(file)))
    assert red_points(tmp_path / "卷.pdf") > 5_000


def red_points(path) -> int:
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        drawn = document[len(document) - 1].render().to_pil().convert("RGB")
    return sum(count for count, colour in drawn.getcolors(1 << 24) if colour == (255, 0, 0))


def test_links_lead_where_they_led_and_programs_are_gone(tmp_path):
    file = pikepdf.open(BytesIO(pdf("first", "second")))
    box = pikepdf.Array([0, 0, 50, 50])

    def annotation(subtype, **more):
        return file.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=subtype, Rect=box, **more))

    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    file.pages[0].Annots = pikepdf.Array(
        [
            annotation(pikepdf.Name.Link, Dest=pikepdf.Array([file.pages[1].obj, pikepdf.Name.Fit])),
            annotation(pikepdf.Name.Link, A=script),
            annotation(pikepdf.Name.FileAttachment),
        ]
    )
    file.pages[0].AA = pikepdf.Dictionary(O=script)
    file.Root.OpenAction = script
    reader, _ = merged(tmp_path, piece("24-01", saved(file)))
    first, second = evidence_pages(reader)
    kept = [annotation.get_object() for annotation in first["/Annots"]]
    assert len(kept) == 2
    assert kept[0]["/Dest"][0].get_object() == second.get_object()
    assert b"JavaScript" not in (tmp_path / "卷.pdf").read_bytes()


def test_what_pages_inherit_comes_with_them(tmp_path):
    file = pikepdf.open(BytesIO(pdf("inheriting", rotate=90)))
    page = file.pages[0].obj
    for key in ("/MediaBox", "/Resources", "/Rotate"):
        file.Root.Pages[key] = page[key]
        del page[key]
    reader, _ = merged(tmp_path, piece("24-01", saved(file)))
    (page,) = evidence_pages(reader)
    assert "inheriting" in page.extract_text()
    assert page.rotation == 90
    assert tuple(page.mediabox) == A4
