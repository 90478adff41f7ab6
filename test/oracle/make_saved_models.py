"""Writes small SavedModels under test/data/saved-models/ with TensorFlow 2.21, and what TensorFlow computes with them.

Run from the package's root. Each model gets a folder and a line in cases.json: feeds and outputs by tensor name.
"""
import json
import os
import shutil

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
        "feeds": {k: {"dtype": str(v.dtype), "shape": list(v.shape), "values": v.ravel().tolist()} for k, v in values.items()},
        "outputs": {k: {"dtype": str(v.dtype), "shape": list(v.shape), "values": v.ravel().tolist()} for k, v in zip(outputs, results)},
    })


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


shutil.rmtree(FOLDER, ignore_errors=True)
os.makedirs(FOLDER)
for name, module in (("branches", Branches()), ("table", Table())):
    tf.saved_model.save(module, f"{FOLDER}/{name}", signatures=module.__call__.get_concrete_function())
keras_export()
keras_lstm()
tf1_partitioned()
two_graphs()
record("branches", feeds={"n": np.int32(3)})
record("table", feeds={"ids": np.int32([3, 0])})
record("keras_export")
record("keras_lstm", feeds={"keras_tensor_6": np.int32([[1, 2, 3, 0, 6], [6, 5, 4, 3, 2]]), "inputs": np.int32([[1, 2, 3, 0, 6], [6, 5, 4, 3, 2]])})
record("tf1_partitioned")
record("two_graphs", tags=("serve", "gpu"), signature="scale")
for folder, _, files in os.walk(FOLDER):
    for file in files:
        if file == "fingerprint.pb":
            os.remove(os.path.join(folder, file))
with open(f"{FOLDER}/cases.json", "w") as file:
    json.dump(cases, file)
    file.write("\n")
