"""Every file that is handed out is on the trail: who took what, filtered how."""

from django.db import models
from django.http import HttpRequest

from tcm_demo.audit.services import record


def exported(
    request: HttpRequest, what: str, subject: models.Model | str, *, place: str = "", rows: int | None = None, **facts
) -> None:
    """Add the event `export_<what>`; call it once the file is made. Filters come from the request's address.

    `rows`: how many rows the file has. `facts`: what else is worth knowing, such as `file` (its name) or `period`.
    """
    filters = {name: "、".join(request.GET.getlist(name)).replace("\x00", "") for name in request.GET}
    counted = {} if rows is None else {"rows": rows}
    after = {"filters": filters, **counted, **facts}
    record(f"export_{what}", subject, by=request.user, place=place, after=after)


class RecordedExport:
    """Mixin, before that of django-import-export, for an admin whose exports are to be on the trail."""

    export_word: str  # what `exported` is given

    def export_place(self, queryset) -> str:
        """The place that all rows belong to; "" where they belong to none, or to several."""
        return ""

    def get_export_data(self, file_format, request, queryset, **kwargs):
        data = super().get_export_data(file_format, request, queryset, **kwargs)
        name, place = str(self.opts.verbose_name_plural), self.export_place(queryset)
        exported(request, self.export_word, name, place=place, rows=queryset.count(), bytes=len(data))
        return data
