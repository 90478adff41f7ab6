/**
 * Runs what the C++ tool was run on and compares node for node. `GOLDEN_GRAPH=mtcnn` and `GOLDEN_CASE=fold_`
 * (regular expressions) leave out everything else.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { WhittleError } from '../../src/graph/error.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { sharedPath } from '../shared.ts';
import { differenceOf } from './difference.ts';
import { type GoldenNode, goldenLibrary, goldenNode, goldenVersions, type Json } from './golden-form.ts';
import { loadGraph } from './load-graph.ts';
import { runTransforms, withoutHost } from './run-transforms.ts';

/** The graph itself as the tool read it: line 1 of a file. */
export interface GoldenInput {
	readonly graph: string;
	readonly versions: readonly number[];
	/** Name, number of nodes, digest. */
	readonly library: readonly (readonly [string, number, string])[];
	readonly nodes: readonly GoldenNode[];
}

/** One run of the tool. */
export interface GoldenCase {
	readonly graph: string;
	readonly case: string;
	readonly inputs: string;
	readonly outputs: string;
	readonly transforms: string;
	readonly versions?: readonly number[];
	readonly library?: 'same';
	/** Of line 1 by number, or written out. */
	readonly nodes?: readonly (number | GoldenNode)[];
	readonly error?: string;
	readonly crash?: number;
	readonly timeout?: number;
}

const graphFilter = new RegExp(process.env.GOLDEN_GRAPH ?? '');
const caseFilter = new RegExp(process.env.GOLDEN_CASE ?? '');

