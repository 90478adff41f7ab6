/** What stands on a real terminal's screen: after resizing, in colours, in viewers, and where it is no screen. */
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { longModel, wideModel } from './models.ts';
import { shellOfEachTest } from './shell.ts';
import { keys } from './terminal.ts';

const { place, start } = shellOfEachTest();

describe('the screen', () => {
	it('is resized 120 → 40 → 120 without leaving copies behind', async () => {
		const shell = await start(['mtcnn'], { columns: 120 });
		await shell.run('remove_nodes(op=Identity)');
		shell.send('fold');
		await shell.shows('fold_constants');
		for (const columns of [40, 120, 80, 40, 120]) {
			shell.resize(columns, 24);
			await shell.quiet();
			const text = shell.all().join('\n');
			expect(text.match(/whittle\[2\]> fold/g)).toHaveLength(1);
			expect(text.match(/194 nodes \(/g)).toHaveLength(1);
			expect(shell.all().filter((line) => /^─+$/.test(line))).toHaveLength(1);
		}
		await shell.shows(/#1\/1 · 194 nodes \(−50\).*7 out/);
		expect(shell.count('244 → 194 nodes')).toBe(1);
	});

	it('shows wide names whole, the cursor where the next letter goes', async () => {
		writeFileSync(place('wide.pb'), wideModel());
		const shell = await start(['wide.pb']);
		shell.send('show 层');
		await shell.shows('层/卷积');
		expect(shell.cursor.x).toBe('whittle[1]> show '.length + 2);
		shell.send(keys.tab);
		await shell.shows(/> show 层\/卷积/);
		shell.send(keys.ctrlC);
		await shell.run('find op:Relu');
		const frame = shell.screen().filter((line) => /[│┌└├]/.test(line));
		expect(frame.length).toBeGreaterThan(3);
	});

	it('shows a long answer folded, and whole in a viewer of its own screen', async () => {
		const shell = await start(['mtcnn']);
		await shell.run('find op:Const');
		await shell.shows(/rows folded/);
		shell.send('view\r');
		await shell.until('viewer', () => shell.alternate);
		await shell.shows(/1–23 of \d+/);
		shell.send('/onet/conv4\r');
		await shell.shows(/onet\/conv4/);
		shell.send('q');
		await shell.until('prompt', () => !shell.alternate && shell.cell === 3);
		await shell.run('counts');
		expect(shell.count('] find op:Const')).toBe(1);
	});

	it('writes thousands of lines at once', async () => {
		writeFileSync(place('long.pb'), longModel());
		const shell = await start(['long.pb']);
		await shell.run('set rows 100000');
		await shell.run('find op:Relu');
		await shell.run('counts');
		expect(shell.all().filter((line) => /^ layer_\d+ /.test(line))).toHaveLength(5000);
		expect(shell.count('] counts')).toBe(1);
		expect(shell.count('whittle[')).toBe(1);
		expect(shell.output).not.toMatch(/\x1b\[[23]J/);
	});

	it('is suspended by Ctrl-Z and comes back', async () => {
		const shell = await start(['mtcnn']);
		shell.send('history');
		await shell.shows(/> history$/m);
		const before = shell.output.length;
		shell.send(keys.ctrlZ);
		await shell.until('end of the modes', () => shell.output.slice(before).includes('\x1b[?2004l'));
		// The modes are set back just before it stops: a signal that comes between goes unheard.
		await shell.until('modes again', () => {
			process.kill(shell.pid, 'SIGCONT');
			return shell.output.slice(before).includes('\x1b[?2004h');
		});
		shell.send(keys.enter);
		await shell.shows(/\[1\] history/);
	});

	it('keeps its live part below the height of a small screen', async () => {
		const shell = await start(['mtcnn'], { columns: 60, rows: 8 });
		await shell.run('history');
		shell.send('re');
		await shell.shows('remove_device');
		await shell.quiet();
		expect(shell.screen().some((line) => line.startsWith('whittle[2]> re'))).toBe(true);
		shell.send(keys.ctrlC);
		await shell.quiet();
		expect(shell.count('] history')).toBe(1);
		expect(shell.output).not.toMatch(/\x1b\[[23]J/);
	});

	it('has no colour where NO_COLOR says so', async () => {
		const shell = await start(['mtcnn'], { env: { NO_COLOR: '1' } });
		await shell.run('remove_nodes(op=Identity)');
		await shell.run('find op:Conv2D');
		expect(shell.output).not.toMatch(/\x1b\[[0-9;]*m/);
	});

	it('is lines only where the terminal is dumb', async () => {
		const shell = await start(['mtcnn'], { env: { TERM: 'dumb' } });
		await shell.run('remove_nodes(op=Identity)');
		await shell.shows('244 → 194 nodes');
		expect(shell.output).not.toContain('\x1b');
		shell.send(keys.ctrlD);
		expect(await shell.ended()).toBe(0);
	});

	it('becomes lines for a screen reader at once, and a screen again, the session going on', async () => {
		const shell = await start(['mtcnn']);
		await shell.run('remove_device');
		await shell.run('set reader on');
		await shell.quiet();
		expect(shell.screen().findLast((line) => line !== '')).toBe('whittle[3]>');
		expect(shell.count('#1/1')).toBe(0);
		await shell.run('remove_nodes(op=Identity)');
		await shell.shows('#2 ✓ 244 → 194 nodes');
		await shell.run('set reader off');
		await shell.shows(/─{80}\n #2\/2 · 194 nodes/);
		shell.send('cou');
		await shell.shows(/counts +/);
	});
});
