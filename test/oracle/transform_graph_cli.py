"""Records what the C++ transform_graph says to command lines: python3 transform_graph_cli.py > ../data/transform-graph-cli.json

The tool's own entry function, taken from the library inside the tensorflow wheel, is run as a process.
"""
import base64
import json
import os
import re
import subprocess
import sys
import tempfile

import tensorflow as tf
from tensorflow.core.framework import graph_pb2

DRIVER = '''
import ctypes, os, sys
folder = sys.argv[1] + '/'
ctypes.CDLL(folder + 'libtensorflow_framework.so.2', mode=ctypes.RTLD_GLOBAL)
library = ctypes.CDLL(folder + 'libtensorflow_cc.so.2', mode=ctypes.RTLD_GLOBAL)
run = library._ZN10tensorflow16graph_transforms27ParseFlagsAndTransformGraphEiPPcb
run.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_bool]
args = [b'whittle transform_graph'] + [os.fsencode(a) for a in sys.argv[2:]]
argv = (ctypes.c_char_p * (len(args) + 1))(*args, None)
code = run(len(args), ctypes.addressof(argv), False)
os._exit(code & 255)
'''

graph = graph_pb2.GraphDef()
graph.node.add(name='x', op='Placeholder').attr['dtype'].type = 1
relu = graph.node.add(name='r', op='Relu', input=['x'], device='/cpu:0')
relu.attr['T'].type = 1
graph.versions.producer = 27
pb = graph.SerializeToString(deterministic=True)
files = {
    'graph.pb': pb,
    'graph.txt': b'# a comment\nnode { name: "x" op: "Placeholder" }\nnode < name: \'r\' op: "Re" "lu", input: ["x"]; >\n',
    'empty.pb': b'',
    'cut.pb': pb[:-20],
    'garbage': b'hello world {',
    'unknown-field.txt': b'node {\n  name: "a"\n  colour: 3\n}\n',
    'dangling.txt': b'node { name: "a" op: "Relu" input: "nope" }',
}
io = ['--in_graph=graph.pb', '--out_graph=out.pb']
device = '--transforms=remove_device'
cases = [
    [], ['--help'], ['x', '--help'], ['--help', 'x'], ['--output_as_text=maybe'], ['--output_as_text=no', '--help'],
    ['--in_graph'], ['--output_as_textx'], ['-in_graph=graph.pb'], ['--', '--in_graph=graph.pb'], ['--in_graph=graph.pb', 'extra', device],
    ['--in_graph=graph.pb'], io, io + ['--transforms='], io + ['--transforms= \n'], io + ['--transforms=foo('],
    io + ['--transforms=foo(a'], io + ['--transforms=foo (a=1)'], io + ['--transforms=nope'], io + ['--transforms=remove_device nope'],
    ['--in_graph=missing.pb', '--out_graph=out.pb', device], ['--in_graph=.', '--out_graph=out.pb', device],
    ['--in_graph=garbage', '--out_graph=out.pb', device], ['--in_graph=cut.pb', '--out_graph=out.pb', device],
    ['--in_graph=unknown-field.txt', '--out_graph=out.pb', device], ['--in_graph=dangling.txt', '--out_graph=out.pb', device],
    ['--in_graph=empty.pb', '--out_graph=out.pb', device], ['--in_graph=graph.txt', '--out_graph=out.pb', device],
    ['--in_graph=graph.pb', '--out_graph=missing/out.pb', device], ['--in_graph=graph.pb', '--out_graph=.', device],
    io + [device], io + [device, '--output_as_text'], io + [device, '--output_as_text=TRUE'], io + [device, '--output_as_text=0'],
    io + [device, '--transforms=set_device(device="/gpu:1")', '--output_as_text=1'],
    io + ['--transforms=set_device(if_default=yes)'], io + ['--transforms=set_device(if_default=yes, ignore_errors=true)', '--output_as_text'],
    io + ['--transforms=remove_device(ignore_errors=1)'],
]
record = re.compile(r'^[IWEF]\d{4} [\d:.]+ +\d+ [\w.]+:\d+\] ', re.M)
folder = os.path.dirname(tf.__file__)
results = []
for args in cases:
    with tempfile.TemporaryDirectory() as place:
        for name, content in files.items():
            with open(os.path.join(place, name), 'wb') as file:
                file.write(content)
        run = subprocess.run([sys.executable, '-c', DRIVER, folder, *args], cwd=place, capture_output=True)
        out = os.path.join(place, 'out.pb')
        written = open(out, 'rb').read() if os.path.exists(out) else None
        text = run.stderr.decode().replace('WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n', '')
        log = [part for part in record.split(text) if part]
        results.append({
            'args': args, 'code': run.returncode, 'stdout': run.stdout.decode(),
            'log': [part.removesuffix('\n') for part in log],
            'out': None if written is None else base64.b64encode(written).decode(),
        })
json.dump({'files': {n: base64.b64encode(c).decode() for n, c in files.items()}, 'cases': results}, sys.stdout, indent=1)
