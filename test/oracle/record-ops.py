"""Records what TensorFlow's CPU kernels give, family by family, for test/ops/recorded.test.ts.

    python test/oracle/record-ops.py            # writes test/data/ops/FAMILY.json.gz

Each case is a GraphDef of one op on placeholders, with its feeds and what came out. Needs tensorflow-cpu 2.21.
Channels-first cases need oneDNN; they are recorded by a second process.
"""
import base64
import gzip
import itertools
import json
import os
import subprocess
import sys

FIRST = len(sys.argv) > 1 and sys.argv[1] == 'channels-first'
os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
os.environ['TF_ENABLE_ONEDNN_OPTS'] = '1' if FIRST else '0'
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

raw = tf.raw_ops
OUT = os.path.join(os.path.dirname(__file__), '..', 'data', 'ops')
families = {}
rng = np.random.default_rng(7)


def tensor(value):
    value = np.asarray(value)
    if value.dtype == object or value.dtype.kind in 'SU':
        items = [base64.b64encode(x if isinstance(x, bytes) else str(x).encode()).decode() for x in value.ravel()]
        return {'dtype': 'string', 'shape': list(value.shape), 'strings': items}
    name = tf.as_dtype(value.dtype).name
    return {'dtype': name, 'shape': list(value.shape), 'bytes': base64.b64encode(np.ascontiguousarray(value).tobytes()).decode()}


def case(family, name, build, *inputs, quantized=None, tolerance=2e-6, producer=1882):
    """build(placeholders...) → a tensor, a list or a namedtuple of them."""
    graph = tf.Graph()
    with graph.as_default():
        places = []
        for i, value in enumerate(inputs):
            dtype = (quantized or {}).get(i, value.dtype if value.dtype.kind not in 'SUO' else tf.string)
            places.append(tf.compat.v1.placeholder(dtype, value.shape, f'in{i}'))
        made = build(*places)
        outputs = [made] if isinstance(made, tf.Tensor) else [x for x in made if isinstance(x, tf.Tensor)]
    feeds = {f'in{i}:0': value for i, value in enumerate(inputs)}
    record = {
        'name': name,
        'graph': base64.b64encode(graph.as_graph_def().SerializeToString()).decode(),
        'feeds': {k: dict(tensor(v), dtype=tf.as_dtype((quantized or {}).get(i, v.dtype)).name if v.dtype.kind not in 'SUO' else 'string')
                  for i, (k, v) in enumerate(feeds.items())},
        'fetches': [x.name for x in outputs],
        'tolerance': tolerance,
    }
    with tf.compat.v1.Session(graph=graph) as session:
        try:
            got = session.run(outputs, feeds)
        except tf.errors.OpError as error:
            print('cannot record', family, name, str(error)[:120], file=sys.stderr)
            return
    record['outputs'] = []
    for x, value in zip(outputs, got):
        value = np.asarray(value)
        if x.dtype.is_quantized:
            value = value.astype({tf.quint8: np.uint8, tf.qint8: np.int8, tf.qint32: np.int32, tf.quint16: np.uint16, tf.qint16: np.int16}[x.dtype])
        record['outputs'].append(dict(tensor(value), dtype=x.dtype.name))
    families.setdefault(family, []).append(record)


def normal(*shape, dtype=np.float32):
    return rng.normal(0, 1, shape).astype(dtype)


