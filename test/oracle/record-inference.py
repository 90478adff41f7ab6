"""Records what TensorFlow gives for functions that inference graphs are made of: images, layers, signals, words.

    python test/oracle/record-inference.py [FAMILY...]   # writes test/data/ops/FAMILY.json.gz

Written and compared as `record-layers.py` does it. Needs TensorFlow 2.21 with Keras.
"""
import importlib.util
import pathlib

SPEC = importlib.util.spec_from_file_location("record_layers", pathlib.Path(__file__).with_name("record-layers.py"))
recording = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(recording)
np, tf, layers, normal = recording.np, recording.tf, recording.layers, recording.normal


def record(family, name, function, *inputs, tolerance=2e-6, lower=(False,)):
    try:
        recording.layer(family, name, function, *inputs, tolerance=tolerance, lower=lower)
    except Exception as error:  # noqa: BLE001
        print("cannot build", family, name, str(error)[:150])


def vision():
    pixels = recording.rng.random((2, 6, 5, 3)).astype(np.float32)
    bytes_ = recording.rng.integers(0, 256, (1, 6, 5, 3)).astype(np.uint8)
    image = tf.image
    for name, function in {
        "brightness": lambda x: image.adjust_brightness(x, 0.2),
        "contrast": lambda x: image.adjust_contrast(x, 1.7),
        "hue": lambda x: image.adjust_hue(x, 0.3),
        "saturation": lambda x: image.adjust_saturation(x, 1.6),
        "gamma": lambda x: image.adjust_gamma(x, 0.7),
        "to HSV": image.rgb_to_hsv,
        "from HSV": image.hsv_to_rgb,
        "to YUV": image.rgb_to_yuv,
        "to grayscale": image.rgb_to_grayscale,
        "turned": image.rot90,
        "flipped": image.flip_left_right,
        "cropped in the middle": lambda x: image.central_crop(x, 0.5),
        "cropped or padded": lambda x: image.resize_with_crop_or_pad(x, 8, 3),
        "padded": lambda x: image.resize_with_pad(x, 9, 9),
        "standardized": image.per_image_standardization,
        "Sobel": image.sobel_edges,
        "gradients": image.image_gradients,
        "variation": image.total_variation,
        "Lanczos": lambda x: image.resize(x, (9, 4), method="lanczos3"),
        "Lanczos antialiased": lambda x: image.resize(x, (3, 4), method="lanczos5", antialias=True),
        "Gaussian": lambda x: image.resize(x, (3, 4), method="gaussian"),
        "Mitchell": lambda x: image.resize(x, (9, 4), method="mitchellcubic"),
        "bilinear antialiased": lambda x: image.resize(x, (3, 2), antialias=True),
        "area": lambda x: image.resize(x, (4, 3), method="area"),
        "PSNR": lambda x: image.psnr(x, x * 0.9, 1.0),
        "patches": lambda x: image.extract_patches(x, [1, 2, 2, 1], [1, 2, 2, 1], [1, 1, 1, 1], "VALID"),
    }.items():
        record("vision", name, function, pixels, tolerance=5e-6)
    record("vision", "bytes to floats", lambda x: image.convert_image_dtype(x, tf.float32), bytes_)
    record("vision", "floats to bytes", lambda x: image.convert_image_dtype(x, tf.uint8), pixels, tolerance=0)
    record("vision", "SSIM", lambda x: image.ssim(x, x * 0.8, 1.0, filter_size=3), pixels, tolerance=1e-5)
    picture = tf.io.encode_png(bytes_[0]).numpy()
    record("vision", "PNG decoded", lambda x: image.decode_png(x, channels=3), np.array(picture, object), tolerance=0)
    bitmap = tf.io.encode_png(bytes_[0, :, :, :1]).numpy()
    record("vision", "gray PNG decoded", lambda x: image.decode_png(x), np.array(bitmap, object), tolerance=0)
    record("vision", "gray PNG decoded in colour", lambda x: image.decode_png(x, channels=3), np.array(bitmap, object), tolerance=0)
    record("vision", "raw bytes decoded", lambda x: tf.io.decode_raw(x, tf.int16), np.array([b"abcdef", b"uvwxyz"], object), tolerance=0)


