/** Small graphs that commands are tried on. */
import { FLOAT, GraphBuilder } from '../../src/graph/builder.ts';
import { DT_FLOAT } from '../../src/graph/dtype.ts';
import type { Graph } from '../../src/graph/graph.ts';

/**
 *   x ── Identity a ── MatMul m (w) ── Relu y        spare: a constant that nobody reads
 *
 * on a device, with a control input, so that several transforms find something.
 */
export function smallModel(): Graph {
	const build = new GraphBuilder();
	build.placeholder('x', DT_FLOAT, [-1, 4]);
	build.node('a', 'Identity', ['x'], { T: FLOAT }, '/gpu:0');
	build.random('w', [4, 3]);
	build.node('m', 'MatMul', ['a', 'w', '^x'], { T: FLOAT, transpose_a: false, transpose_b: false }, '/gpu:0');
	build.node('y', 'Relu', ['m'], { T: FLOAT });
	build.floats('spare', [1, 2, 3]);
	return build.finish();
}

/** A chain of three whose ends have the worst names that a shell, Python and TypeScript could be given. */
export function oddModel(): Graph {
	const build = new GraphBuilder();
	const input = build.placeholder('it\'s "$HOME" #1 \\ ;(', DT_FLOAT, [-1, 4]);
	build.node('a', 'Identity', [input], { T: FLOAT }, '/gpu:0');
	build.node('`ls` | é', 'Relu', ['a'], { T: FLOAT });
	return build.finish();
}