def convolutions(data_format):
    def image(n, h, w, c):
        x = normal(n, h, w, c)
        return x.transpose(0, 3, 1, 2).copy() if data_format == 'NCHW' else x

    def per_axis(h, w):
        return [1, 1, h, w] if data_format == 'NCHW' else [1, h, w, 1]

    family = 'convolution' if data_format == 'NHWC' else 'channels-first'
    for padding, (kh, kw), stride, dilation, (ci, co) in itertools.product(
            ['SAME', 'VALID'], [(1, 1), (3, 3), (5, 2)], [1, 2], [1, 2], [(3, 5), (18, 9)]):
        if stride > 1 and dilation > 1:
            continue
        case(family, f'Conv2D {padding} {kh}x{kw} stride {stride} dilation {dilation} {ci}→{co}',
             lambda x, f: raw.Conv2D(input=x, filter=f, strides=per_axis(stride, stride), padding=padding,
                                     dilations=per_axis(dilation, dilation), data_format=data_format),
             image(1, 10, 7, ci), normal(kh, kw, ci, co))
    for padding, stride, channels in itertools.product(['SAME', 'VALID'], [1, 2], [3, 16, 21]):
        for multiplier in [1, 2]:
            case(family, f'DepthwiseConv2dNative {padding} stride {stride} {channels}×{multiplier}',
                 lambda x, f: raw.DepthwiseConv2dNative(input=x, filter=f, strides=per_axis(stride, stride), padding=padding,
                                                        data_format=data_format),
                 image(1, 6, 5, channels), normal(3, 3, channels, multiplier))
    for op, padding, size, stride in itertools.product(['MaxPool', 'AvgPool'], ['SAME', 'VALID'], [2, 3], [1, 2]):
        def build(x):
            attrs = dict(ksize=per_axis(size, size), strides=per_axis(stride, stride), padding=padding, data_format=data_format)
            return raw.MaxPool(input=x, **attrs) if op == 'MaxPool' else raw.AvgPool(value=x, **attrs)
        case('pooling' if data_format == 'NHWC' else family, f'{op} {padding} {size} stride {stride}', build, image(2, 9, 7, 5))
    for training in [False, True]:
        c = 6
        stats = [normal(c) if not training else np.zeros(0, np.float32), np.abs(normal(c)) + 0.5 if not training else np.zeros(0, np.float32)]
        case('normalization' if data_format == 'NHWC' else family, f'FusedBatchNormV3 training {training}',
             lambda x, s, o, m, v: raw.FusedBatchNormV3(x=x, scale=s, offset=o, mean=m, variance=v, epsilon=1e-3,
                                                        is_training=training, data_format=data_format)[:3],
             image(2, 4, 5, c), normal(c), normal(c), *stats, tolerance=5e-6)
    case(family if data_format == 'NCHW' else 'activation', f'BiasAdd {data_format}',
         lambda x, b: raw.BiasAdd(value=x, bias=b, data_format=data_format), image(2, 3, 4, 5), normal(5))


if FIRST:
    convolutions('NCHW')
