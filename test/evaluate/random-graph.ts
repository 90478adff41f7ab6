/** Random graphs that can be run: elementwise ops, products, joins, and what transforms look for. */

import { Attr } from '../../src/graph/attr.ts';
import { FLOAT, GraphBuilder } from '../../src/graph/builder.ts';
import { DT_FLOAT, DT_INT32 } from '../../src/graph/dtype.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { mulberry32 } from '../../src/graph/random.ts';

const WIDTH = 4;

/** Inputs `x` and `y`, outputs `out0` and `out1`; every tensor between is [3, 4]. */
export function randomGraph(seed: number, size: number): Graph {
	const random = mulberry32(seed);
	const g = new GraphBuilder({ seed });
	const shape = [3, WIDTH];
	const tensors = [g.placeholder('x', DT_FLOAT, shape), g.placeholder('y', DT_FLOAT, shape)];
	const pick = (): string => tensors[Math.floor(random() * tensors.length)]!;
	const T = FLOAT;
	const makers: readonly ((name: string) => string)[] = [
		(name) => g.node(name, 'Identity', [pick()], { T }),
		(name) => g.node(name, 'Add', [pick(), pick()], { T }),
		(name) => g.node(name, 'Mul', [pick(), pick()], { T }),
		(name) => g.node(name, 'Relu', [pick()], { T }),
		(name) => g.node(name, 'Tanh', [pick()], { T }),
		(name) => g.random(name, shape, 1),
		(name) => g.node(name, 'BiasAdd', [pick(), g.random(`${name}_b`, [WIDTH], 1)], { T }),
		(name) => g.node(name, 'MatMul', [pick(), g.random(`${name}_w`, [WIDTH, WIDTH], 1)], { T }),
		(name) => {
			const axis = g.ints(`${name}_axis`, 0);
			g.node(`${name}_joined`, 'ConcatV2', [pick(), pick(), axis], {
				T,
				N: Attr.int(2),
				Tidx: Attr.type(DT_INT32),
			});
			const begin = g.ints(`${name}_begin`, [1, 0]);
			const sizes = g.ints(`${name}_size`, shape);
			return g.node(name, 'Slice', [`${name}_joined`, begin, sizes], { T, Index: Attr.type(DT_INT32) });
		},
		// Twice the same, for merge_duplicate_nodes.
		(name) => {
			const input = pick();
			g.node(`${name}_twin`, 'Square', [input], { T });
			g.node(`${name}_same`, 'Square', [input], { T });
			return g.node(name, 'Sub', [`${name}_twin`, `${name}_same`], { T });
		},
	];
	for (let i = 0; i < size; i++) tensors.push(makers[Math.floor(random() * makers.length)]!(`n${i}`));
	for (const i of [0, 1]) g.node(`out${i}`, 'Identity', [tensors.at(-1 - i)!], { T });
	return g.finish();
}
