"""Loads SavedModels that whittle wrote, with TensorFlow's serving API, and prints what their signatures compute as JSON.

Arguments: a file of cases [{"folder", "signature", "inputs": {name: {"dtype", "shape", "values"}}}].
"""
import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
import numpy as np
import tensorflow as tf

results = []
with open(sys.argv[1]) as file:
    cases = json.load(file)
for case in cases:
    signature = tf.saved_model.load(case["folder"]).signatures[case["signature"]]
    inputs = {k: tf.constant(np.array(v["values"], object if v["dtype"] == "object" else v["dtype"]).reshape(v["shape"])) for k, v in case["inputs"].items()}
    outputs = signature(**inputs)
    results.append({k: {"shape": list(v.shape), "values": [x.decode() if isinstance(x, bytes) else x for x in v.numpy().ravel().tolist()]} for k, v in outputs.items()})
print(json.dumps(results))
