"""Writes proto/cpu-kernels.json: which ops TensorFlow's CPU build can run, and for which attribute values.

usage: python test/oracle/record-kernels.py > proto/cpu-kernels.json

One entry an op: a list of alternatives; an alternative maps attributes to the values it takes (numbers of dtypes,
or strings). A node has a kernel when one alternative accepts all its attributes. Kernels under a label are left out.
"""
import collections
import json
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
from tensorflow.python.framework import kernels  # noqa: E402


def values(constraint):
    allowed = constraint.allowed_values.list
    return frozenset(list(allowed.type) + [s.decode() for s in allowed.s])


def merge(alternatives):
    """Joins alternatives that differ in one attribute only, until none do."""
    merged = list(dict.fromkeys(alternatives))
    changed = True
    while changed:
        changed = False
        for i, a in enumerate(merged):
            for j in range(i + 1, len(merged)):
                b = merged[j]
                keys = dict(a).keys()
                if keys != dict(b).keys():
                    continue
                differing = [k for k in keys if dict(a)[k] != dict(b)[k]]
                if len(differing) != 1:
                    continue
                joined = dict(a)
                joined[differing[0]] = joined[differing[0]] | dict(b)[differing[0]]
                merged[i] = tuple(sorted(joined.items()))
                del merged[j]
                changed = True
                break
            if changed:
                break
    return merged


ops = collections.defaultdict(list)
for kernel in kernels.get_all_registered_kernels().kernel:
    # DEFAULT stands for every device without a kernel of its own, the CPU among them.
    if kernel.device_type in ("CPU", "DEFAULT") and not kernel.label:
        ops[kernel.op].append(tuple(sorted((c.name, values(c)) for c in kernel.constraint)))
lines = []
for op in sorted(ops):
    alternatives = [{k: sorted(v, key=str) for k, v in a} for a in merge(ops[op])]
    if {} in alternatives:
        alternatives = []
    lines.append(json.dumps(op) + ":" + json.dumps(alternatives, separators=(",", ":")))
print("{\n" + ",\n".join(lines) + "\n}")
