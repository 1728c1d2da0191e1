"""The scoring engine: pure functions over plain values, exact, without Django.

program (compile, contribute) -> contribution (merge) -> finish (value, status) -> items (items, points) -> as_json.
"""
