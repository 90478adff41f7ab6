/** Text goldens: one file, one idea of one transform, readable as documentation. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { WhittleError } from '../../src/graph/error.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { listGraph } from '../../src/graph/listing.ts';
import { readListing } from '../../src/graph/read-listing.ts';
import { transformByName } from '../../src/transforms/index.ts';
import { parseTransforms } from '../../src/transforms/language.ts';
import { runTransform } from '../../src/transforms/run.ts';

export const folder = fileURLToPath(new URL('.', import.meta.url));

/** Paths from {@link folder}, sorted: `remove_nodes/output-stays.golden`. */
export function goldenFiles(): string[] {
	return readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((path) => path.endsWith('.golden'))
		.sort();
}

export interface GoldenFile {
	/** The sentence that says why, and whatever else stands before the line that is run. */
	readonly head: string;
	/** One or several transforms. */
	readonly line: string;
	readonly inputs: readonly string[];
	readonly outputs: readonly string[];
	/** The graph as somebody wrote it. */
	readonly before: string;
	/** What the C++ tool makes of it: `same`, a listing with a word why ours differs, or that it has no such transform. */
	readonly tool: string;
}

export function readGoldenFile(path: string): GoldenFile {
	const text = readFileSync(folder + path, 'utf8');
	const [head = '', ...sections] = text.split(/^--- /m);
	const section = (name: string): string => {
		const found = sections.find((part) => part.startsWith(`${name}\n`));
		return found === undefined ? '' : found.slice(name.length + 1).replace(/\n+$/, '\n');
	};
	const names = (word: string): string[] =>
		new RegExp(`^${word} (.*)$`, 'm').exec(head)?.[1]?.split(' ') ?? [];
	return {
		head,
		line: /^> (.*)$/m.exec(head)?.[1] ?? '',
		inputs: names('inputs'),
		outputs: names('outputs'),
		before: section('before'),
		tool: section('tensorflow') || '?\n',
	};
}

export interface GoldenResult {
	readonly graph: Graph | undefined;
	readonly after: string;
	readonly report: string;
}

/** Runs a golden's line on its graph. */
export function runGolden(golden: GoldenFile, graph: Graph = readListing(golden.before)): GoldenResult {
	const report: string[] = [];
	let at = graph;
	try {
		for (const { name, params } of parseTransforms(golden.line)) {
			const transform = transformByName(name)!;
			const step = runTransform(at, transform, params, { inputs: golden.inputs, outputs: golden.outputs });
			for (const note of step.notes) report.push(`note     ${note}`);
			for (const warning of step.warnings) report.push(`warning  ${warning}`);
			for (const { node, reason, hint } of step.skipped)
				report.push(`left     ${node}: ${reason}${hint ? `  (${hint})` : ''}`);
			at = step.graph;
		}
	} catch (error) {
		if (!(error instanceof WhittleError)) throw error;
		return { graph: undefined, after: `error: ${error.message}\n`, report: '' };
	}
	return { graph: at, after: listGraph(at), report: report.map((line) => `${line}\n`).join('') };
}

/** The whole file with what whittle makes of it today. */
export function formatGolden(golden: GoldenFile, result: GoldenResult): string {
	const parts = [
		golden.head.trimEnd(),
		`--- before\n${golden.before.trimEnd()}`,
		`--- after\n${result.after.trimEnd()}`,
		`--- report\n${result.report.trimEnd()}`.trimEnd(),
		`--- tensorflow\n${golden.tool.trimEnd()}`,
	];
	return `${parts.join('\n\n')}\n`;
}
