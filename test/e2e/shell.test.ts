/** The shell in a real terminal, typed at as a person would. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readGraphDef } from '../../src/formats/graph-def.ts';
import { escapingModel, longModel, manyOpsModel, slowModel, wideModel } from './models.ts';
import { builtProgram } from './program.ts';
import { keys, type TerminalOptions, TestTerminal } from './terminal.ts';

let program = '';
let folder = '';
let terminal: TestTerminal;

beforeAll(async () => {
	program = await builtProgram();
}, 120_000);
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'whittle-e2e-'));
});
afterEach(() => {
	terminal.kill();
	rmSync(folder, { recursive: true, force: true });
});

/** Starts the shell and waits for its first prompt. */
async function start(args: readonly string[], options: Partial<TerminalOptions> = {}): Promise<TestTerminal> {
	terminal = new TestTerminal([program, ...args], { cwd: folder, ...options });
	await terminal.until('prompt', () => terminal.cell > 0);
	return terminal;
}

describe('the walk-through', () => {
	it('opens, transforms, goes back and forth, previews, saves and exports', async () => {
		const shell = await start(['mtcnn']);
		await shell.shows(/mtcnn\S* · GraphDef · 244 nodes/);
		await shell.run('remove_nodes(op=Identity)');
		await shell.shows('244 → 194 nodes');
		await shell.shows(/#1\/1 · 194 nodes \(−50\).*unsaved/);
		await shell.run('undo');
		await shell.shows(/#0\/1 · 244 nodes/);
		await shell.run('redo');
		await shell.shows(/#1\/1 · 194 nodes/);

		await shell.run('preview quantize_weights');
		await shell.shows('Enter applies quantize_weights');
		expect(shell.screen().join('\n')).toMatch(/#1\/1 · 194 nodes/);
		await shell.run('');
		await shell.shows(/#2\/2 · 227 nodes/);

		await shell.run('save small.pb');
		await shell.shows(/227 nodes.*· saved/);
		await shell.run('export small.whittle');
		await shell.run('export small.sh');
		shell.send(keys.ctrlD);
		expect(await shell.ended()).toBe(0);

		expect(readGraphDef(readFileSync(join(folder, 'small.pb'))).nodes).toHaveLength(227);
		expect(readFileSync(join(folder, 'small.whittle'), 'utf8')).toContain('remove_nodes(op=Identity)');
		expect(readFileSync(join(folder, 'small.sh'), 'utf8')).toContain('quantize_weights');
		expect(shell.output).not.toMatch(/\x1b\[[23]J/);
	});

	it('leaves the answers in the scrollback, each once', async () => {
		const shell = await start(['mtcnn'], { rows: 12 });
		for (let i = 0; i < 4; i++) await shell.run(`find op:Softmax name:*${i}*`);
		await shell.run('counts');
		await shell.quiet();
		for (let i = 0; i < 4; i++) expect(shell.count(`] find op:Softmax name:*${i}*`)).toBe(1);
		expect(shell.count('whittle[')).toBe(1);
	});

	it('asks once before it leaves unsaved steps', async () => {
		const shell = await start(['mtcnn']);
		await shell.run('remove_nodes(op=Identity)');
		shell.send(keys.ctrlD);
		await shell.shows('Ctrl-D again leaves');
		expect(shell.exitCode).toBeUndefined();
		shell.send(keys.ctrlD);
		expect(await shell.ended()).toBe(0);
		expect(shell.output.endsWith('\x1b[?25h') || shell.output.includes('\x1b[?2004l')).toBe(true);
	});
});

describe('the line', () => {
	it('completes from the graph with Tab, and Enter takes the line as typed', async () => {
		const shell = await start(['mtcnn']);
		shell.send('remove_nodes(op=Iden');
		await shell.shows(/Identity +50 in the graph/);
		shell.send(keys.tab);
		await shell.shows(/^whittle\[1\]> remove_nodes\(op=Identity/m);
		shell.send(keys.ctrlC);
		await shell.shows(/^whittle\[1\]>$/m);
		shell.send('fold');
		await shell.shows('fold_constants');
		shell.send(keys.enter);
		await shell.shows('There is no command or transform called `fold`');
	});

	it('underlines and explains what is wrong before Enter', async () => {
		const shell = await start(['mtcnn']);
		shell.send('remvoe_nodes(op=Identity) ');
		await shell.shows('Did you mean remove_nodes');
		expect(shell.cell).toBe(1);
	});

	it('offers the next commands by digit', async () => {
		const shell = await start(['mtcnn']);
		await shell.run('remove_nodes(op=Identity)');
		await shell.shows(/1 diff +2 undo/);
		shell.send('2');
		await shell.shows(/^whittle\[2\]> undo$/m);
		shell.send(keys.enter);
		await shell.shows(/undid #1/);
	});

	it('remembers lines: arrows, grey text, search, over sessions', async () => {
		const first = await start(['mtcnn']);
		await first.run('find op:Conv2D');
		await first.run('history');
		first.send(keys.ctrlD);
		await first.ended();
		const shell = await start(['mtcnn']);
		shell.send(keys.up);
		await shell.shows(/> history$/m);
		shell.send(keys.up);
		await shell.shows(/> find op:Conv2D$/m);
		shell.send(`${keys.ctrlC}find`);
		await shell.until('cursor', () => shell.cursor.x === 'whittle[1]> find'.length);
		await shell.shows(/> find op:Conv2D$/m);
		shell.send(keys.right);
		await shell.until('cursor at the end', () => shell.cursor.x === 'whittle[1]> find op:Conv2D'.length);
		shell.send(`${keys.ctrlC}${keys.ctrlR}stor`);
		await shell.shows(/"stor".*history/);
		shell.send(keys.enter);
		await shell.shows(/\[1\] history/);
	});

	it('takes a pasted C++ command line of several lines as one edit, and runs it on Enter', async () => {
		const shell = await start(['mtcnn']);
		shell.paste(
			[
				'bazel-bin/tensorflow/tools/graph_transforms/transform_graph \\',
				'  --in_graph=mtcnn.pb --out_graph=out.pb \\',
				"  --inputs='pnet/input' --outputs='pnet/prob1' \\",
				"  --transforms='",
				'    strip_unused_nodes',
				"    remove_nodes(op=Identity)'",
			].join('\n'),
		);
		await shell.shows('remove_nodes(op=Identity)');
		await shell.quiet();
		expect(shell.cell).toBe(1);
		shell.send(keys.enter);
		await shell.until('two steps', () => shell.screen().some((line) => line.includes('#2/2')));
		await shell.shows('1 in · 1 out');
		expect(shell.cell).toBe(2);
	});

	it.each([
		['fold_constants', slowModel],
		['quantize_nodes', manyOpsModel],
	])('keeps what is typed while %s runs', async (transform, model) => {
		writeFileSync(join(folder, 'slow.pb'), model());
		const shell = await start(['slow.pb']);
		await shell.shows('#0/0');
		shell.send(`${transform}\r`);
		await shell.shows('Ctrl-C stops');
		shell.send('counts');
		await shell.shows(/> counts$/m);
		shell.send(keys.ctrlC);
		await shell.shows('Stopped');
	});
});

describe('what goes wrong', () => {
	it.each([
		['fold_constants', slowModel],
		['quantize_nodes', manyOpsModel],
	])('Ctrl-C stops %s at once and leaves the graph as it was', async (transform, model) => {
		writeFileSync(join(folder, 'slow.pb'), model());
		const shell = await start(['slow.pb']);
		await shell.shows('#0/0');
		shell.send(`${transform}\r`);
		await shell.shows('Ctrl-C stops');
		const pressed = Date.now();
		shell.send(keys.ctrlC);
		await shell.shows('Stopped');
		expect(Date.now() - pressed).toBeLessThan(3000);
		await shell.shows(/#0\/0/);
		await shell.run('counts');
		expect(shell.exitCode).toBeUndefined();
	});

	it('Ctrl-C stops the reading of a model, during which one can type', async () => {
		writeFileSync(join(folder, 'many.pb'), manyOpsModel(150_000));
		const shell = await start(['many.pb']);
		await shell.shows(/opening many\.pb/);
		await shell.shows(/% +open many\.pb .* left · Ctrl-C stops/);
		shell.send('ops');
		await shell.shows(/> ops$/m);
		shell.send(keys.ctrlC);
		await shell.shows('Stopped: many.pb was not opened.');
		await shell.shows('no model is open');
		await shell.run('open mtcnn');
		await shell.shows(/#0\/0 · 244 nodes/);
		shell.send('open many.pb\r');
		await shell.shows(/% +open many\.pb .* left · Ctrl-C stops/);
		shell.send(keys.ctrlC);
		await shell.shows('Stopped.');
		await shell.shows(/#0\/0 · 244 nodes/);
	});

	it('a line typed while a model is read waits for it, and half a one is completed from it', async () => {
		writeFileSync(join(folder, 'many.pb'), manyOpsModel(150_000));
		const shell = await start(['many.pb']);
		shell.send('remove_device\r');
		await shell.shows('then: remove_device');
		shell.send('remove_nodes(op=Re');
		await shell.shows(/#1\/1 · 150001 nodes/);
		await shell.shows(/Relu +150000 in the graph/);
	});

	it('a killed session is brought back with its tree', async () => {
		const first = await start(['mtcnn']);
		await first.run('remove_nodes(op=Identity)');
		await first.run('undo');
		await first.run('remove_device');
		await first.run('label here');
		first.kill('SIGKILL');
		await first.ended();
		const shell = await start(['--resume']);
		await shell.shows(/#2\/2 · 244 nodes/);
		await shell.run('history');
		await shell.shows(/#1 remove_nodes\(op=Identity\)/);
		await shell.shows(/● #2 remove_device.*here/);
	});

	it('names with escape sequences reach the screen as text', async () => {
		writeFileSync(join(folder, 'evil.pb'), escapingModel());
		const shell = await start(['evil.pb']);
		shell.send('show a');
		await shell.quiet();
		shell.send(keys.ctrlC);
		await shell.run('find op:Relu');
		await shell.run('tree');
		await shell.run('ops');
		await shell.shows('\\x1b');
		expect(shell.output).not.toContain('\x1b[2J');
		expect(shell.output).not.toContain('\x1b]0;');
		expect(shell.output).not.toContain('\u202e');
	});

	it('a hang-up or a termination leaves the terminal as it was', async () => {
		const shell = await start(['mtcnn']);
		shell.kill('SIGTERM');
		expect(await shell.ended()).toBe(143);
		expect(shell.output).toContain('\x1b[?2004l');
		expect(shell.output).toContain('\x1b[?25h');
	});
});

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
		writeFileSync(join(folder, 'wide.pb'), wideModel());
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
		writeFileSync(join(folder, 'long.pb'), longModel());
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
