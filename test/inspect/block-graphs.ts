/** Small graphs that blocks are found in. */
import { FLOAT, GraphBuilder } from '../../src/graph/builder.ts';
import { DT_FLOAT } from '../../src/graph/dtype.ts';
import { findBlocks } from '../../src/inspect/blocks.ts';

export const T = FLOAT;

/** Kind and description of every block of a graph of the placeholder x, of the shape [1, 8, 8, 4]. */
export function blocksOf(make: (g: GraphBuilder, x: string) => void): string[][] {
	const g = new GraphBuilder();
	make(g, g.placeholder('x', DT_FLOAT, [1, 8, 8, 4]));
	return findBlocks(g.finish()).blocks.map((block) => [block.kind, block.description]);
}

export const conv = (g: GraphBuilder, name: string, x: string, size = 3, stride = 1): string =>
	g.node(`${name}/Conv2D`, 'Conv2D', [x, g.random(`${name}/w`, [size, size, 4, 4])], {
		T,
		strides: [1, stride, stride, 1],
		padding: 'SAME',
	});
export const bias = (g: GraphBuilder, name: string, x: string): string =>
	g.node(`${name}/BiasAdd`, 'BiasAdd', [x, g.random(`${name}/b`, [4], 1)], { T });
export const relu = (g: GraphBuilder, name: string, x: string): string => g.node(name, 'Relu', [x], { T });
