import { describe, expect, test } from 'vitest';
import { readTextGraphDef } from '../../src/formats/text-graph-def.ts';
import { Attr } from '../../src/graph/attr.ts';
import { GraphBuilder, INT32 } from '../../src/graph/builder.ts';
import { DT_BOOL, DT_FLOAT } from '../../src/graph/dtype.ts';
import { functionPages } from '../../src/inspect/block-functions.ts';
import { findBlocks } from '../../src/inspect/blocks.ts';
import { bias, blocksOf, conv, relu, T } from './block-graphs.ts';

const binary = (g: GraphBuilder, name: string, op: string, a: string, b: string): string =>
	g.node(name, op, [a, b], { T });
const unary = (g: GraphBuilder, name: string, op: string, a: string): string => g.node(name, op, [a], { T });

describe('activations written with several nodes', () => {
	const ofConv = (make: (g: GraphBuilder, x: string) => void) =>
		blocksOf((g, x) => make(g, bias(g, 'c', conv(g, 'c', x)))).map(([, description]) => description);
	const chosen = (slope: (g: GraphBuilder) => string) => (g: GraphBuilder, x: string) => {
		const positive = g.node('positive', 'Greater', [x, g.floats('zero', 0)], { T });
		g.node('act', 'Select', [positive, x, binary(g, 'negative', 'Mul', slope(g), x)], { T });
	};

	test('a PReLU by Greater and Select has a slope for each channel', () => {
		expect(ofConv(chosen((g) => g.random('alpha', [4], 1)))).toEqual(['Conv2D 3×3 → 4 + bias + PReLU']);
	});

	test('with one slope for all it is a leaky one', () => {
		expect(ofConv(chosen((g) => g.floats('alpha', 0.1)))).toEqual(['Conv2D 3×3 → 4 + bias + LeakyRelu']);
	});

	test('a PReLU by two Relus', () => {
		const made = ofConv((g, x) => {
			const below = unary(g, 'below', 'Relu', unary(g, 'turned', 'Neg', x));
			const scaled = binary(
				g,
				'scaled',
				'Mul',
				unary(g, 'alpha/turned', 'Neg', g.random('alpha', [4], 1)),
				below,
			);
			binary(g, 'act', 'Add', unary(g, 'above', 'Relu', x), scaled);
		});
		expect(made).toEqual(['Conv2D 3×3 → 4 + bias + PReLU']);
	});

	test('a GELU by its complementary error function, and by tanh', () => {
		const half = (g: GraphBuilder, x: string) => binary(g, 'half', 'Mul', x, g.floats('0.5', 0.5));
		const exact = ofConv((g, x) => {
			binary(g, 'act', 'Mul', half(g, x), unary(g, 'erfc', 'Erfc', unary(g, 'turned', 'Neg', x)));
		});
		const near = ofConv((g, x) => {
			const cubed = binary(g, 'cubed', 'Pow', x, g.floats('3', 3));
			binary(g, 'act', 'Mul', half(g, x), unary(g, 'tanh', 'Tanh', binary(g, 'sum', 'AddV2', x, cubed)));
		});
		expect([exact, near]).toEqual([['Conv2D 3×3 → 4 + bias + Gelu'], ['Conv2D 3×3 → 4 + bias + Gelu']]);
	});

	test('a hard sigmoid; the 3 that it adds is no bias', () => {
		const made = ofConv((g, x) => {
			const six = unary(g, 'six', 'Relu6', binary(g, 'plus', 'AddV2', x, g.floats('3', 3)));
			binary(g, 'act', 'RealDiv', six, g.floats('6', 6));
		});
		expect(made).toEqual(['Conv2D 3×3 → 4 + bias + HardSigmoid']);
	});

	test('a softmax; its largest value alone is none', () => {
		const attrs = { T, Tidx: INT32, keep_dims: true };
		const shifted = (g: GraphBuilder, x: string) =>
			binary(g, 'shifted', 'Sub', x, g.node('max', 'Max', [x, g.ints('axes', 3)], attrs));
		const softmax = ofConv((g, x) => {
			const grown = unary(g, 'exp', 'Exp', shifted(g, x));
			binary(g, 'act', 'RealDiv', grown, g.node('sum', 'Sum', [grown, 'axes'], attrs));
		});
		expect([softmax, ofConv(shifted)]).toEqual([
			['Conv2D 3×3 → 4 + bias + Softmax'],
			['Conv2D 3×3 → 4 + bias'],
		]);
	});

	test('no activation: a value that another one joins', () => {
		const made = ofConv((g, x) => {
			const other = relu(g, 'other', 'x');
			binary(g, 'sum', 'AddV2', unary(g, 'a', 'Sigmoid', x), binary(g, 'b', 'Mul', x, other));
		});
		expect(made).toEqual(['Conv2D 3×3 → 4 + bias']);
	});
});

