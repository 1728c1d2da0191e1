"""What the upload component on a page is given (templates/evidence/_upload.html)."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from assessments.models import Piece
from assessments.uploads.parts import readable
from indicators.models import EvidenceRequirement
from institutions.models import County, Institution

# What the chooser of files shows first; what is taken is decided by content (assessments.files.kinds).
ACCEPT = ".pdf,.jpg,.jpeg,.png,.gif,.bmp,.webp,.tif,.tiff,.doc,.docx,.wps,.xls,.xlsx,.et,.ppt,.pptx,.dps,.ofd"


@dataclass(frozen=True)
class UploadArea:
    """Where files go, and what they are for; `key` is unlike that of any other area."""

    url: str
    key: str
    requirement: int | str
    institution: str
    replaces: int | str
    max_bytes: int
    most: str
    accept: str = ACCEPT


def upload_area(
    county: County,
    *,
    requirement: EvidenceRequirement | None = None,
    institution: Institution | None = None,
    replaces: Piece | None = None,
) -> UploadArea:
    """For pages whose reader may upload (assessments.evidence.access.may_contribute, may_work_with): the component
    asks nobody. No queries."""
    most = settings.EVIDENCE_MAX_BYTES
    key = f"p{replaces.pk}" if replaces else f"{requirement.pk}-{institution.pk if institution else 0}"
    return UploadArea(
        url=reverse("assessments:uploads", args=[county.code]),
        key=key,
        requirement=requirement.pk if requirement else "",
        institution=institution.code if institution else "",
        replaces=replaces.pk if replaces else "",
        max_bytes=most,
        most=readable(most),
    )
