"""The look: components say what they are given, lights never by colour alone, colours can be read."""

import re
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.template import RequestContext, Template
from django.test import RequestFactory

from assessments.words import STATUS
from tcm_demo.lib import bars, colours
from tcm_demo.lib.lights import LIGHTS, light
from tcm_demo.lib.templatetags import display

CSS = settings.BASE_DIR / "static" / "css"
TOKENS = dict(re.findall(r"^\s*--([a-z-]+): (#[0-9a-f]{6});", (CSS / "app.css").read_text(encoding="utf-8"), re.M))
ON_PAPER = ["text", "text-soft", "ink", "met", "nearly", "unmet", "incomplete", "idle"]


def render(source: str, address: str = "/list/", **values) -> str:
    return Template(source).render(RequestContext(RequestFactory().get(address), values))


# ---- colours -------------------------------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    """As WCAG 2 defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(
    ("text", "ground"),
    [(text, ground) for text in ON_PAPER for ground in ("paper", "surface")]
    + [(tone, f"{tone}-wash") for tone in ("met", "nearly", "unmet", "incomplete", "ink")]
    + [("text-soft", "paper-deep"), ("ink", "paper-deep"), ("ink-faint", "ink"), ("surface", "ink")],
)
def test_text_can_be_read_on_its_ground(text, ground):
    assert contrast(TOKENS[text], TOKENS[ground]) >= 4.5


@pytest.mark.parametrize("edge", ["met-edge", "nearly-edge", "unmet-edge", "incomplete-edge", "line-control"])
def test_lines_that_carry_meaning_are_seen(edge):
    assert contrast(TOKENS[edge], TOKENS["surface"]) >= 3


def test_charts_have_the_colours_of_the_pages():
    tones = {"MET": "met-edge", "NEARLY": "nearly-edge", "UNMET": "unmet-edge", "INCOMPLETE": "incomplete-edge"}
    plain = {"INK": "ink", "PAPER": "paper", "LINE": "line", "TEXT": "text", "TEXT_SOFT": "text-soft"}
    for name, token in (tones | plain).items():
        assert getattr(colours, name) == TOKENS[token], name


# ---- lights --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [code for code in LIGHTS if code in STATUS])
def test_a_light_says_its_word_and_shows_its_sign(code):
    html = render("{% status_light code %}", code=code)
    assert STATUS[code] in html
    assert f"light-{LIGHTS[code].tone}" in html
    assert "<path" in html


def test_every_sign_is_in_the_fonts_that_offices_have():
    for its_light in LIGHTS.values():
        assert its_light.sign.encode("gbk")


def test_each_tone_has_its_own_sign():
    assert len({(its_light.tone, its_light.sign) for its_light in LIGHTS.values()}) == 5
    assert len({its_light.sign for its_light in LIGHTS.values()}) == 5


def test_an_unknown_state_and_a_state_without_word_are_errors():
    with pytest.raises(ValueError, match="no light for state 'great'"):
        light("great")
    with pytest.raises(ValueError, match="needs a word"):
        light("open")
    assert light("open", "待认定").word == "待认定"


def test_words_are_escaped():
    assert "&lt;b&gt;" in render("{% status_light 'open' word %}", word="<b>")


# ---- filters -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (date(2024, 4, 9), "2024年4月9日"),
        (datetime(2023, 12, 31, 17, 0, tzinfo=UTC), "2024年1月1日"),
        (None, ""),
    ],
)
def test_dates_have_no_leading_zeros_and_are_of_this_time_zone(value, shown):
    assert render("{{ value|zh_date }}", value=value) == shown


def test_a_moment_has_its_time():
    assert render("{{ value|zh_datetime }}", value=datetime(2024, 4, 9, 6, 5, tzinfo=UTC)) == "2024年4月9日 14:05"


@pytest.mark.parametrize(
    ("value", "shown"),
    [(1234567, "1,234,567"), (0, "0"), (-1234, "-1,234"), ("1234.50", "1,234.50"), ("-0.5", "-0.5"), (None, "—")],
)
def test_thousands_keep_every_digit_and_missing_is_not_zero(value, shown):
    assert render("{{ value|thousands }}", value=value) == shown


@pytest.mark.parametrize(("value", "shown"), [(True, "是"), (False, "否"), (None, "—")])
def test_yes_no(value, shown):
    assert render("{{ value|yes_no }}", value=value) == shown


# ---- lists ---------------------------------------------------------------------------------------------------------


def test_sorting_keeps_the_filter_and_goes_back_to_the_first_page():
    assert render("{% sort_url 'town' %}", "/list/?type=h&page=3") == "?type=h&amp;sort=town"
    assert render("{% sort_url 'town' %}", "/list/?sort=town") == "?sort=-town"
    assert render("{% sort_url 'town' %}", "/list/?sort=-town") == "?sort=town"


