/** What differs between two graphs, by name. */
import type { Graph } from './graph.ts';
import type { Node } from './node.ts';

/** Names in the order of the graph they stand in. */
export interface GraphChanges {
	readonly added: readonly string[];
	readonly removed: readonly string[];
	/** Nodes of both graphs with another op, device, input or attribute. */
	readonly changed: readonly string[];
}

/** Nodes shared by both graphs cost nothing but a look. */
export function compareGraphs(before: Graph, after: Graph): GraphChanges {
	const added: string[] = [];
	const changed: string[] = [];
	const removed: string[] = [];
	for (const node of after.nodes) {
		const old = before.node(node.name);
		if (!old) added.push(node.name);
		else if (old !== node && changedFields(old, node).length > 0) changed.push(node.name);
	}
	for (const node of before.nodes) if (!after.has(node.name)) removed.push(node.name);
	return { added, removed, changed };
}

/** Which of two nodes' fields differ: `op`, `device`, `inputs`, `attr.NAME`. */
export function changedFields(before: Node, after: Node): string[] {
	const fields: string[] = [];
	if (before.op !== after.op) fields.push('op');
	if (before.device !== after.device) fields.push('device');
	if (!sameList(before.inputs, after.inputs)) fields.push('inputs');
	if (before.attrs === after.attrs) return fields;
	for (const [name, value] of after.attrs) {
		const old = before.attrs.get(name);
		if (!old || (old !== value && Buffer.compare(old.bytes, value.bytes) !== 0)) fields.push(`attr.${name}`);
	}
	for (const name of before.attrs.keys()) if (!after.attrs.has(name)) fields.push(`attr.${name}`);
	return fields;
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
	return a === b || (a.length === b.length && a.every((item, i) => item === b[i]));
}
