import { describe, expect, it } from 'vitest';
import { serializeGraphDef } from '../../src/formats/graph-def.ts';
import { Attr } from '../../src/graph/attr.ts';
import { GraphBuilder } from '../../src/graph/builder.ts';
import { countFlops, sizeOf, statusOf } from '../../src/session/status.ts';
import { smallModel } from '../commands/models.ts';
import { TestShell } from '../commands/shell.ts';

describe('sizeOf', () => {
	it('counts the bytes that saving would write', async () => {
		const shell = new TestShell({ 'small.pb': smallModel() });
		await shell.run('open small.pb');
		for (const line of ['remove_nodes(op=Identity)', 'set_device(device="/gpu:1")', 'strip_unused_nodes']) {
			await shell.run(line);
			expect(sizeOf(shell.session.graph).bytes, line).toBe(serializeGraphDef(shell.session.graph).length);
		}
	});

	it('counts bytes of large nodes and of the other parts', () => {
		const build = new GraphBuilder();
		build.random('w', [200, 300]);
		const graph = build.finish({
			library: new Uint8Array(300),
			versions: Uint8Array.of(8, 27),
			rest: Uint8Array.of(24, 1),
		});
		expect(sizeOf(graph).bytes).toBe(serializeGraphDef(graph).length);
	});

	it('counts the parameters that can be read', () => {
		const build = new GraphBuilder();
		build.floats('a', [1, 2, 3]);
		build.floats('b', 1);
		build.node('broken', 'Const', [], { value: new Attr(Uint8Array.of(0x42, 2, 8, 1)) });
		build.node('none', 'Const');
		expect(sizeOf(build.finish()).params).toBe(5);
	});
});

describe('statusOf', () => {
	it('tells the step, the figures, and those of the model as opened', async () => {
		const shell = new TestShell({ 'small.pb': smallModel() });
		expect(statusOf(shell.session)).toBeUndefined();
		await shell.run('open small.pb');
		await shell.run('remove_nodes(op=Identity)');
		await shell.run('remove_device');
		await shell.run('undo');
		const status = statusOf(shell.session)!;
		expect(status).toMatchObject({
			step: 1,
			steps: 2,
			nodes: 5,
			saved: false,
			inputs: ['x'],
			outputs: ['y'],
		});
		expect(status.opened.nodes).toBe(6);
		expect(status.flops).toBe(countFlops(shell.session.graph));
	});

	it('has no FLOPs where nothing is known of them', async () => {
		const build = new GraphBuilder();
		build.placeholder('x');
		build.node('y', 'NobodysOp', ['x']);
		const shell = new TestShell({ 'own.pb': build.finish() });
		await shell.run('open own.pb');
		expect(statusOf(shell.session)!.flops).toBeUndefined();
		expect(await shell.text('counts')).toContain('not known');
	});

	it('knows what is saved', async () => {
		const shell = new TestShell({ 'small.pb': smallModel() });
		await shell.run('open small.pb');
		expect(statusOf(shell.session)!.saved).toBe(true);
		await shell.run('remove_device');
		await shell.run('save a.pb');
		expect(statusOf(shell.session)!.saved).toBe(true);
		await shell.run('undo');
		expect(statusOf(shell.session)!.saved).toBe(false);
		await shell.run('redo');
		expect(statusOf(shell.session)!.saved).toBe(true);
	});
});
