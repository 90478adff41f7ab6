"""Records what TensorFlow gives for whole layers and for ops that inference graphs use now and then.

    python test/oracle/record-layers.py [FAMILY...]   # writes test/data/ops/{recurrent-layers,attention,…}.json.gz

The cases have the form of `record-ops.py`. Layers are Keras's with seeded weights, frozen, with their loops as
functions (While) and lowered (Switch, Merge, ...). Needs TensorFlow 2.21 with Keras.
"""
import base64
import gzip
import itertools
import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2  # noqa: E402

raw = tf.raw_ops
layers = tf.keras.layers
OUT = os.path.join(os.path.dirname(__file__), "..", "data", "ops")
families = {}
rng = np.random.default_rng(11)


def tensor(value, dtype):
    value = np.asarray(value)
    if dtype == tf.string:
        return {"dtype": "string", "shape": list(value.shape), "strings": [base64.b64encode(x).decode() for x in value.ravel()]}
    return {"dtype": dtype.name, "shape": list(value.shape), "bytes": base64.b64encode(np.ascontiguousarray(value).tobytes()).decode()}


def record(family, name, graph_def, feeds, fetches, tolerance):
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(graph_def, name="")
        dtypes = [graph.get_tensor_by_name(fetch).dtype for fetch in fetches]
        fed = {key: tensor(value, graph.get_tensor_by_name(key).dtype) for key, value in feeds.items()}
        with tf.compat.v1.Session(graph=graph) as session:
            try:
                got = session.run(fetches, feeds)
            except tf.errors.OpError as error:
                print("cannot record", family, name, str(error)[:120], file=sys.stderr)
                return
    families.setdefault(family, []).append({
        "name": name,
        "graph": base64.b64encode(graph_def.SerializeToString(deterministic=True)).decode(),
        "feeds": fed,
        "fetches": fetches,
        "tolerance": tolerance,
        "outputs": [tensor(value, dtype) for value, dtype in zip(got, dtypes)],
    })


def layer(family, name, function, *inputs, lower=(False,), tolerance=2e-6):
    """function(tensors...) → a tensor or a list of them."""
    specs = [tf.TensorSpec(x.shape, x.dtype, name=f"in{i}") for i, x in enumerate(inputs)]
    concrete = tf.function(lambda *x: function(*x)).get_concrete_function(*specs)
    for lowered in lower:
        frozen = convert_variables_to_constants_v2(concrete, lower_control_flow=lowered)
        feeds = {x.name: value for x, value in zip(frozen.inputs, inputs)}
        title = name + (" lowered" if lowered else "")
        record(family, title, frozen.graph.as_graph_def(), feeds, [x.name for x in frozen.outputs], tolerance)


def op(family, name, build, *inputs, tolerance=0.0):
    with tf.Graph().as_default() as graph:
        places = []
        for i, value in enumerate(inputs):
            dtype = tf.string if value.dtype.kind in "SUO" else value.dtype
            places.append(tf.compat.v1.placeholder(dtype, value.shape, f"in{i}"))
        try:
            made = build(*places)
        except (TypeError, ValueError) as error:
            print("cannot build", family, name, str(error)[:120], file=sys.stderr)
            return
        outputs = [made] if isinstance(made, tf.Tensor) else list(made)
    feeds = {f"in{i}:0": value for i, value in enumerate(inputs)}
    record(family, name, graph.as_graph_def(), feeds, [x.name for x in outputs], tolerance)


def normal(*shape, dtype=np.float32):
    return rng.normal(0, 1, shape).astype(dtype)


def some(dtype, *shape):
    """Values of any dtype."""
    dtype = tf.as_dtype(dtype)
    if dtype == tf.string:
        return np.array(np.array([b"a", b"bc", b"", b"xyz"], object)[rng.integers(0, 4, shape)], object)
    if dtype == tf.bool:
        return np.asarray(rng.random(shape) > 0.5)
    if dtype.is_complex:
        return np.asarray(rng.normal(0, 1, shape) + 1j * rng.normal(0, 1, shape)).astype(dtype.as_numpy_dtype)
    if dtype.is_floating:
        return np.asarray(rng.normal(0, 2, shape)).astype(dtype.as_numpy_dtype)
    return np.asarray(rng.integers(0 if dtype.is_unsigned else -9, 10, shape)).astype(dtype.as_numpy_dtype)


