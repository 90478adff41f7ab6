"""Writes test/data/kernels.json.gz: what TensorFlow's CPU kernels make of small inputs, op by op, dtype by dtype.

usage: python test/oracle/record-kernel-values.py test/data/kernels.json.gz

One entry a case: {"node": serialized NodeDef in base64, "in": tensors, "out": tensors or "error": text}. A tensor is
[dtype number, shape, base64 of its little-endian values], for strings a list of base64 texts.
"""
import base64
import gzip
import json
import os
import sys

os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

raw = tf.raw_ops
random = np.random.RandomState(20)
cases = []
FLOATS = ["float32", "float64", "float16", "bfloat16"]
INTS = ["int32", "int64", "int8", "int16", "uint8", "uint16"]
NUMBERS = FLOATS + INTS


def values(dtype, shape, low=-8, high=9):
    dtype = tf.as_dtype(dtype)
    if dtype == tf.bool:
        return tf.constant(random.rand(*shape) > 0.5)
    if dtype == tf.string:
        return tf.constant(random.choice(["a", "bc", "", "déf"], size=shape))
    if dtype.is_floating:
        return tf.cast(tf.constant(random.uniform(low, high, size=shape), tf.float64), dtype)
    if dtype.is_unsigned:
        low = max(low, 0)
    return tf.cast(tf.constant(random.randint(low, high, size=shape), tf.int64), dtype)


def spell(array, dtype):
    if dtype == tf.string:
        flat = [x if isinstance(x, bytes) else x.encode() for x in np.asarray(array, dtype=object).ravel()]
        return [dtype.as_datatype_enum, list(np.shape(array)), [base64.b64encode(x).decode() for x in flat]]
    array = np.asarray(array)
    return [dtype.as_datatype_enum, list(array.shape), base64.b64encode(array.tobytes()).decode()]


def case(function, *inputs, **attrs):
    """Inputs are eager tensors, in the order of the op's arguments, or lists of them."""
    with tf.Graph().as_default() as graph:
        feeds, flat = {}, []

        def hold(value):
            if isinstance(value, (list, tuple)):
                return [hold(v) for v in value]
            placeholder = tf.compat.v1.placeholder(value.dtype, value.shape)
            feeds[placeholder] = value.numpy()
            flat.append((value.numpy(), value.dtype))
            return placeholder

        names = list(function.__signature__.parameters)
        arguments = {name: hold(value) for name, value in zip(names, inputs)}
        result = function(**arguments, **attrs)
        outputs = result if isinstance(result, (list, tuple)) else [result]
        node = outputs[0].op.node_def
        entry = {"node": base64.b64encode(node.SerializeToString(deterministic=True)).decode()}
        entry["in"] = [spell(value, dtype) for value, dtype in flat]
        with tf.compat.v1.Session() as session:
            try:
                got = session.run(list(outputs), feeds)
                entry["out"] = [spell(value, tensor.dtype) for value, tensor in zip(got, outputs)]
            except Exception as error:
                lines = str(error).split("\n")
                place = [i for i, line in enumerate(lines) if "[[{{node" in line]
                message = lines[place[0] - 1] if place else lines[0]
                if "No OpKernel was registered" in str(error) or "No WhereOp available" in str(error):
                    return
                entry["error"] = message
        cases.append(entry)


def attempt(function, *inputs, **attrs):
    try:
        case(function, *inputs, **attrs)
    except Exception:
        pass  # this dtype is not among the op's


c = tf.constant
for op in "Abs Neg Sign Square Sqrt Rsqrt Reciprocal Inv Exp Expm1 Log Log1p Sin Cos Tan Asin Acos Atan Sinh Cosh Tanh Asinh Acosh Atanh Sigmoid Floor Ceil Rint Round Erf Erfc IsNan IsInf IsFinite ZerosLike OnesLike".split():
    for dtype in NUMBERS:
        low, high = {"Asin": (-1, 1), "Acos": (-1, 1), "Atanh": (-0.9, 0.9), "Acosh": (1, 5), "Log": (0.1, 9), "Log1p": (-0.5, 9), "Sqrt": (0, 9), "Rsqrt": (0.1, 9), "Exp": (-4, 4), "Sinh": (-3, 3), "Cosh": (-3, 3)}.get(op, (-8, 9))
        if dtype in INTS:
            # Round and Rint leave integers alone; this build's Round gives zeros for them.
            if op in ("Round", "Rint"):
                continue
            low, high = -8, 9
        attempt(getattr(raw, op), values(dtype, [3, 4], low, high))
for dtype in FLOATS:
    special = tf.cast(c([0.0, -0.0, np.inf, -np.inf, np.nan, 0.5, 1.5, 2.5, -0.5, -1.5]), dtype)
    for op in "Abs Neg Sign Square Floor Ceil Rint Round IsNan IsInf IsFinite".split():
        attempt(getattr(raw, op), special)
    for op in "Add Sub Mul RealDiv Maximum Minimum Less Equal NotEqual FloorDiv FloorMod".split():
        attempt(getattr(raw, op), special, tf.cast(c([1.0, 2.0, 3.0, 4.0, 5.0, -1.0, 0.5, -2.5, 2.0, -3.0]), dtype))
