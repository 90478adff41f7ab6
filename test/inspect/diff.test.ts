import { describe, expect, test } from 'vitest';
import { FLOAT, GraphBuilder } from '../../src/graph/builder.ts';
import { Graph } from '../../src/graph/graph.ts';
import { diffGraphs } from '../../src/inspect/diff.ts';
import { buildMtcnn } from '../../src/models/mtcnn.ts';

function model(
	change: { prefix?: string; weight?: number; activation?: string; extra?: boolean } = {},
): Graph {
	const { prefix = '', weight = 1, activation = 'Relu', extra = false } = change;
	const g = new GraphBuilder();
	g.placeholder('x');
	const w = g.floats(`${prefix}w`, [weight, 2]);
	const product = g.node(`${prefix}product`, 'Mul', ['x', w], { T: FLOAT });
	g.node('y', activation, [product], { T: FLOAT });
	if (extra) g.node('z', 'Relu', ['y'], { T: FLOAT });
	return g.finish();
}

describe('two graphs', () => {
	test('equal ones have no difference', () => {
		const same = diffGraphs(model(), model());
		expect([same.added, same.removed, same.changed, same.renamed]).toEqual([[], [], [], []]);
		expect(same.reordered).toBe(false);
	});

	test('added, removed and changed nodes by name', () => {
		const diff = diffGraphs(model(), model({ activation: 'Elu', extra: true }));
		expect(diff.added).toEqual(['z']);
		expect(diff.changed).toEqual([
			{ name: 'y', fields: ['op'], changes: [{ field: 'op', before: 'Relu', after: 'Elu' }] },
		]);
		expect(diffGraphs(model({ extra: true }), model()).removed).toEqual(['z']);
	});

	test('tensors by value', () => {
		const [change] = diffGraphs(model(), model({ weight: 1.5 })).changed;
		expect(change).toMatchObject({ name: 'w', fields: ['attr.value'], changes: [{ maxDifference: 0.5 }] });
	});

	test('nodes of one name are compared in their order', () => {
		const constant = (value: number) => {
			const g = new GraphBuilder();
			g.floats('w', [value]);
			return g.finish().nodes;
		};
		const twice = (...values: readonly number[]): Graph => new Graph(values.flatMap(constant));
		expect(diffGraphs(twice(1, 2), twice(1, 2)).changed).toEqual([]);
		expect(diffGraphs(twice(1, 2), twice(1, 5)).changed).toMatchObject([{ changes: [{ maxDifference: 3 }] }]);
		expect(diffGraphs(twice(1), twice(1, 2)).added).toEqual(['w']);
	});

	test('renamed nodes are one change, and their readers none', () => {
		const diff = diffGraphs(model(), model({ prefix: 'new/' }));
		expect(diff.renamed).toEqual([
			{ from: 'w', to: 'new/w' },
			{ from: 'product', to: 'new/product' },
		]);
		expect([diff.added, diff.removed, diff.changed]).toEqual([[], [], []]);
	});

	test('a whole network under other names', () => {
		const before = buildMtcnn();
		const after = before.with(
			before.nodes.map((node) =>
				node.with({ name: `m/${node.name}`, inputs: node.inputs.map((i) => `m/${i}`) }),
			),
		);
		const diff = diffGraphs(before, after);
		expect(diff.renamed).toHaveLength(244);
		expect(diff.renamed.every(({ from, to }) => to === `m/${from}`)).toBe(true);
		expect(diff.changed).toEqual([]);
	});

	test('a loop of renamed nodes ends', () => {
		const loop = (prefix: string): Graph => {
			const g = new GraphBuilder();
			g.node(`${prefix}a`, 'Relu', [`${prefix}b`], { T: FLOAT });
			g.node(`${prefix}b`, 'Elu', [`${prefix}a`], { T: FLOAT });
			return g.finish();
		};
		expect(diffGraphs(loop(''), loop('n/')).renamed).toHaveLength(2);
	});

	test('another order is said', () => {
		const graph = model();
		expect(diffGraphs(graph, graph.with([...graph.nodes].reverse())).reordered).toBe(true);
	});
});