describe('normalizations', () => {
	/** x normalized by its moments over axes, with a factor and an offset of the channels. */
	const normalized = (g: GraphBuilder, x: string, axes: readonly number[]): string => {
		const attrs = { T, Tidx: INT32, keep_dims: true };
		const over = g.ints('norm/axes', axes);
		const mean = g.node('norm/mean', 'Mean', [x, over], attrs);
		const difference = binary(g, 'norm/difference', 'SquaredDifference', x, mean);
		const variance = g.node('norm/variance', 'Mean', [difference, over], attrs);
		const root = unary(
			g,
			'norm/root',
			'Rsqrt',
			binary(g, 'norm/add', 'AddV2', variance, g.floats('eps', 1e-3)),
		);
		const factor = binary(g, 'norm/factor', 'Mul', root, g.random('gamma', [4], 1));
		const offset = binary(
			g,
			'norm/offset',
			'Sub',
			g.random('beta', [4], 1),
			binary(g, 'norm/shift', 'Mul', mean, factor),
		);
		return binary(g, 'norm/y', 'AddV2', binary(g, 'norm/scaled', 'Mul', x, factor), offset);
	};

	test.each<[number[], string, string]>([
		[[-1], 'normalization', 'LayerNorm'],
		[[1, 2], 'normalization', 'InstanceNorm'],
		[[0, 1, 2], 'training batch norm', 'BN (training)'],
	])('moments over %j alone', (axes, kind, description) => {
		expect(blocksOf((g, x) => normalized(g, x, axes))).toEqual([[kind, description]]);
	});

	test('of groups, between two Reshapes', () => {
		const made = blocksOf((g, x) => {
			const shape = { T, Tshape: INT32 };
			const groups = g.node('groups', 'Reshape', [conv(g, 'c', x), g.ints('5d', [1, 8, 8, 2, 2])], shape);
			const attrs = { T, Tidx: INT32, keep_dims: true };
			const over = g.ints('axes', [1, 2, 4]);
			const mean = g.node('mean', 'Mean', [groups, over], attrs);
			const centred = binary(g, 'centred', 'Sub', groups, mean);
			const variance = g.node(
				'variance',
				'Mean',
				[binary(g, 'difference', 'SquaredDifference', groups, mean), over],
				attrs,
			);
			const y = binary(g, 'y', 'Mul', centred, unary(g, 'root', 'Rsqrt', variance));
			relu(g, 'r', g.node('back', 'Reshape', [y, g.ints('4d', [1, 8, 8, 4])], shape));
		});
		expect(made).toEqual([['convolution', 'Conv2D 3×3 → 4 + GroupNorm + Relu']]);
	});

	test('it belongs to the layer before it, and the activation after it too', () => {
		const made = blocksOf((g, x) => relu(g, 'r', normalized(g, bias(g, 'c', conv(g, 'c', x)), [-1])));
		expect(made).toEqual([['convolution', 'Conv2D 3×3 → 4 + bias + LayerNorm + Relu']]);
	});

	test('also after the activation, where there was none before', () => {
		const made = blocksOf((g, x) => normalized(g, relu(g, 'r', conv(g, 'c', x)), [0, 1, 2]));
		expect(made).toEqual([['convolution', 'Conv2D 3×3 → 4 + Relu + BN (training)']]);
	});

	test('and ends before the mean over places that follows it', () => {
		const made = blocksOf((g, x) => {
			const y = normalized(g, x, [-1]);
			g.node('pool', 'Mean', [y, g.ints('places', [1, 2])], { T, Tidx: INT32 });
		});
		expect(made).toEqual([
			['normalization', 'LayerNorm'],
			['pooling', 'global mean of 8×8'],
		]);
	});

	test('no layer normalization: what only compares a value with its mean', () => {
		const made = blocksOf((g, x) => {
			const mean = g.node('mean', 'Mean', [x, g.ints('axes', -1)], { T, Tidx: INT32, keep_dims: true });
			binary(g, 'difference', 'SquaredDifference', x, mean);
		});
		expect(made).toEqual([]);
	});

	const parameters = (g: GraphBuilder): string[] =>
		['scale', 'offset', 'mean', 'variance'].map((name) => g.random(`bn/${name}`, [4], 1));
	const norm = (g: GraphBuilder, name: string, inputs: readonly string[], training: boolean): string =>
		g.node(name, 'FusedBatchNorm', inputs, { T, is_training: training });

	test('a batch norm between Switch and Merge', () => {
		const made = blocksOf((g, x) => {
			const c = conv(g, 'c', x);
			const training = g.placeholder('training', DT_BOOL, []);
			const [scale, offset, mean, variance] = parameters(g);
			const turned = (name: string, value: string): string =>
				g.node(`bn/${name}`, 'Switch', [value, training], { T });
			const inference = [scale!, offset!, mean!, variance!].map((value, i) => turned(`off${i}`, value));
			const learning = [scale!, offset!].map((value, i) => `${turned(`on${i}`, value)}:1`);
			const empty = g.floats('empty', [], [0]);
			const on = norm(g, 'bn/on', [`${turned('x1', c)}:1`, ...learning, empty, empty], true);
			const off = norm(g, 'bn/off', [turned('x0', c), ...inference], false);
			relu(g, 'r', g.node('bn/merge', 'Merge', [off, on], { T, N: Attr.int(2) }));
		});
		expect(made).toEqual([['convolution', 'Conv2D 3×3 → 4 + BN (training switch) + Relu']]);
	});

	test('a Select between the moments of the batch and the moving ones', () => {
		const made = blocksOf((g, x) => {
			const c = conv(g, 'c', x);
			const attrs = { T, Tidx: INT32, keep_dims: true };
			const over = g.ints('axes', [0, 1, 2]);
			const training = g.placeholder('training', DT_BOOL, []);
			const choose = (name: string, value: string, moving: string): string =>
				g.node(name, 'SelectV2', [training, value, moving], { T });
			const mean = g.node('mean', 'Mean', [c, over], attrs);
			const difference = binary(g, 'difference', 'SquaredDifference', c, mean);
			const variance = g.node('variance', 'Mean', [difference, over], attrs);
			const [, , movingMean, movingVariance] = parameters(g);
			const root = unary(g, 'root', 'Rsqrt', choose('v', variance, movingVariance!));
			binary(g, 'y', 'Mul', binary(g, 'centred', 'Sub', c, choose('m', mean, movingMean!)), root);
		});
		expect(made).toEqual([['convolution', 'Conv2D 3×3 → 4 + BN (training switch)']]);
	});
});

