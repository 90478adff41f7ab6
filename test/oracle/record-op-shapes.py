"""Writes test/data/op-shapes.json.gz: what TensorFlow's shape inference says of single ops on random legal inputs.

usage: python test/oracle/record-op-shapes.py test/data/op-shapes.json.gz [OP ...]

For every op of the registry that an inference graph may hold: attributes and input shapes at random until TensorFlow
accepts some, then the same with sizes unknown, and with unknown ranks. An integer input is a constant half of the time.
The file has one GraphDef of all cases (base64), and the shapes of the outputs by node, as record-shapes.py spells them.
Needs TensorFlow 2.21.
"""
import base64
import gzip
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import zlib

os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from tensorflow.core.framework import attr_value_pb2, types_pb2  # noqa: E402
from tensorflow.python.framework import c_api_util, op_def_registry, ops, tensor_util  # noqa: E402,F401
from tensorflow.core.framework import op_def_pb2  # noqa: E402
from tensorflow.python.client import pywrap_tf_session  # noqa: E402

# Ops of training, input pipelines, distribution and other devices, and those that TensorFlow makes itself.
LEFT_OUT = re.compile(
    r"^_|Grad|Dataset|Iterator|TPU|Tpu|^Xla|Collective|Nccl|Apply|Summary|Queue|Barrier|Rpc|BoostedTrees|Tensor[Ff]orest|"
    r"RiscLib|^Risc|Mlir|Debug|Checkpoint|^Save|^Restore|MergeV2|Reader|Stage|Accumul|Lookup|HashTable|Mutex|Stack|Ragged|"
    r"RandomGenerator|Rng|Optional|Kafka|Isotonic|Ascii|DataService|Experimental|Uniform(?:Quantized|Quantize|Dequantize|"
    r"Requantize)|Map(?:Clear|Peek|Size|Stage|Unstage|IncompleteSize)|Multiplex|Composite|Send|Recv|^Tf|Quantized.*(?:And|With)|"
    r"Switch|Merge|Enter|Exit|NextIteration|LoopCond|^(?:Stateless)?(?:While|If|Case)$|PartitionedCall|RemoteCall|SymbolicGradient|"
    r"^For$|Resource|Variable|^Assign|^Const$|^Placeholder|^NoOp$|Abort|Host|Fact$|^Print|Assert|PyFunc|Eager|Handle|Session|"
    r"TensorArray|TensorList|TensorMap|EmptyTensor|Sdca|Skipgram|Word2|Ctc.*Loss|CTC.*Loss|CandidateSampler|Sampler|"
    r"Conv.*Backprop|Pool.*Backprop|Audio.*Spectro.*Op|ControlTrigger|Decode(?:Proto|Compressed|Padded)|EncodeProto|Parse|Sync|"
    r"Config|Shutdown|Configure|Device|Worker|Global|CSR|Sobol|Anonymous|Delete|Dummy|Fake(?!Quant)|Generate.*Vocab|Load|Lower|"
    r"Enqueue|Dequeue|Unbatch|SparseCore|^Attr|^Func|^Ref|^Type|In(?:Twice)?$|Polymorphic|RestrictIn|Required|Requires|OutType|WindowOp|SparseMatrix|Scatter(?:Add|Div|Max|Min|Mul|Sub|Update)|Assign|DTensor|Dedup|^Batch$|BatchFunction|Filesystem|Weighted|Timestamp|Embedding|Cudnn|Rng|^Outfeed|^Infeed|Test|Cache"
)

COUNT = 4
RANDOM = random.Random(0)
SIZES = [1, 2, 2, 3, 4, 4, 6, 8]


def registry():
    buffer = pywrap_tf_session.TF_GetAllOpList()
    found = op_def_pb2.OpList()
    found.ParseFromString(pywrap_tf_session.TF_GetBuffer(buffer))
    return sorted(found.op, key=lambda op: op.name)


def shape(rank=None):
    rank = RANDOM.choice([0, 1, 1, 2, 2, 3, 4, 4, 5]) if rank is None else rank
    return [RANDOM.choice(SIZES) for _ in range(rank)]


LIKELY = [types_pb2.DT_FLOAT, types_pb2.DT_INT32, types_pb2.DT_QUINT8, types_pb2.DT_STRING, types_pb2.DT_COMPLEX64]


def some_type(attr):
    allowed = list(attr.allowed_values.list.type)
    if attr.HasField("default_value") and RANDOM.random() < 0.7:
        return attr.default_value.type
    likely = [t for t in LIKELY if not allowed or t in allowed]
    return likely[0] if likely else allowed[0]


