"""What this room keeps: campaigns, evidence, the work on items, binders, standings and snapshots."""

from assessments.models.binder import BinderNumber
from assessments.models.campaign import Campaign, CampaignDepartment, CampaignPhase, LeadingMember
from assessments.models.evidence import EvidenceJudgement, Piece, Placement, Upload, Version
from assessments.models.feature import FeatureProject, FeatureStep
from assessments.models.standing import Assessment, InstitutionStanding, MonthStanding, Standing
from assessments.models.work import ItemStep, ItemWork, Statement

__all__ = [
    "Assessment",
    "BinderNumber",
    "Campaign",
    "CampaignDepartment",
    "CampaignPhase",
    "EvidenceJudgement",
    "FeatureProject",
    "FeatureStep",
    "InstitutionStanding",
    "ItemStep",
    "ItemWork",
    "LeadingMember",
    "MonthStanding",
    "Piece",
    "Placement",
    "Standing",
    "Statement",
    "Upload",
    "Version",
]
