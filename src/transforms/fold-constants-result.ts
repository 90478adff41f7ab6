/**
 * The fourth part of `fold_constants`: constants in place of what was worked out, and the graph as a list of nodes
 * again (spec: folding 3.8, 3.9).
 */
import { Attr } from '../graph/attr.ts';
import { sameList } from '../graph/changes.ts';
import { dtypeSize } from '../graph/dtype.ts';
import { Node } from '../graph/node.ts';
import { isTurn, type Work } from '../graph/progress.ts';
import { Tensor, type TensorValue } from '../graph/tensor.ts';
import { memoryOf } from '../graph/tensor-data.ts';
import { compareBytes } from '../graph/text.ts';
import { FieldReader } from '../graph/wire.ts';
import { elementCount } from '../ops/values.ts';
import type { CutGraph } from './fold-constants-cut.ts';
import type { Foldable } from './fold-constants-foldable.ts';
import { type FoldedConstant, FoldedOutputs, usedAfterFolding } from './fold-constants-used.ts';

/** A tensor to work out, under the label that decides its place among the others. */
export interface Fetch {
	readonly label: string;
	readonly labelPort: number;
	readonly node: number;
	readonly port: number;
}

/** What has to be worked out, in the order in which constants are made, and the next number for their names. */
export function fetchList(cut: CutGraph, foldable: Foldable): { fetches: Fetch[]; nextLabel: number } {
	const fetches: Fetch[] = [];
	let label = 0;
	const { imported, port, reader, readerStart, target } = cut;
	const listed: number[] = [];
	for (const { node, answers } of foldable.nodes) {
		listed.length = 0;
		for (let r = readerStart[node]!; r < readerStart[node + 1]!; r++) {
			const edge = reader[r]!;
			const to = target[edge]!;
			if (cut.needed[to] && !foldable.flags[to] && !listed.includes(port[edge]!)) listed.push(port[edge]!);
		}
		for (const marker of cut.markersOf(node)) if (!listed.includes(marker.port)) listed.push(marker.port);
		const { name } = imported.nodes[node]!;
		for (const from of listed) {
			if (answers) fetches.push({ label: answerLabel(name, label + from), labelPort: 0, node, port: from });
			else fetches.push({ label: name, labelPort: from, node, port: from });
		}
		if (answers) label += answers.length;
	}
	fetches.sort((a, b) => compareBytes(a.label, b.label) || a.labelPort - b.labelPort);
	return { fetches, nextLabel: label };
}

/** What the tool calls the constant that holds the answer to a question about a shape. */
function answerLabel(name: string, label: number): string {
	return `${name}/_${label}__cf__${label}`;
}

/** Names and values of the constants to be made. */
export function makeConstants(
	cut: CutGraph,
	fetches: readonly Fetch[],
	nextLabel: number,
	maxBytes: number,
	resultOf: (fetch: Fetch) => TensorValue,
	tooLarge: (node: number, bytes: number) => void,
): FoldedConstant[] {
	const made: FoldedConstant[] = [];
	for (const fetch of fetches) {
		const node = cut.imported.nodes[fetch.node]!;
		if (node.op === 'Const') continue;
		const value = resultOf(fetch);
		const bytes = bytesOf(value);
		if (bytes > maxBytes) {
			tooLarge(fetch.node, bytes);
			continue;
		}
		const name = `${node.name}/_${made.length}__cf__${nextLabel + made.length}`;
		made.push({ name, node: fetch.node, port: fetch.port, value });
	}
	return made;
}

/** As the tool counts: what the values take, 24 bytes a string beside its own. */
function bytesOf(value: TensorValue): number {
	const size = dtypeSize(value.dtype);
	return size > 0 ? size * elementCount(value.shape) : memoryOf(value);
}

/** The `value` of Const nodes whose very tensor was the result, as behind an Identity: large ones are not written anew. */
function sharedValues(
	cut: CutGraph,
	foldable: Foldable,
	constants: readonly FoldedConstant[],
): ReadonlyMap<TensorValue, Attr> {
	const shared = new Map<TensorValue, Attr>();
	if (!constants.some(({ value }) => value instanceof Tensor)) return shared;
	for (const { node } of foldable.nodes) {
		const { op, attrs } = cut.imported.nodes[node]!;
		const attr = op === 'Const' ? attrs.get('value') : undefined;
		if (attr?.tensor && isWrittenPlainly(attr.tensor)) shared.set(attr.tensor, attr);
	}
	return shared;
}

/** Whether a TensorProto is what the tool's writer makes of it: dtype, shape and content, nothing else. */
function isWrittenPlainly(tensor: Tensor): boolean {
	if (tensor.elements <= 1 || !tensor.hasContent) return false;
	const reader = new FieldReader(tensor.bytes);
	while (reader.next()) if (reader.field !== 1 && reader.field !== 2 && reader.field !== 4) return false;
	return true;
}

/** The graph after folding, as a list of nodes; what only folded nodes read is left out. */
export function* rebuildNodes(
	cut: CutGraph,
	foldable: Foldable,
	constants: readonly FoldedConstant[],
): Work<Node[]> {
	const { imported, names, needed } = cut;
	const folded = new FoldedOutputs(constants, cut.count);
	const used = usedAfterFolding(cut, foldable, folded);
	const { start } = imported.edges;
	const standIn = (node: number): string => {
		const id = cut.standIns[node - imported.nodes.length]!;
		return `${id.name}:${id.port}`;
	};
	const waits = (sources: Iterable<number>): string[] => {
		const written: string[] = [];
		for (const from of [...sources].sort((a, b) => compareBytes(names[a]!, names[b]!)))
			written.push(
				from < imported.nodes.length
					? `^${names[from]}`
					: `^${cut.standIns[from - imported.nodes.length]!.name}`,
			);
		return written;
	};
	const nodes: Node[] = [];
	const inputs: string[] = [];
	for (let i = 0; i < imported.order.length; i++) {
		if (isTurn(i)) yield { done: i, total: imported.order.length };
		const at = imported.order[i]!;
		if (!needed[at] || !used[at]) continue;
		inputs.length = 0;
		for (let e = start[at]!; e < start[at + 1]!; e++) {
			const source = cut.source[e]!;
			const port = cut.port[e]!;
			const constant = folded.get(source, port);
			if (constant) inputs.push(constant.name);
			else if (source >= imported.nodes.length) inputs.push(standIn(source));
			else inputs.push(port === 0 ? names[source]! : `${names[source]}:${port}`);
		}
		if (cut.controls[at]!.length > 0) for (const wait of waits(cut.controls[at]!)) inputs.push(wait);
		const node = imported.nodes[at]!;
		// Most nodes read what they read before.
		nodes.push(sameList(node.inputs, inputs) ? node : node.with({ inputs: inputs.slice() }));
	}
	const shared = sharedValues(cut, foldable, constants);
	for (const { name, node, value } of constants) {
		const inputs = waits(foldable.dependencies.get(node) ?? []);
		const attrs = { dtype: Attr.type(value.dtype), value: shared.get(value) ?? Attr.tensorTyped(value) };
		nodes.push(Node.of({ name, op: 'Const', inputs, attrs }));
	}
	return nodes;
}
