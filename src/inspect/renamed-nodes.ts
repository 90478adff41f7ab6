/** Nodes of two graphs that are the same but for their names. */
import { inputParts } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';

/**
 * Pairs nodes without a partner of their name: those with the same op, attributes and inputs, where an input is
 * the same when its name is, or when it is itself such a pair. Equal nodes are paired in the order of the file.
 * Linear in the nodes given.
 * @returns old name → new name.
 */
export function findRenamed(removed: readonly Node[], added: readonly Node[]): Map<string, string> {
	const renamed = new Map<string, string>();
	if (removed.length === 0 || added.length === 0) return renamed;
	const numbers = new Map<string, number>();
	const olds = byStructure(removed, numbers);
	const news = byStructure(added, numbers);
	for (const [structure, nodes] of olds) {
		const partners = news.get(structure);
		// Unequal numbers of equal nodes say that some of them are really new or gone: which, nobody knows.
		if (partners?.length !== nodes.length) continue;
		for (const [i, node] of nodes.entries()) renamed.set(node.name, partners[i]!.name);
	}
	return renamed;
}

/** @param numbers of the structures seen so far, shared between both sides. */
function byStructure(nodes: readonly Node[], numbers: Map<string, number>): Map<number, Node[]> {
	const open = new Map(nodes.map((node) => [node.name, node]));
	const structureOf = new Map<string, number>();
	const started = new Set<string>();
	const stack: Node[] = [...nodes].reverse();
	while (stack.length > 0) {
		const node = stack.at(-1)!;
		if (structureOf.has(node.name)) {
			stack.pop();
			continue;
		}
		if (!started.has(node.name)) {
			started.add(node.name);
			for (const source of node.sources) {
				const input = open.get(source);
				if (input && !started.has(source)) stack.push(input);
			}
			continue;
		}
		stack.pop();
		const text = structureText(node, (name) => {
			if (!open.has(name)) return name;
			// The way back of a loop has no number yet: its place in the loop stands for it.
			return `#${structureOf.get(name) ?? 'loop'}`;
		});
		const number = numbers.get(text) ?? numbers.size;
		numbers.set(text, number);
		structureOf.set(node.name, number);
	}
	const groups = new Map<number, Node[]>();
	for (const node of nodes) {
		const structure = structureOf.get(node.name)!;
		const group = groups.get(structure);
		if (group) group.push(node);
		else groups.set(structure, [node]);
	}
	return groups;
}

function structureText(node: Node, nameOf: (name: string) => string): string {
	const inputs = node.inputs.map((input) => {
		const { prefix, name, suffix } = inputParts(input);
		return `${prefix}${nameOf(name)}${suffix}`;
	});
	const attrs = [...node.attrs]
		.filter(([name]) => !name.startsWith('_'))
		.map(([name, attr]) => `${name}=${digest(attr.bytes)}`)
		.sort();
	return [node.op, node.device, ...inputs, '', ...attrs].join('\n');
}

/** Short values stand for themselves; of long ones the length and a hash. */
function digest(bytes: Uint8Array): string {
	if (bytes.length <= 64) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
	let hash = 0x811c9dc5;
	for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
	return `${bytes.length}#${hash}`;
}
