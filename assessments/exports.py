"""PDF files that pages ask for: made in the request that says so, watched by others, and fetched when ready.

A file takes seconds, so one request makes it while the page asks others how far it is. Files live in VAR_DIR/exports,
for a day and not more than a few; what each is stands in a JSON file beside it, how far it is in the cache.
"""

import json
import re
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from assessments.models import Assessment
from assessments.report_services import ReportUnavailable, prepare_report, report_file_name, report_pdf
from indicators.models import Standard
from institutions.models import County
from institutions.refusals import Refused
from tcm_demo.audit.services import record

MOST_FILES = 40
SECONDS_KEPT = 24 * 3600
_TOKEN = re.compile(r"[0-9a-f]{32}")
_LONGEST = 600  # seconds that one file may take
_SILENCE = 180  # seconds without a word after which nobody is making it any more


@dataclass(frozen=True)
class Export:
    """One file asked for. `assessment`: the key of the kept one that it is drawn from, None for a draft."""

    token: str
    county: int
    standard: int
    period: str
    assessment: int | None
    name: str

    @property
    def path(self) -> Path:
        return _directory() / f"{self.token}.pdf"


@dataclass(frozen=True)
class State:
    """`step` is running, ready or failed; `done` of `total` pages; `sentence` says why it failed; `at` when it was."""

    step: str
    done: int = 0
    total: int = 0
    what: str = "准备"
    sentence: str = ""
    at: float = field(default_factory=time.time)

    @property
    def words(self) -> str:
        return f"正在生成报告：{self.what}"


def ask_for(county: County, standard: Standard, period: str, assessment: Assessment | None = None) -> Export:
    """Note down what is wanted; `make` makes it."""
    named = assessment or Assessment(county=county, period=period)
    key = assessment.pk if assessment else None
    export = Export(uuid4().hex, county.pk, standard.pk, period, key, report_file_name(named))
    _directory().mkdir(parents=True, exist_ok=True)
    _note(export).write_text(json.dumps(asdict(export), ensure_ascii=False), encoding="utf-8")
    _tell(export, State("running"))
    _remove_old()
    return export


def find(token: str, county: County) -> Export | None:
    """What was asked for under this token in this county, as long as it is kept."""
    if not _TOKEN.fullmatch(token):
        return None
    try:
        noted = json.loads((_directory() / f"{token}.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Export(**noted) if noted["county"] == county.pk else None


def state_of(export: Export) -> State:
    if export.path.exists():
        return State("ready")
    state = cache.get(_key(export))
    if state is None or (state.step == "running" and state.at < time.time() - _SILENCE):
        return State("failed", sentence="报告没有生成完，可能是服务器中途重启。请重新导出。")
    return state


def make(export: Export, *, by) -> State:
    """Make the file, with an event on the trail; whoever comes second is told how far the first one is."""
    if export.path.exists() or not cache.add(f"{_key(export)}:maker", True, _LONGEST):
        return state_of(export)
    try:
        _make(export, by)
    except (Refused, ReportUnavailable) as reason:
        _tell(export, State("failed", sentence=str(reason)))
    except Exception:
        _tell(export, State("failed", sentence="报告没有生成。请重新导出；仍不行请联系系统管理员。"))
        raise
    finally:
        cache.delete(f"{_key(export)}:maker")
    return state_of(export)


def _make(export: Export, by) -> None:
    _tell(export, State("running", what="汇总数据"))
    assessment = _assessment(export, by)
    content = report_pdf(assessment, lambda done, total, what: _tell(export, State("running", done, total, what)))
    with transaction.atomic():
        after = {"file": export.name, "period": export.period, "digest": assessment.digest, "bytes": len(content)}
        subject = assessment if export.assessment else assessment.county
        record("export_report", subject, by=by, place=assessment.county.code, after=after)
    beside = export.path.with_suffix(".part")
    beside.write_bytes(content)
    beside.replace(export.path)  # whole or not at all


def _assessment(export: Export, by) -> Assessment:
    if export.assessment:
        found = Assessment.objects.select_related("county", "standard").filter(pk=export.assessment).first()
        if found is None:
            raise Refused("这份存档已经被删除，不能再导出。")
        return found
    county, standard = County.objects.get(pk=export.county), Standard.objects.get(pk=export.standard)
    return prepare_report(county, standard, export.period, final=False, by=by)


def _remove_old() -> None:
    notes = sorted(_directory().glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
    oldest = time.time() - SECONDS_KEPT
    for place, note in enumerate(notes):
        if place >= MOST_FILES or note.stat().st_mtime < oldest:
            for path in (note, note.with_suffix(".pdf"), note.with_suffix(".part")):
                path.unlink(missing_ok=True)


def _tell(export: Export, state: State) -> None:
    cache.set(_key(export), state, _LONGEST)


def _key(export: Export) -> str:
    return f"export:{export.token}"


def _note(export: Export) -> Path:
    return export.path.with_suffix(".json")


def _directory() -> Path:
    return Path(settings.VAR_DIR) / "exports"
