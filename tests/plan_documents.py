"""Plans as offices save them: .docx with Word's own numbers and tables, PDF with page numbers and ruled tables."""

from io import BytesIO

from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Table

from tests.hostile_files import OFFICE, archive

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
FONT = "STSong-Light"


def paragraph(text: str, number: int | None = None, level: int = 0, style: str = "") -> str:
    """`number`: the list it belongs to, whose number Word shows before the text."""
    listed = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>' if number is not None else ""
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f'<w:p><w:pPr>{styled}{listed}</w:pPr><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def table(rows: list[list[str | None]]) -> str:
    """None: merged with the cell above."""

    def cell(text: str | None) -> str:
        merged = "<w:vMerge/>" if text is None else '<w:vMerge w:val="restart"/>'
        return f"<w:tc><w:tcPr>{merged}</w:tcPr>{paragraph(text or '')}</w:tc>"

    return "<w:tbl>" + "".join(f"<w:tr>{''.join(map(cell, row))}</w:tr>" for row in rows) + "</w:tbl>"


def numbering(*levels: tuple[str, str], starts_anew: bool = False) -> str:
    """One list of these levels, (numFmt, lvlText), as numbers 1 and 2; 2 begins anew where that is asked."""
    described = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for at, (kind, text) in enumerate(levels)
    )
    anew = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>' if starts_anew else ""
    refers = '<w:abstractNumId w:val="7"/>'
    lists = f'<w:num w:numId="1">{refers}</w:num><w:num w:numId="2">{refers}{anew}</w:num>'
    return f'<w:numbering {W}><w:abstractNum w:abstractNumId="7">{described}</w:abstractNum>{lists}</w:numbering>'


def docx(body: str, numbers: str = "", styles: str = "") -> bytes:
    main = f'<Override PartName="/word/document.xml" ContentType="{OFFICE}.wordprocessingml.document.main+xml"/>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{main}</Types>',
        "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
    }
    if numbers:
        parts["word/numbering.xml"] = numbers
    if styles:
        parts["word/styles.xml"] = f"<w:styles {W}>{styles}</w:styles>"
    return archive(parts)


def pdf(pages: list[list[str | list[list[str]]]], head: str = "") -> bytes:
    """Each page's paragraphs and ruled tables; page numbers at the foot, `head` on top of each page."""
    registerFont(UnicodeCIDFont(FONT))
    style = ParagraphStyle("plan", fontName=FONT, fontSize=12, leading=18, wordWrap="CJK")
    ruled = [("FONT", (0, 0), (-1, -1), FONT, 10), ("GRID", (0, 0), (-1, -1), 0.5, "black")]
    flow = []
    for page in pages:
        flow += [Paragraph(part, style) if isinstance(part, str) else Table(part, style=ruled) for part in page]
        flow.append(PageBreak())

    def edges(canvas, document) -> None:
        canvas.setFont(FONT, 10)
        canvas.drawString(280, 30, f"- {document.page} -")
        canvas.drawString(200, 815, head)

    out = BytesIO()
    SimpleDocTemplate(out).build(flow, onFirstPage=edges, onLaterPages=edges)
    return out.getvalue()
