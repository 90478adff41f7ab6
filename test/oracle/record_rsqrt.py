"""Prints the deviations in src/ops/reciprocal-root.ts. Needs an AMD x86-64 processor, a C compiler and numpy."""
import base64
import ctypes
import subprocess
import tempfile
import zlib

import numpy as np

CODE = """
#include <immintrin.h>
void estimate(const float* x, float* y, int n) {
  for (int i = 0; i < n; i += 4) _mm_storeu_ps(y + i, _mm_rsqrt_ps(_mm_loadu_ps(x + i)));
}
"""

with tempfile.TemporaryDirectory() as folder:
    with open(f"{folder}/e.c", "w") as file:
        file.write(CODE)
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", f"{folder}/e.so", f"{folder}/e.c"], check=True)
    library = ctypes.CDLL(f"{folder}/e.so")

deviations = []
for power in (0, 1):
    cells = ((127 + power) << 23 | (np.arange(4096, dtype=np.uint32) << 11)).astype(np.uint32)
    x = cells.view(np.float32).copy()
    y = np.empty_like(x)
    library.estimate(x.ctypes.data_as(ctypes.c_void_p), y.ctypes.data_as(ctypes.c_void_p), len(x))
    exact = 1 / np.sqrt((1 + (np.arange(4096) + 0.25) / 4096) * 2.0**power)
    scale = np.where(exact >= 1, 1, np.where(exact >= 0.5, 0.5, 0.25))
    rounded = ((1 + np.floor((exact / scale - 1) * 4096 + 0.5) / 4096) * scale).astype(np.float32)
    deviations += list((y.view(np.uint32) >> 11).astype(int) - (rounded.view(np.uint32) >> 11).astype(int) + 1)
packed = bytes(sum(int(d) << (2 * k) for k, d in enumerate(deviations[i : i + 4])) for i in range(0, 8192, 4))
print(base64.b64encode(zlib.compress(packed, 9)).decode())