def keras_layers():
    x1, x2, x3 = normal(2, 9, 4), normal(2, 6, 7, 4), normal(1, 4, 5, 6, 3)
    made = {
        "Conv1D causal": (layers.Conv1D(5, 3, padding="causal", dilation_rate=2), x1),
        "Conv1D groups": (layers.Conv1D(6, 3, strides=2, groups=2), x1),
        "SeparableConv1D": (layers.SeparableConv1D(5, 3), x1),
        "DepthwiseConv1D": (layers.DepthwiseConv1D(3, padding="same", depth_multiplier=2), x1),
        "Conv1DTranspose": (layers.Conv1DTranspose(3, 4, strides=2, padding="same"), x1),
        "SeparableConv2D": (layers.SeparableConv2D(5, 3, depth_multiplier=2, padding="same"), x2),
        "Conv2D groups and dilation": (layers.Conv2D(6, 3, groups=2, dilation_rate=2), x2),
        "Conv2DTranspose": (layers.Conv2DTranspose(3, 3, strides=2, padding="same", output_padding=1), x2),
        "Conv2DTranspose valid": (layers.Conv2DTranspose(3, (2, 5), strides=(3, 1)), x2),
        "Conv3DTranspose": (layers.Conv3DTranspose(3, 3, strides=2, padding="same"), x3),
        "UpSampling2D": (layers.UpSampling2D((2, 3)), x2),
        "UpSampling2D bilinear": (layers.UpSampling2D(2, interpolation="bilinear"), x2),
        "UpSampling2D bicubic": (layers.UpSampling2D(2, interpolation="bicubic"), x2),
        "UpSampling3D": (layers.UpSampling3D(2), x3),
        "ZeroPadding2D": (layers.ZeroPadding2D(((1, 2), (0, 3))), x2),
        "Cropping2D": (layers.Cropping2D(((1, 2), (0, 3))), x2),
        "AveragePooling1D": (layers.AveragePooling1D(3, 2, padding="same"), x1),
        "MaxPooling3D": (layers.MaxPooling3D(2), x3),
        "GlobalMaxPooling2D": (layers.GlobalMaxPooling2D(), x2),
        "BatchNormalization": (layers.BatchNormalization(axis=1), x2),
        "LayerNormalization": (layers.LayerNormalization(axis=(1, 2), epsilon=1e-2), x2),
        "UnitNormalization": (layers.UnitNormalization(), x2),
        "RMSNormalization": (layers.RMSNormalization(), x2),
        "Dot": (lambda x: layers.Dot(axes=1, normalize=True)([x, x]), x1),
        "PReLU": (layers.PReLU(alpha_initializer="ones", shared_axes=[1]), x1),
        "ThresholdedRelu": (layers.ReLU(max_value=1.5, negative_slope=0.1, threshold=0.3), x1),
        "LeakyReLU": (layers.LeakyReLU(1.7), x1),
        "LeakyReLU downwards": (lambda x: tf.nn.leaky_relu(x, -0.4), x1),
        "ConvLSTM2D": (layers.ConvLSTM2D(3, 2, padding="same"), normal(1, 3, 4, 5, 2)),
        "RepeatVector": (layers.RepeatVector(3), normal(2, 4)),
        "Permute": (layers.Permute((2, 1)), x1),
        "Resizing": (layers.Resizing(4, 9, crop_to_aspect_ratio=True), x2),
        "CenterCrop": (layers.CenterCrop(3, 4), x2),
        "Discretization": (layers.Discretization([-1.0, 0.0, 0.5]), x1),
        "CategoryEncoding": (lambda x: layers.CategoryEncoding(4, output_mode="multi_hot")(tf.cast(tf.abs(x), tf.int32) % 4), normal(3, 5)),
        "TimeDistributed": (layers.TimeDistributed(layers.Dense(3, "tanh")), x1),
        "EinsumDense": (layers.EinsumDense("abc,cd->abd", (None, 3), bias_axes="d"), x1),
        "GroupQueryAttention": (lambda x: layer_of_queries(x, x), normal(1, 4, 6)),
        "log softmax": (lambda x: tf.nn.log_softmax(x, axis=1), x1),
        "softmax of another axis": (lambda x: tf.nn.softmax(x, axis=1), x1),
        "moments": (lambda x: tf.nn.moments(x, [0, 1]), x1),
        "max pool with dilation": (lambda x: tf.nn.pool(x, (2, 2), "MAX", dilations=(2, 2)), x2),
        "fractional": (lambda x: tf.nn.atrous_conv2d(x, tf.ones([3, 3, 4, 2]), 2, "SAME"), x2),
        "weighted moments": (lambda x: tf.nn.weighted_moments(x, [0, 1], tf.abs(x)), x1),
        "sufficient statistics": (lambda x: tf.nn.sufficient_statistics(x, [0])[1:3], x1),
        "space to depth, NCHW": (lambda x: tf.nn.space_to_depth(tf.nn.depth_to_space(x, 2), 2), x2),
        "embeddings weighed": (lambda x: tf.nn.safe_embedding_lookup_sparse(x[0], tf.sparse.from_dense([[1, 2], [0, 3]]), combiner="mean"), x1),
        "sigmoid cross-entropy": (lambda x: tf.nn.sigmoid_cross_entropy_with_logits(tf.sigmoid(x), x), x1),
        "softmax cross-entropy": (lambda x: tf.nn.softmax_cross_entropy_with_logits(tf.nn.softmax(x), x * 2), x1),
        "sparse cross-entropy": (lambda x: tf.nn.sparse_softmax_cross_entropy_with_logits([[1] * 9] * 2, x), x1),
        "erosion": (lambda x: tf.nn.erosion2d(x, tf.ones([2, 2, 4]), [1, 1, 1, 1], "SAME", "NHWC", [1, 1, 1, 1]), x2),
        "with space to batch": (lambda x: tf.nn.with_space_to_batch(x, [2, 2], "SAME", lambda v, *_: v * 2, [3, 3]), x2),
    }
    layer_of_queries = layers.GroupQueryAttention(3, 4, 2)
    for name, (function, x) in made.items():
        record("keras-layers", name, function, x, tolerance=5e-6)


