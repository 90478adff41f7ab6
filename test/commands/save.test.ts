import { describe, expect, it } from 'vitest';
import { readGraphDef, serializeGraphDef } from '../../src/formats/graph-def.ts';
import { readTextGraphDef } from '../../src/formats/text-graph-def.ts';
import { smallModel } from './models.ts';
import { TestShell } from './shell.ts';

async function opened(context = {}): Promise<TestShell> {
	const shell = new TestShell({ 'small.pb': smallModel() }, context);
	await shell.run('open small.pb');
	return shell;
}

describe('save', () => {
	it('writes the untouched model byte for byte', async () => {
		const shell = await opened();
		expect(await shell.data('save copy.pb')).toMatchObject({
			file: 'copy.pb',
			format: 'GraphDef',
			written: true,
		});
		expect(Buffer.from(shell.host.readFile('copy.pb'))).toEqual(Buffer.from(shell.host.readFile('small.pb')));
	});

	it('writes text where the name or a flag asks for it', async () => {
		const shell = await opened();
		await shell.run('save a.pbtxt');
		await shell.run('save b.pb --text');
		const names = readTextGraphDef(shell.host.readFile('a.pbtxt')).nodes.map((node) => node.name);
		expect(names).toEqual(smallModel().nodes.map((node) => node.name));
		expect(shell.host.text('b.pb')).toBe(shell.host.text('a.pbtxt'));
	});

	it('overwrites a file with other content only when told to', async () => {
		const shell = await opened();
		await shell.run('remove_nodes(op=Identity)');
		const before = Buffer.from(shell.host.readFile('small.pb'));
		expect((await shell.error('save small.pb')).code).toBe('file');
		expect(Buffer.from(shell.host.readFile('small.pb'))).toEqual(before);
		expect(shell.session.saved).toBe(false);
		await shell.run('save small.pb --force');
		expect(readGraphDef(shell.host.readFile('small.pb')).nodes).toHaveLength(5);
	});

	it('has nothing to do where the file holds these very bytes', async () => {
		const shell = await opened();
		await shell.run('remove_device');
		await shell.run('save out.pb');
		expect(await shell.data('save out.pb')).toMatchObject({ written: false });
	});
});

describe('close and open', () => {
	it('keep an unsaved graph unless told otherwise', async () => {
		const shell = await opened({ interactive: true });
		await shell.run('remove_device');
		expect((await shell.error('close')).hint).toContain('--force');
		expect((await shell.error('open small.pb')).hint).toContain('--force');
		await shell.run('open small.pb --force');
		expect(shell.session.history.steps).toHaveLength(1);
		await shell.run('close');
		expect(shell.session.isOpen).toBe(false);
	});

	it('open tells what the model is', async () => {
		const shell = new TestShell({ 'small.pb': smallModel() });
		expect(await shell.data('open small.pb')).toMatchObject({
			file: 'small.pb',
			format: 'GraphDef',
			nodes: 6,
			bytes: serializeGraphDef(smallModel()).length,
			inputs: ['x'],
			outputs: ['y'],
		});
	});
});

describe('assert', () => {
	it('holds or fails with the code of a check', async () => {
		const shell = await opened();
		for (const claim of [
			'nodes = 6',
			'nodes<=6',
			'params < 1k',
			'bytes > 100B',
			'op:Identity',
			'op:Conv2D = 0',
			'optypes != 3',
		])
			expect(await shell.data(`assert ${claim}`), claim).toMatchObject({ holds: true });
		expect(await shell.error('assert nodes > 6')).toMatchObject({
			code: 'check',
			message: expect.stringContaining('nodes is 6'),
		});
		expect(await shell.error('assert op:Conv2D')).toMatchObject({ code: 'check' });
	});

	it('does not take nonsense for a claim', async () => {
		const shell = await opened();
		expect((await shell.error('assert nodes')).code).toBe('usage');
		expect((await shell.error('assert nodes < many')).message).toContain('no number');
		expect((await shell.error('assert opp:Conv2D = 0')).code).toBe('usage');
	});
});

describe('set and alias', () => {
	it('change what holds for this session', async () => {
		const shell = await opened();
		await shell.run('set rows 5');
		expect((await shell.data<{ rows: { name: string; value: string }[] }>('set')).rows).toContainEqual(
			expect.objectContaining({ name: 'rows', value: '5' }),
		);
		expect((await shell.error('set them dark')).hint).toContain('theme');
		expect((await shell.error('set theme purple')).hint).toContain('dark');
		await shell.run('alias clean remove_nodes(op=Identity) remove_device');
		expect(await shell.data('clean')).toMatchObject({ steps: [{ step: 1 }, { step: 2 }] });
		expect((await shell.error('alias undo redo')).code).toBe('usage');
		await shell.run('alias small=quantize_weights strip_unused_nodes');
		expect(shell.session.aliases.get('small')).toBe('quantize_weights strip_unused_nodes');
		expect((await shell.error('alias smal')).code).toBe('unknown');
		await shell.run('alias clean --remove');
		expect((await shell.error('clean')).code).toBe('unknown');
	});
});
