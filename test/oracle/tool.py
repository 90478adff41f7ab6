"""Answers what TensorFlow's C++ Graph Transform Tool makes of a graph.

Reads JSON lines {graph, inputs, outputs, transforms} (graph in base64) on stdin; writes {graph}, {error}, {crash} with
the signal's name, or {timeout} in seconds. The tool runs in a child process, so that it may die: TensorFlow is loaded
once, and a new child is forked in a moment.
"""

import base64
import json
import os
import signal
import sys

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from tensorflow.python.util._pywrap_transform_graph import TransformGraphWithStringInputs  # noqa: E402

TIMEOUT_SECONDS = int(os.environ.get("WHITTLE_ORACLE_TIMEOUT", "10"))


def serve():
    """Reads one line at a time and never ahead: what comes after a crash belongs to the next child."""
    with open(0, "rb", buffering=0, closefd=False) as lines:
        for line in iter(lines.readline, b""):
            task = json.loads(line)
            signal.alarm(TIMEOUT_SECONDS)
            try:
                graph = TransformGraphWithStringInputs(
                    base64.b64decode(task["graph"]), task["inputs"], task["outputs"], task["transforms"]
                )
                answer = {"graph": base64.b64encode(graph).decode()}
            except Exception as error:
                answer = {"error": str(error)}
            signal.alarm(0)
            say(answer)


def say(answer):
    print(json.dumps(answer), flush=True)


say({"ready": True})
while True:
    child = os.fork()
    if child == 0:
        serve()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        sys.exit(os.WEXITSTATUS(status))
    number = os.WTERMSIG(status)
    say({"timeout": TIMEOUT_SECONDS} if number == signal.SIGALRM else {"crash": signal.Signals(number).name})
