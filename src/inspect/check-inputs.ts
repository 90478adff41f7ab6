/** A node's inputs: whether what they name is there, and of the dtype that the node takes. */
import { baseDtype, dtypeName, isReference } from '../graph/dtype.ts';
import type { Graph } from '../graph/graph.ts';
import { isControl } from '../graph/names.ts';
import { nearest } from '../graph/suggest.ts';
import { inputDtypes, outputDtypes } from '../ops/signature.ts';
import type { AddFinding } from './finding.ts';

/** Whether inputs name nodes, data inputs before control inputs. */
export function checkEdges(graph: Graph, position: number, add: AddFinding): void {
	const node = graph.nodes[position]!;
	const { inputStart, inputSource } = graph.topology;
	let afterControl = false;
	for (let k = 0; k < node.inputs.length; k++) {
		const input = node.inputs[k]!;
		if (isControl(input)) afterControl = true;
		else if (afterControl) {
			add(
				'input order',
				`The data input \`${input}\` stands after a control input.`,
				'Control inputs come last.',
			);
			afterControl = false;
		}
		if (inputSource[inputStart[position]! + k]! >= 0) continue;
		const name = node.sources[k]!;
		const near = nearest(name, sampleNames(graph), 1)[0];
		const what = isControl(input) ? 'waits for' : 'reads';
		const mend = near
			? `Perhaps \`${near}\` is meant.`
			: `remove_nodes cannot mend this: give \`${name}\` back.`;
		add('missing input', `It ${what} \`${input}\`, and no node has that name.`, mend);
	}
}

/** Names to guess from: in a large graph looking at all of them for each finding would take too long. */
function sampleNames(graph: Graph): Iterable<string> {
	return graph.nodes.length > 5_000 ? [] : graph.position.keys();
}

/** How many inputs there are and of which dtypes, for an op that is known. */
export function checkInputs(graph: Graph, position: number, add: AddFinding): void {
	const node = graph.nodes[position]!;
	const { inputStart, inputSource } = graph.topology;
	const wanted = inputDtypes(node, graph.functions);
	const data = node.inputs.filter((input) => !isControl(input)).length;
	if (wanted && wanted.length !== data) {
		const mend =
			data < wanted.length
				? 'An input was taken away: undo, or add it.'
				: 'An input is too many, or an attribute that counts them is wrong.';
		add('input count', `${node.op} takes ${wanted.length} data inputs here; it has ${data}.`, mend);
	}
	let index = 0;
	for (let k = 0; k < node.inputs.length; k++) {
		const input = node.inputs[k]!;
		if (isControl(input)) continue;
		const source = inputSource[inputStart[position]! + k]!;
		const expected = wanted?.[index++];
		if (source < 0) continue;
		const given = outputsOf(graph, source);
		if (!given) continue;
		const port = portOf(input);
		const from = graph.nodes[source]!;
		if (port >= given.length) {
			add(
				'missing output',
				`It reads \`${input}\`, but ${from.op} \`${from.name}\` has ${given.length} output${given.length === 1 ? '' : 's'}.`,
				given.length > 0
					? `Ports go from 0 to ${given.length - 1}.`
					: 'It can only be waited for: ^ before its name.',
			);
			continue;
		}
		const dtype = given[port]!;
		if (expected === undefined || fits(dtype, expected)) continue;
		add(
			'input dtype',
			`Input ${index - 1} should be ${dtypeName(expected)}; \`${input}\` is ${dtypeName(dtype)}.`,
			'A Cast between them, or the right T attribute, mends it.',
		);
	}
}

/** A reference may be read as a value; a value is no reference. */
function fits(given: number, expected: number): boolean {
	if (baseDtype(given) !== baseDtype(expected)) return false;
	return !isReference(expected) || isReference(given);
}

function portOf(input: string): number {
	const colon = input.indexOf(':');
	return colon < 0 ? 0 : Number.parseInt(input.slice(colon + 1), 10) || 0;
}

const outputs = new WeakMap<Graph, (readonly number[] | undefined | null)[]>();

/** Dtypes of a node's outputs, looked up once a graph. */
function outputsOf(graph: Graph, position: number): readonly number[] | undefined {
	let known = outputs.get(graph);
	if (!known) {
		known = new Array<readonly number[] | undefined | null>(graph.nodes.length).fill(null);
		outputs.set(graph, known);
	}
	if (known[position] === null) known[position] = outputDtypes(graph.nodes[position]!, graph.functions);
	return known[position] ?? undefined;
}
