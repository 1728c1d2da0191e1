"""How the registry of institutions is written in a workbook: its file format and one widget for each kind of column."""

from datetime import date

from import_export import widgets
from import_export.formats.base_formats import XLSX
from tablib import Dataset

from indicators.enums import InstitutionType
from institutions.ledger.workbook import read_workbook
from institutions.models import County, Institution
from tcm_demo.lib.spreadsheets import table_workbook


class Workbook(XLSX):
    """Read as guardedly as a ledger (.xls and .ods as well), and written so that no cell is run as a formula."""

    def create_dataset(self, data: bytes) -> Dataset:
        sheets = [sheet for sheet in read_workbook(data) if sheet.rows and not sheet.hidden]
        if not sheets:
            raise ValueError("工作簿是空的，没有可以导入的内容。")
        headings, *rows = sheets[0].rows
        headings = [str(heading).strip() for heading in headings]
        while headings and not headings[-1]:
            headings.pop()
        dataset = Dataset(headers=headings)
        for row in rows:
            cells = [*row, *[""] * len(headings)]
            dataset.append([_plain(cell) for cell in cells[: len(headings)]])
        return dataset

    def export_data(self, dataset: Dataset, **kwargs) -> bytes:
        return table_workbook("机构名册", dataset.headers, ([*row] for row in dataset))


class Text(widgets.Widget):
    def clean(self, value, row=None, **kwargs) -> str:
        return str(value or "").strip()

    def render(self, value, obj=None, **kwargs) -> str:
        return "" if value is None else str(value)


class CountyByCode(Text):
    def __init__(self, resource):
        self.resource = resource

    def clean(self, value, row=None, **kwargs) -> County:
        code = super().clean(value)
        county = self.resource.counties.get(code)
        if county is None:
            raise ValueError(f"没有代码为“{code}”的地区，或您没有维护这个地区的权限。")
        return county

    def render(self, value, obj=None, **kwargs) -> str:
        return value.code if value else ""


class ManagerByCode(Text):
    def __init__(self, resource):
        self.resource = resource

    def clean(self, value, row=None, **kwargs) -> Institution | None:
        code = super().clean(value)
        if not code:
            return None
        county = self.resource.counties.get(row["地区代码"])
        manager = Institution.objects.filter(county=county, code=code).first()
        if manager is None:
            raise ValueError(f"没有编码为“{code}”的机构。请先登记上级机构，或把它排在本行之前。")
        return manager

    def render(self, value, obj=None, **kwargs) -> str:
        return value.code if value else ""


class TypeByName(Text):
    def clean(self, value, row=None, **kwargs) -> str:
        name = super().clean(value)
        for institution_type in InstitutionType:
            if name in (institution_type.label, institution_type.value):
                return institution_type.value
        raise ValueError(f"没有“{name}”这种机构类型。请填：{'、'.join(InstitutionType.labels)}。")

    def render(self, value, obj=None, **kwargs) -> str:
        return InstitutionType(value).label if value else ""


class Day(Text):
    def clean(self, value, row=None, **kwargs) -> date | None:
        text = super().clean(value)
        if not text:
            return None
        parts = (
            text.replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-").replace(".", "-").split("-")
        )
        try:
            year, month, day = (int(part) for part in parts)
            return date(year, month, day)
        except ValueError:
            raise ValueError(f"“{text}”不是日期。请写成 2023-06-01。") from None

    def render(self, value, obj=None, **kwargs) -> date | str:
        return value or ""


class Whole(Text):
    def clean(self, value, row=None, **kwargs) -> int:
        text = super().clean(value)
        if not text.isdecimal() and text:
            raise ValueError(f"“{text}”不是顺序号。请填 0 或正整数。")
        return int(text or 0)

    def render(self, value, obj=None, **kwargs) -> int:
        return value


def _plain(cell) -> str:
    """A cell of `read_workbook` as the text that a person sees."""
    if isinstance(cell, tuple):
        return str(cell[1])
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