BINARY = "Add AddV2 Sub Mul RealDiv Div TruncateDiv FloorDiv FloorMod Mod TruncateMod DivNoNan MulNoNan Maximum Minimum SquaredDifference Pow Atan2 Xdivy Xlogy Less LessEqual Greater GreaterEqual Equal NotEqual BitwiseAnd BitwiseOr BitwiseXor ApproximateEqual".split()
for op in BINARY:
    for dtype in NUMBERS:
        a, b = values(dtype, [2, 3]), values(dtype, [2, 3], 1, 5)
        if op == "Pow" and dtype in FLOATS:
            a = values(dtype, [2, 3], 0.5, 3)
        attempt(getattr(raw, op), a, b)
        attempt(getattr(raw, op), a, b[0, 0])
        attempt(getattr(raw, op), a[:1], b[:, 1:2])
        attempt(getattr(raw, op), a[0, :1], b)
attempt(raw.Add, values("string", [3]), values("string", [3]))
attempt(raw.Equal, values("string", [6]), values("string", [6]))
for op in ["LogicalAnd", "LogicalOr"]:
    case(getattr(raw, op), values("bool", [5]), values("bool", [5]))
case(raw.LogicalNot, values("bool", [5]))
for dtype in ["int32", "int64"]:
    big = c([2**31 - 1, -(2**31), 123456789, -5], dtype)
    for op in ["Add", "Mul", "Sub", "Square", "Neg", "Abs"]:
        attempt(getattr(raw, op), *([big, big] if op in ("Add", "Mul", "Sub") else [big]))
    attempt(raw.FloorDiv, big, c([0, 1, 2, 3], dtype))
for source in NUMBERS + ["bool"]:
    for target in NUMBERS + ["bool"]:
        attempt(raw.Cast, values(source, [7], -200, 400), DstT=tf.as_dtype(target))
case(raw.Cast, c([3e9, -3e9, 1e20, np.nan, 0.7, -0.7, 254.9]), DstT=tf.int64)
for op in "Sum Mean Prod Max Min".split():
    for dtype in NUMBERS:
        x = values(dtype, [2, 3, 2], -3, 4)
        for axes, keep in [([0], False), ([1], True), ([-1, 0], False), ([], False), ([0, 1, 2], False)]:
            attempt(getattr(raw, op), x, c(axes, tf.int32), keep_dims=keep)
    attempt(getattr(raw, op), c(np.zeros([0, 3], np.float32)), c([0]))
    attempt(getattr(raw, op), c(np.zeros([0, 3], np.int32)), c([0]))
for op in ["All", "Any"]:
    case(getattr(raw, op), values("bool", [2, 3]), c([1]))
for dtype in NUMBERS:
    x = values(dtype, [3, 4])
    for op in ["ArgMax", "ArgMin"]:
        attempt(getattr(raw, op), x, c(0))
        attempt(getattr(raw, op), x, c(-1), output_type=tf.int32)
    for exclusive in [False, True]:
        for reverse in [False, True]:
            attempt(raw.Cumsum, x, c(1), exclusive=exclusive, reverse=reverse)
            attempt(raw.Cumprod, values(dtype, [2, 3], 1, 3), c(0), exclusive=exclusive, reverse=reverse)
