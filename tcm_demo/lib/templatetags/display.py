"""Template tags that every page has (settings.TEMPLATES builtins): the components of the look.

Each tag's docstring shows how to call it. Tags draw and compute nothing of the domain: figures come in as they are to
be shown, states as codes of `tcm_demo.lib.lights`.
"""

from django import template
from django.template.defaulttags import querystring
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from tcm_demo.lib import bars, charts, dates
from tcm_demo.lib.lights import light

register = template.Library()

# ---- filters -------------------------------------------------------------------------------------------------------

register.filter("zh_date", dates.zh_date)
register.filter("zh_datetime", dates.zh_datetime)


@register.filter
def thousands(value) -> str:
    """1234567 -> 1,234,567; "1234.50" -> 1,234.50 (digits stay as they are); None -> —, for missing is not zero."""
    if value is None or value == "":
        return "—"
    whole, point, decimals = str(value).partition(".")
    return f"{int(whole):,}{point}{decimals}" if whole != "-0" else f"-0{point}{decimals}"


@register.filter
def yes_no(value) -> str:
    """True -> 是, False -> 否, None -> —."""
    return {True: "是", False: "否"}.get(value, "—")


# ---- addresses -----------------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def page_url(context, number: int, name: str = "page") -> str:
    """`{% page_url 3 %}` -> ?q=…&page=3: this address with another page of the list."""
    return querystring(context, **{name: number})


@register.simple_tag(takes_context=True)
def sort_url(context, name: str, default: str = "") -> str:
    """`{% sort_url "town" %}` -> ?…&sort=town, or sort=-town where it sorts by town already; back to the first page."""
    descending = _current_sort(context, default) == name
    return querystring(context, sort=f"-{name}" if descending else name, page=None)


def _current_sort(context, default: str) -> str:
    return context.request.GET.get("sort") or default


# ---- states and figures --------------------------------------------------------------------------------------------


@register.inclusion_tag("components/light.html")
def status_light(code: str, word: str = "") -> dict:
    """`{% status_light item.status %}`; a state that has no word of its own: `{% status_light "open" "待认定" %}`."""
    return {"light": light(code, word)}


@register.inclusion_tag("components/big_figure.html")
def big_figure(value, label: str, of=None, unit: str = "", minor: bool = False) -> dict:
    """`{% big_figure 12 "达标条目" of=42 unit="条" %}`; minor=True is the smaller size beside it."""
    return {"value": value, "label": label, "of": of, "unit": unit, "minor": minor}


@register.inclusion_tag("components/tally.html")
def tally(counts) -> dict:
    """`{% tally counts %}`: lights with how many of each; counts is a list of (code, number) or (code, number, url)."""
    return {"counts": [(light(code), number, url[0] if url else "") for code, number, *url in counts]}


@register.inclusion_tag("components/coverage.html")
def coverage(reported: int, due: int, label: str = "已报", unit: str = "家") -> dict:
    """`{% coverage 328 332 %}`: how many have reported, as words and a bar; full coverage says so."""
    return {
        "reported": reported,
        "due": due,
        "missing": due - reported,
        "label": label,
        "unit": unit,
        "width": bars.percent(reported, due),
    }


@register.inclusion_tag("components/stack_bar.html")
def stack_bar(parts) -> dict:
    """`{% stack_bar parts %}`: one bar cut by state; parts is a list of (code, number, word), such as
    [("met", 9, "符合"), ("unmet", 3, "不符合"), ("incomplete", 1, "未报")]. The key below it carries the figures."""
    return {"parts": bars.stack([(light(code, word), number) for code, number, word in parts])}


@register.inclusion_tag("components/meter.html")
def meter(value, target=None, code: str = "idle", high=None) -> dict:
    """`{% meter value=criterion.value target=criterion.target code=criterion.status %}`: a value against its target.

    Values are exact (int, Fraction, Decimal or text "12/13"); `high` is the end of a range, drawn dashed. The figures
    themselves stand beside it: a meter is read by eye alone and hidden from screen readers.
    """
    return {"bar": bars.meter(value, target, high), "tone": light(code).tone if code != "idle" else "idle"}


@register.inclusion_tag("components/definitions.html")
def definitions(pairs) -> dict:
    """`{% definitions pairs %}`; pairs is a list of (term, value) or (term, value, unit)."""
    return {"pairs": [(term, value, unit[0] if unit else "") for term, value, *unit in pairs]}


@register.inclusion_tag("components/item_grid.html")
def item_grid(sections) -> dict:
    """`{% item_grid sections %}`: the items as tiles, by section. Each section has title and items, each item number,
    title, status and url (dicts or objects)."""
    rows = []
    for section in sections:
        items = [(item, light(_of(item, "status"))) for item in _of(section, "items")]
        met = sum(1 for _, its_light in items if its_light.tone == "met")
        rows.append({"title": _of(section, "title"), "items": items, "met": met})
    return {"sections": rows}


def _of(thing, name: str):
    return thing[name] if isinstance(thing, dict) else getattr(thing, name)


