"""Writes test/data/checkpoints/first.ckpt: a checkpoint of TensorFlow's first format, with TensorFlow 2.21.

Run from the package's root.
"""
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf

tf1 = tf.compat.v1
with tf1.Graph().as_default(), tf1.Session() as session:
    values = np.arange(12, dtype=np.float32).reshape(4, 3)
    tf1.get_variable("parts", [4, 3], initializer=tf1.zeros_initializer(), partitioner=tf1.fixed_size_partitioner(2), use_resource=False)
    tf1.get_variable("scalar", initializer=tf1.constant(-7, tf.int64))
    tf1.get_variable("text", initializer=tf1.constant(["a", "größe"]))
    tf1.get_variable("half", initializer=tf1.constant([0.5, -2], tf.float16))
    session.run(tf1.global_variables_initializer())
    for variable in tf1.global_variables():
        if variable.name.startswith("parts"):
            rows = values[:2] if "part_0" in variable.name else values[2:]
            variable.load(rows, session)
    path = tf1.train.Saver(write_version=tf1.train.SaverDef.V1).save(session, "test/data/checkpoints/first.ckpt", write_meta_graph=False, write_state=False)
    print(path, os.path.getsize(path))
