/** Print nodes put behind others, whose readers read through them (spec: core-and-rewiring 6.5). */
import type { Graph } from '../graph/graph.ts';
import { inputParts, isControl, isMarked } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';
import { isTurn, type Work } from '../graph/progress.ts';
import { withReaders } from '../graph/topology.ts';
import { keepNodes, keepWired } from './keep-nodes.ts';
import { renameInputs } from './rename-inputs.ts';

/** The print of each node that gets one, by the node's position. */
export type Prints = readonly (Node | undefined)[];

/** The graph with each print behind its node; who read output 0 of the node reads that of the print. */
export function throughPrints(graph: Graph, prints: Prints): Work<Graph> {
	return namesTell(graph, prints) ? byNumber(graph, prints) : byName(graph, prints);
}

/** Whether every name, those of prints included, stands for one node and is read as a whole. */
function namesTell(graph: Graph, prints: Prints): boolean {
	const { position } = graph;
	if (position.size < graph.nodes.length) return false;
	for (const print of prints) {
		if (!print) continue;
		if (isMarked(print.name) || (graph.mayHave(print.name) && position.has(print.name))) return false;
	}
	return true;
}

/** Without looking a name up; the edges of the result are known. */
function* byNumber(graph: Graph, prints: Prints): Work<Graph> {
	const { topology } = graph;
	const place = new Int32Array(prints.length);
	let count = 0;
	let edges = topology.inputSource.length;
	for (let i = 0; i < place.length; i++) {
		place[i] = count;
		count += prints[i] ? 2 : 1;
		edges += prints[i]?.inputs.length ?? 0;
	}
	const nodes: Node[] = [];
	const inputStart = new Int32Array(count + 1);
	const inputSource = new Int32Array(edges);
	let edge = 0;
	for (let i = 0; i < place.length; i++) {
		if (isTurn(i)) yield { done: i, total: place.length };
		const node = graph.nodes[i]!;
		let inputs: string[] | undefined;
		for (let k = 0; k < node.inputs.length; k++) {
			const source = topology.inputSource[topology.inputStart[i]! + k]!;
			const print = source < 0 ? undefined : prints[source];
			const through = print !== undefined && isFirstOutput(node.inputs[k]!);
			if (through) {
				inputs ??= node.inputs.slice();
				inputs[k] = `${print.name}:0`;
			}
			inputSource[edge++] = source < 0 ? -1 : place[source]! + (through ? 1 : 0);
		}
		inputStart[nodes.push(inputs ? node.with({ inputs }) : node)] = edge;
		const print = prints[i];
		if (!print) continue;
		for (let k = 0; k < print.inputs.length; k++) inputSource[edge++] = place[i]!;
		inputStart[nodes.push(print)] = edge;
	}
	return keepWired(graph, nodes, withReaders(inputStart, inputSource));
}

/** `a` and `a:0`, but not `^a`. */
function isFirstOutput(input: string): boolean {
	return !isMarked(input) || (!isControl(input) && inputParts(input).suffix === ':0');
}

/** As the tool does it, for names that stand twice or that it reads in its own way. */
function* byName(graph: Graph, prints: Prints): Work<Graph> {
	const nodes: Node[] = [];
	const renames = new Map<string, string>();
	const names = new Set<string>();
	for (let i = 0; i < prints.length; i++) {
		const [node, print] = [graph.nodes[i]!, prints[i]];
		nodes.push(node);
		if (!print) continue;
		nodes.push(print);
		names.add(print.name);
		renames.set(node.name, `${print.name}:0`);
	}
	return keepNodes(graph, yield* renameInputs(nodes, renames, names));
}
