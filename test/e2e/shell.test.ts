/** The shell in a real terminal, typed at as a person would. */
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readGraphDef } from '../../src/formats/graph-def.ts';
import { escapingModel, manyOpsModel, slowModel } from './models.ts';
import { shellOfEachTest } from './shell.ts';
import { keys } from './terminal.ts';

const { place, start } = shellOfEachTest();

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

		expect(readGraphDef(readFileSync(place('small.pb'))).nodes).toHaveLength(227);
		expect(readFileSync(place('small.whittle'), 'utf8')).toContain('remove_nodes(op=Identity)');
		expect(readFileSync(place('small.sh'), 'utf8')).toContain('quantize_weights');
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
		writeFileSync(place('slow.pb'), model());
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
		writeFileSync(place('slow.pb'), model());
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
		writeFileSync(place('many.pb'), manyOpsModel(150_000));
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
		writeFileSync(place('many.pb'), manyOpsModel(150_000));
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
		writeFileSync(place('evil.pb'), escapingModel());
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
