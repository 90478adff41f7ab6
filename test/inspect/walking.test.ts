import { describe, expect, test } from 'vitest';
import { FLOAT, GraphBuilder } from '../../src/graph/builder.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { findPaths } from '../../src/inspect/paths.ts';
import { distances } from '../../src/inspect/reach.ts';
import { findScope, scopeTree } from '../../src/inspect/scopes.ts';
import { buildMtcnn } from '../../src/models/mtcnn.ts';

/** x → a → b → d, x → c → d, d ⇢ e by control. */
function diamond(): Graph {
	const g = new GraphBuilder();
	g.placeholder('x');
	g.node('a', 'Relu', ['x'], { T: FLOAT });
	g.node('b', 'Relu', ['a'], { T: FLOAT });
	g.node('c', 'Relu', ['x'], { T: FLOAT });
	g.node('d', 'AddV2', ['b', 'c'], { T: FLOAT });
	g.node('e', 'NoOp', ['^d']);
	return g.finish();
}

const graph = diamond();
const at = (name: string): number => graph.position.get(name)!;
const named = (path: readonly number[]): string => path.map((i) => graph.nodes[i]!.name).join('');

test('distances go by the shortest way, within a depth, with or without control edges', () => {
	expect([...distances(graph, [at('x')], 'down')]).toEqual([0, 1, 2, 1, 2, 3]);
	expect([...distances(graph, [at('x')], 'down', { depth: 1 })]).toEqual([0, 1, -1, 1, -1, -1]);
	expect([...distances(graph, [at('e')], 'up')]).toEqual([3, 3, 2, 2, 1, 0]);
	expect([...distances(graph, [at('e')], 'up', { control: false })]).toEqual([-1, -1, -1, -1, -1, 0]);
});

describe('paths', () => {
	test('the shortest, and all of them', () => {
		const { shortest, all, more } = findPaths(graph, at('x'), at('d'));
		expect(named(shortest!)).toBe('xcd');
		expect(all.map(named)).toEqual(['xcd', 'xabd']);
		expect(more).toBe(false);
	});

	test('a limit, and that there are more', () => {
		const { all, more } = findPaths(graph, at('x'), at('e'), 1);
		expect(all.map(named)).toEqual(['xcde']);
		expect(more).toBe(true);
	});

	test('no way, and the way to itself', () => {
		expect(findPaths(graph, at('d'), at('x')).shortest).toBeUndefined();
		expect(named(findPaths(graph, at('d'), at('d')).shortest!)).toBe('d');
	});

	test('a thousand diamonds in a row have more ways than anybody can list', () => {
		const g = new GraphBuilder();
		let last = g.placeholder('x');
		for (let i = 0; i < 1000; i++) {
			const left = g.node(`l${i}`, 'Relu', [last], { T: FLOAT });
			const right = g.node(`r${i}`, 'Relu', [last], { T: FLOAT });
			last = g.node(`j${i}`, 'AddV2', [left, right], { T: FLOAT });
		}
		const deep = g.finish();
		const { shortest, all, more } = findPaths(deep, 0, deep.nodes.length - 1, 5);
		expect(shortest).toHaveLength(2001);
		expect(all).toHaveLength(5);
		expect(more).toBe(true);
	});
});

describe('the scope tree', () => {
	const tree = scopeTree(buildMtcnn());

	test('totals are those of the parts, and the top has everything', () => {
		expect(tree.total).toMatchObject({ nodes: 244, params: 495860 });
		expect([...tree.children.keys()]).toEqual(['pnet', 'rnet', 'onet']);
		const sum = [...tree.children.values()].reduce((total, child) => total + child.total.params, 0);
		expect(sum).toBe(495860);
		const pnet = findScope(tree, 'pnet')!;
		const below = [...pnet.children.values()].reduce((total, child) => total + child.total.nodes, 0);
		expect(pnet.total.nodes).toBe(pnet.own.nodes + below);
	});

	test('a scope by its path', () => {
		expect(findScope(tree, 'pnet/conv1')!.total.nodes).toBe(6);
		expect(findScope(tree, 'pnet/nothing')).toBeUndefined();
		expect(findScope(tree, '')).toBe(tree);
	});

	test('a name of ten thousand slashes is no crash', () => {
		const g = new GraphBuilder();
		g.node('a/'.repeat(10_000), 'NoOp');
		expect(scopeTree(g.finish()).total.nodes).toBe(1);
	});
});