def test_a_heading_tells_how_it_sorts():
    assert 'aria-sort="descending"' in render("{% sort_heading 'town' '镇' %}", "/list/?sort=-town")
    assert 'aria-sort="ascending"' in render("{% sort_heading 'town' '镇' default='town' %}")
    assert "aria-sort" not in render("{% sort_heading 'town' '镇' %}", "/list/?sort=name")


def test_paging_keeps_the_filter_and_counts_all():
    html = render("{% paging page unit='家' %}", "/list/?q=朱台&page=2", page=Paginator(range(1234), 50).page(2))
    assert "共 <b>1,234</b> 家，第 51—100 家" in html
    assert "?q=%E6%9C%B1%E5%8F%B0&amp;page=3" in html
    assert 'aria-current="page">2<' in html


def test_one_page_has_no_paging_links_but_still_the_count():
    html = render("{% paging page %}", page=Paginator(range(3), 50).page(1))
    assert "共 <b>3</b> 条" in html
    assert "<a" not in html


class Filter(forms.Form):
    q = forms.CharField(label="名称", required=False)
    town = forms.ChoiceField(label="镇", required=False, choices=[("", "全部"), ("a", "朱台镇")])


def test_a_filter_keeps_the_sorting_and_drops_the_page():
    html = render("{% filter_bar form %}", "/list/?sort=-town&page=4&town=a", form=Filter({"town": "a"}))
    assert '<input type="hidden" name="sort" value="-town">' in html
    assert 'name="page"' not in html
    assert '<option value="a" selected>' in html
    assert "清除条件" in html


def test_a_filter_that_filters_nothing_offers_no_clearing():
    assert "清除条件" not in render("{% filter_bar form %}", form=Filter({}))


# ---- figures and pages ---------------------------------------------------------------------------------------------


def test_coverage_says_what_is_missing():
    assert "，未交 4 家" in render("{% coverage 328 332 %}")
    assert "，已报齐" in render("{% coverage 332 332 %}")
    assert "已报齐" not in render("{% coverage 0 0 %}")


def test_parts_of_a_bar_fill_it_and_a_small_one_is_seen():
    parts = bars.stack([(light("met"), 1), (light("unmet"), 999), (light("incomplete"), 0)])
    widths = [float(part.width.rstrip("%")) for part in parts]
    assert sum(widths) == pytest.approx(100, abs=0.02)
    assert widths[0] > 0.5
    assert widths[2] == 0


def test_a_meter_puts_value_and_target_on_one_scale():
    assert bars.meter("12/13", Fraction(1)) == bars.Meter("92.31%", "100.00%", None)
    three_of_four = bars.meter(3, 4)
    assert float(three_of_four.value[:-1]) / float(three_of_four.target[:-1]) == pytest.approx(0.75, abs=0.001)
    assert bars.meter(None, "1").value == "0%"


def test_the_item_grid_counts_what_is_met_and_links_every_item():
    items = [
        {"number": "24", "title": "中医馆", "status": "met", "url": "/items/24/"},
        {"number": "25", "title": "中医阁", "status": "incomplete", "url": "/items/25/"},
    ]
    html = render("{% item_grid sections %}", sections=[{"title": "四、服务体系", "items": items}])
    assert "达标 1/2" in html
    assert 'href="/items/25/"' in html
    assert "数据不全" in html


def test_a_page_header_takes_breadcrumb_and_actions():
    source = '{% page_header title crumbs=crumbs %}<a class="btn">导出</a>{% endpage_header %}'
    html = render(source, title="机构 <1>", crumbs=[("总览", "/")])
    assert "<h1>机构 &lt;1&gt;</h1>" in html
    assert '<a href="/">总览</a>' in html
    assert '<a class="btn">导出</a>' in html


def test_a_field_shows_its_fault_where_the_box_points_to():
    class Upload(forms.Form):
        period = forms.CharField(label="填报期", help_text="如 2023")

    html = render("{% field form.period %}", form=Upload({}))
    assert 'aria-invalid="true"' in html
    for named in re.search(r'aria-describedby="([^"]+)"', html)[1].split():
        assert f'id="{named}"' in html


def test_every_tag_tells_how_it_is_called():
    for name in (*display.register.tags, "thousands", "yes_no"):
        assert getattr(display, name).__doc__, name


# ---- what old browsers and closed networks need ---------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted((settings.BASE_DIR / "static").rglob("*.*s")), ids=lambda path: path.name)
def test_our_styles_and_scripts_use_what_chromium_86_has(path):
    beyond = (
        r":has\(|:is\(|:where\(|color-mix|light-dark|oklch|@container|@layer|\binset:|aspect-ratio"
        r"|\?\?=|\.at\(|\bawait\b"
    )
    without_comments = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
    assert re.findall(beyond, without_comments) == []


def test_pages_load_nothing_from_elsewhere_and_carry_no_handlers():
    for path in (settings.BASE_DIR / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(src|href|action)=[\"'](https?:)?//", text), path
        assert not re.search(r"\son(click|change|submit|load|input)=", text), path
