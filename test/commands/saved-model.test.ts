import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runLine } from '../../src/commands/runner.ts';
import { readNpz } from '../../src/evaluate/npy.ts';
import { packageFile } from '../../src/graph/package-file.ts';
import { NodeHost } from '../../src/session/node-host.ts';
import { Session } from '../../src/session/session.ts';
import type { SavedCase } from '../transforms/saved-cases.ts';
import { quietContext } from './shell.ts';

const models = packageFile('test/data/saved-models/');
const cases = JSON.parse(readFileSync(`${models}cases.json`, 'utf8')) as SavedCase[];
let folder = '';
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'whittle-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs lines that must work; the data of the last one. */
async function run(session: Session, ...lines: readonly string[]): Promise<Record<string, unknown>> {
	let data: Record<string, unknown> = {};
	for (const line of lines) {
		const cell = await runLine(session, line, quietContext());
		if (!cell.ok) throw cell.error;
		data = cell.answer.data as Record<string, unknown>;
	}
	return data;
}

function opened({ model, tags, signature }: SavedCase): string {
	return `open ${models}${model} --tags ${tags} --signature ${signature}`;
}

describe('save FOLDER/', () => {
	it('keeps the signature with its names, and reads back unchanged', async () => {
		const session = new Session(new NodeHost());
		const saved = cases.find(({ model }) => model === 'branches')!;
		await run(session, opened(saved));
		const { signatures, signature } = await run(session, opened(saved));
		expect(signature).toBe('serving_default');
		expect(signatures).toEqual(['serving_default']);
		const before = await run(session, 'freeze', 'signatures');
		await run(session, `save ${folder}/a/`);
		expect(readdirSync(folder)).toContain('a');
		expect(readdirSync(`${folder}/a`)).toEqual(['saved_model.pb']);
		expect((await run(session, `open ${folder}/a --force`, 'signatures')).rows).toEqual(before.rows);
		await run(session, `save ${folder}/b --format saved-model`);
		expect(readFileSync(`${folder}/b/saved_model.pb`)).toEqual(readFileSync(`${folder}/a/saved_model.pb`));
	});

	it('names ends by their nodes where the model had no signature', async () => {
		const session = new Session(new NodeHost());
		const { signature } = await run(session, 'open mtcnn', `save ${folder}/mtcnn/`);
		const { inputs } = signature as { inputs: readonly { name: string; tensor: string; shape: unknown }[] };
		expect(inputs[0]).toEqual({
			name: 'pnet_input',
			tensor: 'pnet/input:0',
			dtype: 1,
			shape: [-1, -1, -1, 3],
		});
	});

	it('refuses variables, and makes no folder then', async () => {
		const session = new Session(new NodeHost());
		const saved = cases.find(({ model }) => model === 'branches')!;
		await expect(run(session, opened(saved), `save ${folder}/c/`)).rejects.toMatchObject({ hint: 'freeze' });
		expect(readdirSync(folder)).not.toContain('c');
	});

	it('replaces nothing without --force', async () => {
		const session = new Session(new NodeHost());
		await run(session, 'open mtcnn', `save ${folder}/d/`, 'remove_nodes(op=Identity)');
		await expect(run(session, `save ${folder}/d/`)).rejects.toMatchObject({ code: 'file' });
	});
});

it('weights > FILE.npz holds the constants of a query', async () => {
	const session = new Session(new NodeHost());
	const saved = cases.find(({ model }) => model === 'string_table')!;
	const file = join(folder, 'weights.npz');
	const data = await run(session, opened(saved), 'freeze', `weights name:*table* > ${file}`);
	expect(data.left).toContainEqual({ name: 'hash_table/values', reason: 'string' });
	const arrays = readNpz(readFileSync(file), file);
	expect([...arrays.keys()]).toEqual(data.arrays);
	expect([...(arrays.get('hash_table/keys')!.data as BigInt64Array)]).toEqual([10n, 20n, 30n]);
	await expect(run(session, `weights > ${folder}/weights.csv`)).rejects.toThrow('cannot be written as');
});

/** A Python that has TensorFlow, for those who have one: never needed, never looked for. */
const python = process.env.WHITTLE_PYTHON;

describe.skipIf(!python)('TensorFlow', () => {
	it('serves what whittle saved, with the results of the model itself', async () => {
		const requests: unknown[] = [];
		for (const [i, saved] of cases.entries()) {
			const session = new Session(new NodeHost());
			const { signature } = await run(session, opened(saved), 'freeze', `save ${folder}/served${i}/`);
			const { inputs } = signature as { inputs: readonly { name: string; tensor: string }[] };
			const given = Object.fromEntries(inputs.map(({ name, tensor }) => [name, saved.feeds[tensor]]));
			requests.push({ folder: `${folder}/served${i}`, signature: saved.signature, inputs: given });
		}
		const file = join(folder, 'requests.json');
		writeFileSync(file, JSON.stringify(requests));
		const { stdout, stderr } = spawnSync(python!, [packageFile('test/oracle/serve_saved.py'), file], {
			encoding: 'utf8',
		});
		if (stdout === '') throw new Error(stderr);
		const served = JSON.parse(stdout) as Record<string, { values: (number | string)[] }>[];
		for (const [i, { outputs }] of cases.entries()) {
			// Both sides in the order of their values' text: the signature's words are not in the recorded cases.
			const order = (values: readonly (readonly (number | string)[])[]) =>
				values
					.map((list) => JSON.stringify(list.map((v) => (typeof v === 'number' ? Number(v.toFixed(4)) : v))))
					.sort();
			expect(order(Object.values(served[i]!).map(({ values }) => values))).toEqual(
				order(Object.values(outputs).map(({ values }) => values)),
			);
		}
	}, 120_000);
});
