"""Records test/data/control-flow.json.gz with TensorFlow 2.21: graphs whose branches, loops and calls lie in each other, and their results.

Run from the package's root. Given a folder, it runs NAME.pb of each graph there instead, as whittle wrote it, and compares.
"""
import base64
import gzip
import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
import numpy as np
import tensorflow as tf

tf1 = tf.compat.v1
tf1.enable_control_flow_v2()
FILE = "test/data/control-flow.json.gz"
OUTPUTS = ["value:0", "other:0"]


@tf.function
def scaled(value, weights):
    return tf.matmul(value, weights) * tf.constant(0.75) + offset(weights)


@tf.function
def offset(weights):
    return tf.reduce_sum(weights) * tf.constant(0.01)


def nested(x, n):
    """Calls in a loop in a loop, and a branch in a branch after it."""
    weights = tf.constant([[1.0, 0.5], [0.25, 1.0]])

    def outer(i, a):
        def inner(j, c):
            c = tf.cond(tf.equal(j % 2, 0), lambda: c * 1.5, lambda: c - tf.constant(0.125))
            return j + 1, scaled(c, weights)

        _, a = tf.while_loop(lambda j, c: j < i + 2, inner, [0, a])
        total = tf.reduce_sum(a)
        small = lambda: tf.constant([[1.0, 1.0], [1.0, 1.0]])
        large = lambda: tf.cond(total > 5.0, lambda: scaled(a * 0.1, weights), lambda: a * 0.2)
        return i + 1, tf.cond(total > 3.0, large, small)

    i, a = tf.while_loop(lambda i, a: i < n, outer, [0, x])
    return a, i


def last_round(x, n):
    """A body that fails when it runs once more than its condition allows."""
    weights = tf.constant([1.0, 2.0, 3.0])
    places = tf.constant([0, 2])

    def body(i, a):
        picked = tf.gather(weights, i + places)
        with tf.control_dependencies([tf.debugging.Assert(tf.less(i, 1), [i])]):
            return i + 1, a + tf.reduce_sum(picked)

    i, a = tf.while_loop(lambda i, a: i < tf.minimum(n, 1), body, [0, x])
    return a, i


def no_arguments(x, n):
    y = tf.cond(n > 2, lambda: tf.constant(1.0), lambda: tf.constant(2.0))
    return y + x, y


def swapped(x, n):
    """Loop variables that change places or stay, and branches that give back what they are given."""
    body = lambda i, a, c, w: (i + 1, c, a, w)
    _, a, c, w = tf.while_loop(lambda i, a, c, w: i < n, body, [0, x, x * 2, x * 3])
    return a + 2 * c + w + tf.cond(n > 1, lambda: x, lambda: a), c


def invariants(x, n):
    """An inner loop that starts from values of the outer one that never change."""
    w = x * 2.0

    def body(i, a):
        grow = lambda j, s: (j + 1, s + w * w + 1.0)
        _, s = tf.while_loop(lambda j, s: tf.reduce_sum(s) < 50.0, grow, [tf.constant(0), w])
        return i + 1, a + s + tf.cond(tf.reduce_sum(w) > 0.0, lambda: w * 3.0, lambda: -w)

    i, a = tf.while_loop(lambda i, a: i < n, body, [0, x])
    return a, i


def collected(x, n):
    array = tf.TensorArray(tf.float32, size=4)
    body = lambda i, array: (i + 1, array.write(i, x * tf.cast(i, tf.float32)))
    i, array = tf.while_loop(lambda i, array: i < 4, body, [tf.minimum(n, 0), array])
    return array.stack(), i


SHAPES = {nested: [2, 2], last_round: [], no_arguments: [], swapped: [2], invariants: [2], collected: [2]}


def build(function, shape):
    with tf.Graph().as_default() as graph:
        x = tf1.placeholder(tf.float32, shape, name="x")
        n = tf1.placeholder(tf.int32, [], name="n")
        value, other = tf.function(function, autograph=False)(x, n)
        tf.identity(value, name="value")
        tf.identity(other, name="other")
    return graph.as_graph_def()


def run(definition, feeds):
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(definition, name="")
        given = {k: v for k, v in feeds.items() if k[:-2] in {op.name for op in graph.get_operations()}}
        with tf1.Session() as session:
            return session.run(OUTPUTS, given)


def listed(value):
    return {"dtype": str(value.dtype), "shape": list(value.shape), "values": value.ravel().tolist()}


def record():
    rng = np.random.default_rng(1)
    recorded = []
    for function, shape in SHAPES.items():
        definition = build(function, shape)
        runs = []
        for n in (0, 1, 3):
            feeds = {"x:0": rng.standard_normal(shape).astype(np.float32), "n:0": np.int32(n)}
            results = run(definition, feeds)
            runs.append({
                "feeds": {k: listed(np.asarray(v)) for k, v in feeds.items()},
                "outputs": {k: listed(v) for k, v in zip(OUTPUTS, results)},
            })
        graph = base64.b64encode(definition.SerializeToString(deterministic=True)).decode()
        recorded.append({"name": function.__name__, "graph": graph, "runs": runs})
    with open(FILE, "wb") as file:
        file.write(gzip.compress(json.dumps(recorded).encode(), mtime=0))


def compare(folder):
    array = lambda value: np.array(value["values"], value["dtype"]).reshape(value["shape"])
    with gzip.open(FILE) as file:
        recorded = json.load(file)
    for entry in recorded:
        definition = tf1.GraphDef()
        with open(f"{folder}/{entry['name']}.pb", "rb") as file:
            definition.ParseFromString(file.read())
        for each in entry["runs"]:
            results = run(definition, {k: array(v) for k, v in each["feeds"].items()})
            for result, expected in zip(results, each["outputs"].values()):
                np.testing.assert_allclose(result, array(expected), 1e-6, 1e-6)
        print(entry["name"], "agrees")


if len(sys.argv) > 1:
    compare(sys.argv[1])
else:
    record()