else:
    convolutions('NHWC')
    # Explicit padding, groups, other dtypes, empty tensors.
    case('convolution', 'Conv2D EXPLICIT', lambda x, f: raw.Conv2D(input=x, filter=f, strides=[1, 1, 1, 1], padding='EXPLICIT',
         explicit_paddings=[0, 0, 1, 2, 0, 3, 0, 0]), normal(1, 6, 7, 4), normal(3, 3, 4, 8))
    case('convolution', 'Conv2D groups', lambda x, f: raw.Conv2D(input=x, filter=f, strides=[1, 1, 1, 1], padding='SAME'),
         normal(1, 6, 7, 8), normal(3, 3, 4, 6))
    case('convolution', 'Conv2D double', lambda x, f: raw.Conv2D(input=x, filter=f, strides=[1, 2, 2, 1], padding='SAME'),
         normal(1, 6, 7, 4, dtype=np.float64), normal(3, 3, 4, 6, dtype=np.float64), tolerance=1e-12)
    case('convolution', 'Conv2D half', lambda x, f: raw.Conv2D(input=x, filter=f, strides=[1, 1, 1, 1], padding='SAME'),
         normal(1, 6, 7, 4, dtype=np.float16), normal(3, 3, 4, 6, dtype=np.float16), tolerance=2e-3)
    case('convolution', 'Conv2D empty', lambda x, f: raw.Conv2D(input=x, filter=f, strides=[1, 1, 1, 1], padding='SAME'),
         normal(0, 6, 7, 4), normal(3, 3, 4, 6))
    case('convolution', 'Conv3D', lambda x, f: raw.Conv3D(input=x, filter=f, strides=[1, 1, 2, 1, 1], padding='SAME'),
         normal(1, 4, 5, 6, 3), normal(2, 3, 3, 3, 4))
    for padding, stride in itertools.product(['SAME', 'VALID'], [1, 2, 3]):
        size = 5 if padding == 'SAME' else {1: 5, 2: 5, 3: 6}[stride]
        out = -(-size // stride) if padding == 'SAME' else -(-(size - 2) // stride)
        case('convolution', f'Conv2DBackpropInput {padding} stride {stride}',
             lambda f, y: raw.Conv2DBackpropInput(input_sizes=[2, size, size, 4], filter=f, out_backprop=y,
                                                  strides=[1, stride, stride, 1], padding=padding),
             normal(3, 3, 4, 6), normal(2, out, out, 6))
    for mode in ['REFLECT', 'SYMMETRIC']:
        case('convolution', f'FusedPadConv2D {mode}', lambda x, f: raw.FusedPadConv2D(
            input=x, paddings=[[0, 0], [1, 2], [2, 1], [0, 0]], filter=f, mode=mode, strides=[1, 2, 2, 1], padding='VALID'),
            normal(1, 6, 7, 3), normal(3, 3, 3, 5))
        for align in [False, True]:
            case('convolution', f'FusedResizeAndPadConv2D {mode} align {align}', lambda x, f: raw.FusedResizeAndPadConv2D(
                input=x, size=[9, 8], paddings=[[0, 0], [1, 1], [1, 2], [0, 0]], filter=f, mode=mode, strides=[1, 1, 1, 1],
                padding='VALID', resize_align_corners=align), normal(1, 5, 6, 3), normal(3, 3, 3, 5))
    # Matrix products.
    for ta, tb in itertools.product([False, True], [False, True]):
        for m, k, n in [(3, 5, 7), (1, 33, 40), (13, 8, 16)]:
            a, b = normal(m, k), normal(k, n)
            case('matmul', f'MatMul {m}x{k}x{n} {ta} {tb}', lambda x, y: raw.MatMul(a=x, b=y, transpose_a=ta, transpose_b=tb),
                 a.T.copy() if ta else a, b.T.copy() if tb else b)
        case('matmul', f'BatchMatMulV2 {ta} {tb}', lambda x, y: raw.BatchMatMulV2(x=x, y=y, adj_x=ta, adj_y=tb),
             normal(2, 1, *((4, 3) if ta else (3, 4))), normal(5, *((6, 4) if tb else (4, 6))))
    for dtype in [np.float64, np.int32, np.int64]:
        a = (rng.integers(-9, 9, (3, 4)) if dtype != np.float64 else rng.normal(0, 1, (3, 4))).astype(dtype)
        b = (rng.integers(-9, 9, (4, 5)) if dtype != np.float64 else rng.normal(0, 1, (4, 5))).astype(dtype)
        case('matmul', f'MatMul {np.dtype(dtype).name}', lambda x, y: raw.MatMul(a=x, b=y), a, b, tolerance=1e-12)
    case('matmul', 'MatMul empty', lambda x, y: raw.MatMul(a=x, b=y), normal(3, 0), normal(0, 5))
    for equation, shapes in [('ij,jk->ik', [(3, 4), (4, 5)]), ('bij,bjk->bik', [(2, 3, 4), (2, 4, 5)]), ('abc,cd->abd', [(2, 3, 4), (4, 5)]),
                             ('ij->ji', [(3, 4)]), ('ij->i', [(3, 4)]), ('...ij,...jk->...ik', [(2, 1, 3, 4), (5, 4, 6)]),
                             ('abcd,aecd->acbe', [(2, 3, 4, 5), (2, 6, 4, 5)]), ('ii->i', [(4, 4)])]:
        case('matmul', f'Einsum {equation}', lambda *xs: raw.Einsum(inputs=xs, equation=equation), *[normal(*s) for s in shapes])
    # Activations and normalizations.
    values = np.concatenate([normal(60) * 4, [0.0, -0.0, 30, -30, 6, 6.5]]).astype(np.float32)
    for name in ['Relu', 'Relu6', 'Elu', 'Selu', 'Softplus', 'Softsign']:
        for dtype, tolerance in [(np.float32, 2e-6), (np.float64, 1e-9), (np.float16, 2e-3)]:
            case('activation', f'{name} {np.dtype(dtype).name}', lambda x: getattr(raw, name)(features=x), values.astype(dtype), tolerance=tolerance)
    case('activation', 'Relu int32', lambda x: raw.Relu(features=x), np.arange(-5, 5, dtype=np.int32))
    case('activation', 'Relu int64', lambda x: raw.Relu(features=x), np.arange(-5, 5, dtype=np.int64))
    case('activation', 'LeakyRelu', lambda x: raw.LeakyRelu(features=x, alpha=0.3), values)
    case('activation', 'BiasAdd int32', lambda x, b: raw.BiasAdd(value=x, bias=b), np.arange(12, dtype=np.int32).reshape(3, 4), np.arange(4, dtype=np.int32))
    for name in ['Softmax', 'LogSoftmax']:
        for dtype, tolerance in [(np.float32, 2e-6), (np.float64, 1e-12), (np.float16, 2e-3)]:
            case('normalization', f'{name} {np.dtype(dtype).name}', lambda x: getattr(raw, name)(logits=x), (normal(3, 7) * 5).astype(dtype), tolerance=tolerance)
    for radius in [1, 5]:
        case('normalization', f'LRN {radius}', lambda x: raw.LRN(input=x, depth_radius=radius, bias=2, alpha=0.3, beta=0.75), normal(2, 3, 4, 9))
    case('normalization', 'L2Loss', lambda x: raw.L2Loss(t=x), normal(5, 6))
    case('pooling', 'MaxPoolWithArgmax', lambda x: raw.MaxPoolWithArgmax(input=x, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding='SAME'), normal(2, 5, 4, 3))
    case('pooling', 'MaxPool3D', lambda x: raw.MaxPool3D(input=x, ksize=[1, 2, 2, 2, 1], strides=[1, 2, 1, 2, 1], padding='SAME'), normal(1, 4, 5, 6, 3))
    case('pooling', 'AvgPool3D', lambda x: raw.AvgPool3D(input=x, ksize=[1, 2, 2, 2, 1], strides=[1, 2, 1, 2, 1], padding='SAME'), normal(1, 4, 5, 6, 3))
    # Images.
    for op, (align, half), size in itertools.product(
            ['ResizeBilinear', 'ResizeNearestNeighbor', 'ResizeBicubic'], [(False, False), (True, False), (False, True)], [(7, 9), (3, 2), (5, 6), (1, 1)]):
        case('image', f'{op} align {align} half {half} {size}', lambda x: getattr(raw, op)(images=x, size=list(size), align_corners=align,
             half_pixel_centers=half), normal(2, 5, 6, 3), tolerance=5e-6 if op == 'ResizeBicubic' else 2e-6)
    for align, size in itertools.product([False, True], [(7, 9), (3, 2)]):
        case('image', f'ResizeArea align {align} {size}', lambda x: raw.ResizeArea(images=x, size=list(size), align_corners=align), normal(2, 5, 6, 3), tolerance=5e-6)
    case('image', 'ResizeBilinear uint8', lambda x: raw.ResizeBilinear(images=x, size=[4, 4]), rng.integers(0, 255, (1, 3, 5, 2)).astype(np.uint8))
    boxes = np.array([[0, 0, 1, 1], [0.1, 0.2, 0.7, 0.9], [-0.2, 0.3, 1.3, 0.6], [0.8, 0.9, 0.1, 0.2]], np.float32)
    for method, size in itertools.product(['bilinear', 'nearest'], [(3, 4), (1, 1)]):
        case('image', f'CropAndResize {method} {size}', lambda x, b: raw.CropAndResize(image=x, boxes=b, box_ind=[0, 1, 1, 0], crop_size=list(size),
             method=method, extrapolation_value=7), normal(2, 6, 5, 3), boxes)
    # Fake quantization.
    for bits, narrow, (lo, hi) in itertools.product([2, 8, 16], [False, True], [(-1, 1), (-0.3, 2.7), (0.2, 1.5), (-3, -0.5), (0, 0)]):
        case('fake-quant', f'FakeQuantWithMinMaxVars {bits} {narrow} {lo}…{hi}', lambda x: raw.FakeQuantWithMinMaxVars(
            inputs=x, min=float(lo), max=float(hi), num_bits=bits, narrow_range=narrow), normal(50) * 2)
    case('fake-quant', 'FakeQuantWithMinMaxArgs', lambda x: raw.FakeQuantWithMinMaxArgs(inputs=x, min=-2, max=5), normal(50) * 3)
    case('fake-quant', 'FakeQuantWithMinMaxVarsPerChannel', lambda x: raw.FakeQuantWithMinMaxVarsPerChannel(
        inputs=x, min=[-1., -2., 0.], max=[1., 0.5, 3.]), normal(4, 3))
    # Quantized values.
    for T, mode, (lo, hi) in itertools.product([tf.quint8, tf.qint8], ['MIN_COMBINED', 'MIN_FIRST', 'SCALED'], [(-1, 1), (-0.5, 3.7), (0, 6)]):
        if mode == 'MIN_FIRST' and T == tf.qint8:
            continue
        for rounding in (['HALF_AWAY_FROM_ZERO', 'HALF_TO_EVEN'] if mode == 'SCALED' else ['HALF_AWAY_FROM_ZERO']):
            case('quantized', f'QuantizeV2 {T.name} {mode} {lo}…{hi} {rounding}', lambda x: raw.QuantizeV2(
                input=x, min_range=float(lo), max_range=float(hi), T=T, mode=mode, round_mode=rounding), normal(60) * 2, tolerance=0)
        codes = np.arange(256, dtype=np.uint8) if T == tf.quint8 else np.arange(-128, 128).astype(np.int8)
        case('quantized', f'Dequantize {T.name} {mode} {lo}…{hi}', lambda x: raw.Dequantize(input=x, min_range=float(lo), max_range=float(hi), mode=mode),
             codes, quantized={0: T}, tolerance=1e-7)
    a8, b8 = rng.integers(0, 256, (4, 6)).astype(np.uint8), rng.integers(0, 256, (6, 5)).astype(np.uint8)
    ranges = dict(min_a=-1., max_a=2., min_b=-0.5, max_b=3.)
    case('quantized', 'QuantizedMatMul', lambda a, b: raw.QuantizedMatMul(a=a, b=b, Toutput=tf.qint32, **ranges), a8, b8, quantized={0: tf.quint8, 1: tf.quint8}, tolerance=1e-7)
    for padding, stride in itertools.product(['SAME', 'VALID'], [1, 2]):
        case('quantized', f'QuantizedConv2D {padding} {stride}', lambda x, f: raw.QuantizedConv2D(
            input=x, filter=f, min_input=-1., max_input=2., min_filter=-0.5, max_filter=3., strides=[1, stride, stride, 1], padding=padding),
            rng.integers(0, 256, (1, 5, 6, 3)).astype(np.uint8), rng.integers(0, 256, (3, 3, 3, 4)).astype(np.uint8),
            quantized={0: tf.quint8, 1: tf.quint8}, tolerance=1e-7)
    case('quantized', 'QuantizedBiasAdd', lambda x, b: raw.QuantizedBiasAdd(input=x, bias=b, min_input=-1., max_input=2., min_bias=-0.5, max_bias=0.7,
         out_type=tf.qint32), rng.integers(0, 256, (3, 4)).astype(np.uint8), rng.integers(0, 256, (4,)).astype(np.uint8), quantized={0: tf.quint8, 1: tf.quint8}, tolerance=1e-6)
    for name in ['QuantizedRelu', 'QuantizedRelu6']:
        case('quantized', name, lambda x: getattr(raw, name)(features=x, min_features=-4., max_features=9.), np.arange(256, dtype=np.uint8), quantized={0: tf.quint8}, tolerance=0)
    case('quantized', 'QuantizedMaxPool', lambda x: raw.QuantizedMaxPool(input=x, min_input=-1., max_input=1., ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding='SAME'),
         rng.integers(0, 256, (1, 5, 5, 3)).astype(np.uint8), quantized={0: tf.quint8}, tolerance=0)
    case('quantized', 'QuantizedAvgPool', lambda x: raw.QuantizedAvgPool(input=x, min_input=-1., max_input=1., ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding='SAME'),
         rng.integers(0, 256, (1, 5, 5, 3)).astype(np.uint8), quantized={0: tf.quint8}, tolerance=0)
    c32 = rng.integers(-2**28, 2**28, 60).astype(np.int32)
    case('quantized', 'RequantizationRange', lambda x: raw.RequantizationRange(input=x, input_min=-50., input_max=50.), c32, quantized={0: tf.qint32}, tolerance=1e-6)
    case('quantized', 'Requantize', lambda x: raw.Requantize(input=x, input_min=-50., input_max=50., requested_output_min=-5., requested_output_max=6., out_type=tf.quint8),
         c32, quantized={0: tf.qint32}, tolerance=0)
    case('quantized', 'QuantizeDownAndShrinkRange', lambda x: raw.QuantizeDownAndShrinkRange(input=x, input_min=-50., input_max=50., out_type=tf.quint8),
         c32, quantized={0: tf.qint32}, tolerance=1e-6)
    for signed, given in itertools.product([False, True], [False, True]):
        case('quantized', f'QuantizeAndDequantizeV2 signed {signed} given {given}', lambda x: raw.QuantizeAndDequantizeV2(
            input=x, input_min=-1.5, input_max=2., signed_input=signed, range_given=given), normal(40), tolerance=1e-6)
    # Detectors.
    corners = rng.uniform(0, 1, (30, 4)).astype(np.float32)
    scores = np.round(rng.uniform(0, 1, 30), 2).astype(np.float32)
    for iou in [0.2, 0.5]:
        case('detection', f'NonMaxSuppressionV2 {iou}', lambda b, s: raw.NonMaxSuppressionV2(boxes=b, scores=s, max_output_size=10, iou_threshold=iou), corners, scores)
        case('detection', f'NonMaxSuppressionV3 {iou}', lambda b, s: raw.NonMaxSuppressionV3(boxes=b, scores=s, max_output_size=20, iou_threshold=iou, score_threshold=0.4), corners, scores)
        for pad in [False, True]:
            case('detection', f'NonMaxSuppressionV4 {iou} {pad}', lambda b, s: raw.NonMaxSuppressionV4(
                boxes=b, scores=s, max_output_size=25, iou_threshold=iou, score_threshold=0.4, pad_to_max_output_size=pad), corners, scores)
        for sigma in [0., 0.5]:
            case('detection', f'NonMaxSuppressionV5 {iou} {sigma}', lambda b, s: raw.NonMaxSuppressionV5(
                boxes=b, scores=s, max_output_size=25, iou_threshold=iou, score_threshold=0.3, soft_nms_sigma=sigma), corners, scores)
    for per_class, clip in itertools.product([False, True], [False, True]):
        case('detection', f'CombinedNonMaxSuppression {per_class} {clip}', lambda b, s: raw.CombinedNonMaxSuppression(
            boxes=b, scores=s, max_output_size_per_class=4, max_total_size=9, iou_threshold=0.4, score_threshold=0.2,
            pad_per_class=per_class, clip_boxes=clip), rng.uniform(-0.2, 1.2, (2, 12, 1, 4)).astype(np.float32), rng.uniform(0, 1, (2, 12, 3)).astype(np.float32))
    for dtype in [np.float32, np.int32, np.int64, np.uint8]:
        case('detection', f'TopKV2 {np.dtype(dtype).name}', lambda x: raw.TopKV2(input=x, k=4, sorted=True), rng.integers(0, 9, (3, 8)).astype(dtype), tolerance=0)
    case('detection', 'InTopK', lambda p, t: raw.InTopKV2(predictions=p, targets=t, k=2), normal(6, 5), np.array([0, 1, 2, 3, 4, 0], np.int32))
    # Speech.
    wave = (np.sin(np.arange(1000) * 0.3) * 0.4 + normal(1000) * 0.05).astype(np.float32).reshape(-1, 1)
    for squared in [False, True]:
        case('audio', f'AudioSpectrogram {squared}', lambda x: raw.AudioSpectrogram(input=x, window_size=200, stride=80, magnitude_squared=squared), wave, tolerance=1e-5)
    case('audio', 'Mfcc', lambda x: raw.Mfcc(spectrogram=raw.AudioSpectrogram(input=x, window_size=480, stride=160, magnitude_squared=True), sample_rate=16000,
         upper_frequency_limit=4000, lower_frequency_limit=20, filterbank_channel_count=40, dct_coefficient_count=10), wave, tolerance=1e-5)
    sound = tf.audio.encode_wav(np.clip(normal(50, 2) * 0.3, -1, 1), 8000).numpy()
    for samples, channels in [(-1, -1), (60, 1), (20, 2)]:
        case('audio', f'DecodeWav {samples} {channels}', lambda x: raw.DecodeWav(contents=x, desired_channels=channels, desired_samples=samples),
             np.array(sound, dtype=object), tolerance=0)
    # Recurrent cells.
    for peephole, clip in itertools.product([False, True], [-1., 0.3]):
        n, i, h = 3, 4, 5
        case('rnn', f'LSTMBlockCell {peephole} {clip}', lambda x, cs, hp, w, wci, wcf, wco, b: raw.LSTMBlockCell(
            x=x, cs_prev=cs, h_prev=hp, w=w, wci=wci, wcf=wcf, wco=wco, b=b, forget_bias=1, cell_clip=clip, use_peephole=peephole),
            normal(n, i), normal(n, h), normal(n, h), normal(i + h, 4 * h), normal(h), normal(h), normal(h), normal(4 * h))
    case('rnn', 'GRUBlockCell', lambda x, h, wru, wc, bru, bc: raw.GRUBlockCell(x=x, h_prev=h, w_ru=wru, w_c=wc, b_ru=bru, b_c=bc),
         normal(3, 4), normal(3, 5), normal(9, 10), normal(9, 5), normal(10), normal(5))
    for op in ['BlockLSTM', 'BlockLSTMV2']:
        extra = {} if op == 'BlockLSTMV2' else {'forget_bias': 1.}
        case('rnn', op, lambda x, cs, hp, w, wci, wcf, wco, b: getattr(raw, op)(
            seq_len_max=np.int64(4), x=x, cs_prev=cs, h_prev=hp, w=w, wci=wci, wcf=wcf, wco=wco, b=b, **extra),
            normal(4, 2, 3), normal(2, 5), normal(2, 5), normal(8, 20), normal(5), normal(5), normal(5), normal(20))

os.makedirs(OUT, exist_ok=True)
for family, cases in families.items():
    with gzip.GzipFile(os.path.join(OUT, f'{family}.json.gz'), 'wb', mtime=0) as file:
        file.write(json.dumps(cases, separators=(',', ':')).encode())
    print(family, len(cases))
if not FIRST:
    subprocess.run([sys.executable, os.path.abspath(__file__), 'channels-first'], check=True)
