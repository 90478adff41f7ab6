"""Writes test/data/shapes.json.gz: what TensorFlow's own shape inference says of every node of a folder of graphs.

usage: python test/oracle/record-shapes.py GRAPHS_FOLDER test/data/shapes.json.gz

One entry a graph, by its path in the folder: the output shapes of each node in the file's order. A shape is the sizes
joined by "," with "?" for an unknown one, "" for a scalar, "-" for an unknown rank. `_output_shapes` attributes are
taken off before, so that every shape is inferred. Bodies of functions stand under "path#function", their arguments
being placeholders of unknown rank. Graphs that TensorFlow cannot import are left out.
"""
import csv
import gzip
import json
import os
import sys

os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf  # noqa: E402
from google.protobuf import text_format  # noqa: E402
from tensorflow.core.protobuf import meta_graph_pb2, saved_model_pb2  # noqa: E402
from tensorflow.python.framework import function_def_to_graph  # noqa: E402


def read(path):
    text = path.endswith(".pbtxt")
    message = tf.compat.v1.GraphDef()
    if os.path.basename(path).startswith("saved_model"):
        message = saved_model_pb2.SavedModel()
    elif path.endswith(".meta"):
        message = meta_graph_pb2.MetaGraphDef()
    with open(path, "rb") as file:
        data = file.read()
    if text:
        text_format.Parse(data, message)
    else:
        message.ParseFromString(data)
    if isinstance(message, saved_model_pb2.SavedModel):
        return message.meta_graphs[0].graph_def
    if isinstance(message, meta_graph_pb2.MetaGraphDef):
        return message.graph_def
    return message


def spell(shape):
    if shape.rank is None:
        return "-"
    return ",".join("?" if d is None else str(d) for d in shape.as_list())


def infer(graph_def):
    for node in graph_def.node:
        node.attr.pop("_output_shapes", None)
        node.device = ""
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(graph_def, name="")
        return [[spell(o.shape) for o in graph.get_operation_by_name(n.name).outputs] for n in graph_def.node]


def main(folder, target):
    found = {}
    with open(os.path.join(folder, "INDEX.tsv")) as file:
        for row in csv.DictReader(file, delimiter="\t"):
            path = row["file"]
            try:
                graph_def = read(os.path.join(folder, path))
                functions = list(graph_def.library.function)
                found[path] = infer(graph_def)
            except Exception as error:
                print(path, str(error)[:120], file=sys.stderr)
                continue
            for function in functions:
                try:
                    for attrs in function.arg_attr.values():
                        attrs.attr.pop("_output_shapes", None)
                    body, _ = function_def_to_graph.function_def_to_graph_def(
                        function, include_library_functions=True
                    )
                    body.library.CopyFrom(graph_def.library)
                    found[path + "#" + function.signature.name] = infer(body)
                except Exception as error:
                    print(path, function.signature.name, str(error)[:120], file=sys.stderr)
    data = json.dumps(found, separators=(",", ":"), sort_keys=True).encode()
    with open(target, "wb") as file:
        file.write(gzip.compress(data, 9, mtime=0))


main(*sys.argv[1:])
