import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readGraphDef } from '../../src/formats/graph-def.ts';
import { Attr } from '../../src/graph/attr.ts';
import { type GraphBuilder, INT32 } from '../../src/graph/builder.ts';
import { DT_FLOAT } from '../../src/graph/dtype.ts';
import { functionPages } from '../../src/inspect/block-functions.ts';
import { findBlocks } from '../../src/inspect/blocks.ts';
import { buildMtcnn } from '../../src/models/mtcnn.ts';
import { TestShell } from '../commands/shell.ts';
import { loadGraph } from '../goldens/load-graph.ts';
import { hasShared } from '../shared.ts';
import { bias, blocksOf, conv, relu, T } from './block-graphs.ts';

describe('layers', () => {
	test('convolution, bias, batch norm, activation', () => {
		expect(
			blocksOf((g, x) => {
				const c = bias(g, 'c', conv(g, 'c', x, 3, 2));
				const one = ['s', 'o', 'm', 'v'].map((name) => g.random(name, [4], 1));
				const norm = g.node('norm', 'FusedBatchNormV3', [c, ...one], { T, U: T, is_training: false });
				relu(g, 'r', norm);
			}),
		).toEqual([['convolution', 'Conv2D 3×3/2 → 4 + bias + BN + Relu']]);
	});

	test('a batch norm written out, and a swish', () => {
		expect(
			blocksOf((g, x) => {
				const scaled = g.node('scaled', 'Mul', [conv(g, 'c', x), g.random('factor', [4], 1)], { T });
				const shifted = g.node('shifted', 'AddV2', [scaled, g.random('offset', [4], 1)], { T });
				g.node('out', 'Mul', [shifted, g.node('gate', 'Sigmoid', [shifted], { T })], { T });
			}),
		).toEqual([['convolution', 'Conv2D 3×3 → 4 + BN + Swish']]);
	});
});

