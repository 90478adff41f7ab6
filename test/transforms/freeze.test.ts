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

const UNFROZEN =
	/^(VarHandleOp|Variable|VariableV2|ReadVariableOp|Assign.*|SaveV2|RestoreV2|.*PartitionedCall)$/;

/** Ops that a frozen graph must not have, in its nodes and in the functions that it still has. */
function unfrozenOps(graph: Graph): string[] {
	const inside = graph.functions.functions.flatMap((fn) => fn.nodes.map((node) => node.op));
	const ops = [...graph.nodes.map((node) => node.op), ...inside.filter((op) => !op.endsWith('Call'))];
	return ops.filter((op) => UNFROZEN.test(op));
}

describe('freezing what TensorFlow saved', () => {
	it.each(cases)('$model computes what TensorFlow computed', (saved) => {
		const { opened, step } = openAndFreeze(folder, saved);
		expect(unfrozenOps(opened)).not.toEqual([]);
		expect(unfrozenOps(step.graph)).toEqual([]);
		expectRecorded(step.graph, saved);
	});

	it('keeps If and While, over functions that take values', () => {
		const saved = cases.find(({ model }) => model === 'branches')!;
		const { graph } = openAndFreeze(folder, saved).step;
		expect(graph.byOp.has('If')).toBe(true);
		expect(graph.byOp.has('While')).toBe(true);
		const types = graph.functions.functions.flatMap((fn) =>
			fn.definition.signature!.input_arg.map((argument) => argument.type),
		);
		expect(types).not.toContain(20);
		// What TensorFlow noted of the handles' shapes would refuse the values.
		for (const { definition } of graph.functions.functions)
			expect(definition.attr).not.toHaveProperty('_input_shapes');
	});

	it('freezes only once', () => {
		const saved = cases.find(({ model }) => model === 'keras_export')!;
		const { step } = openAndFreeze(folder, saved);
		expect(step.notes).toEqual(['8 variables became constants', '2 function calls inlined']);
	});
});

describe.skipIf(!hasShared)('freezing the published models', () => {
	it.each(published)('$model ($signature) computes what TensorFlow computed', (saved) => {
		const prefix = saved.model.startsWith('syn_sparse')
			? sharedPath('graphs', 'syn_sparse_ckpt_a/model')
			: '';
		const freeze = prefix ? `freeze(input_checkpoint="${prefix}")` : 'freeze';
		const { step } = openAndFreeze(sharedPath('graphs/'), saved, freeze);
		expect(unfrozenOps(step.graph)).toEqual([]);
		expectRecorded(step.graph, saved);
	});

	it.each(['keras_two_inputs', 'vespa_mnist_bn_train'])('%s has no values: the error says so', (model) => {
		const freeze = () =>
			openAndFreeze(sharedPath('graphs/'), { model, signature: 'serving_default', outputs: {} });
		expect(freeze).toThrow(/is a variable, and the model came without a checkpoint/);
	});
});
