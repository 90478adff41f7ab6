/** What whittle makes of a graph against what the C++ tool makes of it: the first difference, in words. */
import { readGraphDef } from '../../src/formats/graph-def.ts';
import type { Attr } from '../../src/graph/attr.ts';
import { WhittleError } from '../../src/graph/error.ts';
import type { Graph } from '../../src/graph/graph.ts';
import type { Node } from '../../src/graph/node.ts';
import { canonicalAttrValue } from '../../src/transforms/canonical-bytes.ts';
import { differenceOf } from '../goldens/difference.ts';
import { goldenLibrary, goldenNode, goldenVersions, type Json } from '../goldens/golden-form.ts';
import { withoutHost } from '../goldens/run-transforms.ts';
import type { ToolAnswer } from './tool.ts';

export interface Difference {
	/** What differs, in a word or two: shrinking a graph keeps to it. */
	readonly kind: string;
	readonly text: string;
	/** Whether nothing differs but the last bits of floats. */
	readonly inLastBits?: boolean;
}

/** What docs/differences.md lists and no second asking tells: both sides leave it to chance or memory. */
const LISTED: readonly RegExp[] = [
	/__print__`\.attr\.T\.type: expected/,
	/^expected the error\s+You must feed a value for placeholder [\s\S]*got\s+You must feed a value for placeholder /,
];

export function isListed({ text }: Difference): boolean {
	return LISTED.some((pattern) => pattern.test(text));
}

/** @param mine whittle's graph, or the error that a person would see. */
export function differenceFrom(answer: ToolAnswer, mine: Graph | WhittleError): Difference | undefined {
	if ('error' in answer) {
		const message = mine instanceof WhittleError ? mine.message : 'a graph';
		const [expected, actual] = [answer.error, message].map(withoutHost);
		if (expected === actual) return undefined;
		const start = expected!.slice(0, 24).replaceAll(/\d+/g, '');
		const kind = `${mine instanceof WhittleError ? 'error text' : 'error missed'} ${start}`;
		return { kind, text: `expected the error\n    ${expected}\n  got\n    ${actual}` };
	}
	// Where the tool dies or hangs, anything that comes to an end is right.
	if (!('graph' in answer)) return undefined;
	if (mine instanceof WhittleError)
		return { kind: 'error', text: `expected a graph, got the error\n    ${mine.message}` };
	return differenceOfGraphs(readGraphDef(answer.graph), mine);
}

function differenceOfGraphs(expected: Graph, mine: Graph): Difference | undefined {
	const [names, others] = [expected, mine].map((graph) => graph.nodes.map((node) => node.name));
	if (names!.join(' ') !== others!.join(' ')) {
		const sameSet = [...names!].sort().join(' ') === [...others!].sort().join(' ');
		const text = `expected the nodes\n    ${names!.join(' ')}\n  got\n    ${others!.join(' ')}`;
		return { kind: sameSet ? 'order' : 'nodes', text };
	}
	let lastBits: Difference | undefined;
	for (let i = 0; i < expected.nodes.length; i++) {
		const found = differenceOfNodes(expected.nodes[i]!, mine.nodes[i]!);
		if (!found) continue;
		if (!found.inLastBits) return found;
		lastBits ??= found;
	}
	return lastBits ?? differenceOfParts(expected, mine);
}

function differenceOfNodes(expected: Node, mine: Node): Difference | undefined {
	const [right, left] = [expected, mine].map((node) => goldenNode(node) as Json);
	const found = differenceOf(right!, left!, false);
	if (found) {
		const inLastBits = differenceOf(right!, left!, true) === undefined;
		const field = /^\.(\w+)(\.\w+)?/.exec(found)?.[0] ?? '';
		return { kind: `node${field}`, text: `node \`${expected.name}\`${found}`, inLastBits };
	}
	for (const [name, value] of expected.attrs) {
		if (Buffer.compare(canonical(value), canonical(mine.attr(name)!)) === 0) continue;
		const bytes = [value, mine.attr(name)!].map((attr) => Buffer.from(canonical(attr)).toString('hex'));
		return {
			kind: `bytes.${name}`,
			text: `node \`${expected.name}\`.attr.${name}: expected the bytes ${bytes[0]}, got ${bytes[1]}`,
		};
	}
	if (Buffer.compare(expected.extra, mine.extra) === 0) return undefined;
	return { kind: 'extra', text: `node \`${expected.name}\`: further fields (experimental_type) differ` };
}

const canonical = (attr: Attr): Uint8Array => canonicalAttrValue(attr.bytes);

function differenceOfParts(expected: Graph, mine: Graph): Difference | undefined {
	const versions = differenceOf(goldenVersions(expected) as Json, goldenVersions(mine) as Json, false);
	if (versions) return { kind: 'versions', text: `versions${versions}` };
	const [right, left] = [expected, mine].map((graph) => graph.parts.library !== undefined);
	if (right !== left) return { kind: 'library', text: `library: expected ${right}, got ${left}` };
	const library = differenceOf(goldenLibrary(expected), goldenLibrary(mine), false);
	return library ? { kind: 'library', text: `library${library}` } : undefined;
}
