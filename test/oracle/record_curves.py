"""Writes test/data/curves.json: bits of floats, and of what TensorFlow 2.21 on a processor with AVX makes of them."""
import json
import os
import pathlib

os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
import numpy as np
import tensorflow as tf

EDGES = [0, -0.0, np.inf, -np.inf, np.nan, 88.7, 89, -87, -120, 1e-8, -1e-8, 17, -17, 8, -8, 1]
random = np.random.default_rng(7)
# A multiple of the packet of eight: what is left over goes another way.
inputs = np.concatenate([EDGES, random.normal(0, 1, 24), random.normal(0, 8, 24)]).astype(np.float32)
ops = {"Exp": tf.exp, "Tanh": tf.tanh, "Sigmoid": tf.sigmoid, "Elu": tf.nn.elu, "Selu": tf.nn.selu}


def bits(values):
    return [int(v) for v in np.asarray(values, np.float32).view(np.uint32)]


def record(x):
    return {"inputs": bits(x), **{name: bits(op(x)) for name, op in ops.items()}}


# Seven values are no packet: TensorFlow takes the C library's exponential.
recorded = {"packets": record(inputs), "leftover": record(inputs[-7:])}
path = pathlib.Path(__file__).parents[1] / "data" / "curves.json"
path.write_text(json.dumps(recorded) + "\n")
