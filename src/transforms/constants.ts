/** Constants as whittle's own transforms see them: also behind Identity, as frozen variables are read. */
import type { Graph } from '../graph/graph.ts';
import { inputParts, isControl } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';
import type { Tensor } from '../graph/tensor.ts';

export interface ConstantBehind {
	readonly tensor: Tensor;
	/** From the node that the input names to the Const itself. */
	readonly path: readonly Node[];
}

/** The Const that an input leads to through Identity nodes; undefined when it leads elsewhere. */
export function constantBehind(graph: Graph, input: string): ConstantBehind | undefined {
	const path: Node[] = [];
	let next: string | undefined = input;
	while (next !== undefined && path.length < 64) {
		const { prefix, name, suffix } = inputParts(next);
		const node = graph.node(name);
		if (!node || prefix !== '' || (suffix !== '' && suffix !== ':0')) return undefined;
		path.push(node);
		if (node.op === 'Const') {
			const tensor = node.tensor;
			return tensor?.decodable ? { tensor, path } : undefined;
		}
		if (node.op !== 'Identity') return undefined;
		next = node.inputs.find((item) => !isControl(item));
	}
	return undefined;
}

/** Nodes that read a value of `name`, once per input; control edges read none. */
export function dataReaders(graph: Graph, name: string): Node[] {
	const found: Node[] = [];
	for (const reader of new Set(graph.readersOf(name))) {
		for (let i = 0; i < reader.inputs.length; i++) {
			if (reader.sources[i] === name && !isControl(reader.inputs[i]!)) found.push(reader);
		}
	}
	return found;
}

/**
 * `nodes` without those constants of `suspects` whose value nothing reads any more; what they alone read goes with
 * them. Nobody needs to wait for a constant, so control edges from them go too.
 */
export function dropUnread(
	graph: Graph,
	nodes: readonly Node[],
	suspects: ReadonlySet<string>,
	keep: ReadonlySet<string>,
): Node[] {
	const after = graph.with(nodes);
	const readers = new Map<string, number>();
	const count = (node: Node, change: number): void => {
		for (let i = 0; i < node.inputs.length; i++) {
			if (isControl(node.inputs[i]!)) continue;
			const source = node.sources[i]!;
			readers.set(source, (readers.get(source) ?? 0) + change);
		}
	};
	for (const node of nodes) count(node, 1);
	const gone = new Set<string>();
	const pending = [...suspects];
	for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
		const node = after.node(name);
		if (!node || gone.has(name) || keep.has(name) || (readers.get(name) ?? 0) > 0) continue;
		gone.add(name);
		count(node, -1);
		for (const source of node.sources) if (suspects.has(source)) pending.push(source);
	}
	if (gone.size === 0) return [...nodes];
	return nodes.filter((node) => !gone.has(node.name)).map((node) => withoutControl(node, gone));
}

function withoutControl(node: Node, gone: ReadonlySet<string>): Node {
	if (!node.sources.some((source) => gone.has(source))) return node;
	return node.with({ inputs: node.inputs.filter((_input, i) => !gone.has(node.sources[i]!)) });
}
