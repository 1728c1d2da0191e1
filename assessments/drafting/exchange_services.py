"""Taking a standard in from a file: a new draft of the county's own, the next version, or a draft replaced."""

import re
from dataclasses import dataclass, replace

from django.db import transaction

from assessments.drafting.exchange_elements import add_elements, plan_elements
from indicators.contents import StandardContent
from indicators.drafts import begin_draft, free_code, save_draft
from indicators.enums import StandardState
from indicators.exchange.reading import ReadFile
from indicators.models import Standard
from indicators.queries import current_standard
from indicators.services import Refused
from indicators.tidy import clean
from institutions.models import County
from tcm_demo.audit.services import record

REPLACE, VERSION, NEW = "replace", "version", "new"
# with a digit, as no fixed part of an address has one: a standard called `rounds` would stand where the rounds do
_CODE = re.compile(r"(?=.*[0-9])[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True)
class Target:
    """What can become of the file. `standard`: the draft that it replaces, or the version that it follows."""

    kind: str
    words: str
    standard: Standard | None = None

    @property
    def seen(self) -> str:
        return self.standard.digest if self.kind == REPLACE else ""


def targets_for(county: County, content: StandardContent) -> list[Target]:
    """What the file may become, what is most likely meant first. At most three queries."""
    versions = Standard.objects.filter(owner=county.code, code=content.code)
    begun = versions.exclude(state=StandardState.PUBLISHED).first()
    new = Target(NEW, "另建一个新的草稿")
    if begun:
        return [Target(REPLACE, f"替换草稿“{begun}”，原来的内容不再保留", begun), new]
    latest = current_standard(content.code, among=versions)
    if latest:
        return [Target(VERSION, f"作为“{latest.title}”的第 {_next(versions)} 版草稿", latest), new]
    return [new]


@transaction.atomic
def import_standard(county: County, read: ReadFile, *, kind: str, seen: str, file: str, by) -> Standard:
    """Write what was read as a draft. `kind` is that of a Target, `seen` the digest of the draft that it replaces.
    Raises Refused; then nothing was written."""
    if read.faults or read.content is None:
        raise Refused("文件里还有问题，没有写入任何内容。请重新上传。")
    target = next((each for each in targets_for(county, read.content) if each.kind == kind), None)
    if target is None:
        raise Refused("核对之后本县的标准又有变动，没有写入任何内容。请重新上传核对。")
    elements = plan_elements(read, county)
    if elements.clashes:
        raise Refused("".join(elements.clashes))
    content = add_elements(elements, read.content, county, by=by)
    if kind == REPLACE:
        standard = save_draft(target.standard, content, seen=seen, by=by)
    elif kind == VERSION:
        versions = Standard.objects.select_for_update().filter(owner=county.code, code=content.code)
        content = replace(content, version=str(_next(versions)))
        standard = begin_draft(content, owner=county.code, by=by, copied_from=target.standard)
    else:
        content = replace(content, code=_code_for(county, content), version="1")
        standard = begin_draft(content, owner=county.code, by=by)
    after = {"file": clean(file), "items": len(content.items), "digest": standard.digest}
    record("import_standard", standard, by=by, place=county.code, after=after)
    return standard


def _next(versions) -> int:
    return 1 + max((int(each.version) for each in versions if each.version.isdigit()), default=0)


def _code_for(county: County, content: StandardContent) -> str:
    """The file's code where nobody has it, else the county's next free one."""
    taken = Standard.objects.filter(code=content.code).exists()
    return free_code(county.code) if taken or not _CODE.fullmatch(content.code) else content.code
