import { describe, expect, test } from 'vitest';
import { FLOAT, GraphBuilder } from '../../src/graph/builder.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { drawDot, drawingOf, drawnPositions, drawSvg } from '../../src/inspect/plot.ts';

function hostile(): Graph {
	const g = new GraphBuilder();
	g.placeholder('x<&">');
	g.node('bell\u0007\u001b[31m"\\', 'Relu', ['x<&">'], { T: FLOAT });
	g.node('after', 'NoOp', ['^bell\u0007\u001b[31m"\\']);
	return g.finish();
}

describe('drawings', () => {
	const graph = hostile();
	const drawing = drawingOf(graph, new Set([0, 1, 2]));

	test('edges between the nodes that are drawn, control edges told apart', () => {
		expect(drawing.edges.map(({ control }) => control)).toEqual([false, true]);
		expect(drawingOf(graph, new Set([0, 2])).edges).toEqual([]);
	});

	test('constants are left out unless asked for', () => {
		const g = new GraphBuilder();
		g.node('y', 'AddV2', [g.placeholder('x'), g.floats('c', 1)], { T: FLOAT });
		const all = g.finish();
		expect(
			drawingOf(all, drawnPositions(all, [0, 1, 2]))
				.nodes.map((node) => node.name)
				.sort(),
		).toEqual(['x', 'y']);
		expect(drawingOf(all, drawnPositions(all, [0, 1, 2], true)).nodes).toHaveLength(3);
	});

	test('an SVG holds no character that XML or a terminal would choke on', async () => {
		const svg = await drawSvg(drawing);
		expect(svg).toMatch(/^<svg xmlns/);
		expect(svg).not.toMatch(/[\x00-\x08\x0b-\x1f]/);
		expect(svg).toContain('x&lt;&amp;&quot;&gt;');
		expect(svg.match(/<g>/g)).toHaveLength(3);
		expect(svg.match(/stroke-dasharray/g)).toHaveLength(1);
	});

	test('a DOT file quotes names', () => {
		const dot = drawDot(drawing);
		expect(dot).toContain('"x<&\\">" -> ');
		expect(dot).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
		expect(dot.split('\n').filter((line) => line.includes('->'))).toHaveLength(2);
	});
});
