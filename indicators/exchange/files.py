"""A standard as a file to hand out."""

from indicators.exchange.queries import own_of
from indicators.exchange.workbook_out import workbook_of
from indicators.exchange.yaml_out import yaml_text
from indicators.models import Standard
from indicators.queries import content_of

FORMATS = ("xlsx", "yaml")


def file_of(standard: Standard, kind: str) -> tuple[str, bytes]:
    """(its name, what it holds), `kind` one of FORMATS. Raises workbook_out.TooLong. Eleven queries at most."""
    content = content_of(standard)
    own = own_of(content, standard.owner)
    data = workbook_of(content, *own) if kind == "xlsx" else yaml_text(content, *own).encode()
    return f"{standard.title}（第 {standard.version} 版）.{kind}", data
