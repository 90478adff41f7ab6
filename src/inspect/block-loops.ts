/** Loops: TensorFlow 1's frames of nodes, TensorFlow 2's one op. */
import type { Block, BlockMap } from './block-map.ts';
import { rolesOf } from './roles.ts';

const loopOps = /^(?:LoopCond|While|StatelessWhile)$/;

/** TensorFlow 1's loops by their LoopCond, TensorFlow 2's as one op. */
export function findLoops(map: BlockMap): Block[] {
	const found: Block[] = [];
	const loops = map.ops(loopOps);
	const roles = rolesOf(map.graph);
	for (let at = 0; at < map.graph.nodes.length; at++) {
		if (!loops.has(map.op(at)) || roles[at] !== 'compute') continue;
		const { name } = map.graph.nodes[at]!;
		if (map.op(at) !== 'LoopCond') {
			found.push({ kind: 'while loop', name, description: map.op(at), nodes: [at], output: at, parts: [] });
			continue;
		}
		// Lowered from a While, the node lies in a scope of its own name.
		const scope = map.scopeOf(at).replace(/\/LoopCond$/, '');
		const nodes: number[] = [];
		for (let i = 0; i < map.graph.nodes.length; i++)
			if (map.graph.nodes[i]!.name.startsWith(`${scope}/`)) nodes.push(i);
		found.push({
			kind: 'while loop',
			name: scope,
			description: `${nodes.length} nodes in its frame`,
			nodes: nodes.length > 0 ? nodes : [at],
			output: at,
			parts: [],
		});
	}
	return found;
}