# ---- charts --------------------------------------------------------------------------------------------------------


@register.inclusion_tag("components/chart.html")
def chart(option: dict, label: str, height: int = 320, width: int = 760) -> dict:
    """`{% chart option label="各部分达标情况" height=320 %}`: drawn in the browser; `label` says what it shows, with
    its main figures. `width` is that of the still picture for pages without scripts. Where ECharts is not installed the
    page says so in the chart's place."""
    try:
        still = charts.svg(option, width, height)
    except FileNotFoundError:
        return {"label": label}
    return {"option": option, "label": label, "height": height, "svg": still}


# ---- lists ---------------------------------------------------------------------------------------------------------


@register.inclusion_tag("components/sort_heading.html", takes_context=True)
def sort_heading(context, name: str, label: str, num: bool = False, default: str = "") -> dict:
    """`{% sort_heading "town" "所在镇（街道）" %}`: a table heading that sorts. `num=True` for figures; `default` is
    what the list sorts by when the address says nothing."""
    current = _current_sort(context, default)
    direction = "ascending" if current == name else "descending" if current == f"-{name}" else ""
    return {"url": sort_url(context, name, default), "label": label, "num": num, "direction": direction}


@register.inclusion_tag("components/paging.html", takes_context=True)
def paging(context, page, unit: str = "条", name: str = "page") -> dict:
    """`{% paging page unit="家" %}`; page is Django's Page. Says how many there are even where one page holds all.
    `name` is its word in the address, where a page has several lists."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    links = [(number, page_url(context, number, name) if isinstance(number, int) else "") for number in numbers]
    return {"page": page, "unit": unit, "name": name, "links": links if page.paginator.num_pages > 1 else []}


@register.inclusion_tag("components/filter_bar.html", takes_context=True)
def filter_bar(context, form, target: str = "") -> dict:
    """`{% filter_bar form target="#list" %}`: a GET form in one line. It keeps what else the address says (the sorting)
    and goes back to the first page. With `target` a choice acts at once and only that part of the page is replaced."""
    query = context.request.GET
    names = {form.add_prefix(name) for name in form.fields} | {"page"}
    kept = [(name, value) for name in query if name not in names for value in query.getlist(name)]
    return {
        "form": form,
        "target": target,
        "kept": kept,
        "path": context.request.path,
        "filtered": any(query.get(name) for name in names - {"page"}),
    }


@register.inclusion_tag("components/empty_state.html")
def empty_state(title: str, text: str = "", action: str = "", url: str = "") -> dict:
    """`{% empty_state "还没有机构" "导入台账后自动建立名册。" "导入台账" url %}`: what is missing, what to do next."""
    return {"title": title, "text": text, "action": action, "url": url}


# ---- pages and forms -----------------------------------------------------------------------------------------------


@register.simple_block_tag(takes_context=True)
def page_header(context, content, title: str, crumbs=(), lead: str = "") -> SafeString:
    """`{% page_header "第 24 条" crumbs=crumbs lead="…" %}<a class="btn btn-primary">…</a>{% endpage_header %}`.

    crumbs is a list of (label, url) of the pages above this one; what stands in the block are the page's actions.
    """
    values = {"title": title, "crumbs": crumbs, "lead": lead, "actions": mark_safe(content.strip())}
    return render_to_string("components/page_header.html", values)


@register.inclusion_tag("components/steps.html")
def steps(labels, current: int) -> dict:
    """`{% steps labels 2 %}`: the steps of a wizard; `current` counts from 1."""
    return {"steps": [(n, label, _step_state(n, current)) for n, label in enumerate(labels, start=1)]}


def _step_state(number: int, current: int) -> str:
    if number == current:
        return "now"
    return "done" if number < current else ""


@register.inclusion_tag("components/progress.html")
def progress(done: int, total: int, words: str = "") -> dict:
    """`{% progress 4200 10000 "正在核对" %}`: how far a long job is; total 0 is a job of unknown length."""
    return {"done": done, "total": total, "words": words}


@register.simple_tag
def form_box(bound) -> SafeString:
    """`{% form_box form.town %}`: the box of a form field alone, in the dress that its kind has."""
    widget = bound.field.widget
    kind = getattr(widget, "input_type", "")
    css = {"select": "form-select", "checkbox": "form-check-input", "radio": ""}.get(kind, "form-control")
    return bound.as_widget(attrs={"class": f"{css} {widget.attrs.get('class', '')}".strip()})


@register.inclusion_tag("components/field.html")
def field(bound, hint: str = "") -> dict:
    """`{% field form.period %}`: label, box, hint and faults of one form field. `hint` stands in for its help text,
    which may be HTML as everywhere in Django."""
    return {"field": bound, "hint": hint or mark_safe(bound.help_text)}


@register.inclusion_tag("components/form_faults.html")
def form_faults(form) -> dict:
    """`{% form_faults form %}`: what is wrong with a form as a whole, above its fields."""
    return {"form": form}
