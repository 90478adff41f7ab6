"""Writes small SavedModels under test/data/saved-models/ with TensorFlow 2.21, and what TensorFlow computes with them.

Run from the package's root, with the names of models to write only those. Each gets a folder and an entry in
cases.json: feeds and outputs by tensor name.
"""
import json
import os
import shutil
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
import numpy as np
import tensorflow as tf

tf1 = tf.compat.v1
FOLDER = "test/data/saved-models"
cases = []


def record(name, tags=("serve",), signature="serving_default", feeds=None):
    """Loads a model as TensorFlow 1 does and runs a signature on seeded inputs."""
    rng = np.random.default_rng(7)
    with tf1.Graph().as_default(), tf1.Session() as session:
        meta = tf1.saved_model.load(session, list(tags), f"{FOLDER}/{name}")
        definition = meta.signature_def[signature]
        values = {}
        for key, info in sorted(definition.inputs.items()):
            shape = [dim.size if dim.size > 0 else 2 for dim in info.tensor_shape.dim]
            dtype = tf.as_dtype(info.dtype).as_numpy_dtype
            values[info.name] = (feeds or {}).get(key, rng.standard_normal(shape)).astype(dtype)
        outputs = [info.name for _, info in sorted(definition.outputs.items())]
        results = session.run(outputs, values)
    cases.append({
        "model": name, "tags": ",".join(tags), "signature": signature,
        "feeds": {k: listed(v) for k, v in values.items()},
        "outputs": {k: listed(v) for k, v in zip(outputs, results)},
    })


def listed(value):
    values = [v.decode() if isinstance(v, bytes) else v for v in value.ravel().tolist()]
    return {"dtype": str(value.dtype), "shape": list(value.shape), "values": values}


def reseed(model_variables):
    rng = np.random.default_rng(3)
    for variable in model_variables:
        if "float" in str(variable.dtype):
            variable.assign(np.abs(rng.standard_normal(variable.shape)) * 0.5)


class Branches(tf.Module):
    """If and While whose functions read variables."""

    def __init__(self):
        self.a = tf.Variable([1.0, -2.0, 3.0], name="a")
        self.step = tf.Variable(0.5, name="step")

    @tf.function(input_signature=[tf.TensorSpec([3], tf.float32, name="x"), tf.TensorSpec([], tf.int32, name="n")])
    def __call__(self, x, n):
        y = tf.cond(n > 1, lambda: x * self.a, lambda: x - self.a)
        for _ in tf.range(n):
            y = y + self.step * self.a
        return {"y": y, "total": tf.reduce_sum(y)}


class Table(tf.Module):
    """An embedding read by ResourceGather, and a call within a call."""

    def __init__(self):
        self.table = tf.Variable(np.arange(12, dtype=np.float32).reshape(4, 3), name="table")

    @tf.function
    def look(self, ids):
        return tf.gather(self.table, ids) + tf.nn.embedding_lookup(self.table, ids)

    @tf.function(input_signature=[tf.TensorSpec([None], tf.int32, name="ids")])
    def __call__(self, ids):
        return {"rows": self.look(ids), "twice": self.look(ids) * 2.0}


def keras_export():
    model = tf.keras.Sequential([
        tf.keras.Input([6, 6, 2]), tf.keras.layers.Conv2D(3, 3, padding="same"), tf.keras.layers.BatchNormalization(),
        tf.keras.layers.ReLU(), tf.keras.layers.Dropout(0.5), tf.keras.layers.GlobalAveragePooling2D(),
        tf.keras.layers.Dense(4, activation="softmax"),
    ])
    reseed(model.variables)
    model.export(f"{FOLDER}/keras_export", verbose=False)


def keras_lstm():
    model = tf.keras.Sequential([tf.keras.Input([5], dtype="int32"), tf.keras.layers.Embedding(7, 4), tf.keras.layers.LSTM(3), tf.keras.layers.Dense(2)])
    reseed(model.variables)
    model.export(f"{FOLDER}/keras_lstm", verbose=False)


