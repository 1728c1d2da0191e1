"""What the county works towards: standard, period, date of the inspection."""

from django.contrib import messages
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from assessments.forms import CampaignForm
from assessments.services import start_campaign
from assessments.views.frame import page_url
from institutions.access import county_for


def campaign_form(request: HttpRequest, county: str) -> HttpResponse:
    found = county_for(request.user, county, to_write=True)
    first = found.campaigns.first()
    form = CampaignForm(request.POST or None, initial=first and model_to_dict(first))
    if form.is_valid():
        given = form.cleaned_data
        campaign = start_campaign(
            found,
            given["standard"],
            period=given["period"],
            inspection_on=given["inspection_on"],
            by=request.user,
        )
        messages.success(request, "创建工作设置已保存。")
        return redirect(page_url(campaign, "county", campaign.period))
    return render(request, "assessments/campaign.html", {"county": found, "form": form, "campaign": first})
