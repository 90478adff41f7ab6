"""Writes the small checkpoints under test/data/checkpoints/ with TensorFlow 2.21. Run from the package's root."""
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf

tf1 = tf.compat.v1
tf1.disable_eager_execution()
FOLDER = "test/data/checkpoints"


def partitioned():
    """A variable in three row slices, one in two column slices, and a plain one."""
    with tf1.Graph().as_default(), tf1.Session() as session:
        rows = tf1.get_variable("rows", [7, 2], partitioner=tf1.fixed_size_partitioner(3, axis=0))
        columns = tf1.get_variable("columns", [2, 200], partitioner=tf1.fixed_size_partitioner(2, axis=1))
        plain = tf1.get_variable("plain", [3], initializer=tf1.constant_initializer([1, 2, 3]))
        session.run(tf1.global_variables_initializer())
        for axis, whole, value in ((0, rows, np.arange(14).reshape(7, 2)), (1, columns, np.arange(400).reshape(2, 200))):
            at = 0
            for part in whole:
                size = part.shape[axis]
                part.load(np.float32(np.take(value, range(at, at + size), axis=axis)), session)
                at += size
        tf1.train.Saver().save(session, f"{FOLDER}/partitioned", write_meta_graph=False, write_state=False)


def dtypes():
    """One tensor of every type that a checkpoint can hold, strings of several lengths among them."""
    values = {
        "float": np.float32([1.5, -2]), "double": np.float64([[1e300], [-0.0]]), "int32": np.int32([-7, 2**31 - 1]),
        "uint8": np.uint8([0, 255]), "int16": np.int16([-32768]), "int8": np.int8([-128, 127]),
        "int64": np.int64([-2**63, 2**53 + 1]), "bool": np.bool_([True, False, True]),
        "uint16": np.uint16([65535]), "uint32": np.uint32([2**32 - 1]), "uint64": np.uint64([2**64 - 1]),
        "half": np.float16([0.1, -2]), "complex64": np.complex64([1 + 2j]), "complex128": np.complex128([3 - 4j]),
        "string": np.array([[b"", b"short"], [b"x" * 300, "größe".encode()]], dtype=object), "scalar": np.float32(4),
        "empty": np.zeros([0, 3], np.float32),
    }
    with tf1.Graph().as_default(), tf1.Session() as session:
        tensors = [tf.constant(v) for v in values.values()] + [tf.cast(tf.constant([0.1]), tf.bfloat16)]
        names = list(values) + ["bfloat16"]
        save = tf.raw_ops.SaveV2(prefix=f"{FOLDER}/dtypes", tensor_names=names, shape_and_slices=[""] * len(names), tensors=tensors)
        session.run(save)


os.makedirs(FOLDER, exist_ok=True)
partitioned()
dtypes()