def tf1_partitioned():
    with tf1.Graph().as_default(), tf1.Session() as session:
        x = tf1.placeholder(tf.float32, [None, 4], name="x")
        w = tf1.get_variable("w", [4, 6], partitioner=tf1.fixed_size_partitioner(2), use_resource=False)
        b = tf1.get_variable("b", [6], use_resource=True)
        y = tf.identity(tf.matmul(x, tf.convert_to_tensor(w)) + b, name="y")
        step = tf1.train.get_or_create_global_step()
        with tf.control_dependencies([step.assign_add(1)]):
            z = tf.nn.softmax(y, name="z")
        session.run(tf1.global_variables_initializer())
        rng = np.random.default_rng(5)
        for part in w:
            part.load(rng.standard_normal(part.shape).astype(np.float32), session)
        b.load(rng.standard_normal([6]).astype(np.float32), session)
        tf1.saved_model.simple_save(session, f"{FOLDER}/tf1_partitioned", {"x": x}, {"y": y, "z": z})


def two_graphs():
    """Two MetaGraphs in one file, told apart by tags, each with a signature of its own."""
    builder = tf1.saved_model.Builder(f"{FOLDER}/two_graphs")
    for i, tags in enumerate((["train"], ["serve", "gpu"])):
        with tf1.Graph().as_default(), tf1.Session() as session:
            x = tf1.placeholder(tf.float32, [2], name="x")
            v = tf1.get_variable("v", initializer=[1.0, 2.0])
            y = tf.identity(x * v + float(i), name="y")
            session.run(tf1.global_variables_initializer())
            signature = {"scale": tf1.saved_model.predict_signature_def({"x": x}, {"y": y})}
            if i == 0:
                builder.add_meta_graph_and_variables(session, tags, signature)
            else:
                builder.add_meta_graph(tags, signature)
    builder.save()


class Nested(tf.Module):
    """Branches in branches and a choice of several, all over variables, within calls within calls."""

    def __init__(self):
        self.v = tf.Variable([2.0], name="v")

    @tf.function
    def chosen(self, x):
        return tf.switch_case(tf.cast(x[0], tf.int32), [lambda: x, lambda: self.v - x, lambda: x * self.v])

    @tf.function(input_signature=[tf.TensorSpec([1], tf.float32, name="x")])
    def __call__(self, x):
        if tf.reduce_sum(x) > 0:
            if tf.reduce_sum(self.v) > 1:
                y = self.chosen(x) * self.v
            else:
                y = x
            for i in tf.range(2):
                y = y + self.v * tf.cast(i, tf.float32)
        else:
            y = -self.v
        return {"y": y}


class StringTable(tf.Module):
    """Tables of constants, from strings to numbers and back."""

    def __init__(self):
        to_id = tf.lookup.KeyValueTensorInitializer(["a", "b", "c"], tf.constant([10, 20, 30], tf.int64))
        to_name = tf.lookup.KeyValueTensorInitializer(tf.constant([10, 20, 30], tf.int64), ["A", "B", "C"])
        self.ids = tf.lookup.StaticHashTable(to_id, -1)
        self.names = tf.lookup.StaticHashTable(to_name, "?")

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="text")])
    def __call__(self, text):
        ids = self.ids.lookup(text)
        return {"ids": ids, "names": self.names.lookup(ids), "size": self.ids.size()}


class Vocabulary(tf.Module):
    """A table that is read from a text file among the assets."""

    def __init__(self):
        with open("vocabulary.txt", "w") as file:
            file.write("the\nquick\nbrown\nfox\n")
        source = tf.lookup.TextFileInitializer("vocabulary.txt", tf.string, tf.lookup.TextFileIndex.WHOLE_LINE, tf.int64, tf.lookup.TextFileIndex.LINE_NUMBER)
        self.table = tf.lookup.StaticVocabularyTable(source, 1)
        self.rows = tf.Variable(np.arange(10, dtype=np.float32).reshape(5, 2))

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="text")])
    def __call__(self, text):
        return {"rows": tf.gather(self.rows, self.table.lookup(text))}