def some_ints(name, rank):
    if name in ("strides", "ksize", "rates", "dilations", "ksizes"):
        n = RANDOM.choice([4, 4, 5])
        return [1] + [RANDOM.choice([1, 2])] * (n - 2) + [1]
    return [RANDOM.choice([0, 1, 2, 3]) for _ in range(RANDOM.choice([0, 1, 2]))]


def some_attr(attr, values):
    name, kind = attr.name, attr.type
    if name == "batch_dims":  # More than there are axes, and TensorFlow aborts.
        return attr.default_value
    if attr.HasField("default_value") and kind not in ("type", "bool") and RANDOM.random() < 0.7:
        return attr.default_value
    value = attr_value_pb2.AttrValue()
    if kind == "type":
        value.type = some_type(attr)
    elif kind == "list(type)":
        value.list.type.extend([types_pb2.DT_FLOAT] * RANDOM.choice([1, 2, 2]))
    elif kind == "int":
        value.i = max(attr.minimum if attr.has_minimum else 0, RANDOM.choice([0, 1, 2, 2, 3]))
    elif kind == "bool":
        value.b = RANDOM.random() < 0.4
    elif kind == "float":
        value.f = 0.5
    elif kind == "string":
        allowed = attr.allowed_values.list.s
        value.s = RANDOM.choice(list(allowed)) if allowed else b""
        if name == "equation":
            value.s = RANDOM.choice([b"ab,bc->ac", b"abc,cd->abd", b"...ab,...bc->...ac", b"ij->ji", b"abcd,aecd->acbe"])
    elif kind == "shape":
        value.shape.CopyFrom(tf.TensorShape(shape()).as_proto())
    elif kind == "list(int)":
        value.list.i.extend(some_ints(name, 4))
    elif kind == "list(float)":
        value.list.f.extend([1.0, 2.0])
    elif kind == "list(shape)":
        value.list.shape.extend([tf.TensorShape(shape()).as_proto() for _ in range(2)])
    elif kind == "list(string)":
        value.list.s.extend([b"a"])
    elif kind == "tensor":
        value.tensor.CopyFrom(tf.make_tensor_proto([1.0, 2.0]))
    else:
        raise ValueError(kind)
    return value


def expand(op, attrs):
    """The dtype of every input."""
    found = []
    for arg in op.input_arg:
        if arg.type_list_attr:
            types = list(attrs[arg.type_list_attr].list.type)
        else:
            one = attrs[arg.type_attr].type if arg.type_attr else arg.type
            types = [one] * (attrs[arg.number_attr].i if arg.number_attr else 1)
        if arg.is_ref:
            raise ValueError("ref")
        found.extend((arg.name, t) for t in types)
    return found


def some_input(name, dtype, base):
    """A constant, or a placeholder's shape."""
    whole = dtype in (types_pb2.DT_INT32, types_pb2.DT_INT64)
    if whole and RANDOM.random() < 0.6:
        kind = RANDOM.choice(["scalar", "vector", "vector", "matrix"])
        low, high = RANDOM.choice([(0, 3), (-1, 4), (1, 9)])
        dims = {"scalar": [], "vector": [RANDOM.choice([1, 2, 2, 3, 4])], "matrix": [RANDOM.choice([2, 3, 4]), 2]}[kind]
        numbers = np.array([RANDOM.randint(low, high) for _ in range(int(np.prod(dims)))]).reshape(dims)
        return {"value": numbers.tolist(), "dims": dims}
    choice = RANDOM.random()
    if choice < 0.5:
        return {"shape": list(base)}
    if choice < 0.65 and base:
        return {"shape": base[-1:]}
    if choice < 0.75:
        return {"shape": []}
    if choice < 0.85 and len(base) > 1:
        return {"shape": base[:-2] + base[-1:] + base[-2:-1]}
    return {"shape": shape()}


def spell(out):
    return "-" if out.rank is None else ",".join("?" if d is None else str(d) for d in out.as_list())


def infer(op, attrs, inputs, dtypes):
    graph = tf.Graph()
    with graph.as_default():
        fed = []
        for given, (_, dtype) in zip(inputs, dtypes):
            if "value" in given:
                fed.append(tf.constant(given["value"], tf.as_dtype(dtype), given["dims"]))
            else:
                fed.append(tf.compat.v1.placeholder(tf.as_dtype(dtype), given["shape"]))
        node = tf.compat.v1.NodeDef(name="n", op=op.name)
        for key, value in attrs.items():
            node.attr[key].CopyFrom(value)
        made = ops.Operation.from_node_def(node, graph, fed, op_def=op)
        return [spell(o.shape) for o in made.outputs]