describe('an If between training and inference', () => {
	const body = (name: string, nodes: string, returned: string): string => `function {
		signature {
			name: "${name}"
			input_arg { name: "x" type: DT_FLOAT }
			output_arg { name: "y" type: DT_FLOAT }
		}
		${nodes}
		ret { key: "y" value: "${returned}" }
	}`;
	const one = (name: string, op: string): string => `node_def {
		name: "${name}" op: "${op}" input: "x" attr { key: "T" value { type: DT_FLOAT } }
	}`;
	const graph = (branches: readonly [string, string]) => {
		const g = new GraphBuilder();
		const c = conv(g, 'c', g.placeholder('x', DT_FLOAT, [1, 8, 8, 4]));
		const training = g.placeholder('training', DT_BOOL, []);
		relu(
			g,
			'r',
			g.node('switch', 'StatelessIf', [training, c], {
				then_branch: Attr.func('on'),
				else_branch: Attr.func('off'),
				Tcond: Attr.type(DT_BOOL),
			}),
		);
		const library = readTextGraphDef(
			Buffer.from(`library { ${body('on', branches[0], 'n:y:0')} ${body('off', branches[1], 'n:y:0')} }`),
		).parts;
		return g.finish(library);
	};
	const found = (branches: readonly [string, string]) => {
		const made = graph(branches);
		const blocks = findBlocks(made).blocks.map(({ kind, description }) => [kind, description]);
		return { blocks, pages: functionPages(made).map(({ name }) => name) };
	};

	test('of batch norms belongs to its convolution, and its branches are no pages', () => {
		expect(found([one('n', 'FusedBatchNormV3'), one('n', 'FusedBatchNormV3')])).toEqual({
			blocks: [['convolution', 'Conv2D 3×3 → 4 + BN (training switch) + Relu']],
			pages: [],
		});
	});

	test('of random numbers is a dropout', () => {
		expect(found([one('u', 'RandomUniform') + one('n', 'Mul'), one('n', 'Identity')])).toEqual({
			blocks: [
				['convolution', 'Conv2D 3×3 → 4'],
				['dropout', 'behind a training switch'],
			],
			pages: [],
		});
	});

	test('of layers is neither', () => {
		const { blocks } = found([one('m', 'MatMul') + one('n', 'FusedBatchNormV3'), one('n', 'Identity')]);
		expect(blocks).toEqual([['convolution', 'Conv2D 3×3 → 4']]);
	});
});

