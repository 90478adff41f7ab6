import { readFileSync } from 'node:fs';
import { gzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { serializeGraphDef } from '../../src/formats/graph-def.ts';
import { openGraph } from '../../src/formats/index.ts';
import { packageFile } from '../../src/graph/package-file.ts';
import { buildMtcnn } from '../../src/models/mtcnn.ts';

const model = serializeGraphDef(buildMtcnn());
const open = (bytes: Uint8Array, path = 'F') => openGraph({ path, bytes, isFolder: false });

describe('a model in a packed file', () => {
	it('opens', () => {
		expect(open(gzipSync(model)).graph.nodes).toHaveLength(buildMtcnn().nodes.length);
		const archive = zipSync({
			'read.me': new Uint8Array(3),
			'a/frozen.pb': model,
			'__MACOSX/a/._frozen.pb': model,
		});
		expect(open(archive).format.name).toBe('GraphDef');
	});

	it.each(['', 'a/model/'])('may be a SavedModel in the folder `%s` with what lies beside it', (folder) => {
		const saved = packageFile('test/data/saved-models/branches/');
		const file = (name: string) => readFileSync(saved + name);
		const names = ['saved_model.pb', 'variables/variables.index', 'variables/variables.data-00000-of-00001'];
		const archive = zipSync(Object.fromEntries(names.map((name) => [folder + name, file(name)])));
		const { graph, format } = open(archive, 'x/F.zip');
		expect(format.name).toBe('SavedModel');
		const { context } = graph.parts;
		const onDisk = openGraph({ path: saved, bytes: new Uint8Array(0), isFolder: true }).graph.parts.context;
		const keys = onDisk!.variables!.keys.filter((key) => key !== '_CHECKPOINTABLE_OBJECT_GRAPH');
		expect(context!.variables!.keys).toEqual(onDisk!.variables!.keys);
		for (const key of keys) expect(context!.variables!.read(key)).toEqual(onDisk!.variables!.read(key));
		expect(() => context!.asset!('../../etc/passwd')).toThrow('assets/passwd is not in the archive.');
	});

	it('is left to the person where there are several', () => {
		expect(() => open(zipSync({ 'a.pb': model, 'b.pb': model }))).toThrow(
			'F is a zip archive with 2 models in it.',
		);
		expect(() => open(zipSync({ 'm/saved_model.pb': model, 'n/saved_model.pb': model }))).toThrow(
			'F is a zip archive with 2 models in it.',
		);
		expect(() => open(zipSync({ 'a.txt': model }))).toThrow(
			'F is a zip archive without a TensorFlow graph in it.',
		);
	});

	it('is unpacked once', () => {
		expect(() => open(gzipSync(gzipSync(model)))).toThrow('F is a gzip-compressed archive.');
	});
});

describe('a packed file that is not what it seems', () => {
	it('does not fill the memory', () => {
		const zeros = new Uint8Array(100 << 20);
		const begun = process.memoryUsage().arrayBuffers;
		expect(() => open(gzipSync(zeros))).toThrow('F becomes larger than 64 MiB when unpacked.');
		expect(() => open(zipSync({ 'a.pb': zeros }))).toThrow('F becomes larger than 64 MiB when unpacked.');
		expect(process.memoryUsage().arrayBuffers - begun).toBeLessThan(1 << 29);
	});

	it('does not fill the memory beside a SavedModel', () => {
		const zeros = new Uint8Array(100 << 20);
		const shard = 'variables/variables.data-00000-of-00001';
		expect(() => open(zipSync({ 'saved_model.pb': Uint8Array.of(8, 1), [shard]: zeros }))).toThrow(
			'F becomes larger than 64 MiB when unpacked.',
		);
	});

	it('is told from a cut one', () => {
		const packed = gzipSync(model);
		for (const length of [4, 300, packed.length - 9])
			expect(() => open(packed.subarray(0, length))).toThrow(/^F is no intact gzip file/);
		const archive = zipSync({ 'a.pb': model });
		expect(() => open(archive.subarray(0, 300))).toThrow(/^F is no intact zip file/);
	});
});
