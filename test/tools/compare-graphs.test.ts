import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { compareGraphFiles } from '../../src/tools/compare-graphs.ts';
import { recordStreams } from './streams.ts';

let folder = '';
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'whittle-'));
	writeFileSync(join(folder, 'a'), 'node { name: "x" op: "A" }');
	writeFileSync(join(folder, 'b'), 'node { name: "x" op: "A" } versions { producer: 3 }');
	writeFileSync(join(folder, 'c'), 'node { name: "x" op: "B" }');
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...names: readonly string[]) {
	const { streams, output, messages } = recordStreams();
	const code = await compareGraphFiles(
		names.map((name) => join(folder, name)),
		streams,
	);
	return { code, text: output(), messages };
}

it('ends with 0, 1 or 255', async () => {
	expect(await run('a', 'b')).toEqual({ code: 0, text: 'Graphs are equal.\n', messages: [] });
	expect(await run('a', 'c')).toEqual({
		code: 1,
		text: "Node named 'x' has op 'A' that is not expected 'B'\n",
		messages: [],
	});
	expect(await run('a')).toEqual({
		code: 255,
		text: '',
		messages: ['compare_graphs expects two file names as arguments'],
	});
	const missing = join(folder, 'd');
	expect(await run('a', 'd')).toEqual({
		code: 255,
		text: '',
		messages: [
			`Loading graph '${missing}' failed with ${missing}; No such file or directory\n\t (for file ${missing})`,
		],
	});
});
