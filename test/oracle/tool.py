"""Answers what TensorFlow's C++ Graph Transform Tool makes of a graph.

Reads JSON lines {graph, inputs, outputs, transforms} (graph in base64) on stdin; writes {graph} or {error}.
Dies where the tool dies: tool.ts starts it again.
"""

import base64
import json
import os
import sys

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from tensorflow.python.util._pywrap_transform_graph import TransformGraphWithStringInputs  # noqa: E402

print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    task = json.loads(line)
    try:
        graph = TransformGraphWithStringInputs(
            base64.b64decode(task["graph"]), task["inputs"], task["outputs"], task["transforms"]
        )
        answer = {"graph": base64.b64encode(graph).decode()}
    except Exception as error:
        answer = {"error": str(error)}
    print(json.dumps(answer), flush=True)
