"""The 57 criteria of linzi-2023 as one would write them by hand, without notation, merging or traces for other levels.

The bare equivalent that scripts/bench.py times the engine against; the bench also checks that both give the same.
"""

from fractions import Fraction

CENTRES = ("township_centre", "community_centre")
FLAGS_24 = (
    ("24.1", "has_tcm_department"),
    ("24.2", "has_tcm_pharmacy"),
    ("24.3", "has_tcm_equipment"),
    ("24.4", "has_tcm_hall"),
    ("24.5", "tcm_hall_connected"),
    ("24.6", "has_rehab_department"),
)
FLAGS_TCM_HOSPITAL = (
    ("20.2", "has_preventive_department"),
    ("20.3", "has_rehab_department"),
    ("20.4", "has_infection_department"),
    ("23.2", "has_smart_pharmacy"),
    ("26.2", "consortium_shares_records"),
    ("30.1", "has_western_learning_base"),
    ("31.1", "has_technique_centre"),
)
FLAGS_HOSPITAL = (("21.1", "has_tcm_department"), ("21.2", "has_rehab_department"))
FLAGS_COUNTY = (("40.1", "has_tcm_supervision"), ("40.2", "cdc_has_tcm_officer"))
COUNTY_RATIOS = (
    ("4.1", "satisfaction_satisfied", "satisfaction_respondents", "9/10"),
    ("4.2", "complaints_closed", "complaints_received", "1"),
    ("18.1", "towns_with_exercises", "towns", "1"),
    ("42.1", "satisfaction_satisfied", "satisfaction_respondents", "9/10"),
    ("42.2", "knowledge_aware", "knowledge_respondents", "9/10"),
    ("42.3", "service_aware", "service_respondents", "17/20"),
    ("42.4", "policy_aware", "policy_respondents", "17/20"),
)
SHARES = [code for code, _ in FLAGS_24 + FLAGS_TCM_HOSPITAL + FLAGS_HOSPITAL + FLAGS_COUNTY]
SHARES += ["20.1", "22.1", "25.1", "25.2", "28.2", "28.3", "28.4", "33.1", "33.2", "39.1"]
EDUCATION = ("education_boards", "education_consultations", "education_texts", "education_videos", "education_lectures")