describe('blocks of layers', () => {
	test('depthwise separable', () => {
		expect(
			blocksOf((g, x) => {
				const filter = g.random('d/w', [3, 3, 4, 1]);
				const d = g.node('d/depthwise', 'DepthwiseConv2dNative', [x, filter], {
					T,
					strides: [1, 1, 1, 1],
					padding: 'SAME',
				});
				relu(g, 'r', conv(g, 'p', relu(g, 'd/r', d), 1));
			}),
		).toEqual([['depthwise separable', 'DepthwiseConv2dNative 3×3, Conv2D 1×1 → 4']]);
	});

	test('residual, with its input and with a projected short cut', () => {
		const residual = (projected: boolean) => (g: GraphBuilder, x: string) => {
			const start = relu(g, 'start', x);
			const branch = conv(g, 'b', relu(g, 'a/r', conv(g, 'a', start)));
			relu(g, 'end', g.node('sum', 'AddV2', [branch, projected ? conv(g, 's', start, 1) : start], { T }));
		};
		expect(blocksOf(residual(false))).toEqual([['residual', 'Conv2D 3×3 → 4, Conv2D 3×3 → 4']]);
		expect(blocksOf(residual(true))[0]![0]).toBe('residual');
		expect(blocksOf(residual(true))[0]![1]).toContain('with a projected short cut');
	});

	test('inception branches', () => {
		expect(
			blocksOf((g, x) => {
				const start = relu(g, 'start', x);
				const branches = ['a', 'b', 'c'].map((name) => relu(g, `${name}/r`, conv(g, name, start)));
				g.node('joined', 'ConcatV2', [...branches, g.ints('axis', 3)], { T, N: Attr.int(3), Tidx: INT32 });
			}),
		).toEqual([['inception', '3 branches: Conv2D 3×3 → 4, Conv2D 3×3 → 4, Conv2D 3×3 → 4']]);
	});

	const joined = (g: GraphBuilder, branches: readonly string[]): string =>
		g.node('joined', 'ConcatV2', [...branches, g.ints('axis', 3)], {
			T,
			N: Attr.int(branches.length),
			Tidx: INT32,
		});

	test('no inception: heads of many layers that meet', () => {
		const kinds = blocksOf((g, x) => {
			const head = (name: string): string => {
				let at = relu(g, `${name}/start`, x);
				for (let i = 0; i < 7; i++) at = relu(g, `${name}/r${i}`, conv(g, `${name}/c${i}`, at));
				return at;
			};
			joined(g, [head('a'), head('b')]);
		}).map(([kind]) => kind);
		expect(kinds).toEqual([...new Array(14).fill('convolution'), 'concatenation']);
	});

	test('no inception: a branch that something else reads in between', () => {
		const kinds = blocksOf((g, x) => {
			const start = relu(g, 'start', x);
			const contours = relu(g, 'a/r', conv(g, 'a', start));
			g.node('answer', 'Identity', [contours], { T });
			joined(g, [relu(g, 'b/r', conv(g, 'b', contours)), relu(g, 'c/r', conv(g, 'c', start))]);
		}).map(([kind]) => kind);
		expect(kinds).toEqual(['convolution', 'convolution', 'convolution', 'concatenation']);
	});

	test('no residual: what is looked up and added to the answer of a network', () => {
		const kinds = blocksOf((g, x) => {
			const ids = g.node('ids', 'Cast', [x], { SrcT: T, DstT: INT32 });
			const looks = { Tparams: T, Tindices: INT32 };
			const wide = g.node('wide', 'Gather', [g.random('table', [9, 4]), ids], looks);
			g.node(
				'sum',
				'AddV2',
				[relu(g, 'r', conv(g, 'deep', g.node('f', 'Cast', [ids], { SrcT: INT32, DstT: T }))), wide],
				{ T },
			);
		}).map(([kind]) => kind);
		expect(kinds).toContain('embedding');
		expect(kinds).not.toContain('residual');
	});

	test('a transposed convolution is a layer outside of gradients', () => {
		const kinds = (name: string) =>
			blocksOf((g, x) => {
				const [size, w] = [g.ints('size', [1, 16, 16, 4]), g.random('w', [2, 2, 4, 4])];
				g.node(name, 'Conv2DBackpropInput', [size, w, x], { T, strides: [1, 2, 2, 1], padding: 'SAME' });
			});
		expect(kinds('up/conv2d_transpose')).toEqual([['convolution', 'transposed Conv2D 2×2/2 → 4']]);
		expect(kinds('gradients/Conv2D_grad/Conv2DBackpropInput')).toEqual([]);
	});

	test('no layer: a product of two values', () => {
		expect(blocksOf((g, x) => g.node('product', 'BatchMatMulV2', [x, x], { T, adj_y: true }))).toEqual([]);
	});

	test('no residual: two convolutions that are added', () => {
		const kinds = blocksOf((g, x) => {
			const start = relu(g, 'start', x);
			g.node('sum', 'AddV2', [conv(g, 'a', start), conv(g, 'b', start)], { T });
		}).map(([kind]) => kind);
		expect(kinds).toEqual(['convolution', 'convolution']);
	});

	test('no preparation: what a variable scales', () => {
		const kinds = blocksOf((g, x) => {
			const factor = g.node('factor', 'VariableV2', [], { dtype: T, shape: Attr.shape([4]) });
			g.node('y', 'Mul', [x, factor], { T });
		});
		expect(kinds).toEqual([]);
	});

	test('no embedding: what a constant index takes out of a value', () => {
		expect(
			blocksOf((g, x) => g.node('first', 'Gather', [x, g.ints('index', 0)], { Tparams: T, Tindices: INT32 })),
		).toEqual([]);
	});

	test('attention', () => {
		const [first] = blocksOf((g, x) => {
			const [q, k, v] = ['q', 'k', 'v'].map((name) => relu(g, name, x));
			const scores = g.node('scores', 'BatchMatMulV2', [q!, k!], { T, adj_y: true });
			const scaled = g.node('scaled', 'Mul', [scores, g.floats('factor', 0.5)], { T });
			g.node('context', 'BatchMatMulV2', [g.node('weights', 'Softmax', [scaled], { T }), v!], { T });
		});
		expect(first).toEqual(['attention', 'QKᵀ → softmax → V']);
	});

	test('a GRU cell whose state is reset after its product, as Keras 3 writes it', () => {
		const [cell] = blocksOf((g, x) => {
			const flat = g.node('flat', 'Reshape', [x, g.ints('flat/shape', [8, 32])], { T, Tshape: INT32 });
			const state = g.node('state', 'Relu', [g.placeholder('h', DT_FLOAT, [8, 6])], { T });
			const product = (name: string, value: string, size: number): string =>
				g.node(name, 'MatMul', [value, g.random(`${name}/w`, [size, 18])], { T });
			const binary = (name: string, op: string, a: string, b: string): string =>
				g.node(`gru/${name}`, op, [a, b], { T });
			const one = (name: string, op: string, a: string): string => g.node(`gru/${name}`, op, [a], { T });
			g.node('gru/split', 'Split', [g.ints('axis', 1), product('gru/MatMul', flat, 32)], {
				T,
				num_split: Attr.int(3),
			});
			const recurrent = product('gru/MatMul_1', state, 6);
			const slices = [0, 1, 2].map((i) =>
				g.node(
					`gru/strided_slice_${i}`,
					'StridedSlice',
					[recurrent, g.ints(`b${i}`, [0, 6 * i]), g.ints(`e${i}`, [8, 6 * i + 6]), g.ints(`s${i}`, [1, 1])],
					{ T, Index: INT32 },
				),
			);
			const z = one('Sigmoid', 'Sigmoid', binary('add', 'AddV2', 'gru/split', slices[0]!));
			const r = one('Sigmoid_1', 'Sigmoid', binary('add_1', 'AddV2', 'gru/split:1', slices[1]!));
			const candidate = one(
				'Tanh',
				'Tanh',
				binary('add_2', 'AddV2', 'gru/split:2', binary('mul', 'Mul', r, slices[2]!)),
			);
			const kept = binary('mul_1', 'Mul', z, state);
			const fresh = binary('mul_2', 'Mul', binary('sub', 'Sub', g.floats('one', 1), z), candidate);
			binary('add_3', 'AddV2', kept, fresh);
		});
		expect(cell).toEqual(['GRU cell', '38 → 6 units']);
	});

	test('dropout and preprocessing', () => {
		const kinds = blocksOf((g, x) => {
			const scaled = g.node('pre', 'Mul', [x, g.floats('255', 1 / 255)], { T });
			const c = conv(g, 'c', scaled);
			const random = g.node('drop/random', 'RandomUniform', [g.ints('shape', [1, 8, 8, 4])], {
				dtype: T,
				T: INT32,
			});
			const mask = g.node(
				'drop/Floor',
				'Floor',
				[g.node('drop/add', 'Add', [random, g.floats('keep', 0.5)], { T })],
				{ T },
			);
			g.node('drop/mul', 'Mul', [c, mask], { T });
		}).map(([kind]) => kind);
		expect(kinds).toContain('dropout');
		expect(kinds).toContain('preprocessing');
		expect(kinds).toContain('convolution');
	});
});

