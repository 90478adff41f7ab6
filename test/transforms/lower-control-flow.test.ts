import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readGraphDef } from '../../src/formats/graph-def.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { packageFile } from '../../src/graph/package-file.ts';
import { hasShared, sharedPath } from '../shared.ts';
import { apply } from './apply.ts';
import { expectRecorded, openAndFreeze, type SavedCase } from './saved-cases.ts';

const folder = packageFile('test/data/saved-models/');
const cases = JSON.parse(readFileSync(`${folder}cases.json`, 'utf8')) as SavedCase[];
const published = JSON.parse(
	gunzipSync(readFileSync(packageFile('test/data/frozen.json.gz'))).toString(),
) as SavedCase[];

interface Recorded {
	readonly name: string;
	/** A GraphDef in base64. */
	readonly graph: string;
	readonly runs: readonly Pick<SavedCase, 'feeds' | 'outputs'>[];
}
const recorded = JSON.parse(
	gunzipSync(readFileSync(packageFile('test/data/control-flow.json.gz'))).toString(),
) as Recorded[];

const ENDS = { inputs: ['x', 'n'], outputs: ['value', 'other'] };
const FUNCTIONAL = /^(Stateless)?(If|While)$|PartitionedCall$/;
const LOWER = 'freeze(lower_control_flow=true)';

function functionalOps(graph: Graph): string[] {
	const inside = graph.functions.functions.flatMap((fn) => fn.nodes);
	return [...graph.nodes, ...inside].map((node) => node.op).filter((op) => FUNCTIONAL.test(op));
}

describe('lowering what TensorFlow saved', () => {
	it.each(cases)('$model computes what TensorFlow computed', (saved) => {
		const { graph } = openAndFreeze(folder, saved, LOWER).step;
		expect(functionalOps(graph)).toEqual([]);
		expectRecorded(graph, saved);
	});
});

/** Runs a graph on what was recorded of it; an input that no output needs may be gone. */
function expectRuns(graph: Graph, { runs }: Recorded): void {
	for (const run of runs) {
		const feeds = Object.entries(run.feeds).filter(([name]) => graph.has(name.replace(':0', '')));
		expectRecorded(graph, { model: '', feeds: Object.fromEntries(feeds), outputs: run.outputs });
	}
}

describe('branches, loops and calls in each other', () => {
	it.each(recorded)('$name lowered computes what TensorFlow computed', (entry) => {
		const { graph } = apply(LOWER, readGraphDef(Buffer.from(entry.graph, 'base64')), ENDS);
		expect(functionalOps(graph)).toEqual([]);
		expectRuns(graph, entry);
	});

	it.each(recorded)('$name kept computes it too, and no function calls another', (entry) => {
		const { graph } = apply('freeze', readGraphDef(Buffer.from(entry.graph, 'base64')), ENDS);
		const ops = functionalOps(graph);
		expect(ops.some((op) => /If|While/.test(op))).toBe(true);
		expect(ops.filter((op) => op.endsWith('Call'))).toEqual([]);
		expectRuns(graph, entry);
	});
});

describe.skipIf(!hasShared)('lowering the published models', () => {
	it.each(published)('$model ($signature) computes what TensorFlow computed', (saved) => {
		const checkpoint = saved.model.startsWith('syn_sparse')
			? `, input_checkpoint="${sharedPath('graphs', 'syn_sparse_ckpt_a/model')}"`
			: '';
		const lower = `freeze(lower_control_flow=true${checkpoint})`;
		const { graph } = openAndFreeze(sharedPath('graphs/'), saved, lower).step;
		expect(functionalOps(graph)).toEqual([]);
		expectRecorded(graph, saved);
	});
});
