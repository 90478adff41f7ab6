/**
 * What differs between two graphs: nodes by name first, then, among those without a partner, by structure, so
 * that a renamed node is one change and not two. Linear in both graphs.
 */
import { changedFields } from '../graph/changes.ts';
import type { Graph } from '../graph/graph.ts';
import { inputParts } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';
import { attrJson, type Json } from './attr-values.ts';
import { findRenamed } from './renamed-nodes.ts';
import { numberReader } from './tensor-statistics.ts';

export interface FieldChange {
	/** `op`, `device`, `inputs`, `attr.NAME`. */
	readonly field: string;
	readonly before: Json;
	readonly after: Json;
	/** For tensors of the same shape and type: the largest absolute difference of values. */
	readonly maxDifference?: number;
}

export interface ChangedNode {
	readonly name: string;
	readonly fields: readonly string[];
	readonly changes: readonly FieldChange[];
}

export interface GraphDiff {
	/** Names in the order of the graph they stand in; renamed nodes are not among them. */
	readonly added: readonly string[];
	readonly removed: readonly string[];
	readonly changed: readonly ChangedNode[];
	readonly renamed: readonly { readonly from: string; readonly to: string }[];
	/** The same nodes stand in another order. */
	readonly reordered: boolean;
	/** Functions by name. */
	readonly functions: {
		readonly added: readonly string[];
		readonly removed: readonly string[];
		readonly changed: readonly string[];
	};
}

export function diffGraphs(before: Graph, after: Graph): GraphDiff {
	const added: Node[] = [];
	const removed: Node[] = [];
	const oldOf = counterparts(after, before);
	const newOf = counterparts(before, after);
	for (const node of after.nodes) if (!oldOf(node)) added.push(node);
	for (const node of before.nodes) if (!newOf(node)) removed.push(node);
	const renamed = findRenamed(removed, added);
	const renamedTo = new Set(renamed.values());
	const changed: ChangedNode[] = [];
	for (const node of after.nodes) {
		const old = oldOf(node);
		if (!old || old === node) continue;
		const fields = changedFields(old, node).filter(
			(field) => field !== 'inputs' || !sameInputs(old, node, renamed),
		);
		if (fields.length > 0)
			changed.push({ name: node.name, fields, changes: fields.map((f) => fieldChange(f, old, node)) });
	}
	return {
		added: added.filter((node) => !renamedTo.has(node.name)).map((node) => node.name),
		removed: removed.filter((node) => !renamed.has(node.name)).map((node) => node.name),
		changed,
		renamed: [...renamed].map(([from, to]) => ({ from, to })),
		reordered: isReordered(before, after),
		functions: diffFunctions(before, after),
	};
}

/** The other graph's node of the same name; of several with one name the one at the same place among them. */
function counterparts(own: Graph, other: Graph): (node: Node) => Node | undefined {
	const unique = (graph: Graph): boolean => graph.position.size === graph.nodes.length;
	if (unique(own) && unique(other)) return (node) => other.node(node.name);
	const byName = new Map<string, Node[]>();
	for (const node of other.nodes) {
		const same = byName.get(node.name);
		if (same) same.push(node);
		else byName.set(node.name, [node]);
	}
	const found = new Map<Node, Node | undefined>();
	const seen = new Map<string, number>();
	for (const node of own.nodes) {
		const place = seen.get(node.name) ?? 0;
		seen.set(node.name, place + 1);
		found.set(node, byName.get(node.name)?.[place]);
	}
	return (node) => found.get(node);
}

/** Whether inputs differ only by names that were changed. */
function sameInputs(old: Node, node: Node, renamed: ReadonlyMap<string, string>): boolean {
	if (old.inputs.length !== node.inputs.length) return false;
	return old.inputs.every((input, i) => {
		const { prefix, name, suffix } = inputParts(input);
		return `${prefix}${renamed.get(name) ?? name}${suffix}` === node.inputs[i];
	});
}

function fieldChange(field: string, before: Node, after: Node): FieldChange {
	if (field === 'op' || field === 'device') return { field, before: before[field], after: after[field] };
	if (field === 'inputs') return { field, before: before.inputs, after: after.inputs };
	const name = field.slice('attr.'.length);
	const [old, now] = [before.attr(name), after.attr(name)];
	const change = { field, before: old ? attrJson(old) : null, after: now ? attrJson(now) : null };
	const difference = old?.tensor && now?.tensor ? largestDifference(before, after, name) : undefined;
	return difference === undefined ? change : { ...change, maxDifference: difference };
}

function largestDifference(before: Node, after: Node, name: string): number | undefined {
	const [a, b] = [before.attr(name)!.tensor!, after.attr(name)!.tensor!];
	if (!a.decodable || !b.decodable || a.elements !== b.elements) return undefined;
	const [readA, readB] = [numberReader(a), numberReader(b)];
	if (!readA || !readB) return undefined;
	let most = 0;
	for (let i = 0; i < a.elements; i++) {
		const difference = Math.abs(readA(i) - readB(i));
		if (difference > most || Number.isNaN(difference)) most = difference;
		if (Number.isNaN(most)) return undefined;
	}
	return most;
}

function isReordered(before: Graph, after: Graph): boolean {
	let last = -1;
	for (const node of after.nodes) {
		const at = before.position.get(node.name);
		if (at === undefined) continue;
		if (at < last) return true;
		last = at;
	}
	return false;
}

function diffFunctions(before: Graph, after: Graph): GraphDiff['functions'] {
	const [a, b] = [before.functions, after.functions];
	return {
		added: b.functions.filter((f) => !a.get(f.name)).map((f) => f.name),
		removed: a.functions.filter((f) => !b.get(f.name)).map((f) => f.name),
		changed: b.functions
			.filter((f) => a.get(f.name) && Buffer.compare(a.get(f.name)!.bytes, f.bytes) !== 0)
			.map((f) => f.name),
	};
}
