import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WhittleError } from '../../src/graph/error.ts';
import { NodeHost } from '../../src/session/node-host.ts';

let folder = '';
const host = new NodeHost();
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'whittle-'));
	writeFileSync(join(folder, 'model.pbtxt'), 'node { name: "a" op: "A" }');
});
afterAll(() => rmSync(folder, { recursive: true }));

it('opens a model with its size and digest', () => {
	const model = host.openModel(join(folder, 'model.pbtxt'));
	expect([model.format, model.graph.nodes.length, model.fileBytes]).toEqual(['GraphDef text', 1, 26]);
	expect(model.digest()).toBe('b26bcd39cbd7676fd5478b4664c63e40ac46382c38aa626907137c1679e30381');
});

it('opens the bundled model by its name, with the same digest every time', () => {
	const model = host.openModel('mtcnn');
	expect([model.path, model.format, model.graph.nodes.length]).toEqual(['mtcnn', 'GraphDef', 244]);
	expect(model.digest()).toBe(host.openModel('mtcnn').digest());
	expect(model.digest()).toMatch(/^[0-9a-f]{64}$/);
});

it('suggests a file beside one that is not there', () => {
	const open = (): unknown => host.openModel(join(folder, 'modle.pbtxt'));
	expect(open).toThrow(WhittleError);
	expect(open).toThrow(expect.objectContaining({ code: 'file', hint: 'Did you mean model.pbtxt?' }));
});

it('expands ~', () => {
	const { HOME } = process.env;
	process.env.HOME = folder;
	try {
		expect(host.exists('~/model.pbtxt')).toBe(true);
		expect(host.exists('~nobody/model.pbtxt')).toBe(false);
		expect(Buffer.from(host.readFile('~/model.pbtxt')).toString()).toContain('node');
	} finally {
		if (HOME === undefined) delete process.env.HOME;
		else process.env.HOME = HOME;
	}
});

it('opens a SavedModel by its folder and by its file, with the size and digest of all that is in it', () => {
	const path = fileURLToPath(new URL('../data/saved-models/table', import.meta.url));
	const model = host.openModel(path);
	expect([model.format, model.graph.nodes.length]).toEqual(['SavedModel', 9]);
	expect(model.graph.parts.context?.variables?.keys.length).toBeGreaterThan(0);
	const file = host.openModel(join(path, 'saved_model.pb'));
	expect(file.graph.nodes.length).toBe(9);
	expect(model.fileBytes).toBeGreaterThan(file.fileBytes);
	expect(model.digest()).not.toBe(file.digest());
	expect(model.digest()).toBe(host.openModel(path).digest());
});

it('asks for the tags where a SavedModel holds several graphs', () => {
	const path = fileURLToPath(new URL('../data/saved-models/two_graphs', import.meta.url));
	expect(() => host.openModel(path)).toThrow('holds 2 graphs');
	expect(host.openModel(path, { tags: 'train' }).graph.parts.context?.tags).toEqual(['train']);
});
