/** What has to run for some tensors of a graph, as numbers: the part that they need, and who hands what to whom. */
import { WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import { isControl, parseTensorId } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';
import { isTurn, type Work } from '../graph/progress.ts';
import { noSuchNode } from '../graph/suggest.ts';

/** A tensor of the plan: output `port` of node `node`. */
export interface Source {
	readonly node: number;
	readonly port: number;
}

export interface Edge {
	/** The output that is handed on; −1 for a control edge. */
	readonly port: number;
	readonly to: number;
	/** Which data input it becomes; −1 for a control edge. */
	readonly slot: number;
}

export interface PlannedNode {
	readonly node: Node;
	readonly inputs: readonly Source[];
	readonly controls: readonly number[];
	readonly edges: Edge[];
	/** Tensors that the caller gives: [output port, name]. Such a node does not run. */
	readonly fed: Map<number, string>;
	runs: boolean;
}

export interface Plan {
	readonly nodes: readonly PlannedNode[];
	readonly fetches: readonly Source[];
}

/** The canonical name of a tensor: `a:0` for `a`. */
export function tensorName(text: string): string {
	const { name, port } = parseTensorId(text);
	return `${name}:${Math.max(0, port)}`;
}

const placeholder = /^Placeholder(?:V2)?$/;

/**
 * Plans in turns.
 * @param fed canonical names of the tensors that are given.
 * @param fetches tensors as typed: `a`, `a:1`.
 * @throws WhittleError `unknown` for a tensor that is not there, `graph` where an input names no node.
 */
export function* planningRun(graph: Graph, fed: Iterable<string>, fetches: readonly string[]): Work<Plan> {
	const feeds = new Map<string, Map<number, string>>();
	for (const tensor of fed) {
		const { name, port } = parseTensorId(tensor);
		if (!graph.has(name)) throw noSuchNode(name, graph.position.keys());
		const ports = feeds.get(name) ?? new Map<number, string>();
		feeds.set(name, ports.set(Math.max(0, port), tensor));
	}
	const indices = new Map<string, number>();
	const nodes: PlannedNode[] = [];
	const waiting: number[] = [];
	const need = (name: string, port: number): number => {
		let index = indices.get(name);
		if (index === undefined) {
			const node = graph.node(name);
			if (!node) throw noSuchNode(name, graph.position.keys());
			index = nodes.length;
			indices.set(name, index);
			nodes.push({
				node,
				inputs: [],
				controls: [],
				edges: [],
				fed: feeds.get(name) ?? new Map(),
				runs: false,
			});
		}
		const planned = nodes[index]!;
		// Whoever waits for a fed placeholder waits for its value, as in TensorFlow.
		const given = planned.fed.has(port) || (planned.fed.size > 0 && placeholder.test(planned.node.op));
		if (!planned.runs && !given) {
			planned.runs = true;
			waiting.push(index);
		}
		return index;
	};
	const wanted = fetches.map((text): Source => {
		const { name, port } = parseTensorId(text);
		return { node: need(name, Math.max(0, port)), port: Math.max(0, port) };
	});
	let connected = 0;
	for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
		connect(nodes[at]!, at, nodes, graph, need);
		if (isTurn(connected++)) yield { done: connected, total: graph.nodes.length };
	}
	return { nodes, fetches: wanted };
}

function connect(
	planned: PlannedNode,
	index: number,
	nodes: readonly PlannedNode[],
	graph: Graph,
	need: (name: string, port: number) => number,
): void {
	const inputs = planned.inputs as Source[];
	const controls = planned.controls as number[];
	for (const input of planned.node.inputs) {
		const { name, port } = isControl(input) ? { name: input.slice(1), port: -1 } : parseTensorId(input);
		if (!graph.has(name)) {
			throw new WhittleError(
				'graph',
				`\`${planned.node.name}\` reads \`${input}\`, which is not in the graph.`,
			);
		}
		const source = need(name, port);
		const slot = port < 0 ? -1 : inputs.length;
		if (slot < 0) controls.push(source);
		else inputs.push({ node: source, port });
		nodes[source]!.edges.push({ port, to: index, slot });
	}
}
