"""Writes test/data/frozen.json.gz: what TensorFlow 2.21 computes with the published models that have variables.

Run from the package's root with the folder of published graphs as the argument. Inputs are seeded; outputs are those
of the model itself with its variables restored, not of a frozen copy, so that whittle's freezing has something to agree with.
"""
import gzip
import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
import numpy as np
import tensorflow as tf

tf1 = tf.compat.v1
GRAPHS = sys.argv[1]
MOST_VALUES = 400
cases = []


def packed(value):
    """All values of a small tensor; of a large one every n-th."""
    flat = np.asarray(value).ravel()
    step = -(-flat.size // MOST_VALUES) or 1
    return {"dtype": str(flat.dtype), "shape": list(np.shape(value)), "step": step, "values": flat[::step].tolist()}


def wave(shape):
    """Numbers in [-1, 1] that any language makes alike: ((i * 7919) mod 2001 - 1000) / 1000."""
    count = int(np.prod(shape))
    return (((np.arange(count) * 7919) % 2001 - 1000) / 1000).astype(np.float32).reshape(shape)


def add(model, signature, session, feeds, outputs):
    """`feeds`: tensor -> shape of a wave, or the values themselves."""
    values = {k: wave(v) if isinstance(v, list) else v for k, v in feeds.items()}
    results = session.run(outputs, values)
    # How far outputs move when every input moves by its last bit: no other order of sums can be closer.
    nudged = session.run(outputs, {k: np.nextafter(v, np.float32(2)) if v.dtype == np.float32 else v for k, v in values.items()})
    cases.append({
        "model": model, "signature": signature,
        "feeds": {k: {"dtype": str(v.dtype), "shape": list(v.shape)} | ({} if isinstance(feeds[k], list) else {"values": v.ravel().tolist()})
                  for k, v in values.items()},
        "outputs": {k: packed(v) | {"sensitivity": float(np.max(np.abs(v - w)))} for k, v, w in zip(outputs, results, nudged)},
    })


def saved_model(name, signature, shape):
    with tf1.Graph().as_default(), tf1.Session() as session:
        meta = tf1.saved_model.load(session, ["serve"], f"{GRAPHS}/{name}")
        definition = meta.signature_def[signature]
        [info] = definition.inputs.values()
        add(name, signature, session, {info.name: shape}, [info.name for _, info in sorted(definition.outputs.items())])


saved_model("half_plus_two", "serving_default", [3, 1])
saved_model("half_plus_two", "regress_x2_to_y3", [3, 1])
saved_model("half_plus_two_tf2", "serving_default", [1])
saved_model("half_plus_two_tf2", "classify_x2_to_y3", [1])
saved_model("basic_pitch", "serving_default", [1, 43844, 1])
with tf1.Graph().as_default(), tf1.Session() as session:
    saver = tf1.train.import_meta_graph(f"{GRAPHS}/regression_ckpt/model.meta")
    saver.restore(session, f"{GRAPHS}/regression_ckpt/model")
    add("regression_ckpt/model.meta", None, session, {"X:0": [3]}, ["pred:0"])
with tf1.Graph().as_default(), tf1.Session() as session:
    definition = tf1.GraphDef()
    with open(f"{GRAPHS}/syn_sparse_ckpt_a/graph.pb", "rb") as file:
        definition.ParseFromString(file.read())
    tf1.import_graph_def(definition, name="")
    session.run("save/restore_all", {"save/Const:0": f"{GRAPHS}/syn_sparse_ckpt_a/model"})
    add("syn_sparse_ckpt_a/graph.pb", None, session, {"ids:0": np.int64([3, 0, 29])}, ["output:0"])
with gzip.GzipFile("test/data/frozen.json.gz", "wb", mtime=0) as file:
    file.write(json.dumps(cases).encode())
