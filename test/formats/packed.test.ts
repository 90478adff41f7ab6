import { gzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { serializeGraphDef } from '../../src/formats/graph-def.ts';
import { openGraph } from '../../src/formats/index.ts';
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

	it('is left to the person where there are several, or it needs the files beside it', () => {
		expect(() => open(zipSync({ 'a.pb': model, 'b.pb': model }))).toThrow(
			'F is a zip archive with 2 models in it.',
		);
		expect(() => open(zipSync({ 'm/saved_model.pb': model }))).toThrow(/with a SavedModel in it/);
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

	it('is told from a cut one', () => {
		const packed = gzipSync(model);
		for (const length of [4, 300, packed.length - 9])
			expect(() => open(packed.subarray(0, length))).toThrow(/^F is no intact gzip file/);
		const archive = zipSync({ 'a.pb': model });
		expect(() => open(archive.subarray(0, 300))).toThrow(/^F is no intact zip file/);
	});
});
