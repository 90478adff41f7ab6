import { describe, expect, test } from 'vitest';
import { Attr } from '../../src/graph/attr.ts';
import { type GraphBuilder, INT32 } from '../../src/graph/builder.ts';
import { DT_FLOAT } from '../../src/graph/dtype.ts';
import { blocksOf, conv, T } from './block-graphs.ts';

const binary = (g: GraphBuilder, name: string, op: string, a: string, b: string): string =>
	g.node(name, op, [a, b], { T });
const unary = (g: GraphBuilder, name: string, op: string, a: string): string => g.node(name, op, [a], { T });
const zeros = (g: GraphBuilder, name: string, shape: readonly number[]): string =>
	unary(g, name, 'ZerosLike', g.placeholder(`${name}/like`, DT_FLOAT, shape));

/** c' = f·c + i·tanh(g) and h' = o·tanh(c') of four gates. */
const lstm = (
	g: GraphBuilder,
	scope: string,
	[i, f, j, o]: readonly string[],
	c: string,
): [string, string] => {
	const at = (name: string) => `${scope}/${name}`;
	const kept = binary(g, at('kept'), 'Mul', unary(g, at('f'), 'Sigmoid', f!), c);
	const fresh = binary(
		g,
		at('fresh'),
		'Mul',
		unary(g, at('i'), 'Sigmoid', i!),
		unary(g, at('j'), 'Tanh', j!),
	);
	const state = binary(g, at('c'), 'AddV2', kept, fresh);
	const shown = unary(g, at('tanh'), 'Tanh', state);
	return [binary(g, at('h'), 'Mul', unary(g, at('o'), 'Sigmoid', o!), shown), state];
};

describe('cells that are written out', () => {
	test('a ConvLSTM: a convolution of input and state for each gate', () => {
		const made = blocksOf((g, x) => {
			let [h, c] = [zeros(g, 'h', [1, 8, 8, 4]), zeros(g, 'c', [1, 8, 8, 4])];
			for (const step of ['a', 'b']) {
				const gates = [0, 1, 2, 3].map((k) => {
					const products = [conv(g, `${step}/x${k}`, x), conv(g, `${step}/h${k}`, h)];
					return binary(g, `${step}/sum${k}`, 'AddV2', products[0]!, products[1]!);
				});
				[h, c] = lstm(g, step, gates, c);
			}
		});
		expect(made).toEqual([
			['ConvLSTM cell', '3×3, 8 → 4 units'],
			['ConvLSTM cell', '3×3, 8 → 4 units'],
		]);
	});

	test('a ConvLSTM of one convolution that is split', () => {
		const made = blocksOf((g, x) => {
			const [h, c] = [zeros(g, 'h', [1, 8, 8, 2]), zeros(g, 'c', [1, 8, 8, 2])];
			const joined = g.node('joined', 'ConcatV2', [x, h, g.ints('axis', 3)], {
				T,
				N: Attr.int(2),
				Tidx: INT32,
			});
			const product = g.node('product', 'Conv2D', [joined, g.random('w', [5, 5, 6, 8])], {
				T,
				strides: [1, 1, 1, 1],
				padding: 'SAME',
			});
			const split = g.node('split', 'Split', [g.ints('at', 3), product], { T, num_split: Attr.int(4) });
			lstm(g, 'cell', [split, `${split}:1`, `${split}:2`, `${split}:3`], c);
		});
		expect(made).toEqual([['ConvLSTM cell', '5×5, 6 → 2 units']]);
	});

	const flat = (g: GraphBuilder, x: string): string =>
		g.node('flat', 'Reshape', [x, g.ints('flat/shape', [8, 32])], { T, Tshape: INT32 });
	const product = (g: GraphBuilder, name: string, value: string, rows: number, columns: number): string =>
		g.node(name, 'MatMul', [value, g.random(`${name}/w`, [rows, columns])], { T });

	test('an LSTM with a projection of its output', () => {
		const made = blocksOf((g, x) => {
			const [h, c] = [zeros(g, 'h', [8, 3]), zeros(g, 'c', [8, 5])];
			const sum = binary(
				g,
				'cell/sum',
				'AddV2',
				product(g, 'cell/x', flat(g, x), 32, 20),
				product(g, 'cell/u', h, 3, 20),
			);
			const split = g.node('cell/split', 'Split', [g.ints('at', 1), sum], { T, num_split: Attr.int(4) });
			const [out] = lstm(g, 'cell', [split, `${split}:1`, `${split}:2`, `${split}:3`], c);
			product(g, 'cell/projection', out, 5, 3);
		});
		expect(made).toEqual([['LSTM cell', '35 → 5 units, projected to 3']]);
	});

	test('a GRU whose state is reset before its product', () => {
		const made = blocksOf((g, x) => {
			const h = zeros(g, 'h', [8, 6]);
			const join = (name: string, state: string): string =>
				g.node(name, 'ConcatV2', ['flat', state, g.ints(`${name}/axis`, 1)], {
					T,
					N: Attr.int(2),
					Tidx: INT32,
				});
			flat(g, x);
			const gates = unary(g, 'gates', 'Sigmoid', product(g, 'both', join('xh', h), 38, 12));
			const split = g.node('split', 'Split', [g.ints('at', 1), gates], { T, num_split: Attr.int(2) });
			const reset = binary(g, 'reset', 'Mul', split, h);
			const candidate = unary(g, 'candidate', 'Tanh', product(g, 'new', join('xr', reset), 38, 6));
			const rest = binary(g, 'rest', 'Sub', g.floats('one', 1), `${split}:1`);
			binary(
				g,
				'h1',
				'AddV2',
				binary(g, 'kept', 'Mul', `${split}:1`, h),
				binary(g, 'fresh', 'Mul', rest, candidate),
			);
		});
		expect(made).toEqual([['GRU cell', '38 → 6 units']]);
	});

	test('a highway layer is no GRU: it resets nothing', () => {
		const kinds = blocksOf((g, x) => {
			const value = flat(g, x);
			const gate = unary(g, 'gate', 'Sigmoid', product(g, 't', value, 32, 32));
			const rest = binary(g, 'rest', 'Sub', g.floats('one', 1), gate);
			const fresh = unary(g, 'tanh', 'Tanh', product(g, 'h', value, 32, 32));
			binary(g, 'y', 'AddV2', binary(g, 'a', 'Mul', gate, fresh), binary(g, 'b', 'Mul', rest, value));
		}).map(([kind]) => kind);
		expect(kinds).not.toContain('GRU cell');
	});

	test('a simple cell, unrolled from a state of zeros', () => {
		const made = blocksOf((g, x) => {
			const value = flat(g, x);
			let h = zeros(g, 'h', [8, 6]);
			for (const step of ['a', 'b', 'c']) {
				const sum = binary(
					g,
					`${step}/sum`,
					'AddV2',
					product(g, `${step}/x`, value, 32, 6),
					product(g, `${step}/u`, h, 6, 6),
				);
				h = unary(g, `${step}/tanh`, 'Tanh', sum);
			}
		});
		expect(made).toEqual(new Array(3).fill(['RNN cell', '38 → 6 units']));
	});

	test('two products that are added are no cell where nothing is carried on', () => {
		const kinds = blocksOf((g, x) => {
			const value = flat(g, x);
			const other = product(g, 'other', value, 32, 6);
			const sum = binary(g, 'sum', 'AddV2', product(g, 'q', value, 32, 6), product(g, 'k', other, 6, 6));
			unary(g, 'tanh', 'Tanh', sum);
		}).map(([kind]) => kind);
		expect(kinds).not.toContain('RNN cell');
	});
});
