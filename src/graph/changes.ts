/** What differs between two graphs, by name. */
import type { Graph } from './graph.ts';
import type { Attrs, Node } from './node.ts';
import { finish, isTurn, type Work } from './progress.ts';

/** Names in the order of the graph they stand in. */
export interface GraphChanges {
	readonly added: readonly string[];
	readonly removed: readonly string[];
	/** Nodes of both graphs with another op, device, input or attribute. */
	readonly changed: readonly string[];
}

/** Names not found in their place, after which most are likely to be new. */
const MANY = 1000;

/** Nodes shared by both graphs cost nothing but a look, above all while they stand in the same order. */
export function compareGraphs(before: Graph, after: Graph): GraphChanges {
	return finish(comparingGraphs(before, after));
}

/** {@link compareGraphs} in turns. */
export function* comparingGraphs(before: Graph, after: Graph): Work<GraphChanges> {
	const added: string[] = [];
	const changed: string[] = [];
	const kept = new Uint8Array(before.nodes.length);
	const { position } = before;
	// A name that stands once and was not met is gone; of several nodes only the last was looked for.
	const unique = position.size === before.nodes.length;
	let next = 0;
	let lookups = 0;
	for (let i = 0; i < after.nodes.length; i++) {
		if (isTurn(i)) yield { done: i, total: after.nodes.length };
		const node = after.nodes[i]!;
		const expected = before.nodes[next];
		const inPlace = expected === node || (unique && expected?.name === node.name);
		const isNew = !inPlace && ++lookups > MANY && !before.mayHave(node.name);
		const at = inPlace ? next : isNew ? undefined : position.get(node.name);
		if (at === undefined) {
			added.push(node.name);
			continue;
		}
		const old = before.nodes[at]!;
		if (old !== node && differs(old, node)) changed.push(node.name);
		kept[at] = 1;
		next = at + 1;
	}
	const removed: string[] = [];
	for (let i = 0; i < before.nodes.length; i++) {
		if (isTurn(i)) yield { done: i, total: before.nodes.length };
		if (kept[i]) continue;
		const { name } = before.nodes[i]!;
		if (unique || !after.has(name)) removed.push(name);
	}
	return { added, removed, changed };
}

/** Pairs of attributes that were compared: many nodes have the same, before a step and after it. */
const compared = new WeakMap<Attrs, { readonly other: Attrs; readonly differ: boolean }>();

/** Whether {@link changedFields} would find one. */
function differs(before: Node, after: Node): boolean {
	if (before.op !== after.op || before.device !== after.device) return true;
	if (!sameList(before.inputs, after.inputs)) return true;
	if (before.sharesAttrs(after) || before.attrs === after.attrs) return false;
	let known = compared.get(before.attrs);
	if (known?.other !== after.attrs) {
		known = { other: after.attrs, differ: changedFields(before, after).length > 0 };
		compared.set(before.attrs, known);
	}
	return known.differ;
}

/** Which of two nodes' fields differ: `op`, `device`, `inputs`, `attr.NAME`. */
export function changedFields(before: Node, after: Node): string[] {
	const fields: string[] = [];
	if (before.op !== after.op) fields.push('op');
	if (before.device !== after.device) fields.push('device');
	if (!sameList(before.inputs, after.inputs)) fields.push('inputs');
	if (before.sharesAttrs(after) || before.attrs === after.attrs) return fields;
	for (const [name, value] of after.attrs) {
		const old = before.attrs.get(name);
		if (!old || (old !== value && Buffer.compare(old.bytes, value.bytes) !== 0)) fields.push(`attr.${name}`);
	}
	for (const name of before.attrs.keys()) if (!after.attrs.has(name)) fields.push(`attr.${name}`);
	return fields;
}

/** Whether two lists hold the same texts in the same order. */
export function sameList(a: readonly string[], b: readonly string[]): boolean {
	if (a === b) return true;
	if (a.length !== b.length) return false;
	for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
	return true;
}