def numbers():
    x, y = normal(4, 5), np.abs(normal(4, 5)) + 0.1
    square = normal(3, 4, 4) + 3 * np.eye(4, dtype=np.float32)
    spd = square @ square.transpose(0, 2, 1)
    counts = np.array([[3, 1, 1], [0, 4, 1]], np.int32)
    math = tf.math
    for name, function, *inputs in [
        ("erfinv", lambda v: math.erfinv(tf.tanh(v)), x),
        ("ndtri", lambda v: math.ndtri(tf.sigmoid(v)), x),
        ("erf and erfc", lambda v: [math.erf(v), math.erfc(v)], x * 2),
        ("lgamma", math.lgamma, y * 5),
        ("digamma", math.digamma, y * 5),
        ("igamma", lambda a, v: [math.igamma(a, v), math.igammac(a, v)], y * 2, y.T.reshape(4, 5).copy()),
        ("Bessel", lambda v: [math.bessel_i0e(v), math.bessel_i1e(v)], x),
        ("log-sum-exp", lambda v: math.reduce_logsumexp(v, 1), x),
        ("deviation", lambda v: [math.reduce_std(v, 0), math.reduce_variance(v)], x),
        ("Euclidean norm", lambda v: [math.reduce_euclidean_norm(v, 1), tf.norm(v, 1)], x),
        ("L2 normalized", lambda v: math.l2_normalize(v, 1), x),
        ("power", math.pow, y, x),
        ("arc tangent", lambda v, w: math.atan2(v, w), x, y),
        ("floor division", lambda v, w: [v // w, math.floormod(v, w), tf.truncatediv(tf.cast(v * 9, tf.int32), 3)], x, y),
        ("polynomial", lambda v: math.polyval([1.0, 2.0, 3.0], v), x),
        ("histogram", lambda v: tf.histogram_fixed_width(v, [-1.0, 1.0], 5), x),
        ("sorted search", lambda v: [tf.searchsorted(tf.sort(v), v, s) for s in ("left", "right")], x),
        ("sort and argsort", lambda v: [tf.sort(v, direction="DESCENDING"), tf.argsort(v)], x),
        ("confusion", lambda v: math.confusion_matrix([0, 1, 2, 2], tf.argmax(v[:, :3], 1)), x),
        ("bincount", lambda v: math.bincount(v, minlength=6), counts.ravel()),
        ("bincount of rows", lambda v: math.bincount(v, axis=-1), counts),
        ("bincount with weights", lambda v: math.bincount(v, weights=[1.5, 2.0, 0.5, 1.0, 1.0, 1.0]), counts.ravel()),
        ("bits", lambda v: [tf.bitwise.left_shift(v, 2), tf.bitwise.right_shift(v - 2, 1), tf.bitwise.invert(v), tf.raw_ops.PopulationCount(x=v)], counts),
        ("diagonals", lambda v: [tf.linalg.diag(v[0]), tf.linalg.diag_part(v), tf.linalg.set_diag(v[:4, :4], v[0, :4])], x),
        ("diagonals off the middle", lambda v: [tf.linalg.diag(v, k=1), tf.linalg.diag_part(v, k=(-1, 2))], x),
        ("band", lambda v: tf.linalg.band_part(v, 1, 0), x),
        ("trace and eye", lambda v: [tf.linalg.trace(v), tf.eye(3, 4, batch_shape=[2])], square),
        ("inverse", tf.linalg.inv, square),
        ("determinant", lambda v: [tf.linalg.det(v), tf.linalg.slogdet(v)[1]], square),
        ("solved", lambda v: tf.linalg.solve(v, v[:, :, :2]), square),
        ("triangular solved", lambda v: tf.linalg.triangular_solve(v, v[:, :, :2], lower=True), square),
        ("Cholesky", tf.linalg.cholesky, spd),
        ("cross product", lambda v: tf.linalg.cross(v[:, :3], v[:, 2:]), x),
        ("tensor product", lambda v: tf.tensordot(v, v, [[0], [0]]), x),
        ("Kronecker", lambda v: tf.linalg.LinearOperatorKronecker([tf.linalg.LinearOperatorFullMatrix(v[0]), tf.linalg.LinearOperatorFullMatrix(v[1])]).to_dense(), square),
        ("matrix exponential by squares", lambda v: tf.linalg.expm(v * 0.1), square),
        ("clipped by norm", lambda v: [tf.clip_by_norm(v, 1.0), tf.clip_by_global_norm([v], 2.0)[0]], x),
        ("grid", lambda v: tf.meshgrid(v[0], v[:, 0], indexing="ij"), x),
        ("repeat", lambda v: tf.repeat(v, [1, 0, 2, 3], axis=0), x),
        ("boolean mask", lambda v: tf.boolean_mask(v, v > 0), x),
        ("ranges", lambda v: [tf.range(2.0, 9.5, 1.5), tf.linspace(v[0], v[1], 4)], x),
        ("unravelled", lambda v: tf.unravel_index(v[0], [2, 3]), counts),
        ("sequence mask", lambda v: tf.sequence_mask(v, 6), counts),
        ("scattered", lambda v: [tf.tensor_scatter_nd_max(v, [[0], [2]], v[1:3]), tf.scatter_nd([[1], [3]], v[:2], [5, 5])], x),
        ("sparse", lambda v: tf.sparse.to_dense(tf.sparse.reorder(tf.sparse.from_dense(v * tf.cast(v > 0, tf.float32)))), x),
        ("sparse product", lambda v: tf.sparse.sparse_dense_matmul(tf.sparse.from_dense(v), tf.transpose(v)), x),
        ("cumulated", lambda v: [tf.cumsum(v, 1, exclusive=True), math.cumprod(v, 0, reverse=True)], x),
        ("segments", lambda v: [math.segment_mean(v, [0, 0, 1, 2]), math.unsorted_segment_sqrt_n(v, [1, 0, 1, 1], 3)], x),
    ]:
        record("numbers", name, function, *[np.ascontiguousarray(v) for v in inputs], tolerance=5e-6)


def signals():
    wave = normal(2, 64)
    signal = tf.signal
    for name, function in {
        "real and back": lambda v: signal.irfft(signal.rfft(v)),
        "magnitudes": lambda v: tf.abs(signal.rfft(v)),
        "power": lambda v: tf.math.real(signal.rfft(v)) ** 2 + tf.math.imag(signal.rfft(v)) ** 2,
        "complex": lambda v: tf.math.angle(signal.fft(tf.complex(v, v * 0.5))),
        "inverse": lambda v: tf.math.real(signal.ifft(tf.complex(v, v * 0.5))),
        "two axes": lambda v: tf.abs(signal.rfft2d(tf.reshape(v, [2, 8, 8]))),
        "odd length": lambda v: tf.abs(signal.rfft(v[:, :15])),
        "short-time": lambda v: tf.abs(signal.stft(v, 16, 8)),
        "inverse short-time": lambda v: signal.inverse_stft(signal.stft(v, 16, 8), 16, 8),
        "mel": lambda v: tf.matmul(tf.abs(signal.stft(v, 16, 8)), signal.linear_to_mel_weight_matrix(5, 9, 8000, 100.0, 3800.0)),
        "cepstrum": lambda v: signal.mfccs_from_log_mel_spectrograms(tf.math.log(tf.abs(signal.stft(v, 16, 8)) + 1e-3))[..., :5],
        "cosine transform": signal.dct,
        "frames": lambda v: signal.frame(v, 10, 7, pad_end=True),
        "windows": lambda v: v[:, :16] * signal.hann_window(16) * signal.kaiser_window(16),
        "overlapped": lambda v: signal.overlap_and_add(tf.reshape(v, [2, 8, 8]), 4),
    }.items():
        record("signals", name, function, wave, tolerance=2e-5)


def texts():
    words = np.array([b"Hello World", b"  a,b ", "gr\u00fc\u00df Gott".encode(), b"", b"12.5e1"], object)
    strings = tf.strings
    for name, function in {
        "split": lambda s: strings.split(s).flat_values,
        "split by a comma": lambda s: strings.split(s, b",").flat_values,
        "joined": lambda s: strings.reduce_join(s, 0, separator=b"|"),
        "replaced": lambda s: strings.regex_replace(s, "[aeiou]", "_"),
        "replaced with groups": lambda s: strings.regex_replace(s, "([A-Z])(l*)", "\\\\2<\\\\1>"),
        "matched": lambda s: strings.regex_full_match(s, "[A-Za-z ]*"),
        "substring": lambda s: strings.substr(s[:2], 1, 3),
        "substring of characters": lambda s: strings.substr(s[2:3], 2, 3, unit="UTF8_CHAR"),
        "length in characters": lambda s: strings.length(s, unit="UTF8_CHAR"),
        "lower, upper": lambda s: [strings.lower(s), strings.upper(s, encoding="utf-8"), strings.strip(s)],
        "numbers": lambda s: strings.to_number(tf.stack([s[4], "7", "-0.25", " 3 "])),
        "integers": lambda s: strings.to_number(tf.stack(["7", "-12"]), tf.int64) + tf.cast(strings.length(s[0]), tf.int64),
        "hashed": lambda s: strings.to_hash_bucket_fast(s, 1000),
        "bytes": lambda s: strings.bytes_split(s).flat_values,
        "base64": lambda s: [tf.io.encode_base64(s, pad=True), tf.io.decode_base64(tf.io.encode_base64(s))],
        "as text": lambda s: strings.as_string(strings.length(s)),
        "equal": lambda s: [tf.equal(s, b""), tf.where(tf.equal(s, b""), b"none", s)],
        "unique": lambda s: tf.unique(tf.concat([s, s], 0)),
    }.items():
        record("texts", name, function, words, tolerance=1e-7)


def control():
    x = normal(4, 3)
    both = (False, True)

    def collatz(v):
        n = tf.cast(tf.abs(v[0, 0]) * 20, tf.int32) + 1
        return tf.while_loop(lambda n, i: n > 1, lambda n, i: (tf.cond(n % 2 == 0, lambda: n // 2, lambda: 3 * n + 1), i + 1), [n, 0])

    def written(v):
        array = tf.TensorArray(tf.float32, 0, dynamic_size=True, element_shape=[3])
        return tf.while_loop(lambda i, a: i < 4, lambda i, a: (i + 1, a.write(i, v[3 - i] * 2)), [0, array])[1].stack()

    def halves(v):
        array = tf.TensorArray(tf.float32, 2, infer_shape=False).split(v, [1, 3])
        return [array.read(1), array.size(), array.concat()]

    for name, function in {
        "collatz": collatz,
        "array written in a loop": written,
        "array split and joined": halves,
        "map": lambda v: tf.map_fn(lambda row: tf.nn.softmax(row) * tf.reduce_sum(row), v),
        "scan": lambda v: tf.scan(lambda a, row: a * 0.5 + row, v),
        "fold": lambda v: tf.foldl(lambda a, row: a + row * row, v),
        "switch": lambda v: tf.switch_case(tf.cast(tf.abs(v[0, 0]), tf.int32) % 3, [lambda: v, lambda: v * 2, lambda: v - 1]),
        "case": lambda v: tf.case([(v[0, 0] > 5, lambda: v), (v[0, 1] > -9, lambda: -v)], default=lambda: v * 0),
        "nested branches": lambda v: tf.cond(v[0, 0] > 0, lambda: tf.cond(v[0, 1] > 0, lambda: v, lambda: v + 1), lambda: tf.cond(v[1, 1] > 0, lambda: v + 2, lambda: v + 3)),
        "loop in a branch": lambda v: tf.cond(v[0, 0] < 100, lambda: tf.while_loop(lambda i, a: i < 3, lambda i, a: (i + 1, a * 1.5), [0, v])[1], lambda: v),
        "growing": lambda v: tf.while_loop(lambda i, a: i < 3, lambda i, a: (i + 1, tf.concat([a, a[:1]], 0)), [0, v],
                                           shape_invariants=[tf.TensorShape([]), tf.TensorShape([None, 3])])[1],
        "gradient": lambda v: tf.gradients(tf.reduce_sum(tf.tanh(v) * tf.nn.relu(v) + tf.nn.softmax(v) ** 2), v)[0],
    }.items():
        record("control", name, function, x, lower=both)


FAMILIES = {"vision": vision, "keras-layers": keras_layers, "numbers": numbers, "signals": signals, "texts": texts, "control": control}
if __name__ == "__main__":
    recording.main(FAMILIES)