def recurrent():
    both = (False, True)
    for name, made in {
        "LSTM": layers.LSTM(5),
        "LSTM sequences": layers.LSTM(5, return_sequences=True),
        "LSTM backwards with states": layers.LSTM(4, go_backwards=True, return_state=True),
        "GRU": layers.GRU(5),
        "GRU reset before": layers.GRU(5, reset_after=False, return_sequences=True),
        "SimpleRNN": layers.SimpleRNN(6, return_sequences=True),
        "Bidirectional": layers.Bidirectional(layers.LSTM(3, return_sequences=True)),
        "two layers": layers.RNN([layers.LSTMCell(4), layers.GRUCell(3)], return_sequences=True),
        "ConvLSTM1D": layers.ConvLSTM1D(2, 3, padding="same"),
    }.items():
        shape = (2, 6, 5, 3) if name == "ConvLSTM1D" else (2, 6, 3)
        layer("recurrent-layers", name, made, normal(*shape), lower=both)
    unrolled = layers.LSTM(4, unroll=True)
    layer("recurrent-layers", "unrolled", unrolled, normal(1, 3, 2))
    masked, embedded = layers.GRU(3), layers.Embedding(7, 4, mask_zero=True)
    ids = np.array([[1, 2, 3, 0, 0], [4, 5, 6, 2, 0]], np.int32)
    layer("recurrent-layers", "masked", lambda x: masked(embedded(x), mask=tf.not_equal(x, 0)), ids, lower=both)


def attention():
    heads, norm = layers.MultiHeadAttention(2, 4), layers.LayerNormalization()
    dense = layers.Dense(8, activation="gelu")
    layer("attention", "self-attention", lambda x: dense(norm(x + heads(x, x))), normal(2, 5, 6))
    causal = layers.MultiHeadAttention(3, 2)
    layer("attention", "causal", lambda x: causal(x, x, use_causal_mask=True), normal(2, 4, 6))
    cross = layers.MultiHeadAttention(2, 3, value_dim=5)
    layer("attention", "cross-attention with scores", lambda x, y: cross(x, y, return_attention_scores=True), normal(1, 4, 6), normal(1, 7, 3))
    additive, dot = layers.AdditiveAttention(), layers.Attention(use_scale=True)
    layer("attention", "additive", lambda q, v: additive([q, v]), normal(2, 3, 4), normal(2, 5, 4))
    layer("attention", "dot", lambda q, v: dot([q, v]), normal(2, 3, 4), normal(2, 5, 4))
    grouped = layers.GroupNormalization(2)
    layer("attention", "group normalization", grouped, normal(2, 3, 3, 4))
    for activation in ["swish", "mish", "hard_sigmoid", "softplus", "selu", "exponential", "log_softmax", "silu", "gelu"]:
        layer("attention", activation, tf.keras.activations.get(activation), normal(3, 7))


