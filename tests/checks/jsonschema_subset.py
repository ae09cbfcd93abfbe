# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""The part of JSON Schema (2020-12) that the schema of the vectors uses.

A keyword that is not known here is a defect of the schema: it would otherwise
be passed over in silence.
"""
import re

SILENT = {"$schema", "$comment", "$defs", "title", "description"}
TYPES = {
    "object": lambda v: isinstance(v, dict),
    "array": lambda v: isinstance(v, list),
    "string": lambda v: isinstance(v, str),
    "boolean": lambda v: isinstance(v, bool),
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
}


def same(a, b):
    """JSON equality: true is not 1."""
    return type(a) is type(b) and a == b


class Schema:
    """A schema; defects() judges a value by it."""

    def __init__(self, root):
        self.root = root

    def resolve(self, ref):
        node = self.root
        for key in ref.removeprefix("#/").split("/"):
            node = node[key]
        return node

    def defects(self, value, schema=None, path="$"):
        """'path: what' of each defect of a value."""
        schema = self.root if schema is None else schema
        if schema is True:
            return []
        if schema is False:
            return [f"{path}: is too much"]
        found = []
        for key, wanted in schema.items():
            if key in SILENT:
                continue
            check = getattr(self, "_" + key.replace("$", ""), None)
            if not check:
                raise ValueError(f"keyword {key} of the schema is not known")
            found += check(value, wanted, schema, path)
        return found

    def _ref(self, value, wanted, _, path):
        return self.defects(value, self.resolve(wanted), path)

    def _type(self, value, wanted, _, path):
        return [] if TYPES[wanted](value) else [f"{path}: is no {wanted}"]

    def _const(self, value, wanted, _, path):
        return ([] if same(value, wanted)
                else [f"{path}: is not {wanted!r}"])

    def _enum(self, value, wanted, _, path):
        return ([] if any(same(value, w) for w in wanted)
                else [f"{path}: {value!r} is none of {wanted}"])

    def _pattern(self, value, wanted, _, path):
        # $ of Python would let a newline follow.
        ok = not isinstance(value, str) or re.search(
            wanted.removesuffix("$") + r"\Z" if wanted.endswith("$")
            else wanted, value)
        return [] if ok else [f"{path}: {value!r} does not match {wanted}"]

    def _minimum(self, value, wanted, _, path):
        ok = not TYPES["integer"](value) or value >= wanted
        return [] if ok else [f"{path}: is below {wanted}"]

    def _maximum(self, value, wanted, _, path):
        ok = not TYPES["integer"](value) or value <= wanted
        return [] if ok else [f"{path}: is above {wanted}"]

    def _required(self, value, wanted, _, path):
        return [f"{path}: {key} is missing" for key in wanted
                if isinstance(value, dict) and key not in value]

    def _properties(self, value, wanted, _, path):
        return [d for key, sub in wanted.items()
                if isinstance(value, dict) and key in value
                for d in self.defects(value[key], sub, f"{path}.{key}")]

    def _additionalProperties(self, value, wanted, schema, path):
        if not isinstance(value, dict):
            return []
        more = [k for k in value if k not in schema.get("properties", {})]
        if wanted is False:
            return [f"{path}: unknown key {key!r}" for key in more]
        return [d for key in more
                for d in self.defects(value[key], wanted, f"{path}.{key}")]

    def _prefixItems(self, value, wanted, _, path):
        if not isinstance(value, list):
            return []
        return [d for i, (v, sub) in enumerate(zip(value, wanted))
                for d in self.defects(v, sub, f"{path}[{i}]")]

    def _items(self, value, wanted, schema, path):
        if not isinstance(value, list):
            return []
        first = len(schema.get("prefixItems", []))
        return [d for i, v in enumerate(value) if i >= first
                for d in self.defects(v, wanted, f"{path}[{i}]")]

    def _minItems(self, value, wanted, _, path):
        ok = not isinstance(value, list) or len(value) >= wanted
        return [] if ok else [f"{path}: has fewer than {wanted} elements"]

    def _maxItems(self, value, wanted, _, path):
        ok = not isinstance(value, list) or len(value) <= wanted
        return [] if ok else [f"{path}: has more than {wanted} elements"]

    def _uniqueItems(self, value, wanted, _, path):
        ok = not isinstance(value, list) or not wanted or all(
            not same(a, b) for i, a in enumerate(value) for b in value[:i])
        return [] if ok else [f"{path}: has an element twice"]

    def _alternatives(self, value, wanted, path):
        """The defects by each alternative, fewest first."""
        return sorted((self.defects(value, sub, path) for sub in wanted),
                      key=len)

    def _oneOf(self, value, wanted, _, path):
        by = self._alternatives(value, wanted, path)
        if len([d for d in by if not d]) > 1:
            return [f"{path}: is several things at once"]
        return self._closest(value, wanted, by, path)

    def _anyOf(self, value, wanted, _, path):
        by = self._alternatives(value, wanted, path)
        return self._closest(value, wanted, by, path)

    def _closest(self, value, wanted, by, path):
        """Of an object the alternative that its constants name, if any."""
        if not by[0]:
            return []
        if isinstance(value, dict):
            for sub in wanted:
                sub = self.resolve(sub["$ref"]) if "$ref" in sub else sub
                constants = [(k, v["const"]) for k, v
                             in sub.get("properties", {}).items()
                             if "const" in v]
                if constants and all(same(value.get(k), c)
                                     for k, c in constants):
                    return (self.defects(value, sub, path)
                            or [f"{path}: is several things at once"])
        return [f"{path}: is none of what is allowed"] + by[0]

    def _not(self, value, wanted, _, path):
        return ([] if self.defects(value, wanted, path)
                else [f"{path}: is what it must not be"])

    def _if(self, value, wanted, schema, path):
        branch = "else" if self.defects(value, wanted, path) else "then"
        return self.defects(value, schema.get(branch, True), path)

    def _then(self, *_):
        return []  # by _if

    _else = _then
