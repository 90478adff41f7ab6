"""Records what TensorFlow says of eight further Keras applications: test/data/keras-further.json.gz.

    python test/oracle/keras-further.py test/data/keras-further.json.gz

Needs TensorFlow 2.21 with Keras. The graphs themselves are not kept, only figures: of every application the parameters
that Keras counts, the nodes, the FLOPs of TensorFlow's profiler in all and by op type, and how often each kind of node is
in it. Nodes are of one kind when op, attributes, input shapes and the integers that they are given are the same; each kind
stands once, as a node on inputs of those shapes, with the shapes of its outputs and the FLOPs that the profiler counts
for it. Called functions are inlined, because the profiler does not look into them.
"""
import base64
import gzip
import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import tensorflow as tf  # noqa: E402
from tensorflow.python.framework import tensor_util  # noqa: E402
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2  # noqa: E402
from tensorflow.python.profiler import model_analyzer, option_builder  # noqa: E402

APPLICATIONS = {
    "ConvNeXtTiny": 224,
    "EfficientNetV2B0": 224,
    "InceptionResNetV2": 299,
    "MobileNetV3Small": 224,
    "NASNetMobile": 224,
    "ResNet50V2": 224,
    "VGG16": 224,
    "Xception": 299,
}
WHOLE = (tf.int32, tf.int64)


def uncompiled(function):
    """tf.function without jit_compile: a compiled call is never inlined. Keras makes one of a grouped convolution."""
    def made(*args, jit_compile=None, **options):
        return function(*args, **options)
    return made


tf.function = uncompiled(tf.function)


def spell(shape):
    return "-" if shape.rank is None else ",".join("?" if d is None else str(d) for d in shape.as_list())


def float_operations(graph):
    options = option_builder.ProfileOptionBuilder.float_operation()
    options["output"] = "none"
    found = {}
    stack = [model_analyzer.profile(graph, options=options)]
    while stack:
        node = stack.pop()
        if node.float_ops:
            found[node.name] = node.float_ops
        stack.extend(node.children)
    return found


class Kinds:
    def __init__(self):
        self.graph = tf.compat.v1.GraphDef()
        self.graph.versions.producer = tf.version.GRAPH_DEF_VERSION
        self.names = {}
        self.shapes = {}
        self.flops = {}

    def of(self, op, flops):
        inputs = []
        for tensor in op.inputs:
            value = tensor_util.constant_value(tensor) if tensor.dtype in WHOLE else None
            inputs.append((tensor.dtype.as_datatype_enum, spell(tensor.shape), None if value is None else value.tolist()))
        attrs = {k: v for k, v in op.node_def.attr.items() if not k.startswith("_")}
        key = json.dumps([op.type, inputs, sorted((k, str(v)) for k, v in attrs.items())])
        name = self.names.setdefault(key, f"{op.type}/{len(self.names)}")
        if name in self.shapes:
            return name
        node = tf.compat.v1.NodeDef(name=name, op=op.type)
        for k, v in attrs.items():
            node.attr[k].CopyFrom(v)
        for i, (tensor, (dtype, _, value)) in enumerate(zip(op.inputs, inputs)):
            source = self.graph.node.add(name=f"{name}/i{i}", op="Placeholder" if value is None else "Const")
            node.input.append(source.name)
            source.attr["dtype"].type = dtype
            if value is None:
                source.attr["shape"].shape.CopyFrom(tensor.shape.as_proto())
            else:
                source.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(value, tensor.dtype, tensor.shape.as_list()))
        self.graph.node.append(node)
        self.shapes[name] = [spell(o.shape) for o in op.outputs]
        self.flops[name] = flops
        return name


def main(target):
    kinds, applications = Kinds(), {}
    for name, size in APPLICATIONS.items():
        model = getattr(tf.keras.applications, name)(weights=None, input_shape=(size, size, 3))
        function = tf.function(lambda x: model(x, training=False))
        concrete = function.get_concrete_function(tf.TensorSpec([1, size, size, 3], tf.float32, name="image"))
        graph_def = convert_variables_to_constants_v2(concrete, aggressive_inlining=True).graph.as_graph_def()
        with tf.Graph().as_default() as graph:
            tf.import_graph_def(graph_def, name="")
            costs = float_operations(graph)
            counts, by_op = {}, {}
            for op in graph.get_operations():
                flops = costs.get(op.name, 0)
                if flops:
                    by_op[op.type] = by_op.get(op.type, 0) + flops
                if op.type not in ("Const", "Placeholder", "NoOp"):
                    kind = kinds.of(op, flops)
                    counts[kind] = counts.get(kind, 0) + 1
        applications[name] = {"params": model.count_params(), "nodes": len(graph_def.node), "flopsByOp": by_op,
                              "weights": weights_of(graph_def), "counts": counts}
        print(name, len(graph_def.node), model.count_params(), sum(by_op.values()), by_op)
    record = {
        "tensorflow": tf.version.VERSION,
        "graph": base64.b64encode(kinds.graph.SerializeToString(deterministic=True)).decode(),
        "shapes": kinds.shapes,
        "flops": kinds.flops,
        "applications": applications,
    }
    data = json.dumps(record, separators=(",", ":"), sort_keys=True).encode()
    with open(target, "wb") as file:
        file.write(gzip.compress(data, 9, mtime=0))


def weights_of(graph_def):
    """How often a float constant of each shape stands in the graph."""
    found = {}
    for node in graph_def.node:
        if node.op == "Const" and node.attr["dtype"].type == tf.float32.as_datatype_enum:
            shape = spell(tf.TensorShape(node.attr["value"].tensor.tensor_shape))
            found[shape] = found.get(shape, 0) + 1
    return found


main(sys.argv[1])