test('ranges and requantizing beside a quantized product pass its values on', () => {
	const made = blocksOf((g, x) => {
		const flat = g.node('flat', 'Reshape', [x, g.ints('shape', [8, 32])], { T, Tshape: INT32 });
		const ranges = ['min', 'max'].map((name) => g.floats(name, 1));
		const product = g.node('fc', 'QuantizedMatMul', [flat, g.random('w', [32, 4]), ...ranges, ...ranges]);
		const wide = [product, `${product}:1`, `${product}:2`];
		const range = g.node('range', 'RequantizationRange', wide);
		const eight = g.node('eight', 'Requantize', [...wide, range, `${range}:1`]);
		const real = g.node('real', 'Dequantize', [eight, `${eight}:1`, `${eight}:2`]);
		const biased = binary(g, 'biased', 'Add', real, g.random('b', [4], 1));
		const bounds = ['Min', 'Max'].map((op) => g.node(op, op, [biased, g.ints(`${op}/axes`, [0, 1])]));
		const again = g.node('again', 'QuantizeV2', [biased, ...bounds]);
		g.node('act', 'QuantizedRelu', [again, `${again}:1`, `${again}:2`]);
	});
	expect(made).toEqual([['dense', 'QuantizedMatMul 32 → 4 + bias + Relu']]);
});

