import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Graph } from '../../src/graph/graph.ts';
import { packageFile } from '../../src/graph/package-file.ts';
import { hasShared, sharedPath } from '../shared.ts';
import { expectRecorded, openAndFreeze, type SavedCase } from './saved-cases.ts';

const folder = packageFile('test/data/saved-models/');
const cases = JSON.parse(readFileSync(`${folder}cases.json`, 'utf8')) as SavedCase[];
const published = JSON.parse(
	gunzipSync(readFileSync(packageFile('test/data/frozen.json.gz'))).toString(),
) as SavedCase[];

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
