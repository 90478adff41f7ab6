"""The C++ tool as a worker: one JSON request a line, `{"file", "inputs", "outputs", "transforms"}`; one answer
a line, `{"wall", "cpu"}` in milliseconds, or `{"error"}`. The time covers what a caller has to wait for: parsing, the transforms, serializing.
"""
import json
import os
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
from tensorflow.python.util._pywrap_transform_graph import TransformGraphWithStringInputs as transform  # noqa: E402

print(json.dumps({"ready": True}), flush=True)
kept = ("", b"")
for line in sys.stdin:
    request = json.loads(line)
    try:
        if kept[0] != request["file"]:
            with open(request["file"], "rb") as file:
                kept = (request["file"], file.read())
        started = (time.perf_counter(), time.process_time())
        transform(kept[1], request["inputs"], request["outputs"], request["transforms"])
        answer = {"wall": (time.perf_counter() - started[0]) * 1000, "cpu": (time.process_time() - started[1]) * 1000}
    except Exception as error:  # What the tool refuses is no reason to stop measuring.
        answer = {"error": str(error)[:300]}
    print(json.dumps(answer), flush=True)