def movement():
    indices = np.array([[1, 0, 2], [0, 0, 1]], np.int32)
    for dtype in ["float32", "int64", "string", "float16", "complex64", "bool"]:
        table = some(dtype, 2, 3, 4)
        for axis, batch in [(1, 1), (2, 1), (-1, -1), (2, 2), (1, 0)]:
            at = indices
            op("movement", f"GatherV2 {dtype} axis {axis} batch_dims {batch}",
               lambda t, i: raw.GatherV2(params=t, indices=i, axis=axis, batch_dims=batch), table, at)
        x = some(dtype, 3, 4, 2)
        op("movement", f"ReverseSequence {dtype}", lambda x, n: raw.ReverseSequence(input=x, seq_lengths=n, seq_dim=1, batch_dim=0), x, np.array([3, 0, 4], np.int64))
        op("movement", f"ReverseSequence {dtype} across", lambda x, n: raw.ReverseSequence(input=x, seq_lengths=n, seq_dim=0, batch_dim=2), x, np.array([2, 3], np.int32))
        op("movement", f"Roll {dtype}", lambda x: raw.Roll(input=x, shift=[1, -3], axis=[0, 1]), x)
        op("movement", f"MatrixBandPart {dtype}", lambda x: raw.MatrixBandPart(input=x, num_lower=1, num_upper=0), x)
        op("movement", f"MatrixBandPart {dtype} all above", lambda x: raw.MatrixBandPart(input=x, num_lower=0, num_upper=-1), x)
        op("movement", f"SpaceToBatch {dtype}", lambda x: raw.SpaceToBatch(input=x, paddings=[[1, 0], [0, 0]], block_size=2), some(dtype, 1, 3, 4, 2))
        op("movement", f"BatchToSpace {dtype}", lambda x: raw.BatchToSpace(input=x, crops=[[1, 0], [0, 1]], block_size=2), some(dtype, 4, 2, 3, 2))
        op("movement", f"Select {dtype}", lambda c, x, y: raw.Select(condition=c, x=x, y=y), some("bool", 3), x, some(dtype, 3, 4, 2))
        op("movement", f"SelectV2 {dtype}", lambda c, x, y: raw.SelectV2(condition=c, t=x, e=y), some("bool", 4, 1), x, some(dtype, 2))
        for axis in [-1, 0]:
            op("movement", f"OneHot {dtype} axis {axis}", lambda i, on, off: raw.OneHot(indices=i, depth=3, on_value=on, off_value=off, axis=axis), indices, some(dtype), some(dtype))
        op("movement", f"DynamicStitch {dtype}", lambda x, y: raw.DynamicStitch(indices=[[0, 3], [2, 1, 3]], data=[x, y]), some(dtype, 2, 2), some(dtype, 3, 2))
        for name in ["TensorScatterUpdate", "TensorScatterAdd", "TensorScatterSub", "TensorScatterMax", "TensorScatterMin"]:
            op("movement", f"{name} {dtype}", lambda t, u: getattr(raw, name)(tensor=t, indices=[[0], [2], [0]] if name != "TensorScatterUpdate" else [[2], [0]], updates=u),
               x, some(dtype, 3 if name != "TensorScatterUpdate" else 2, 4, 2))
        if dtype != "string":
            op("movement", f"ScatterNd {dtype}", lambda u: raw.ScatterNd(indices=[[0, 1], [2, 0], [0, 1]], updates=u, shape=[3, 2, 2]), some(dtype, 3, 2))
        op("movement", f"SparseToDense {dtype}", lambda v, d: raw.SparseToDense(sparse_indices=[[0, 1], [2, 0]], output_shape=[3, 2], sparse_values=v, default_value=d), some(dtype, 2), some(dtype))
        op("movement", f"Where {dtype}", lambda x: raw.Where(condition=x), some(dtype, 3, 2))
        op("movement", f"Unique {dtype}", lambda x: raw.Unique(x=x), some(dtype, 9))
        op("movement", f"ConjugateTranspose {dtype}", lambda x: raw.ConjugateTranspose(x=x, perm=[2, 0, 1]), x)
        op("movement", f"DynamicPartition {dtype}", lambda x: raw.DynamicPartition(data=x, partitions=[1, 0, 1], num_partitions=3), x)


def sums():
    for dtype in ["float32", "float16", "bfloat16", "float64", "complex64", "int32", "int8"]:
        near = {"float32": 1e-6, "float64": 1e-12, "complex64": 1e-6}.get(dtype, 0)
        x = some(dtype, 3, 5)
        for exclusive, reverse in itertools.product([False, True], repeat=2):
            op("sums", f"Cumsum {dtype} {exclusive} {reverse}", lambda x: raw.Cumsum(x=x, axis=1, exclusive=exclusive, reverse=reverse), x, tolerance=near)
            op("sums", f"Cumprod {dtype} {exclusive} {reverse}", lambda x: raw.Cumprod(x=x, axis=0, exclusive=exclusive, reverse=reverse), x, tolerance=near)
        rows = some(dtype, 6, 3)
        for kind in ["Sum", "Mean", "Max", "Min", "Prod"]:
            op("sums", f"Segment{kind} {dtype}", lambda x: getattr(raw, f"Segment{kind}")(data=x, segment_ids=[0, 0, 1, 3, 3, 3]), rows, tolerance=near)
            if kind != "Mean":
                op("sums", f"UnsortedSegment{kind} {dtype}", lambda x: getattr(raw, f"UnsortedSegment{kind}")(data=x, segment_ids=[2, 0, -1, 2, 0, 0], num_segments=4), rows, tolerance=near)
        if not dtype.startswith("complex"):
            for kind in ["Sum", "Mean", "SqrtN"]:
                op("sums", f"SparseSegment{kind} {dtype}", lambda x: getattr(raw, f"SparseSegment{kind}")(data=x, indices=[3, 0, 5, 5], segment_ids=[0, 0, 1, 3]), rows, tolerance=max(near, 1e-3 if dtype in ("float16", "bfloat16") else 0))


