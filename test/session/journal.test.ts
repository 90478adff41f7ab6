import {
	appendFileSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resumeSession } from '../../src/commands/resume.ts';
import { encodeGraphDef, serializeGraphDef } from '../../src/formats/graph-def.ts';
import { WhittleError } from '../../src/graph/error.ts';
import { Journal } from '../../src/session/journal.ts';
import { lastJournal, readJournal } from '../../src/session/journal-files.ts';
import { smallModel } from '../commands/models.ts';
import { quietContext, TestShell } from '../commands/shell.ts';

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'whittle-journal-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function journaled(...lines: readonly string[]): Promise<{ shell: TestShell; journal: Journal }> {
	const shell = new TestShell({ 'small.pb': smallModel() });
	const journal = Journal.create(join(folder, 'sessions'));
	journal.attach(shell.session);
	await shell.run('open small.pb');
	for (const line of lines) await shell.cell(line);
	return { shell, journal };
}

async function resumed(path: string): Promise<TestShell> {
	const shell = new TestShell({ 'small.pb': smallModel() });
	expect(await resumeSession(shell.session, path, shell.context)).toMatchObject({ problem: undefined });
	return shell;
}

const treeOf = ({ session }: TestShell) => ({
	current: session.history.current.id,
	steps: session.history.steps.map(({ id, parent, input, label, endpoints, graph }) => ({
		id,
		parent,
		input,
		label,
		endpoints,
		bytes: Buffer.concat(encodeGraphDef(graph)).toString('base64'),
	})),
	cells: session.cells,
	saved: session.saved,
	settings: session.settings.get('rows'),
	aliases: [...session.aliases],
});

describe('the journal', () => {
	it('brings a session back with its whole tree', async () => {
		const { shell, journal } = await journaled(
			'remove_device',
			'label clean',
			'remove_nodes(op=Identity)',
			'undo',
			'strip_unused_nodes remove_device',
			'nonsense',
			'log',
			'edit 1 sort_by_execution_order',
			'goto 2',
			'set rows 40',
			'alias c remove_device',
			'c',
			'preview strip_unused_nodes',
			'undo',
		);
		expect(treeOf(await resumed(journal.path))).toEqual(treeOf(shell));
	});

	it('has every cell on disk before the next prompt', async () => {
		const { shell, journal } = await journaled();
		await shell.run('remove_device');
		expect(readJournal(journal.path).at(-1)).toMatchObject({
			cell: 2,
			input: 'remove_device',
			resumed: true,
			step: 1,
		});
	});

	it('brings back an accepted preview, and what edit made before it stopped', async () => {
		const shell = new TestShell({ 'small.pb': smallModel() }, { interactive: true });
		const journal = Journal.create(folder);
		journal.attach(shell.session);
		await shell.run('open small.pb');
		await shell.run('preview remove_device');
		await shell.run('');
		await shell.run('remove_nodes(op=Identity)');
		await shell.run('rename_node(old_node_name=m, new_node_name=a)');
		await shell.error('drop 2');
		expect(treeOf(await resumed(journal.path))).toEqual(treeOf(shell));
	});

	it('has inputs and outputs that were chosen before it began', async () => {
		const shell = new TestShell({ 'small.pb': smallModel() });
		await shell.run('open small.pb');
		shell.session.setInputs(['a']);
		const journal = Journal.create(folder);
		journal.attach(shell.session);
		await shell.run('strip_unused_nodes');
		expect(treeOf(await resumed(journal.path))).toEqual({ ...treeOf(shell), cells: 2 });
		expect(shell.session.graph.node('a')!.op).toBe('Placeholder');
	});

	it('knows whether the graph was saved, and writes no file again', async () => {
		const { shell, journal } = await journaled('remove_device', 'save out.pb');
		expect(shell.session.saved).toBe(true);
		const again = await resumed(journal.path);
		expect(again.session.saved).toBe(true);
		expect(again.host.exists('out.pb')).toBe(false);
	});

	it('passes over a line that was cut off, and goes on behind it', async () => {
		const { journal } = await journaled('remove_device');
		journal.close();
		appendFileSync(journal.path, '{"cell":3,"input":"strip_un');
		const again = await resumed(journal.path);
		const more = Journal.continue(journal.path);
		more.attach(again.session);
		await again.run('strip_unused_nodes');
		more.close();
		expect(treeOf(await resumed(journal.path))).toEqual(treeOf(again));
	});

	it('refuses a model that has changed', async () => {
		const { journal } = await journaled('remove_device');
		const shell = new TestShell({ 'small.pb': smallModel() });
		shell.host.files.set('small.pb', Buffer.concat([serializeGraphDef(smallModel()), Buffer.of(0x12, 0)]));
		const failure = await resumeSession(shell.session, journal.path, shell.context).catch(
			(error: unknown) => error,
		);
		expect(failure).toBeInstanceOf(WhittleError);
		expect((failure as WhittleError).message).toContain('has changed since');
	});

	it('stops, and says where, when a line leads elsewhere than before', async () => {
		const { journal } = await journaled('remove_device', 'strip_unused_nodes');
		const text = readFileSync(journal.path, 'utf8').replace('"remove_device"', '"remove_nodes"');
		writeFileSync(journal.path, text);
		const shell = new TestShell({ 'small.pb': smallModel() });
		const { problem } = await resumeSession(shell.session, journal.path, quietContext());
		expect(problem).toContain('stopped at [2] remove_nodes');
	});

	it('is for the person alone, and old ones are removed', async () => {
		const sessions = join(folder, 'sessions');
		for (let day = 0; day < 60; day++) {
			const journal = Journal.create(sessions, new Date(Date.UTC(2026, 0, 1 + day)));
			writeFileSync(journal.path, '{"whittle":1}\n');
		}
		expect(readdirSync(sessions)).toHaveLength(50);
		const { journal } = await journaled();
		expect(statSync(journal.path).mode & 0o077).toBe(0);
	});

	it('gives up quietly where nothing can be written', async () => {
		const place = join(folder, 'file');
		writeFileSync(place, '');
		const shell = new TestShell({ 'small.pb': smallModel() });
		const journal = Journal.create(join(place, 'sessions'));
		journal.attach(shell.session);
		await shell.run('open small.pb');
		expect(journal.problem).toContain('ENOTDIR');
	});
});

describe('lastJournal', () => {
	const write = (name: string, ...records: readonly object[]): void =>
		writeFileSync(join(folder, name), records.map((record) => `${JSON.stringify(record)}\n`).join(''));

	it('is the newest that did something, else the newest with a model', () => {
		expect(lastJournal(folder)).toBeUndefined();
		write('2026-01-01-999999999.jsonl', { open: {} }, { cell: 1, input: 'remove_device', resumed: true });
		write('2026-01-02-999999998.jsonl', { open: {} });
		expect(lastJournal(folder)).toBe(join(folder, '2026-01-01-999999999.jsonl'));
	});

	it('is not that of a session that still runs', () => {
		const running = Journal.create(folder).path.replace(`-${process.pid}.`, `-${process.ppid}.`);
		write(basename(running), { open: {} }, { cell: 1, input: 'undo', resumed: true });
		expect(lastJournal(folder)).toBeUndefined();
	});

	it('is that of one which ended, whoever has its number since the power came back', () => {
		const name = `2001-01-03T10-00-00-000Z-${process.ppid}.jsonl`;
		write(name, { open: {} }, { cell: 1, input: 'undo', resumed: true });
		expect(lastJournal(folder)).toBe(join(folder, name));
	});
});
