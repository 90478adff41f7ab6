import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readGraphDef } from '../../src/formats/graph-def.ts';
import { inferShapes } from '../../src/inspect/shapes.ts';
import { knowsLess, spell } from './spelled-shapes.ts';

/** What `test/oracle/record-op-shapes.py` recorded. */
interface Recorded {
	readonly graph: string;
	readonly shapes: Readonly<Record<string, readonly string[]>>;
}

const recorded = JSON.parse(
	gunzipSync(readFileSync(new URL('../data/op-shapes.json.gz', import.meta.url))).toString(),
) as Recorded;
const graph = readGraphDef(Buffer.from(recorded.graph, 'base64'));
const { shapes } = inferShapes(graph);

const wrong: string[] = [];
const unknown = new Map<string, number>();
for (const [name, wanted] of Object.entries(recorded.shapes)) {
	const got = shapes[graph.position.get(name)!]!;
	wanted.forEach((want, port) => {
		const told = spell(got[port]);
		if (told === want) return;
		if (knowsLess(told, want)) {
			const op = name.slice(0, name.indexOf('/'));
			unknown.set(op, (unknown.get(op) ?? 0) + 1);
		} else {
			const inputs = graph.nodes[graph.position.get(name)!]!.inputs.map(
				(input) => `[${spell(shapes[graph.position.get(input)!]![0])}]`,
			);
			wrong.push(`${name}:${port} of ${inputs.join(' ')} is [${want}], not [${told}]`);
		}
	});
}

/**
 * Ops that whittle knows less of than TensorFlow. The list may only shrink. Pieces of other devices, of tests of
 * TensorFlow's own, and sizes that TensorFlow itself gets wrong (`MatrixDiagV3` of an unknown size, `ExtractVolumePatches`).
 */
const KNOWN_LESS: readonly string[] = [
	...['AllToAll', 'ApproxTopK', 'AudioMicrofrontend', 'CompressElement', 'ConvertToCooTensor', 'CopyToMesh'],
	...[
		'CrossReplicaSum',
		'CustomAggregator',
		'DtypeWithDefaultOp',
		'ExtractVolumePatches',
		'GetElementAtIndex',
	],
	...['GetMinibatchSplitsWithPhysicalReplica', 'GetMinibatchesInCsrWithPhysicalReplica', 'GetOptions'],
	...['GraphDefVersion', 'IsTensorFloat32Enabled', 'KMC2ChainInitialization', 'KernelLabel', 'MatrixDiagV3'],
	...[
		'Prelinearize',
		'PrelinearizeTuple',
		'QuantizedConv2DPerChannel',
		'QuantizedDepthwiseConv2D',
		'Relayout',
	],
	...['RelayoutLike', 'SleepIdentityOp', 'SparseReduceSum', 'UncompressElement'],
];

describe('shapes of single ops on random legal inputs', () => {
	test('are those that TensorFlow infers', () => {
		expect(wrong).toEqual([]);
	});

	test('and few stay unknown that TensorFlow knows', () => {
		expect([...unknown.keys()].sort()).toEqual([...KNOWN_LESS].sort());
	});
});
