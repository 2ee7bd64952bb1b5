"""A document written by ruamel.yaml: its comments stay where its text cannot be edited in place."""

import io
from typing import Any

from postrender._yaml.plain import same
from postrender._yaml.scalars import key_name


def rewrite(text: str, old: Any, new: Any) -> str:
    """Return *text* (whose value is *old*) with the value *new*.

    The layout is ruamel.yaml's; what it changes in meaning has to be found by reading the result
    back. Raises `ValueError` for a text that it cannot take.
    """
    import warnings

    from ruamel.yaml import YAML  # 25 ms, and only odd documents need it

    yaml = YAML()
    yaml.allow_duplicate_keys = True
    yaml.preserve_quotes = True
    yaml.width = 2**31
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an anchor may be used again
            tree = yaml.load(text)
        root = _sync(tree, old, new)
        stream = io.StringIO()
        yaml.dump(root, stream)
    except Exception as error:  # it has many kinds, and each result is read back anyway
        raise ValueError(f"ruamel.yaml cannot write it: {error}") from error
    return stream.getvalue()


def _sync(node: Any, old: Any, new: Any) -> Any:
    """Return ruamel.yaml's *node*, which means *old*, changed so that it means *new*."""
    if same(old, new):
        return node
    if isinstance(old, dict) and isinstance(new, dict) and hasattr(node, "items"):
        return _sync_mapping(node, old, new)
    if isinstance(old, list) and isinstance(new, list) and isinstance(node, list):
        return _sync_sequence(node, old, new)
    return _quoted(new)


def _sync_mapping(node: Any, old: dict[str, Any], new: dict[str, Any]) -> Any:
    names = {_name(key): key for key in node}
    for name in old.keys() - new.keys():
        del node[names[name]]
    for name, value in new.items():
        if name in old:
            key = names[name]
            node[key] = _sync(node[key], old[name], value)
        else:
            node[_quoted(name)] = _quoted(value)
    return node


def _sync_sequence(node: Any, old: list[Any], new: list[Any]) -> Any:
    for index in range(min(len(old), len(new))):
        node[index] = _sync(node[index], old[index], new[index])
    del node[len(new) :]
    node.extend(_quoted(value) for value in new[len(old) :])
    return node


def _name(key: Any) -> str:
    return key_name(key) if type(key) in (bool, int, float, type(None)) else str(key)


def _quoted(value: Any) -> Any:
    """Return *value* with quotes where a string could be read as something else."""
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    from postrender._yaml.scalars import is_plain_safe

    if isinstance(value, dict):
        return {_quoted(name): _quoted(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_quoted(each) for each in value]
    if isinstance(value, str) and not is_plain_safe(value):
        return DoubleQuotedScalarString(value)
    return value