describe('what layers begin with', () => {
	test('a dilation, by attribute and by SpaceToBatchND', () => {
		const made = blocksOf((g, x) => {
			const filter = g.random('w', [3, 3, 4, 4]);
			const attrs = { T, strides: [1, 1, 1, 1], padding: 'VALID' };
			g.node('attribute', 'Conv2D', [x, filter], { ...attrs, dilations: [1, 2, 2, 1] });
			const [block, paddings] = [g.ints('block', [3, 3]), g.ints('pads', [3, 4, 3, 4], [2, 2])];
			const spread = g.node('spread', 'SpaceToBatchND', [x, block, paddings], { T });
			const product = g.node('spaced', 'Conv2D', [spread, filter], attrs);
			relu(g, 'r', g.node('back', 'BatchToSpaceND', [product, block, paddings], { T }));
		});
		expect(made.map(([, description]) => description).sort()).toEqual([
			'Conv2D 3×3 dilated 2 → 4',
			'Conv2D 3×3 dilated 3 → 4 + Relu',
		]);
	});

	test('groups: the filter reads fewer channels than there are', () => {
		const made = blocksOf((g, x) =>
			g.node('c', 'Conv2D', [x, g.random('w', [3, 3, 2, 6])], { T, strides: [1, 1, 1, 1], padding: 'SAME' }),
		);
		expect(made).toEqual([['convolution', 'Conv2D 3×3 in 2 groups → 6']]);
	});

	test('a table of rows that a resource variable holds', () => {
		const made = blocksOf((g, x) => {
			const table = g.node('table', 'VarHandleOp', [], { dtype: T, shape: Attr.shape([50, 6]) });
			const ids = g.node('ids', 'Cast', [x], { SrcT: T, DstT: INT32 });
			g.node('lookup', 'ResourceGather', [table, ids], { dtype: T, Tindices: INT32 });
		});
		expect(made).toContainEqual(['embedding', 'embedding 50×6']);
	});

	test('the call of a function that is one layer, and what follows the call', () => {
		const g = new GraphBuilder();
		const [x, w] = [g.placeholder('x', DT_FLOAT, [1, 8, 8, 4]), g.random('w', [5, 5, 4, 2])];
		const call = g.node('call', 'PartitionedCall', [x, w], {
			Tin: Attr.types([DT_FLOAT, DT_FLOAT]),
			Tout: Attr.types([DT_FLOAT]),
			f: Attr.func('piece'),
		});
		bias(g, 'b', call);
		const { parts } = readTextGraphDef(
			Buffer.from(`library { function {
				signature {
					name: "piece"
					input_arg { name: "v" type: DT_FLOAT }
					input_arg { name: "f" type: DT_FLOAT }
					output_arg { name: "y" type: DT_FLOAT }
				}
				node_def {
					name: "c" op: "Conv2D" input: "v" input: "f"
					attr { key: "T" value { type: DT_FLOAT } }
					attr { key: "padding" value { s: "SAME" } }
					attr { key: "strides" value { list { i: 1 i: 1 i: 1 i: 1 } } }
				}
				node_def { name: "a" op: "Relu" input: "c:output:0" attr { key: "T" value { type: DT_FLOAT } } }
				ret { key: "y" value: "a:activations:0" }
			} }`),
		);
		const graph = g.finish(parts);
		expect(functionPages(graph)).toEqual([]);
		expect(findBlocks(graph).blocks.map(({ description }) => description)).toEqual(['Conv2D 5×5 → 2 + Relu']);
	});
});

test('a residual around branches that are joined and brought to its width, as in Inception-ResNet', () => {
	const made = blocksOf((g, x) => {
		const start = relu(g, 'start', x);
		const branches = ['a', 'b'].map((name) => relu(g, `${name}/r`, conv(g, name, start)));
		const attrs = { T, N: Attr.int(2), Tidx: INT32 };
		const joined = g.node('joined', 'ConcatV2', [...branches, g.ints('axis', 3)], attrs);
		const up = g.node('up/Conv2D', 'Conv2D', [joined, g.random('up/w', [1, 1, 8, 4])], {
			T,
			strides: [1, 1, 1, 1],
			padding: 'SAME',
		});
		const scaled = binary(g, 'scaled', 'Mul', bias(g, 'up', up), g.floats('scale', 0.17));
		relu(g, 'end', binary(g, 'sum', 'AddV2', start, scaled));
	});
	expect(made).toEqual([['residual', 'inception, Conv2D 1×1 → 4']]);
});

test('the rate of a dropout', () => {
	const made = (older: boolean) =>
		blocksOf((g, x) => {
			const random = g.node('drop/random', 'RandomUniform', [g.ints('shape', [1, 8, 8, 4])], {
				dtype: T,
				T: INT32,
			});
			const value = relu(g, 'r', x);
			if (older) {
				const kept = binary(g, 'drop/add', 'Add', random, g.floats('keep', 0.75));
				binary(g, 'drop/mul', 'Mul', value, unary(g, 'drop/floor', 'Floor', kept));
			} else {
				const kept = binary(g, 'drop/above', 'GreaterEqual', random, g.floats('rate', 0.25));
				const mask = g.node('drop/mask', 'Cast', [kept], { SrcT: Attr.type(DT_BOOL), DstT: T });
				binary(g, 'drop/mul', 'Mul', value, mask);
			}
		});
	expect([made(true), made(false)]).toEqual([[['dropout', 'rate 0.25']], [['dropout', 'rate 0.25']]]);
});

