/** feed and eval. */
import { describe, expect, it } from 'vitest';
import { readNpy, readNpz, writeNpy } from '../../src/evaluate/npy.ts';
import { FLOAT, GraphBuilder } from '../../src/graph/builder.ts';
import { DT_FLOAT, DT_INT32 } from '../../src/graph/dtype.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { TestShell } from './shell.ts';

function squares(): Graph {
	const g = new GraphBuilder();
	g.placeholder('x', DT_FLOAT, [-1, 2]);
	g.placeholder('ids', DT_INT32, [3]);
	g.node('y', 'Square', ['x'], { T: FLOAT });
	g.floats('table', [1, 2, 3, 4], [4, 1]);
	g.node('picked', 'Gather', ['table', 'ids'], { Tparams: FLOAT });
	return g.finish();
}

async function opened(output: string): Promise<TestShell> {
	const shell = new TestShell({ 'm.pb': squares() });
	await shell.run('open m.pb');
	await shell.run(`outputs ${output}`);
	return shell;
}

describe('feed and eval', () => {
	it('takes lists, numbers, words and files', async () => {
		const shell = await opened('y');
		const value = async (): Promise<unknown> => {
			const { values } = await shell.data<{ values: { values: unknown; shape: unknown }[] }>('eval y');
			return [values[0]!.shape, values[0]!.values];
		};
		await shell.run('feed x=[[1,2],[3,4]]');
		expect(await value()).toEqual([
			[2, 2],
			[1, 4, 9, 16],
		]);
		await shell.run('feed x=3');
		expect(await value()).toEqual([
			[1, 2],
			[9, 9],
		]);
		await shell.run('feed x=ones[3,2]');
		expect(await value()).toEqual([
			[3, 2],
			[1, 1, 1, 1, 1, 1],
		]);
		shell.host.files.set('x.npy', writeNpy({ dtype: DT_FLOAT, shape: [1, 2], data: Float32Array.of(5, 6) }));
		await shell.run('feed x=x.npy');
		expect(await value()).toEqual([
			[1, 2],
			[25, 36],
		]);
		await shell.run('feed x=');
		expect(await shell.data('feed')).toEqual({ feeds: [] });
	});

	it('says what is wrong with a value', async () => {
		const shell = await opened('y');
		expect((await shell.error('feed x=[1,[2]]')).message).toContain('no regular list');
		expect((await shell.error('feed x=what')).message).toContain('what');
		expect((await shell.error('feed nobody=1')).message).toBe('There is no node `nobody`.');
		shell.host.files.set('x.npy', writeNpy({ dtype: DT_FLOAT, shape: [3], data: new Float32Array(3) }));
		expect((await shell.error('feed x=x.npy')).message).toBe('x.npy is [3]; `x` takes [?,2].');
	});

	it('keeps integers within the table that they index', async () => {
		const shell = await opened('picked');
		for (let seed = 1; seed < 20; seed++) {
			const { values } = await shell.data<{ values: { max: number }[] }>(`eval picked --seed ${seed}`);
			expect(values[0]!.max).toBeLessThanOrEqual(4);
		}
	});

	it('writes .npy and .npz', async () => {
		const shell = await opened('y');
		await shell.run('feed x=[[1,2]]');
		await shell.run('eval y > y.npy');
		expect(readNpy(shell.host.readFile('y.npy'))).toEqual({
			dtype: DT_FLOAT,
			shape: [1, 2],
			data: Float32Array.of(1, 4),
		});
		await shell.run('eval y x > both.npz');
		expect([...readNpz(shell.host.readFile('both.npz'), 'both.npz').keys()]).toEqual(['y', 'x']);
		expect((await shell.error('eval y > y.txt')).hint).toBe(
			'The name must end with .npy or .npz, or for an image with .png.',
		);
	});
});
