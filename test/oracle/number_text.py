"""Records C's %g for floats and doubles, and FarmHash fingerprints.

python3 number_text.py > ../data/number-text.json   (needs tensorflow for the fingerprints)
"""
import base64
import json
import random
import struct
import sys

import tensorflow as tf

random.seed(7)


def float32(bits):
    return struct.unpack('<f', struct.pack('<I', bits))[0]


def float_text(value):
    short = '%.6g' % value
    same = struct.pack('<f', float(short)) == struct.pack('<f', value)
    return short if same else '%.9g' % value


def double_text(value):
    short = '%.15g' % value
    return short if struct.pack('<d', float(short)) == struct.pack('<d', value) else '%.17g' % value


floats = [0x00000000, 0x80000000, 1, 0x007fffff, 0x7f7fffff, 0xff7fffff, 0x3f800000, 0x49742400, 0x4996b438]
floats += [(e << 23) for e in range(1, 255, 3)]  # powers of two: their decimals end in 5, so that ties occur
floats += [(e << 23) | 0x400000 for e in range(1, 255, 5)]
floats += [random.getrandbits(32) for _ in range(400)]
floats = [b for b in floats if (b >> 23) & 255 != 255]
doubles = [2.0 ** e for e in range(-60, 80, 7)] + [1 / 3, 1e15, 1e16, 123456789012345678, 5e-324, 1.7976931348623157e308]
doubles += [random.uniform(-1, 1) * 10 ** random.randint(-20, 20) for _ in range(200)]
fixed = [1125, 1375, 1625, 12125, 999994, 999995, 999999] + [random.randrange(1000, 10 ** 6) for _ in range(200)]
strings = [random.randbytes(n) for n in list(range(0, 70)) + [127, 128, 129, 200, 1000]]

json.dump({
    'floats': [[b, float_text(float32(b))] for b in floats],
    'doubles': [[v, double_text(v)] for v in doubles],
    'fixed': [[n, '%.2f' % (n / 1000.0)] for n in fixed],
    'fingerprints': [
        [base64.b64encode(s).decode(),
         str(int.from_bytes(tf.fingerprint(tf.constant([s]), 'farmhash64').numpy()[0].tobytes(), 'little'))]
        for s in strings
    ],
}, sys.stdout)