def vaguer(inputs, how):
    found = []
    for given in inputs:
        if "value" in given:
            found.append({"shape": given["dims"]} if RANDOM.random() < 0.5 else given)
        elif how == "rank" and RANDOM.random() < 0.5:
            found.append({"shape": None})
        else:
            found.append({"shape": [d if RANDOM.random() < 0.6 else None for d in given["shape"]]})
    return found


def cases_of(op):
    RANDOM.seed(zlib.crc32(op.name.encode()))
    found, keys = [], set()
    end = time.monotonic() + 3
    for trial in range(400):
        if len(found) >= COUNT * 3 or time.monotonic() > end:
            break
        try:
            attrs = {}
            for attr in op.attr:
                attrs[attr.name] = some_attr(attr, attrs)
            dtypes = expand(op, attrs)
        except ValueError:
            return found
        base = shape()
        inputs = [some_input(name, dtype, base) for name, dtype in dtypes]
        for version in [inputs, vaguer(inputs, "sizes"), vaguer(inputs, "rank")]:
            key = json.dumps([version, {k: str(v) for k, v in attrs.items()}])
            if key in keys:
                continue
            keys.add(key)
            try:
                shapes = infer(op, attrs, version, dtypes)
            except Exception:
                continue
            found.append((attrs, dtypes, version, shapes))
    return found


def work(path, names):
    """Cases of some ops, one line of JSON each op: TensorFlow may abort at any of them."""
    by_name = {op.name: op for op in registry()}
    with open(path, "a") as file:
        for name in names:
            cases = [
                [{k: base64.b64encode(v.SerializeToString()).decode() for k, v in attrs.items()}, [t for _, t in dtypes], *rest]
                for attrs, dtypes, *rest in cases_of(by_name[name])
            ]
            file.write(json.dumps([name, cases]) + "\n")
            file.flush()


def collect(names):
    with tempfile.NamedTemporaryFile("r") as file:
        found, aborted = {}, []
        while names:
            subprocess.run([sys.executable, __file__, "--work", file.name, *names], stderr=subprocess.DEVNULL)
            file.seek(0)
            found = dict(json.loads(line) for line in file)
            left = [name for name in names if name not in found]
            aborted += left[:1]
            names = left[1:]
        return found, aborted


def main(target, *only):
    merged = tf.compat.v1.GraphDef()
    merged.versions.producer = tf.version.GRAPH_DEF_VERSION
    wanted = only or [op.name for op in registry() if not LEFT_OUT.search(op.name) and not op.deprecation.version]
    found, aborted = collect(list(wanted))
    shapes, skipped = {}, []
    for name, cases in sorted(found.items()):
        if not cases:
            skipped.append(name)
        for i, (attrs, dtypes, inputs, outputs) in enumerate(cases):
            node = tf.compat.v1.NodeDef(name=f"{name}/{i}", op=name)
            for key, value in attrs.items():
                node.attr[key].ParseFromString(base64.b64decode(value))
            for k, (given, dtype) in enumerate(zip(inputs, dtypes)):
                source = merged.node.add(name=f"{node.name}/i{k}")
                node.input.append(source.name)
                source.attr["dtype"].type = dtype
                if "value" in given:
                    source.op = "Const"
                    source.attr["value"].tensor.CopyFrom(
                        tf.make_tensor_proto(given["value"], tf.as_dtype(dtype), given["dims"]))
                else:
                    source.op = "Placeholder"
                    source.attr["shape"].shape.CopyFrom(tf.TensorShape(given["shape"]).as_proto())
            merged.node.append(node)
            shapes[node.name] = outputs
    graph = base64.b64encode(merged.SerializeToString(deterministic=True)).decode()
    data = json.dumps({"graph": graph, "shapes": shapes}, separators=(",", ":"), sort_keys=True).encode()
    with open(target, "wb") as file:
        file.write(gzip.compress(data, 9, mtime=0))
    print(len(shapes), "cases of", len({n.split("/")[0] for n in shapes}), "ops")
    print("none legal:", *skipped)
    print("TensorFlow aborts:", *aborted)


if sys.argv[1] == "--work":
    work(sys.argv[2], sys.argv[3:])
else:
    main(*sys.argv[1:])
