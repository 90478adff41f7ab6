"""Records what TensorFlow says of five Keras applications: test/data/keras/*.json.gz and *.pb.gz.

    python test/oracle/keras-figures.py test/data/keras

Needs TensorFlow 2.21 with Keras. The graphs are frozen for one example; of float constants only dtype and shape
are kept, so that the files hold the structure and no weights. The figures are the parameters that Keras counts,
the FLOPs of TensorFlow's profiler in all and by op type, and the shapes that TensorFlow infers for every node.
"""
import gzip
import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2
from tensorflow.python.profiler import model_analyzer, option_builder

APPLICATIONS = {
    "MobileNetV2": (tf.keras.applications.MobileNetV2, 224),
    "ResNet50": (tf.keras.applications.ResNet50, 224),
    "InceptionV3": (tf.keras.applications.InceptionV3, 299),
    "EfficientNetB0": (tf.keras.applications.EfficientNetB0, 224),
    "DenseNet121": (tf.keras.applications.DenseNet121, 224),
}


def float_operations(graph):
    options = option_builder.ProfileOptionBuilder.float_operation()
    options["output"] = "none"
    total = model_analyzer.profile(graph, options=options)
    by_op = {}
    for node in walk(total):
        if node.float_ops:
            try:
                op = graph.get_operation_by_name(node.name).type
            except (KeyError, ValueError):
                continue
            by_op[op] = by_op.get(op, 0) + node.float_ops
    return total.total_float_ops, by_op


def walk(node):
    for child in node.children:
        yield child
        yield from walk(child)


def strip(graph_def):
    for node in graph_def.node:
        if node.op != "Const" or node.attr["dtype"].type != tf.float32.as_datatype_enum:
            continue
        shape = tf.TensorShape(node.attr["value"].tensor.tensor_shape)
        if shape.num_elements() > 8:
            tensor = node.attr["value"].tensor
            tensor.ClearField("tensor_content")
            tensor.ClearField("float_val")


def shapes_of(graph):
    shapes = {}
    for op in graph.get_operations():
        shapes[op.name] = [None if o.shape.rank is None else [-1 if d is None else d for d in o.shape] for o in op.outputs]
    return shapes


def main(folder):
    os.makedirs(folder, exist_ok=True)
    for name, (build, size) in APPLICATIONS.items():
        model = build(weights=None, input_shape=(size, size, 3))
        function = tf.function(lambda x: model(x, training=False))
        concrete = function.get_concrete_function(tf.TensorSpec([1, size, size, 3], tf.float32, name="image"))
        graph_def = convert_variables_to_constants_v2(concrete).graph.as_graph_def()
        strip(graph_def)
        with tf.Graph().as_default() as graph:
            tf.import_graph_def(graph_def, name="")
            total, by_op = float_operations(graph)
            shapes = shapes_of(graph)
        record = {
            "application": name,
            "tensorflow": tf.version.VERSION,
            "nodes": len(graph_def.node),
            "params": model.count_params(),
            "flops": total,
            "flopsByOp": by_op,
            "shapes": shapes,
        }
        with gzip.GzipFile(os.path.join(folder, name + ".pb.gz"), "wb", mtime=0) as file:
            file.write(graph_def.SerializeToString(deterministic=True))
        with gzip.GzipFile(os.path.join(folder, name + ".json.gz"), "wb", mtime=0) as file:
            file.write(json.dumps(record, separators=(",", ":"), sort_keys=True).encode())
        print(name, record["nodes"], record["params"], total, by_op)


main(sys.argv[1])
