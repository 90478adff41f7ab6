/** One node against its op's signature. */
import type { Attr } from '../graph/attr.ts';
import { baseDtype, dtypeName, isReference } from '../graph/dtype.ts';
import type { Graph } from '../graph/graph.ts';
import { isControl } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';
import { nearest } from '../graph/suggest.ts';
import { registeredOps } from '../ops/registry.ts';
import {
	type AttributeSpec,
	inputDtypes,
	type OpSignature,
	outputDtypes,
	scalarKinds,
	signatureOf,
} from '../ops/signature.ts';
import { attrText } from './attr-values.ts';
import type { Finding, FindingKind } from './check.ts';

/** @param producer of the graph, for ops that newer graphs may not use. */
export function checkNode(graph: Graph, position: number, producer: number): Finding[] {
	const node = graph.nodes[position]!;
	const findings: Finding[] = [];
	const add: Add = (kind, message, mend, severity = 'error') =>
		findings.push({ node: node.name, op: node.op, kind, severity, message, mend });
	checkEdges(graph, position, add);
	const signature = signatureOf(node.op, graph.functions);
	if (!signature) {
		const near = nearest(node.op, registeredOps(), 1)[0];
		const mend = near ? `rename_op(old_op_name="${node.op}", new_op_name=${near})` : `find op:${node.op}`;
		add('unknown op', `TensorFlow 2.21 does not know the op \`${node.op}\`.`, mend, 'warning');
		return findings;
	}
	checkAttributes(node, signature, add);
	checkCalls(graph, node, signature, add);
	checkInputs(graph, position, add);
	if (signature.deprecated && producer >= signature.deprecated.version) {
		const { version, explanation } = signature.deprecated;
		add(
			'deprecated op',
			`${node.op} is refused from producer ${version} on; this graph has ${producer}.`,
			explanation,
		);
	}
	if (node.op === 'Const') {
		const problem = node.tensor?.problem;
		if (problem)
			add(
				'undecodable tensor',
				`Its value cannot be decoded: ${problem}.`,
				'Put the value back, or cut the node out.',
				'warning',
			);
	}
	return findings;
}

type Add = (kind: FindingKind, message: string, mend: string, severity?: 'error' | 'warning') => void;

function checkEdges(graph: Graph, position: number, add: Add): void {
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

function checkAttributes(node: Node, signature: OpSignature, add: Add): void {
	const { attrs } = node;
	for (const spec of signature.attributes) {
		const attr = attrs.get(spec.name);
		if (attr) checkAttribute(attr, spec, add);
		else if (spec.fallback === undefined)
			add(
				'missing attribute',
				`${node.op} needs the attribute \`${spec.name}\` (${spec.type}).`,
				'No default stands for it: make the graph anew.',
			);
	}
	if (attrs.size === 0) return;
	for (const name of attrs.keys()) {
		if (name.startsWith('_') || signature.attributes.some((spec) => spec.name === name)) continue;
		const mend = `remove_attribute(attribute_name=${name}, op_name=${node.op})`;
		add('unknown attribute', `${node.op} has no attribute \`${name}\`.`, mend);
	}
}

/** Functions that a node calls by name. */
function checkCalls(graph: Graph, node: Node, signature: OpSignature, add: Add): void {
	for (const { name, type } of signature.attributes) {
		if (type !== 'func') continue;
		const called = node.attr(name)?.functionName;
		if (called === undefined || called === '' || graph.functions.get(called)) continue;
		const near = nearest(
			called,
			graph.functions.functions.map((f) => f.name),
			1,
		)[0];
		const mend = near
			? `Perhaps \`${near}\` is meant.`
			: 'The library of the graph was lost: open the file that has it.';
		add(
			'missing function',
			`\`${name}\` calls the function \`${called}\`, which the graph does not have.`,
			mend,
		);
	}
}

function checkAttribute(attr: Attr, spec: AttributeSpec, add: Add): void {
	const wanted = spec.type.startsWith('list(') ? 'list' : scalarKinds[spec.type];
	if (attr.kind === 'placeholder') return;
	if (wanted !== undefined && attr.kind !== wanted) {
		const is = attr.kind === 'none' ? 'has no value' : `holds ${attrText(attr)}`;
		add(
			'mistyped attribute',
			`\`${spec.name}\` should be of type ${spec.type}; it ${is}.`,
			'Set it to a value of that type.',
		);
		return;
	}
	const { type, int } = attr;
	if (type !== undefined && spec.allowedTypes && !spec.allowedTypes.includes(type))
		add(
			'attribute value',
			`\`${spec.name}\` may not be ${dtypeName(type)}.`,
			allowed(spec.allowedTypes.map(dtypeName)),
		);
	const text = spec.allowedStrings ? attr.string : undefined;
	if (text !== undefined && !spec.allowedStrings!.includes(text))
		add('attribute value', `\`${spec.name}\` may not be \`${text}\`.`, allowed(spec.allowedStrings!));
	const size =
		spec.minimum === undefined ? undefined : (int ?? (wanted === 'list' ? listLength(attr) : undefined));
	if (size !== undefined && size < spec.minimum!)
		add('attribute value', `\`${spec.name}\` is ${size}; the least is ${spec.minimum}.`, 'Set a larger one.');
}

function listLength(attr: Attr): number {
	const list = attr.value.list!;
	return Math.max(
		list.type.length,
		list.s.length,
		list.i.length,
		list.f.length,
		list.b.length,
		list.shape.length,
		list.func.length,
		list.tensor.length,
	);
}

function allowed(values: readonly string[]): string {
	return `One of ${values.slice(0, 12).join(', ')}${values.length > 12 ? ', …' : ''}.`;
}

function checkInputs(graph: Graph, position: number, add: Add): void {
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