def by_hand(institutions):
    """{criterion code: (status, value, failing codes, unknown codes)} of (code, type, values) triples."""
    scope = dict.fromkeys(SHARES, 0)
    no = {code: [] for code in SHARES}
    unknown = {code: [] for code in SHARES}
    sums = {}
    missing = {}
    county = {}
    county_code = None
    emr = []
    emr_missing = []

    def add(criterion, code, *values):
        if None in values:
            missing.setdefault(criterion, []).append(code)
            return
        total = sums.get(criterion)
        sums[criterion] = values if total is None else tuple(map(sum, zip(total, values, strict=True)))

    def flag(criterion, code, value):
        scope[criterion] += 1
        if value is None:
            unknown[criterion].append(code)
        elif not value:
            no[criterion].append(code)

    for code, kind, v in institutions:
        get = v.get
        if kind == "county":
            county, county_code = v, code
            for criterion, field in FLAGS_COUNTY:
                flag(criterion, code, get(field))
            continue
        physicians, tcm_physicians = get("physicians"), get("tcm_physicians")
        if physicians is None:
            missing.setdefault("27.2", []).append(code)
        else:
            total = sums.get("27.2")
            sums["27.2"] = (physicians,) if total is None else (total[0] + physicians,)
        public_health = get("public_health_staff")
        if kind != "tcm_hospital":
            add("27.4", code, public_health)
        if kind != "mch_hospital":
            add("27.5", code, get("gps"))
            add("27.8", code, get("tcm_gps"))
        add("27.7", code, get("tcm_staff"), get("health_staff"))
        if kind == "village_clinic":
            add("27.6", code, 0, physicians)
        else:
            nurses = get("nurses")
            add("27.3", code, nurses)
            add("27.6", code, nurses, physicians)
        if kind in ("village_clinic", "community_station"):
            space, equipment, pavilion = get("has_tcm_space"), get("has_tcm_equipment"), get("has_tcm_pavilion")
            scope["25.1"] += 1
            if space is False or equipment is False:
                no["25.1"].append(code)
            elif space is None or equipment is None:
                unknown["25.1"].append(code)
            flag("25.2", code, pavilion)
            categories, items = get("technique_categories"), get("technique_items")
            scope["33.2"] += 1
            if (categories is not None and categories < 4) or (items is not None and items < 6):
                no["33.2"].append(code)
            elif categories is None or items is None:
                unknown["33.2"].append(code)
            if kind == "village_clinic":
                able = get("tcm_capable_rural_doctors")
                flag("28.4", code, None if able is None or tcm_physicians is None else tcm_physicians + able >= 1)
                add("30.2", code, get("rural_doctors_trained"), get("rural_doctors"))
            else:
                able = get("tcm_capable_clinicians")
                flag("28.3", code, None if able is None or tcm_physicians is None else tcm_physicians + able >= 1)
        else:
            add("27.1", code, get("beds"))
        if kind in CENTRES:
            for criterion, field in FLAGS_24:
                flag(criterion, code, get(field))
            if physicians is None or (tcm_physicians is None and physicians > 0):
                flag("28.2", code, None)
            else:
                flag("28.2", code, physicians > 0 and 4 * tcm_physicians >= physicians)
            add("28.5", code, tcm_physicians, physicians)
            add("32.1", code, get("tcm_visits"), get("visits"))
            categories, items = get("technique_categories"), get("technique_items")
            scope["33.1"] += 1
            if (categories is not None and categories < 6) or (items is not None and items < 10):
                no["33.1"].append(code)
            elif categories is None or items is None:
                unknown["33.1"].append(code)
            add("34.1", code, get("family_doctor_teams_with_tcm"), get("family_doctor_teams"))
            add("35.1", code, get("elderly_managed"), get("elderly_target"))
            add("35.2", code, get("children_managed"), get("children_target"))
            points, tcm_points = get("appraisal_points"), get("appraisal_tcm_points")
            if points is None or (tcm_points is None and Fraction(points) > 0):
                flag("39.1", code, None)
            else:
                total = Fraction(points)
                flag("39.1", code, total > 0 and 20 * Fraction(tcm_points) >= 3 * total)
        if kind in (*CENTRES, "community_station", "village_clinic"):
            add("32.2", code, get("tcm_visits"), get("visits"))
            tcm = [get(field + "_tcm") for field in EDUCATION]
            every = [get(field) for field in EDUCATION]
            if None in tcm or None in every:
                missing.setdefault("38.1", []).append(code)
            else:
                add("38.1", code, sum(tcm), sum(every))
            add("38.2", code, get("education_people_tcm"), get("education_people"))
        elif kind == "tcm_hospital":
            grade = get("hospital_grade")
            flag("20.1", code, None if grade is None else grade >= 3)
            for criterion, field in FLAGS_TCM_HOSPITAL:
                flag(criterion, code, get(field))
            guidance, staff = get("has_guidance_department"), get("guidance_staff")
            if guidance is False or (staff is not None and staff < 1):
                flag("22.1", code, False)
            else:
                flag("22.1", code, None if guidance is None or staff is None else True)
            (emr_missing if get("emr_level") is None else emr).append((get("emr_level"), code))
            add("28.1", code, tcm_physicians, physicians)
            add("23.1", code, get("consortium_population"))
        else:
            for criterion, field in FLAGS_HOSPITAL:
                flag(criterion, code, get(field))

    results = {}
    for criterion in SHARES:
        n, failing, unsure = scope[criterion], no[criterion], unknown[criterion]
        if not n:
            results[criterion] = ("not_applicable", None, [], [])
            continue
        goal = Fraction(1, 10) if criterion == "25.2" else Fraction(1)
        value, best = Fraction(n - len(failing) - len(unsure), n), Fraction(n - len(failing), n)
        status = "met" if value >= goal else "undecided" if best >= goal else "unmet"
        results[criterion] = (status, value, sorted(failing), sorted(unsure))

    def settle(criterion, value, goal, unsure):
        known = value is not None and goal is not None
        status = ("met" if value >= goal else "unmet") if known else "no_data"
        results[criterion] = (status, value, [], sorted(unsure))

    def plan(field):
        return None if county.get(field) is None else Fraction(county[field])

    population = county.get("population")
    for criterion, per, goal in (
        ("27.1", 1000, plan("plan_beds_per_1000")),
        ("27.2", 1000, plan("plan_physicians_per_1000")),
        ("27.3", 1000, plan("plan_nurses_per_1000")),
        ("27.4", 1000, plan("plan_public_health_per_1000")),
        ("27.5", 10000, plan("plan_gps_per_10000")),
        ("27.8", 10000, Fraction(3, 5)),
        ("23.1", 1, Fraction(3, 10)),
    ):
        total = sums.get(criterion)
        value = None if total is None or not population else Fraction(total[0], population) * per
        settle(criterion, value, goal, missing.get(criterion, []) + ([county_code] if population is None else []))
    share = plan("plan_tcm_staff_share")
    for criterion, goal in (
        ("27.6", plan("plan_nurse_physician_ratio")),
        ("27.7", None if share is None else share / 100),
        ("28.1", Fraction(3, 5)),
        ("28.5", Fraction(1, 4)),
        ("30.2", Fraction(1)),
        ("32.1", Fraction(7, 20)),
        ("32.2", Fraction(7, 20)),
        ("34.1", Fraction(1)),
        ("35.1", Fraction(3, 4)),
        ("35.2", Fraction(17, 20)),
        ("38.1", Fraction(1, 2)),
        ("38.2", Fraction(1, 2)),
    ):
        total = sums.get(criterion)
        value = None if total is None or not total[1] else Fraction(*total)
        settle(criterion, value, goal, missing.get(criterion, []))
    for criterion, part, whole, goal in COUNTY_RATIOS:
        a, b = county.get(part), county.get(whole)
        value = None if a is None or not b else Fraction(a, b)
        settle(criterion, value, Fraction(goal), [county_code] if a is None or b is None else [])
    meetings, fund, before = county.get("joint_meetings"), county.get("tcm_fund"), county.get("tcm_fund_previous")
    value = None if meetings is None else Fraction(meetings)
    settle("2.1", value, Fraction(1), [county_code] if meetings is None else [])
    value = None if fund is None else Fraction(fund)
    settle("7.1", value, Fraction(0), [county_code] if fund is None else [])
    if value is not None and value == 0:
        results["7.1"] = ("unmet", value, [], [])
    value = None if fund is None or before is None else Fraction(fund) - Fraction(before)
    settle("7.2", value, Fraction(0), [county_code] if value is None else [])
    lowest = Fraction(min(level for level, _ in emr)) if emr else None
    settle("26.1", lowest, Fraction(4), [code for _, code in emr_missing])
    if results["26.1"][0] == "unmet":
        results["26.1"] = ("unmet", lowest, sorted(c for level, c in emr if level < 4), results["26.1"][3])
    return results
