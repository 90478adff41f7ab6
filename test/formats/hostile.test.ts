import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SavedModelCodec } from '../../proto/codec.ts';
import { wholeFiles } from '../../src/formats/file-source.ts';
import { openCheckpoint } from '../../src/formats/open-checkpoint.ts';
import { WhittleError } from '../../src/graph/error.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { packageFile } from '../../src/graph/package-file.ts';
import { findCandidates } from '../../src/inspect/candidates.ts';
import { errorText } from '../../src/render/cell-text.ts';
import { NodeHost } from '../../src/session/node-host.ts';
import { apply } from '../transforms/apply.ts';

const models = packageFile('test/data/saved-models/');
const checkpoints = packageFile('test/data/checkpoints/');
let folder = '';
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'whittle-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs work that may fail only with an error for people, and soon. */
function failsWell(work: () => void): void {
	const begun = performance.now();
	try {
		work();
	} catch (error) {
		if (!(error instanceof WhittleError) || error.code === 'internal') throw error;
		expect(errorText(error)).not.toMatch(/[\x00-\x08\x0b-\x1f]/);
	}
	expect(performance.now() - begun).toBeLessThan(5000);
}

function freezeAll(graph: Graph): void {
	const { inputs, outputs } = findCandidates(graph);
	apply('freeze', graph, { inputs: inputs.chosen, outputs: outputs.chosen });
}

/** Bytes to change: a place and what to exclusive-or it with. */
const flips = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 4 });

function flipped(bytes: Uint8Array, changes: readonly (readonly [number, number])[]): Uint8Array {
	const copy = Uint8Array.from(bytes);
	for (const [at, mask] of changes) copy[at % copy.length]! ^= mask;
	return copy;
}

describe('flipped and cut bytes', () => {
	it.each(['branches', 'string_table', 'tf1_partitioned', 'vocabulary'])(
		'of the SavedModel %s end in a sentence or in a graph',
		(model) => {
			const place = join(folder, model);
			cpSync(models + model, place, { recursive: true });
			const intact = readFileSync(join(place, 'saved_model.pb'));
			const tried = (bytes: Uint8Array): void =>
				failsWell(() => {
					writeFileSync(join(place, 'saved_model.pb'), bytes);
					freezeAll(new NodeHost().openModel(place).graph);
				});
			fc.assert(
				fc.property(flips, (changes) => tried(flipped(intact, changes))),
				{ numRuns: 150, seed: 9 },
			);
			for (let length = 0; length < intact.length; length += 997) tried(intact.subarray(0, length));
		},
		60_000,
	);

	it.each(['partitioned', 'dtypes', 'first.ckpt'])('of the checkpoint %s end in a sentence', (name) => {
		const change = fc.tuple(flips, fc.constantFrom('index', 'data'));
		fc.assert(
			fc.property(change, ([changes, part]) =>
				failsWell(() => {
					const files = wholeFiles((path) => {
						const bytes = readFileSync(path);
						return path.includes(part) || name === 'first.ckpt' ? flipped(bytes, changes) : bytes;
					});
					const checkpoint = openCheckpoint(checkpoints + name, files);
					for (const key of checkpoint.keys) checkpoint.read(key);
				}),
			),
			{ numRuns: 300, seed: 9 },
		);
	});
});

describe('a model that is not whole', () => {
	it('misses a shard', () => {
		const place = join(folder, 'no_shard');
		cpSync(`${models}branches`, place, { recursive: true });
		rmSync(join(place, 'variables/variables.data-00000-of-00001'));
		expect(() => freezeAll(new NodeHost().openModel(place).graph)).toThrow(
			/variables\.data-00000-of-00001 cannot be read: No such file or directory\.$/,
		);
	});

	it('has an index of another checkpoint', () => {
		const place = join(folder, 'other_index');
		cpSync(`${models}branches`, place, { recursive: true });
		for (const ending of ['index', 'data-00000-of-00001'])
			cpSync(`${models}table/variables/variables.${ending}`, join(place, `variables/variables.${ending}`));
		expect(() => freezeAll(new NodeHost().openModel(place).graph)).toThrow(/is not in the checkpoint/);
	});

	it('has assets that climb out of it', () => {
		const place = join(folder, 'climbing');
		cpSync(`${models}vocabulary`, place, { recursive: true });
		writeFileSync(join(folder, 'secret.txt'), 'secret\n');
		const file = join(place, 'saved_model.pb');
		const saved = SavedModelCodec.decode(readFileSync(file));
		for (const asset of saved.meta_graphs[0]!.asset_file_def) asset.filename = '../../secret.txt';
		writeFileSync(file, SavedModelCodec.encode(saved));
		const graph = new NodeHost().openModel(place).graph;
		expect(() => graph.parts.context!.asset!('../../secret.txt')).toThrow(/assets/);
		const { inputs, outputs } = findCandidates(graph);
		const { skipped } = apply('freeze', graph, { inputs: inputs.chosen, outputs: outputs.chosen });
		expect(skipped[0]!.reason).toMatch(/^the table stays one: its text file cannot be had/);
	});

	it('has assets that are links out of it', () => {
		const place = join(folder, 'linked');
		cpSync(`${models}vocabulary`, place, { recursive: true });
		writeFileSync(join(folder, 'secret.txt'), 'secret\n');
		rmSync(join(place, 'assets/vocabulary.txt'));
		symlinkSync(join(folder, 'secret.txt'), join(place, 'assets/vocabulary.txt'));
		const graph = new NodeHost().openModel(place).graph;
		expect(() => graph.parts.context!.asset!('vocabulary.txt')).toThrow(/leads out of the model/);
	});

	it('is nested deeper than anybody needs', () => {
		let bytes: Uint8Array = new Uint8Array(0);
		for (let depth = 0; depth < 20_000; depth++) {
			const length = [...Buffer.from([bytes.length & 127])];
			for (let rest = bytes.length >> 7, at = 0; rest > 0; rest >>= 7) {
				length[at]! |= 128;
				length[++at] = rest & 127;
			}
			bytes = Buffer.concat([Buffer.from([0x12, ...length]), bytes]);
		}
		const place = join(folder, 'deep');
		mkdirSync(place);
		writeFileSync(join(place, 'saved_model.pb'), Buffer.concat([Buffer.from([8, 1]), bytes]));
		failsWell(() => new NodeHost().openModel(place));
		failsWell(() => new NodeHost().openModel(join(place, 'saved_model.pb')));
	});
});
