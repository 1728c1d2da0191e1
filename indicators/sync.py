"""Makes stored rows equal to wanted ones, touching only what differs, so that rows that stay keep their identity."""

from collections.abc import Callable, Hashable

from django.db.models import Model, QuerySet


def sync(rows: QuerySet, wanted: list[Model], key: Callable[[Model], Hashable], *, prune: bool = True) -> None:
    """Delete (if `prune`), create and update until `rows` are `wanted`; afterwards all of `wanted` have their pk.

    `key` tells which stored row a wanted one is. Deleting comes first, to make room under unique constraints.
    """
    stored = {key(row): row for row in rows}
    if prune:
        gone = set(stored) - {key(row) for row in wanted}
        rows.filter(pk__in=[stored[each].pk for each in gone]).delete()
    fields = [field for field in rows.model._meta.concrete_fields if not field.primary_key]
    new, changed = [], []
    for row in wanted:
        kept = stored.get(key(row))
        if kept is None:
            new.append(row)
            continue
        row.pk = kept.pk
        if any(getattr(row, field.attname) != getattr(kept, field.attname) for field in fields):
            changed.append(row)
    rows.model.objects.bulk_create(new)
    rows.model.objects.bulk_update(changed, [field.name for field in fields])
