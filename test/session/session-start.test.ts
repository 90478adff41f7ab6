import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startSession } from '../../src/commands/session-start.ts';
import { smallModel } from '../commands/models.ts';
import { TestShell } from '../commands/shell.ts';

let home: string;
beforeEach(() => {
	home = mkdtempSync(join(tmpdir(), 'whittle-home-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const start = (shell: TestShell, resume: boolean) =>
	startSession(shell.session, shell.context, { resume, env: { WHITTLE_HOME: home } });

it('a session begins with the configuration, and a later one with what it left', async () => {
	writeFileSync(join(home, 'config'), 'set rows 7\nnonsense\n');
	const first = new TestShell({ 'small.pb': smallModel() });
	const { journal, notes } = await start(first, false);
	expect(notes).toHaveLength(1);
	expect(first.session.settings.get('rows')).toBe('7');
	await first.script('open small.pb; remove_device; undo; strip_unused_nodes');
	journal.close();

	const second = new TestShell({ 'small.pb': smallModel() });
	const again = await start(second, true);
	expect(again.resumed).toBe(3);
	expect(second.session.history.steps.map((step) => step.parent)).toEqual([null, 0, 0]);
	await second.run('remove_device');
	again.journal.close();

	const third = new TestShell({ 'small.pb': smallModel() });
	(await start(third, true)).journal.close();
	expect(third.session.history.steps).toHaveLength(4);
	expect(third.session.cells).toBe(second.session.cells);
});

it('says so when there is nothing to resume', async () => {
	await expect(start(new TestShell(), true)).rejects.toMatchObject({ code: 'file' });
});

it('brings back a pasted C++ command of several lines', async () => {
	const pasted =
		"transform_graph \\\n  --inputs=x \\\n  --transforms='\n    remove_device\n    strip_unused_nodes'";
	const first = new TestShell({ 'small.pb': smallModel() });
	const { journal } = await start(first, false);
	await first.run('open small.pb');
	await first.run(pasted);
	journal.close();
	const second = new TestShell({ 'small.pb': smallModel() });
	const again = await start(second, true);
	again.journal.close();
	expect(again.notes).toEqual([]);
	expect(second.session.history.steps.map((step) => step.input)).toEqual(
		first.session.history.steps.map((step) => step.input),
	);
	expect(second.session.history.steps).toHaveLength(3);
});