MOVED = ["float32", "int64", "string", "bool", "float16", "complex64"]
for dtype in MOVED:
    x = tf.cast(values("float32", [2, 3, 4]), tf.complex64) if dtype == "complex64" else values(dtype, [2, 3, 4])
    attempt(raw.Reshape, x, c([4, -1]))
    attempt(raw.Reshape, x, c([2, 3, 4]))
    attempt(raw.Reshape, x, c([5, -1]))
    attempt(raw.Squeeze, x[:1], axis=[0])
    attempt(raw.Squeeze, x[:1, :, :1])
    attempt(raw.ExpandDims, x, c(-2))
    attempt(raw.Transpose, x, c([2, 0, 1]))
    attempt(raw.Tile, x, c([2, 1, 2]))
    attempt(raw.Pad, x, c([[1, 0], [0, 2], [1, 1]]))
    attempt(raw.PadV2, x, c([[1, 0], [0, 2], [1, 1]]), x[0, 0, 0])
    attempt(raw.MirrorPad, x, c([[1, 0], [0, 2], [1, 1]]), mode="REFLECT")
    attempt(raw.MirrorPad, x, c([[2, 0], [0, 3], [1, 1]]), mode="SYMMETRIC")
    attempt(raw.ReverseV2, x, c([0, -1]))
    attempt(raw.Slice, x, c([0, 1, 2]), c([2, -1, 1]))
    attempt(raw.StridedSlice, x, c([0, 1]), c([2, 3]), c([1, 1]))
    attempt(raw.StridedSlice, x, c([-1, 2]), c([0, 0]), c([-1, -1]), end_mask=1)
    attempt(raw.StridedSlice, x, c([1, 0, 0]), c([2, 0, 3]), c([1, 1, 2]), shrink_axis_mask=1, ellipsis_mask=2)
    attempt(raw.StridedSlice, x, c([0, 0, 1]), c([0, 0, 2]), c([1, 1, 1]), new_axis_mask=2, begin_mask=1, end_mask=1)
    attempt(raw.ConcatV2, [x, x[:, :1]], c(1))
    attempt(raw.Concat, c(-1), [x, x])
    attempt(raw.Pack, [x, x], axis=1)
    attempt(raw.Unpack, x, num=3, axis=1)
    attempt(raw.Split, c(2), x, num_split=2)
    attempt(raw.SplitV, x, c([1, 2]), c(1), num_split=2)
    attempt(raw.Gather, x, c([[1, 0], [0, 0]]))
    attempt(raw.GatherV2, x, c([2, 0]), c(1))
    attempt(raw.Gather, x, c([7]))
    attempt(raw.GatherNd, x, c([[0, 1], [1, 2]]))
    attempt(raw.Fill, c([2, 2]), x[0, 0, 0])
    attempt(raw.BroadcastTo, x[:, :1], c([2, 5, 4]))
    attempt(raw.Select, values("bool", [2]), x, x[::-1])
    attempt(raw.SelectV2, values("bool", [3, 1]), x, x[:1])
    attempt(raw.OneHot, c([0, 2, -1, 9]), c(3), x[0, 0, 0], x[0, 0, 1])
    attempt(raw.OneHot, c([[0], [1]]), c(2), x[0, 0, 0], x[0, 0, 1], axis=0)
    attempt(raw.Where, x)
    attempt(raw.Unique, x[0, 0])
    attempt(raw.UniqueWithCounts, x[0, 0])
    attempt(raw.ListDiff, x[0, 0], x[0, 0, :2])
    attempt(raw.DynamicStitch, [c([0, 3]), c([1, 2])], [x[:, 0], x[:, 1]])
    attempt(raw.ScatterNd, c([[0], [2], [0]]), x[0], c([4, 4]))
    attempt(raw.SpaceToBatchND, x[..., None], c([1, 2]), c([[0, 0], [1, 1]]))
    attempt(raw.BatchToSpaceND, x[..., None], c([2]), c([[1, 0]]))
    attempt(raw.SpaceToDepth, tf.reshape(x, [1, 2, 4, 3]), block_size=2)
    attempt(raw.DepthToSpace, tf.reshape(x, [1, 2, 3, 4]), block_size=2)
    attempt(raw.Shape, x)
    attempt(raw.Shape, x, out_type=tf.int64)
    attempt(raw.Rank, x)
    attempt(raw.Size, x, out_type=tf.int64)
    attempt(raw.IdentityN, [x, x])
    attempt(raw.AddN, [x, x, x])
for dtype in ["int32", "int64", "float32", "float64"]:
    attempt(raw.Range, c(1, dtype), c(9, dtype), c(3, dtype))
    attempt(raw.Range, c(5, dtype), c(-4, dtype), c(-2, dtype))
case(raw.Range, c(0.0), c(1.0), c(0.1))
case(raw.LinSpace, c(0.0), c(1.0), c(7))
case(raw.LinSpace, c(2.0, tf.float64), c(-3.0, tf.float64), c(4))
case(raw.InvertPermutation, c([2, 0, 1]))
case(raw.ConcatOffset, c(1), [c([2, 3]), c([2, 5]), c([2, 1])])
case(raw.BroadcastArgs, c([2, 1, 3]), c([4, 3]))
case(raw.BroadcastGradientArgs, c([2, 1, 3]), c([4, 3]))
case(raw.Bitcast, values("float32", [3]), type=tf.int32)
case(raw.Bitcast, values("int64", [2]), type=tf.int32)
case(raw.Bitcast, values("int32", [3, 2]), type=tf.int64)
for dtype in FLOATS + ["int32"]:
    attempt(raw.ClipByValue, values(dtype, [6]), c(-2, tf.float32) if dtype == "x" else tf.cast(c(-2), dtype), tf.cast(c(3), dtype))
for op in ["StringLower", "StringUpper", "StringStrip", "StringLength"]:
    case(getattr(raw, op), c(["Ab C", "", "  xÜ\t", "déf"]))
case(raw.StringLength, c(["Ab C", "", "déf"]), unit="UTF8_CHAR")
case(raw.StringJoin, [c(["a", "b"]), c("-"), c(["x", "y"])], separator="+")
case(raw.AsString, c([1, -20]))
case(raw.AsString, c([True, False]))
case(raw.ShardedFilename, c("base"), c(3), c(12))
case(raw.ShardedFilespec, c("base"), c(12))
case(raw.StringToHashBucketFast, c(["", "a", "hello world", "x" * 70]), num_buckets=1000)
case(raw.SparseReshape, c([[0, 1], [2, 3]], tf.int64), c([3, 4], tf.int64), c([2, -1], tf.int64))
data = json.dumps(cases, separators=(",", ":")).encode()
with open(sys.argv[1], "wb") as file:
    file.write(gzip.compress(data, 9, mtime=0))
print(len(cases), "cases", file=sys.stderr)