test('mtcnn reads as its 25 layers', () => {
	const { blocks, counts } = findBlocks(buildMtcnn());
	expect(Object.fromEntries(counts)).toEqual({ convolution: 12, dense: 7, pooling: 6 });
	expect(blocks[0]).toMatchObject({ name: 'pnet/conv1', description: 'Conv2D 3×3 → 10 + bias + PReLU' });
});

describe('Keras applications read as their papers have them', () => {
	const counts = (name: string): Record<string, number> => {
		const file = new URL(`../data/keras/${name}.pb.gz`, import.meta.url);
		return Object.fromEntries(findBlocks(readGraphDef(gunzipSync(readFileSync(file)))).counts);
	};
	test.each<[string, Record<string, number>]>([
		['ResNet50', { convolution: 53, residual: 16, dense: 1 }],
		['MobileNetV2', { 'inverted residual': 16, 'depthwise separable': 1, 'depthwise convolution': 17 }],
		['InceptionV3', { convolution: 94, inception: 15 }],
		['DenseNet121', { convolution: 120, 'dense connection': 58 }],
		['EfficientNetB0', { 'inverted residual': 15, 'squeeze and excitation': 16, 'depthwise separable': 1 }],
	])('%s', (name, expected) => {
		expect(counts(name)).toMatchObject(expected);
	});
});