def words():
    numbers = np.array([0, -0.0, 1, -1.5, 3.14159274, 1e-7, 123456.789, 1e20, -2.5e-3, np.inf, -np.inf, np.nan, 0.1], np.float32)
    for dtype in ["float32", "float64"]:
        for attrs in [{}, {"precision": 3}, {"scientific": True}, {"shortest": True}, {"precision": 2, "width": 9}, {"precision": 1, "width": 8, "fill": "0"},
                      {"width": 12, "fill": "-"}, {"width": 10, "fill": "+"}, {"scientific": True, "precision": 1, "width": 12, "fill": " "}, {"shortest": True, "precision": 3}]:
            op("words", f"AsString {dtype} {attrs}", lambda x: raw.AsString(input=x, **attrs), numbers.astype(dtype))
    for dtype in ["int32", "int64", "int8", "uint8", "bool"]:
        for attrs in [{}, {"width": 5}, {"width": 5, "fill": "0"}, {"width": 4, "fill": "-"}]:
            op("words", f"AsString {dtype} {attrs}", lambda x: raw.AsString(input=x, **attrs), some(dtype, 5))


def volumes():
    for padding, stride in itertools.product(["SAME", "VALID"], [1, 2]):
        for size, k in [((5, 4), 3), ((3, 3), 2)]:
            full = [s * stride if padding == "SAME" else (s - 1) * stride + k for s in size]
            op("volumes", f"Conv2DBackpropInput {padding} {stride} {size} {k}", lambda f, d: raw.Conv2DBackpropInput(
                input_sizes=[2, *full, 3], filter=f, out_backprop=d, strides=[1, stride, stride, 1], padding=padding),
                normal(k, k, 3, 4), normal(2, *size, 4), tolerance=2e-6)
        full = [s * stride if padding == "SAME" else (s - 1) * stride + 3 for s in (2, 3, 2)]
        op("volumes", f"Conv3DBackpropInputV2 {padding} {stride}", lambda f, d: raw.Conv3DBackpropInputV2(
            input_sizes=[1, *full, 2], filter=f, out_backprop=d, strides=[1, stride, stride, stride, 1], padding=padding),
            normal(3, 3, 3, 2, 4), normal(1, 2, 3, 2, 4), tolerance=2e-6)
        op("volumes", f"Conv3D {padding} {stride}", lambda x, f: raw.Conv3D(input=x, filter=f, strides=[1, stride, stride, stride, 1], padding=padding),
           normal(1, 4, 5, 3, 2), normal(3, 2, 3, 2, 4), tolerance=2e-6)
        op("volumes", f"DepthwiseConv2dNativeBackpropInput {padding} {stride}", lambda f, d: raw.DepthwiseConv2dNativeBackpropInput(
            input_sizes=[1, 4 * stride, 5 * stride, 3] if padding == "SAME" else [1, 3 * stride + 3, 4 * stride + 3, 3], filter=f, out_backprop=d, strides=[1, stride, stride, 1], padding=padding),
            normal(3, 3, 3, 2), normal(1, 4, 5, 6), tolerance=2e-6)
        for kind in ["MaxPool3D", "AvgPool3D"]:
            op("volumes", f"{kind} {padding} {stride}", lambda x: getattr(raw, kind)(input=x, ksize=[1, 2, 3, 2, 1], strides=[1, stride, stride, stride, 1], padding=padding),
               normal(1, 4, 5, 4, 2), tolerance=1e-6)
        op("volumes", f"MaxPoolV2 {padding} {stride}", lambda x: raw.MaxPoolV2(input=x, ksize=[1, 3, 2, 1], strides=[1, stride, stride, 1], padding=padding), normal(1, 5, 5, 3))
        op("volumes", f"ExtractImagePatches {padding} {stride}", lambda x: raw.ExtractImagePatches(images=x, ksizes=[1, 3, 2, 1], strides=[1, stride, stride, 1], rates=[1, 1, 2, 1], padding=padding), normal(2, 6, 5, 3))
        op("volumes", f"Dilation2D {padding} {stride}", lambda x, f: raw.Dilation2D(input=x, filter=f, strides=[1, stride, stride, 1], rates=[1, 1, 2, 1], padding=padding), normal(1, 6, 7, 2), normal(2, 2, 2))


FAMILIES = {"recurrent-layers": recurrent, "attention": attention, "movement": movement, "sums": sums, "words": words, "volumes": volumes}


def main(made):
    """Records the families that the command line names, or all."""
    global rng
    for build in [made[name] for name in sys.argv[1:]] or made.values():
        # Each family is the same whether others are recorded with it or not.
        rng = np.random.default_rng(11)
        tf.keras.utils.set_random_seed(5)
        build()
    for family, cases in families.items():
        with gzip.GzipFile(os.path.join(OUT, f"{family}.json.gz"), "wb", mtime=0) as file:
            file.write(json.dumps(cases, separators=(",", ":")).encode())
        print(family, len(cases))


if __name__ == "__main__":
    main(FAMILIES)
