"""Evidence and work of the demo county: accepted, waiting, returned and expired pieces, photos of some centres, a
statement, notes, a discussion, deadlines near and past; a snapshot of before and one of after."""

import tempfile
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.utils import timezone

from assessments.demo.papers import paper, photo
from assessments.evidence.review_services import accept, return_
from assessments.evidence.services import Description, TakenIn, take_in
from assessments.models import Campaign, Placement
from assessments.snapshots.services import take_snapshot
from assessments.work.services import set_charge, write_comment, write_note
from assessments.work.statement_services import NOTHING_SEEN, save_statement
from indicators.models import EvidenceRequirement
from tcm_demo.accounts.models import User
from tcm_demo.lib.dates import zh_date

ACCEPT, WAIT, RETURN = "accept", "wait", "return"


@dataclass(frozen=True)
class Sample:
    """`fate`: what becomes of it; `reason` of a return; `until`: the last day on which it holds."""

    code: str
    title: str
    issuer: str
    number: str
    day: date
    text: str
    by: str = "weijian"
    fate: str = ACCEPT
    reason: str = ""
    until: date | None = None


SAMPLES = [
    Sample("07-01", "2023年度区级部门预算批复", "区财政局", "财预〔2023〕12号", date(2023, 2, 20),
           "批复区卫生健康局2023年度部门预算，其中中医药专项资金按计划安排。", by="lianluo"),
    Sample("07-02", "中医药专项资金下达通知", "区财政局", "财社〔2023〕31号", date(2023, 4, 11),
           "下达2023年度中医药专项资金，用于中医馆建设、人员培训和适宜技术推广。", by="lianluo", fate=WAIT),
    Sample("07-03", "专项资金使用情况说明", "区财政局", "", date(2023, 12, 28),
           "说明本年度专项资金的拨付和使用。", by="lianluo", fate=RETURN, reason="缺区财政局公章，请补盖后重新上传"),
    Sample("02-01", "中医药工作联席会议制度", "区政府办公室", "政办字〔2023〕8号", date(2023, 3, 6),
           "建立联席会议制度，写明成员单位、召集人和议事规则。", by="chuangjianban"),
    Sample("02-02", "第一次联席会议纪要", "区政府办公室", "会议纪要〔2023〕3号", date(2023, 5, 18),
           "听取创建进展，议定中医馆建设和资金安排。", by="chuangjianban"),
    Sample("20-02", "区中医院二级甲等评审结果", "市卫生健康委", "卫医〔2019〕40号", date(2019, 12, 30),
           "公布二级甲等中医医院评审结果，有效期四年。", until=date(2023, 12, 29)),
    Sample("20-03", "设置治未病科、康复科、感染性疾病科的批复", "区卫生健康局", "卫医〔2021〕17号", date(2021, 6, 2),
           "同意区中医院设置治未病科、康复科和感染性疾病科。"),
    Sample("13-01", "中医药文化进校园活动方案", "区教体局", "教体〔2022〕25号", date(2022, 9, 1),
           "部署2022年秋季学期的进校园活动。", by="chuangjianban"),
]  # fmt: skip
PHOTOS = "24-01"
PHOTOS_OF = 5
STATEMENT = (
    "2023年，本区把中医药专项资金列入区级部门预算，按季度拨付到位，全年用于中医馆提升、适宜技术培训和设备添置。\n"
    "资金由区财政局和区卫生健康局共同监管，年终进行了绩效自评。"
)


def make_evidence(campaign: Campaign, people: dict[str, User]) -> bool:
    """False where the county has evidence already. `people`: the demo's accounts by user name."""
    if campaign.county.pieces.exists():
        return False
    _keep(campaign, "一次自评", people)
    with tempfile.TemporaryDirectory() as folder:
        for sample in SAMPLES:
            _hand_in(campaign, sample, people, Path(folder))
        _hand_in_photos(campaign, people, Path(folder))
    _make_work(campaign, people)
    _keep(campaign, "预评估", people)
    return True


def _keep(campaign: Campaign, name: str, people: dict[str, User]) -> None:
    take_snapshot(campaign.county, campaign.standard, campaign.period, name=name, by=people["chuangjianban"])


def _hand_in(campaign: Campaign, sample: Sample, people: dict[str, User], folder: Path) -> None:
    content = paper(
        sample.title, f"{sample.issuer}　{sample.number}", sample.text, f"{sample.issuer}\n{zh_date(sample.day)}"
    )
    described = Description(
        title=sample.title,
        document_date=sample.day,
        document_number=sample.number,
        issuer=sample.issuer,
        valid_until=sample.until,
    )
    requirement = _requirement(campaign, sample.code)
    taken = _take_in(campaign, f"{sample.title}.pdf", content, folder, people[sample.by], requirement, described)
    use = Placement.objects.get(piece=taken.piece)
    if sample.fate == ACCEPT:
        accept(campaign.county, [use.pk], by=people["shenhe"])
    elif sample.fate == RETURN:
        return_(campaign.county, [use.pk], reason=sample.reason, by=people["shenhe"])


def _hand_in_photos(campaign: Campaign, people: dict[str, User], folder: Path) -> None:
    """Of the first centres of those of which one each is asked; the last one waits."""
    requirement = _requirement(campaign, PHOTOS)
    if not requirement.institution_types:
        return
    centres = campaign.county.institutions.filter(type__in=requirement.institution_types)
    for number, centre in enumerate(centres.order_by("position")[:PHOTOS_OF], 1):
        content = photo(f"{centre.name} 中医馆", (31 + 20 * number, 77, 64))
        described = Description(
            title=f"{centre.name}中医馆照片", document_date=date(2023, 10, number), issuer=centre.name
        )
        taken = _take_in(
            campaign, f"中医馆{number}.jpg", content, folder, people["weijian"], requirement, described, centre
        )
        if number < PHOTOS_OF:
            accept(campaign.county, [Placement.objects.get(piece=taken.piece).pk], by=people["shenhe"])


def _take_in(campaign, name, content, folder, by, requirement, described, institution=None) -> TakenIn:
    source = folder / "arrival"
    source.write_bytes(content)
    return take_in(
        source,
        name=name,
        county=campaign.county,
        by=by,
        requirement=requirement,
        institution=institution,
        described=described,
    )


def _make_work(campaign: Campaign, people: dict[str, User]) -> None:
    today = timezone.localdate()
    item = campaign.standard.items.get(number="7")
    set_charge(campaign, item, person=people["lianluo"], due_on=today + timedelta(days=5), by=people["chuangjianban"])
    late = campaign.standard.items.get(number="9")
    set_charge(campaign, late, person=people["lianluo"], due_on=today - timedelta(days=3), by=people["chuangjianban"])
    save_statement(campaign, item, campaign.period, text=STATEMENT, seen=NOTHING_SEEN, by=people["lianluo"])
    write_note(campaign, item, text="资金下达文件已上传，使用情况说明正在补盖公章。", by=people["lianluo"])
    write_comment(
        campaign, item, text="@演示联络员 使用情况说明盖章后请尽快补传，月底前要装盒。", by=people["chuangjianban"]
    )


def _requirement(campaign: Campaign, code: str) -> EvidenceRequirement:
    found = EvidenceRequirement.objects.select_related("item__standard")
    return found.get(item__standard=campaign.standard, code=code)
