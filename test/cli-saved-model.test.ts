import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readGraphDef } from '../src/formats/graph-def.ts';
import { packageFile } from '../src/graph/package-file.ts';

const models = packageFile('test/data/saved-models/');
let folder = '';
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'whittle-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs whittle from its sources, as a process without a terminal. */
function whittle(...args: readonly string[]): SpawnSyncReturns<string> {
	const command = [
		'--import',
		packageFile('node_modules/tsx/dist/loader.mjs'),
		packageFile('src/cli.ts'),
		...args,
	];
	return spawnSync(process.execPath, command, { cwd: folder, encoding: 'utf8' });
}

describe('whittle FOLDER', () => {
	it('freezes, saves, exports, and replays to the same file', () => {
		const lines = 'freeze; save frozen.pb; export recipe.whittle';
		const first = whittle(`${models}two_graphs`, '--tags', 'serve,gpu', '--signature=scale', '-c', lines);
		expect(first).toMatchObject({ status: 0, stderr: '' });
		const frozen = readFileSync(join(folder, 'frozen.pb'));
		expect(readGraphDef(frozen).byOp.has('VarHandleOp')).toBe(false);
		expect(readFileSync(join(folder, 'recipe.whittle'), 'utf8')).toMatch(
			/^open \S+two_graphs --tags serve,gpu --signature scale +# sha256 [0-9a-f]{64}$/m,
		);
		rmSync(join(folder, 'frozen.pb'));
		expect(whittle('run', 'recipe.whittle')).toMatchObject({ status: 0, stderr: '' });
		expect(readFileSync(join(folder, 'frozen.pb'))).toEqual(frozen);
	});

	it('says which graph or signature there is, and ends with 3', () => {
		const several = whittle(`${models}two_graphs`, '-c', 'summary');
		expect(several.status).toBe(3);
		expect(several.stderr).toMatch(/holds 2 graphs\.\n {2}Choose one with --tags: train; serve,gpu\./);
		const unknown = whittle(`${models}branches`, '--signature', 'serve', '-c', 'summary');
		expect(unknown.status).toBe(3);
		expect(unknown.stderr).toContain('The model has no signature `serve`.');
	});

	it('ends with 3 at a damaged file', () => {
		const bytes = readFileSync(`${models}branches/saved_model.pb`);
		writeFileSync(join(folder, 'saved_model.pb'), bytes.subarray(0, 9000));
		const { status, stderr } = whittle('saved_model.pb', '-c', 'summary');
		expect(status).toBe(3);
		expect(stderr).toMatch(/^saved_model\.pb is cut off/);
	});
});
