import { expect, test } from 'vitest';
import { Attr } from '../../src/graph/attr.ts';
import { GraphBuilder } from '../../src/graph/builder.ts';
import { DT_FLOAT } from '../../src/graph/dtype.ts';
import { FLOPS_AT_ONCE, statusOf } from '../../src/session/status.ts';
import { countFlopsLater } from '../../src/shell/flops-later.ts';
import { TestShell } from '../commands/shell.ts';

/** A session on a chain that is too long to be costed at once. */
async function opened(): Promise<TestShell> {
	const build = new GraphBuilder();
	let last = build.placeholder('x', DT_FLOAT, [1, 10]);
	for (let i = 0; i < FLOPS_AT_ONCE; i++)
		last = build.node(`y${i}`, 'Relu', [last], { T: Attr.type(DT_FLOAT) });
	const shell = new TestShell({ 'long.pb': build.finish() });
	await shell.run('open long.pb');
	return shell;
}

test('the FLOPs of a larger graph come into the status later', async () => {
	const { session } = await opened();
	expect(statusOf(session)!.flops).toBeUndefined();
	expect(await countFlopsLater(session, { isBusy: () => false, isWanted: () => true })).toBe(true);
	expect(statusOf(session)!.flops).toBe(10 * FLOPS_AT_ONCE);
});

test('they wait for what somebody waits for', async () => {
	const { session } = await opened();
	let looks = 0;
	const isBusy = (): boolean => ++looks < 4;
	expect(await countFlopsLater(session, { isBusy, isWanted: () => true })).toBe(true);
	expect(looks).toBeGreaterThanOrEqual(4);
});

test('nobody counts those of a graph that is gone, or when the person has left', async () => {
	const shell = await opened();
	const counting = countFlopsLater(shell.session, { isBusy: () => false, isWanted: () => true });
	await shell.run('rename_op(old_op_name=Relu, new_op_name=Elu)');
	expect(await counting).toBe(false);
	expect(await countFlopsLater(shell.session, { isBusy: () => false, isWanted: () => false })).toBe(false);
});
