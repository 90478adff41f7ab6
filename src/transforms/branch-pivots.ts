/**
 * What tells the branches of TensorFlow 1 apart when it goes: an Identity on one output of a Switch that other
 * nodes name as control input.
 *
 *   before   s = Switch(x, p), t = Identity(s:1), c = Const(^t)      c runs in the taken branch only
 *   after    s = Switch(x, p), c = Const(^s)                         c always runs
 */
import type { Graph } from '../graph/graph.ts';
import { isControl, sourceOf } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';

export interface BranchPivot {
	readonly pivot: string;
	/** The Switch that it reads, perhaps through others that went as well. */
	readonly branching: string;
}

const SWITCHES: readonly string[] = ['Switch', 'RefSwitch'];

/** Nodes of `before` that are not in `after`, hand on an output of a Switch, and are waited for by others. */
export function lostPivots(before: Graph, after: Graph): BranchPivot[] {
	const switches = SWITCHES.flatMap((op) => before.byOp.get(op) ?? []);
	if (switches.length === 0) return [];
	const waitedFor = new Set(before.nodes.flatMap(({ inputs }) => inputs.filter(isControl).map(sourceOf)));
	const found: BranchPivot[] = [];
	const waiting = switches.map((node) => ({ node, branching: node.name }));
	const seen = new Set<Node>();
	for (let next = waiting.pop(); next; next = waiting.pop()) {
		const { node, branching } = next;
		if (node.name !== branching && waitedFor.has(node.name)) found.push({ pivot: node.name, branching });
		for (const reader of before.readersOf(node.name)) {
			const handsOn = reader.sources[0] === node.name && !isControl(reader.inputs[0]!);
			if (!handsOn || seen.has(reader) || after.has(reader.name)) continue;
			seen.add(reader);
			waiting.push({ node: reader, branching });
		}
	}
	return found;
}
