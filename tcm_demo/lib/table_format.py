"""Tables that the admin imports and exports (django-import-export) as workbooks."""

from io import BytesIO
from zipfile import BadZipFile, ZipFile

from import_export.formats.base_formats import XLSX
from tablib import Dataset

from tcm_demo.lib.spreadsheets import table_workbook

MAX_UNPACKED_BYTES = 30 * 1024 * 1024


class Workbook(XLSX):
    """An .xlsx that is looked at before it is unpacked, and written so that no cell is run as a formula."""

    def create_dataset(self, data: bytes) -> Dataset:
        try:
            with ZipFile(BytesIO(data)) as archive:
                unpacked = sum(entry.file_size for entry in archive.infolist())
            if unpacked > MAX_UNPACKED_BYTES:
                raise ValueError("工作簿展开后太大，不像是要导入的表。")
            return super().create_dataset(data)
        except (BadZipFile, KeyError) as error:
            raise ValueError("打不开这个文件，请用 Excel 或 WPS 另存为 .xlsx 后再导入。") from error

    def export_data(self, dataset: Dataset, **kwargs) -> bytes:
        return table_workbook("导出", dataset.headers, ([*row] for row in dataset))
