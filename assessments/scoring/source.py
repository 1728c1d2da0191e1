"""Writes the function that runs over all institutions of one type. Pure; stdlib only.

For 24.4 and the type township_centre it comes to this (a lone share):

    if x3 is not None:              # complete
        c5 += 1
        if not x3: f5(code)
    else:
        r = None
        if r is None: u5(code)
        elif not r: f5(code)

Everything that depends on the type alone, such as whether it reports an element, is decided here and not in the loop.
"""

from indicators.formula.compiled import Source, read_value
from indicators.formula.tree import CONDITION_AGGREGATES, Aggregate, Expr, names


class TypeSource:
    def __init__(self, institution_type, criteria, elements):
        self.type = institution_type
        self.criteria = criteria
        self.elements = elements
        self.reported = frozenset(code for code, e in elements.items() if institution_type in e.reported_by)
        codes = dict.fromkeys(c for spec in criteria for tree in (spec.tree, spec.target_tree) for c in names(tree))
        self.variables = {code: f"x{i}" for i, code in enumerate(codes)}
        self.source = Source(self.variables, self.reported)

    def text(self) -> str:
        setup, loop, results, read = [], [], [], {}
        for i, spec in enumerate(self.criteria):
            own = _Block(f"{i}", spec.tree, spec.aggregates, self, lone=spec.lone)
            target = _Block(f"t{i}", spec.target_tree, spec.target_aggregates, self)
            blocks = [own] if spec.covers(self.type) else []
            blocks += [target] if spec.target_aggregates else []
            for block in blocks:
                setup += block.setup()
                loop += block.loop()
                read.update(dict.fromkeys(block.read))
            results.append(self._result(i, own if spec.covers(self.type) else None, target, spec))
        body = [line for c in read for line in read_value(self.variables[c], c, self.elements[c].value_type)] + loop
        return "\n".join(
            [
                "def contribute(rows):",
                "    n = len(rows)",
                *(f"    {line}" for line in setup),
                "    for code, v in rows:",
                *(f"        {line}" for line in body or ["pass"]),
                f"    return ({', '.join(results)},)" if results else "    return ()",
            ]
        )

    def _result(self, i, own, target, spec) -> str:
        target_parts = target.parts() if spec.target_aggregates else "()"
        if own is None:
            nothing = f"nothing[{i}]"
            return f"Contribution(0, 0, 0, {nothing}.parts, {target_parts})" if spec.target_aggregates else nothing
        due = "n" if own.read else "0"
        return f"Contribution(n, {due}, {own.complete}, {own.parts()}, {target_parts}, {own.failing}, {own.unknown})"


