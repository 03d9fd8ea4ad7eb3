"""What a shape says of the values at a place: their names and the choices among them."""

from collections.abc import Iterator, Sequence

from msgspec import Struct, inspect

from bedrock_batch.records.members import Path


def choices_at(shape: type[Struct], path: Path) -> Sequence[object]:
    """List what a value may be where only a few are taken; nothing if others are taken too."""
    literal = [
        value for kind in _types_at(shape, path) if isinstance(kind, inspect.LiteralType) for value in kind.values
    ]
    return literal or [
        kind.tag
        for kind in _types_at(shape, path[:-1])
        if isinstance(kind, inspect.StructType) and kind.tag_field == path[-1]
    ]


def names_at(shape: type[Struct], path: Path, owner: object = None, *, required: bool = False) -> list[str]:
    """List the members that an object has in a shape.

    Parameters
    ----------
    shape : type
        The shape.
    path : tuple
        The way to the object.
    owner : object
        The object: where there are several kinds and it says which it is, the others do not count. Default: all do.
    required : bool
        Whether to list only those that it has to have. Default: all.
    """
    kinds = [kind for kind in _types_at(shape, path) if isinstance(kind, inspect.StructType)]
    tagged = [kind for kind in kinds if isinstance(owner, dict) and kind.tag and owner.get(kind.tag_field) == kind.tag]
    return [field.encode_name for kind in tagged or kinds for field in kind.fields if field.required or not required]


def _types_at(shape: type[Struct], path: Path) -> list[inspect.Type]:
    kinds = [inspect.type_info(shape)]
    for step in path:
        kinds = list(_flat([inner for kind in kinds for inner in _inside(kind, step)]))
    return kinds


def _inside(kind: inspect.Type, step: str | int) -> Iterator[inspect.Type]:
    if isinstance(kind, inspect.StructType):
        yield from (field.type for field in kind.fields if field.encode_name == step)
    elif isinstance(kind, inspect.ListType) and isinstance(step, int):
        yield kind.item_type


def _flat(kinds: Sequence[inspect.Type]) -> Iterator[inspect.Type]:
    for kind in kinds:
        yield from _flat(kind.types) if isinstance(kind, inspect.UnionType) else (kind,)
