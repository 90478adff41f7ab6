import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runLine } from '../../src/commands/runner.ts';
import { packageFile } from '../../src/graph/package-file.ts';
import { NodeHost } from '../../src/session/node-host.ts';
import { Session } from '../../src/session/session.ts';
import { quietContext } from './shell.ts';

const kept = packageFile('test/data/checkpoints/');
let folder = '';
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'whittle-'));
	for (const ending of ['index', 'data-00000-of-00001'])
		copyFileSync(`${kept}partitioned.${ending}`, join(folder, `model-7.${ending}`));
	writeFileSync(join(folder, 'checkpoint'), 'model_checkpoint_path: "/elsewhere/model-7"\n');
	mkdirSync(join(folder, 'empty'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function answer(line: string): Promise<Record<string, unknown>> {
	const cell = await runLine(new Session(new NodeHost()), line, quietContext());
	return cell.ok ? (cell.answer.data as Record<string, unknown>) : { error: cell.error };
}

describe('ckpt', () => {
	it('lists names, types, shapes and sizes, slices put together', async () => {
		const { rows, version } = await answer(`ckpt ${kept}partitioned`);
		expect(version).toBe(2);
		expect(rows).toEqual([
			{ name: 'columns', dtype: 'float', shape: [2, 200], params: 400, bytes: 1600, slices: 2 },
			{ name: 'plain', dtype: 'float', shape: [3], params: 3, bytes: 12, slices: 0 },
			{ name: 'rows', dtype: 'float', shape: [7, 2], params: 14, bytes: 56, slices: 3 },
		]);
	});

	it('finds a checkpoint by any of its names', async () => {
		for (const name of ['', '/', '/checkpoint', '/model-7', '/model-7.index', '/model-7.data-00000-of-00001'])
			expect(await answer(`ckpt ${folder}${name}`)).toMatchObject({ prefix: join(folder, 'model-7') });
		const model = packageFile('test/data/saved-models/branches');
		expect(await answer(`ckpt ${model}`)).toMatchObject({ prefix: `${model}/variables/variables` });
	});

	it('shows the values of one tensor', async () => {
		expect(await answer(`ckpt ${kept}partitioned rows`)).toMatchObject({
			name: 'rows',
			min: 0,
			max: 13,
			elements: 14,
		});
		expect((await answer(`ckpt ${kept}dtypes int64`)).values).toEqual([
			'-9223372036854775808',
			'9007199254740993',
		]);
	});

	it('reads the first format', async () => {
		expect(await answer(`ckpt ${kept}first.ckpt`)).toMatchObject({ version: 1, total: 4 });
		expect(await answer(`ckpt ${kept}first.ckpt parts`)).toMatchObject({
			shape: [4, 3],
			min: 0,
			max: 11,
			mean: 5.5,
		});
		expect((await answer(`ckpt ${kept}first.ckpt text`)).values).toEqual(['a', 'größe']);
	});

	it('says what is missing', async () => {
		expect(await answer(`ckpt ${folder}/empty`)).toMatchObject({
			error: { code: 'file', message: `There is no checkpoint ${folder}/empty.` },
		});
		expect(await answer(`ckpt ${kept}partitioned row`)).toMatchObject({
			error: { code: 'unknown', hint: 'Did you mean rows?' },
		});
	});
});