def tf1_loop():
    """TensorFlow 1's Switch, Merge, Enter and Exit around variables of both kinds, and a table."""
    with tf1.Graph().as_default(), tf1.Session() as session:
        tf1.disable_control_flow_v2()
        x = tf1.placeholder(tf.float32, [None, 3], name="x")
        n = tf1.placeholder(tf.int32, [], name="n")
        text = tf1.placeholder(tf.string, [2], name="text")
        w = tf1.get_variable("w", [3, 3], use_resource=True)
        b = tf1.get_variable("b", [3], use_resource=False)
        table = tf1.lookup.StaticHashTable(tf1.lookup.KeyValueTensorInitializer(["a", "b"], [1.5, 2.5]), 0.0)
        y = tf.cond(n > 1, lambda: tf.matmul(x, w), lambda: x + b)
        _, z = tf.while_loop(lambda i, v: i < n, lambda i, v: (i + 1, tf.matmul(v, w) + b), [0, y])
        z = tf.add(z, tf.reduce_sum(table.lookup(text)), name="z")
        session.run([tf1.global_variables_initializer(), tf1.tables_initializer()])
        rng = np.random.default_rng(5)
        w.load(rng.standard_normal([3, 3]).astype(np.float32), session)
        b.load(rng.standard_normal([3]).astype(np.float32), session)
        tf1.saved_model.simple_save(session, f"{FOLDER}/tf1_loop", {"x": x, "n": n, "text": text}, {"z": z}, legacy_init_op=tf1.tables_initializer())
        tf1.enable_control_flow_v2()


def module(name, made):
    tf.saved_model.save(made, f"{FOLDER}/{name}", signatures=made.__call__.get_concrete_function())


makers = {
    "branches": lambda: module("branches", Branches()),
    "table": lambda: module("table", Table()),
    "keras_export": keras_export,
    "keras_lstm": keras_lstm,
    "tf1_partitioned": tf1_partitioned,
    "two_graphs": two_graphs,
    "nested": lambda: module("nested", Nested()),
    "string_table": lambda: module("string_table", StringTable()),
    "vocabulary": lambda: module("vocabulary", Vocabulary()),
    "tf1_loop": tf1_loop,
}
recorders = {
    "branches": lambda: record("branches", feeds={"n": np.int32(3)}),
    "table": lambda: record("table", feeds={"ids": np.int32([3, 0])}),
    "keras_lstm": lambda: record("keras_lstm", feeds={"keras_tensor_7": np.int32([[1, 2, 3, 0, 6], [6, 5, 4, 3, 2]])}),
    "two_graphs": lambda: record("two_graphs", tags=("serve", "gpu"), signature="scale"),
    "nested": lambda: [record("nested", feeds={"x": np.float32([x])}) for x in (1.5, -1.0, 2.0)],
    "string_table": lambda: record("string_table", feeds={"text": np.array(["b", "x", "a"], object)}),
    "vocabulary": lambda: record("vocabulary", feeds={"text": np.array(["fox", "the", "zebra"], object)}),
    "tf1_loop": lambda: [record("tf1_loop", feeds={"n": np.int32(n), "text": np.array(["b", "z"], object)}) for n in (0, 3)],
}
wanted = sys.argv[1:] or list(makers)
with open(f"{FOLDER}/cases.json") as file:
    cases = [case for case in json.load(file) if case["model"] not in wanted]
for name in wanted:
    shutil.rmtree(f"{FOLDER}/{name}", ignore_errors=True)
    makers[name]()
    recorders.get(name, lambda: record(name))()
for folder, _, files in os.walk(FOLDER):
    for file in files:
        if file == "fingerprint.pb":
            os.remove(os.path.join(folder, file))
with open(f"{FOLDER}/cases.json", "w") as file:
    json.dump(cases, file)
    file.write("\n")