/** The golden files that the filters leave, each with the names of its cases; nothing is parsed in full. */
export function goldenFiles(): { file: string; graph: string; cases: string[] }[] {
	const found: { file: string; graph: string; cases: string[] }[] = [];
	for (const file of readdirSync(sharedPath('goldens')).sort()) {
		if (!file.endsWith('.jsonl.gz')) continue;
		const heads = readLines(file).map((line) => /^\{"graph":"([^"]*)","case":"([^"]*)"/.exec(line)!);
		const graph = file.startsWith('edge_cases') ? 'edge_cases' : heads[0]![1]!;
		const cases = heads.map((head) => head[2]!).filter((name) => caseFilter.test(name));
		if (graphFilter.test(graph) && cases.length > 0) found.push({ file, graph, cases });
	}
	return found;
}

function readLines(file: string): string[] {
	const text = gunzipSync(readFileSync(sharedPath('goldens', file))).toString('utf8');
	return text.split('\n').filter((line) => line !== '');
}

/** The cases of one golden file. */
export class GoldenFile {
	readonly #lines = new Map<string, string>();
	/** Line 1 of each graph in the file: one, but for the edge cases. */
	readonly #inputs = new Map<string, GoldenInput>();

	constructor(file: string) {
		for (const line of readLines(file)) {
			const head = /^\{"graph":"([^"]*)","case":"([^"]*)"/.exec(line)!;
			if (head[2] === 'input') this.#inputs.set(head[1]!, JSON.parse(line));
			this.#lines.set(head[2]!, line);
		}
	}

	/** The first difference between whittle's result and the tool's, in words; undefined when equal. */
	difference(name: string): string | undefined {
		const golden = JSON.parse(this.#lines.get(name)!) as GoldenCase;
		const input = this.#inputs.get(golden.graph)!;
		const graph = loadGraph(golden.graph);
		if (name === 'input') {
			const whole: GoldenCase = { ...golden, transforms: '', library: 'same', nodes: input.nodes };
			return compareGraph(whole, input, graph, graph) ?? compareLibrary(input.library, graph);
		}
		return compareOutcome(golden, input, graph, runCase(golden, graph));
	}
}

/** What whittle makes of a case; files that parameters name lie relative to the goldens. */
function runCase(golden: GoldenCase, start: Graph): Graph | WhittleError {
	return runTransforms(start, golden, (path) => readFileSync(resolve(sharedPath('goldens'), path)));
}

function compareOutcome(
	golden: GoldenCase,
	input: GoldenInput,
	before: Graph,
	outcome: Graph | WhittleError,
): string | undefined {
	// A crash or a hang of the tool fixes nothing but that whittle comes to an end by itself, as it just did.
	if (golden.crash !== undefined || golden.timeout !== undefined) return undefined;
	if (golden.error !== undefined) {
		if (!(outcome instanceof WhittleError))
			return `expected the error ${JSON.stringify(golden.error)}, got a graph`;
		const [expected, actual] = [golden.error, outcome.message].map(withoutHost);
		return expected === actual ? undefined : `expected the error\n  ${expected}\ngot\n  ${actual}`;
	}
	if (outcome instanceof WhittleError) return `expected a graph, got the error\n  ${outcome.message}`;
	return compareGraph(golden, input, before, outcome);
}

function compareGraph(
	golden: GoldenCase,
	input: GoldenInput,
	before: Graph,
	after: Graph,
): string | undefined {
	const expected = golden.nodes!.map((node) => (typeof node === 'number' ? input.nodes[node]! : node));
	const order = compareNames(
		expected.map((node) => node.name ?? ''),
		after.nodes.map((node) => node.name),
	);
	const tolerant = /\b(fold_|quantize_weights|round_weights)/.test(golden.transforms);
	const shared = new Map(before.nodes.map((node, i) => [node, i]));
	for (let i = 0; i < expected.length && i < after.nodes.length; i++) {
		const node = after.nodes[i]!;
		// A node taken over as it is needs no look: that it was read rightly is the case `input`.
		if (golden.transforms !== '' && shared.get(node) === golden.nodes![i]) continue;
		const actual = goldenNode(node);
		if (order && actual.name !== expected[i]!.name) continue;
		const difference = differenceOf(expected[i] as Json, actual as Json, tolerant);
		if (difference) {
			const place = `node ${i} \`${node.name}\` (${node.op}), ${difference}`;
			return order ? `${order}\n${place}` : place;
		}
	}
	if (order) return order;
	const versions = differenceOf(golden.versions as Json, goldenVersions(after) as Json, false);
	if (versions) return `versions${versions}`;
	if (golden.library !== 'same') return undefined;
	const [old, kept] = [before.parts.library ?? '', after.parts.library ?? ''].map((part) =>
		Buffer.from(part),
	);
	return old!.equals(kept!) ? undefined : 'the function library changed';
}

function compareLibrary(expected: GoldenInput['library'], graph: Graph): string | undefined {
	const heads = expected.map(([name, nodes]) => [name, nodes]);
	const difference = differenceOf(heads, goldenLibrary(graph), false);
	return difference && `library${difference}`;
}

/** How two lists of names differ: in length, by missing and extra names, or in order alone. */
function compareNames(expected: readonly string[], actual: readonly string[]): string | undefined {
	const first = expected.findIndex((name, i) => name !== actual[i]);
	if (first < 0 && expected.length === actual.length) return undefined;
	const missing = without(expected, actual);
	const extra = without(actual, expected);
	const at = first < 0 ? expected.length : first;
	const what = [
		`${expected.length} nodes expected, got ${actual.length}`,
		`first at node ${at}: expected \`${expected[at] ?? 'the end'}\`, got \`${actual[at] ?? 'the end'}\``,
		...(missing.length > 0
			? [`missing: ${missing.slice(0, 5).join(', ')}${missing.length > 5 ? ', …' : ''}`]
			: []),
		...(extra.length > 0 ? [`extra: ${extra.slice(0, 5).join(', ')}${extra.length > 5 ? ', …' : ''}`] : []),
	];
	if (missing.length === 0 && extra.length === 0) what[0] = 'same nodes in another order';
	return what.join('; ');
}

function without(names: readonly string[], others: readonly string[]): string[] {
	const set = new Set(others);
	return names.filter((name) => !set.has(name));
}
