from indicators.naming import item_name, items_named


def test_numbers_are_counted_and_names_are_kept():
    assert [item_name("24"), item_name("指标9")] == ["第 24 条", "指标9"]
    assert items_named(["5", "指标9", "24"]) == "第 5、24 条、指标9"
    assert items_named([]) == ""