class _Block:
    """The lines for one formula: an expression over the institutions in scope, or a target over all."""

    def __init__(self, key: str, tree: Expr, parts: tuple[Aggregate, ...], of: TypeSource, lone=None):
        self.key, self.aggregates = key, parts
        self.source, self.reported, self.variables = of.source, of.reported, of.variables
        # the elements that the formula reads and that this type reports
        self.read = [code for code in names(tree) if code in of.reported]
        # a lone condition names its institutions; min and max name theirs when the result is finished
        self.lone = lone if lone is not None and lone.function in CONDITION_AGGREGATES else None
        self.traced = bool(key) and not key.startswith("t")
        self.complete = f"c{key}" if self.read else "0"

    @property
    def failing(self) -> str:
        return f"tuple(F{self.key})" if self.lone else "()"

    @property
    def unknown(self) -> str:
        return f"tuple(U{self.key})" if self.lone or self.read else "()"

    def setup(self) -> list[str]:
        lines = [f"c{self.key} = 0"] if self.read else []
        if self.lone:
            lines.append(f"F{self.key} = []; f{self.key} = F{self.key}.append")
        if self.traced and (self.lone or self.read):
            lines.append(f"U{self.key} = []; u{self.key} = U{self.key}.append")
        for j, aggregate in enumerate(self.aggregates):
            name = f"{self.key}_{j}"
            if aggregate.function in CONDITION_AGGREGATES:
                lines += [] if self.lone else [f"true{name} = false{name} = unknown{name} = 0"]
            elif aggregate.function in ("min", "max"):
                lines.append(f"p{name} = []")
            else:
                lines.append(f"s{name} = 0" if self._counts_as_complete(aggregate) else f"s{name} = n{name} = 0")
        return lines

    def loop(self) -> list[str]:
        if not self.read:
            return self._incomplete() if self.lone or self._has_conditions() else []
        complete = [f"c{self.key} += 1", *self._complete()]
        incomplete = self._incomplete() or ["pass"]
        known = self.source.known(self.read)
        return [f"if {known}:", *(f"    {x}" for x in complete), "else:", *(f"    {x}" for x in incomplete)]

    def _counts_as_complete(self, aggregate: Aggregate) -> bool:
        """Every complete institution gives it a value, so the counter of complete ones serves."""
        read = set(names(aggregate.operand))
        return bool(self.read) and read <= set(self.read) and self.source.always_certain(aggregate.operand)

    def _has_conditions(self) -> bool:
        return any(a.function in CONDITION_AGGREGATES for a in self.aggregates)

    def _complete(self) -> list[str]:
        """All elements that this type reports are known."""
        lines = []
        for j, aggregate in enumerate(self.aggregates):
            certain = self._counts_as_complete(aggregate)
            if aggregate.function in CONDITION_AGGREGATES:
                lines += self._condition(aggregate, j, certain)
            elif set(names(aggregate.operand)) <= set(self.read):
                lines += self._number(aggregate, j, certain)
        return lines

    def _incomplete(self) -> list[str]:
        lines = []
        for j, aggregate in enumerate(self.aggregates):
            if aggregate.function in CONDITION_AGGREGATES:
                lines += self._condition(aggregate, j, certain=False)
        if self.traced and not self.lone and self.read:
            lines.append(f"u{self.key}(code)")
        return lines

    def _condition(self, aggregate: Aggregate, j: int, certain: bool) -> list[str]:
        if certain and self.lone:
            return [f"if not {self.source.certain(aggregate.operand)}: f{self.key}(code)"]
        name = f"{self.key}_{j}"
        result = self.source.certain(aggregate.operand) if certain else self.source.unsure(aggregate.operand)
        on_unknown = f"u{self.key}(code)" if self.lone else f"unknown{name} += 1"
        on_false = f"f{self.key}(code)" if self.lone else f"false{name} += 1"
        lines = [f"r = {result}", f"if r is None: {on_unknown}", f"elif not r: {on_false}"]
        return lines if self.lone else [*lines, f"else: true{name} += 1"]

    def _number(self, aggregate: Aggregate, j: int, certain: bool) -> list[str]:
        name = f"{self.key}_{j}"
        if certain:
            value, guard = self.source.certain(aggregate.operand), ""
        else:
            value, guard = "r", "if r is not None: "
        if aggregate.function in ("min", "max"):
            add = f"p{name}.append(({value}, code))"
        else:
            add = f"s{name} += {value}" if certain else f"s{name} += {value}; n{name} += 1"
        return [f"{guard}{add}"] if certain else [f"r = {self.source.unsure(aggregate.operand)}", f"{guard}{add}"]

    def parts(self) -> str:
        written = []
        for j, aggregate in enumerate(self.aggregates):
            name = f"{self.key}_{j}"
            if aggregate.function in ("min", "max"):
                written.append(f"Values(tuple(p{name}))")
            elif aggregate.function not in CONDITION_AGGREGATES:
                n = f"c{self.key}" if self._counts_as_complete(aggregate) else f"n{name}"
                written.append(f"Sum(s{name}, {n})")
            elif self.lone:
                false, unknown = f"len(F{self.key})", f"len(U{self.key})"
                written.append(f"Tally(n - {false} - {unknown}, {false}, {unknown})")
            else:
                written.append(f"Tally(true{name}, false{name}, unknown{name})")
        return f"({', '.join(written)},)" if written else "()"