describe('between the layers', () => {
	test('resizing, global pooling, channels side by side', () => {
		const made = blocksOf((g, x) => {
			const small = conv(g, 'small', x, 3, 2);
			const large = g.node('up', 'ResizeNearestNeighbor', [small, g.ints('size', [8, 8])], { T });
			const axis = g.ints('axis', 3);
			const both = g.node('both', 'ConcatV2', [large, x, axis], { T, N: Attr.int(2), Tidx: INT32 });
			g.node('pool', 'Mean', [both, g.ints('places', [1, 2])], { T, Tidx: INT32 });
			g.node('shuffle', 'DepthToSpace', [small], { T, block_size: Attr.int(2) });
		});
		expect(made).toEqual([
			['convolution', 'Conv2D 3×3/2 → 4'],
			['resizing', 'ResizeNearestNeighbor to 8×8'],
			['concatenation', '4 + 4 channels'],
			['pooling', 'global mean of 8×8'],
			['resizing', 'DepthToSpace 2'],
		]);
	});

	test('no pooling: the mean of a batch, or of every number', () => {
		const mean = (axes: readonly number[]) =>
			blocksOf((g, x) => g.node('m', 'Mean', [relu(g, 'r', x), g.ints('axes', axes)], { T, Tidx: INT32 }));
		expect([mean([0]), mean([0, 1, 2, 3]), mean([3])]).toEqual([[], [], []]);
	});

	test('one feature times a variable and plus another is a linear model', () => {
		const made = (shape: readonly number[]) =>
			blocksOf((g, x) => {
				const variable = (name: string) =>
					g.node(name, 'VariableV2', [], { dtype: T, shape: Attr.shape(shape) });
				binary(g, 'y', 'Add', binary(g, 'scaled', 'Mul', x, variable('a')), variable('b'));
			});
		expect([made([]), made([4])]).toEqual([[['dense', 'Mul by a weight + bias']], []]);
	});
});

test('no residual: a sum of every value with every other', () => {
	const kinds = blocksOf((g, x) => {
		const shape = { T, Tshape: INT32 };
		const start = relu(g, 'start', x);
		const q = g.node('q', 'Reshape', [conv(g, 'a', start), g.ints('qs', [64, 1, 4])], shape);
		const k = g.node('k', 'Reshape', [conv(g, 'c', conv(g, 'b', start)), g.ints('ks', [1, 64, 4])], shape);
		binary(g, 'sum', 'AddV2', q, k);
	}).map(([kind]) => kind);
	expect(kinds).not.toContain('residual');
});

test('attention takes in the layers of queries, keys and values, and the one after it', () => {
	const made = blocksOf((g, x) => {
		const flat = g.node('flat', 'Reshape', [x, g.ints('flat/shape', [1, 64, 4])], { T, Tshape: INT32 });
		const dense = (name: string, value: string, rows: number, columns: number): string =>
			g.node(`${name}/MatMul`, 'BatchMatMulV2', [value, g.random(`${name}/w`, [rows, columns])], { T });
		const heads = (name: string): string => {
			const parts = g.node(`${name}/parts`, 'Reshape', [dense(name, flat, 4, 6), 'parts/shape'], {
				T,
				Tshape: INT32,
			});
			return g.node(`${name}/turned`, 'Transpose', [parts, 'perm'], { T, Tperm: INT32 });
		};
		g.ints('parts/shape', [1, 64, 2, 3]);
		g.ints('perm', [0, 2, 1, 3]);
		const scores = g.node('scores', 'BatchMatMulV2', [heads('q'), heads('k')], { T, adj_y: true });
		const weights = unary(
			g,
			'softmax',
			'Softmax',
			binary(g, 'scaled', 'Mul', scores, g.floats('factor', 0.5)),
		);
		const context = g.node('context', 'BatchMatMulV2', [weights, heads('v')], { T });
		const turned = g.node('turned', 'Transpose', [context, 'perm'], { T, Tperm: INT32 });
		const joined = g.node('joined', 'Reshape', [turned, g.ints('joined/shape', [1, 64, 6])], {
			T,
			Tshape: INT32,
		});
		dense('out', joined, 6, 4);
	});
	expect(made).toEqual([['attention', '2 heads: QKᵀ → softmax → V of 3 × 4 → 6, 6 → 4']]);
});
