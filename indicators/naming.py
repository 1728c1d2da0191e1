"""How an item is called in a sentence. Pure."""


def item_name(number: str) -> str:
    """`第 24 条`; what a plan numbers in words of its own keeps them: `指标9`."""
    return f"第 {number} 条" if number[:1].isdigit() else number


def items_named(numbers: list[str]) -> str:
    """`第 5、9、24 条`, `第 5 条、指标9`; "" for none."""
    counted = [number for number in numbers if number[:1].isdigit()]
    named = [f"第 {'、'.join(counted)} 条"] if counted else []
    return "、".join([*named, *(number for number in numbers if number not in counted)])