describe.skipIf(!hasShared)('published graphs', () => {
	test.each<[string, Record<string, number>]>([
		['char_rnn_lstm.pb', { 'LSTM cell': 20 }],
		['gru_mnist_unrolled.pb', { 'GRU cell': 28, dropout: 1 }],
		['kws_lstm_s.pb', { 'LSTM cell': 1, 'while loop': 1, preprocessing: 1, dense: 1 }],
		['quant_mnist_mlp.pb', { dense: 3 }],
		['espcn_x3.pb', { convolution: 3, resizing: 1 }],
		['java_regression_train.pb', { dense: 1 }],
		['kws_ds_cnn_s.pb', { 'depthwise separable': 4, convolution: 5 }],
		['faced_corrector.pb', { dropout: 3, convolution: 3, dense: 2, 'training batch norm': 4 }],
		['vespa_mnist_bn_train/saved_model.pbtxt', { dense: 3, 'training batch norm': 3 }],
		['openpose_mobilenet_v2_small.pb', { 'inverted residual': 12, 'depthwise separable': 61 }],
		['deepmd_se_r.pbtxt', { dense: 20, residual: 16 }],
		['impala_train.pbtxt', { convolution: 3, pooling: 3, dense: 3, 'LSTM cell': 21, 'while loop': 1 }],
		['basic_pitch_frozen.pb', { convolution: 32, normalization: 1 }],
	])('%s', (file, expected) => {
		expect(Object.fromEntries(findBlocks(loadGraph(file)).counts)).toMatchObject(expected);
	});

	test('mtcnn_cascade.pb: a PReLU after every convolution but those of the answers', () => {
		const { blocks, loopOf } = findBlocks(loadGraph('mtcnn_cascade.pb'));
		const layers = blocks.filter(({ kind }) => kind === 'convolution');
		expect(layers.map(({ description }) => description.includes('PReLU')).filter(Boolean)).toHaveLength(12);
		const inLoop = blocks.filter((block) => loopOf.get(block)?.name === 'pnet/while');
		expect(inLoop.map(({ kind }) => kind)).toEqual([
			'resizing',
			'convolution',
			'pooling',
			'convolution',
			'convolution',
			'convolution',
			'softmax',
			'convolution',
		]);
	});

	test.each([
		'openpose_mobilenet_v2_small.pb',
		'deepmd_se_r.pbtxt',
		'impala_train.pbtxt',
		'basic_pitch_frozen.pb',
	])('%s has no inception blocks', (file) => {
		expect(findBlocks(loadGraph(file)).counts.has('inception')).toBe(false);
	});

	test.each<[string, Record<string, number>]>([
		['keras_two_inputs/saved_model.pb', { dense: 3 }],
		['basic_pitch/saved_model.pb', { convolution: 32 }],
		['mobilenet_025_64_tf2_called.pb', { 'depthwise separable': 13, convolution: 15 }],
		[
			'mobilenetv2_035_96_tf2_functions.pb',
			{ convolution: 35, 'inverted residual': 16, 'depthwise separable': 1 },
		],
	])('%s: layers that lie in functions', (file, expected) => {
		const [page] = functionPages(loadGraph(file));
		expect(Object.fromEntries(page!.blocks.counts)).toMatchObject(expected);
	});

	test('the steps of an unrolled cell share their weights', async () => {
		const shell = new TestShell({ 'gru.pb': loadGraph('gru_mnist_unrolled.pb') });
		await shell.run('open gru.pb');
		const { rows } = await shell.data<{ rows: unknown[] }>('blocks');
		// Two products with their biases, and the 1 of 1 − z in every step.
		const params = 156 * 256 + 256 + 156 * 128 + 128 + 28;
		expect(rows[0]).toMatchObject({ times: 28, description: '156 → 128 units', params });
	});
});
