"""Records what TensorFlow gives for ten Keras applications with seeded weights: test/data/keras/outputs.json.

    python test/oracle/record_keras.py test/data/keras

Needs TensorFlow 2.21 with Keras. Structures that `keras-figures.py` did not write are frozen here, at a small size
where the architecture has no other than its usual one to lose. Weights and images are made from their names, by a
rule that `test/evaluate/keras-weights.ts` repeats:

- u = the mulberry32 stream seeded by the FNV-1a hash of `APPLICATION|NODE`, a number in [0, 1) for each element;
- a value is low + (high - low) * u in double precision, rounded to float;
- float constants of more than eight elements without content are weights. Of rank two or more: a kernel, from -limit to
  limit with
  limit = gain * sqrt(6 / fan-in) (fan-in: all sizes but the last; where the last is 1 the kernel is depthwise, and the one
  before counts neither). A name with `/Cast_1/` is a variance, with `/Cast_2/` a scale: 0.5 to 1.5. Others: -0.1 to 0.1;
- the gain keeps activations from growing and MobileNetV2 from magnifying rounding (with 1, TensorFlow itself is
  6e-6 from the result in double precision); it and the range of the image stand in `outputs.json`.

Kept are the output in full, and of some inner tensors their norm and sixteen elements evenly apart.
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
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

APPS = tf.keras.applications
# Application: how to build it where there is no file yet, the range of its image, a gain for its kernels.
APPLICATIONS = {
    "MobileNet": (lambda: APPS.MobileNet(weights=None, input_shape=(96, 96, 3), alpha=0.5, classes=100), (-1, 1), 1),
    "MobileNetV2": (None, (-1, 1), 0.9),
    "MobileNetV3Small": (lambda: APPS.MobileNetV3Small(weights=None, input_shape=(96, 96, 3), classes=100), (0, 255), 1),
    "MobileNetV3Large": (lambda: APPS.MobileNetV3Large(weights=None, input_shape=(96, 96, 3), classes=100), (0, 255), 0.85),
    "ResNet50": (None, (-1, 1), 0.7),
    "InceptionV3": (None, (-1, 1), 0.75),
    "EfficientNetB0": (None, (0, 255), 0.7),
    "DenseNet121": (None, (-1, 1), 1),
    "Xception": (lambda: APPS.Xception(weights=None, input_shape=(96, 96, 3), classes=100), (-1, 1), 0.65),
    "VGG16": (lambda: APPS.VGG16(weights=None, input_shape=(48, 48, 3), classes=100), (-1, 1), 1),
}
INNER = ("Conv2D", "DepthwiseConv2dNative", "MatMul", "AvgPool", "MaxPool", "Mean", "ConcatV2", "AddV2")
SAMPLES = 16


def fnv1a(text):
    value = 0x811C9DC5
    for byte in text.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def mulberry32(seed, count):
    a = (np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x6D2B79F5)).astype(np.uint32)
    t = (a ^ (a >> 15)) * (a | 1)
    t = (t + (t ^ (t >> 7)) * (t | 61)) ^ t
    return (t ^ (t >> 14)).astype(np.float64) / 4294967296


def filled(application, name, shape, low, high):
    u = mulberry32(fnv1a(f"{application}|{name}"), int(np.prod(shape)))
    return (low + (high - low) * u).astype(np.float32).reshape(shape)


def weight_range(name, shape, gain):
    if len(shape) >= 2:
        fan_in = np.prod(shape[:-1]) if shape[-1] != 1 else np.prod(shape[:-2])
        limit = gain * float(np.sqrt(6 / fan_in))
        return -limit, limit
    return (0.5, 1.5) if "/Cast_1/" in name or "/Cast_2/" in name else (-0.1, 0.1)


def float_constants(graph_def):
    for node in graph_def.node:
        if node.op == "Const" and node.attr["dtype"].type == tf.float32.as_datatype_enum:
            tensor = node.attr["value"].tensor
            yield node.name, tensor, [dim.size for dim in tensor.tensor_shape.dim]


def structure(build, file):
    if not os.path.exists(file):
        tf.keras.backend.clear_session()
        model = build()
        function = tf.function(lambda x: model(x, training=False))
        concrete = function.get_concrete_function(tf.TensorSpec([1, *model.input_shape[1:]], tf.float32, name="image"))
        graph_def = convert_variables_to_constants_v2(concrete).graph.as_graph_def()
        for _, tensor, shape in float_constants(graph_def):
            if np.prod(shape) > 8:
                tensor.ClearField("tensor_content")
                tensor.ClearField("float_val")
        with gzip.GzipFile(file, "wb", mtime=0) as out:
            out.write(graph_def.SerializeToString(deterministic=True))
    with gzip.open(file) as content:
        return tf.compat.v1.GraphDef.FromString(content.read())


def main(folder):
    records = {}
    for application, (build, span, gain) in APPLICATIONS.items():
        graph_def = structure(build, os.path.join(folder, application + ".pb.gz"))
        for name, tensor, shape in float_constants(graph_def):
            if np.prod(shape) > 8 and not tensor.tensor_content and not tensor.float_val:
                tensor.tensor_content = filled(application, name, shape, *weight_range(name, shape, gain)).tobytes()
        shape = [dim.size for dim in graph_def.node[0].attr["shape"].shape.dim]
        image = filled(application, "image", shape, *span)
        inner = [node.name for node in graph_def.node if node.op in INNER]
        inner = inner[:: max(1, len(inner) // 8)] + [next(n.input[0] for n in graph_def.node if n.op == "Softmax")]
        inner = list(dict.fromkeys(inner))
        with tf.Graph().as_default() as graph:
            tf.import_graph_def(graph_def, name="")
            with tf.compat.v1.Session(graph=graph) as session:
                output, *values = session.run(["Identity:0"] + [name + ":0" for name in inner], {"image:0": image})
        tensors = {}
        for name, value in zip(inner, values):
            flat = value.ravel()
            samples = [float(flat[i * flat.size // SAMPLES]) for i in range(SAMPLES)]
            tensors[name] = {"shape": value.shape, "norm": float(np.linalg.norm(flat.astype(np.float64))), "samples": samples}
        records[application] = {
            "range": span,
            "gain": gain,
            "shape": output.shape,
            "output": base64.b64encode(output.tobytes()).decode(),
            "inner": tensors,
        }
        print(application, len(graph_def.node), "largest", output.max(), {n: round(t["norm"], 3) for n, t in list(tensors.items())[-3:]})
    with open(os.path.join(folder, "outputs.json"), "w") as out:
        json.dump(records, out, separators=(",", ":"))
        out.write("\n")


main(sys.argv[1])
