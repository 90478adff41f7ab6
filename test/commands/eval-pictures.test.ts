/** Images that `eval` finds: shown in characters, written as PNG. */
import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { halfBlocks, pictureOf } from '../../src/evaluate/picture.ts';
import { FLOAT, GraphBuilder } from '../../src/graph/builder.ts';
import { DT_FLOAT, DT_HALF, DT_UINT8 } from '../../src/graph/dtype.ts';
import { TestShell } from './shell.ts';

const floats = (shape: readonly number[], ...values: readonly number[]) => ({
	dtype: DT_FLOAT,
	shape,
	data: Float32Array.from(values),
});

async function shellWith(shape: readonly number[], interactive: boolean): Promise<TestShell> {
	const g = new GraphBuilder();
	g.placeholder('x', DT_FLOAT, shape);
	g.node('y', 'Identity', ['x'], { T: FLOAT });
	const shell = new TestShell({ 'm.pb': g.finish() }, { interactive, width: 40 });
	await shell.run('open m.pb');
	return shell;
}

describe('eval of images', () => {
	it('shows them to a person, and to no pipe', async () => {
		const shell = await shellWith([1, 2, 4, 1], true);
		await shell.run('feed x=[[[[0],[1],[0],[1]],[[0],[0],[1],[1]]]]');
		expect((await shell.text('eval y')).split('\n')).toContain(' ▀▄█');
		const pipe = await shellWith([1, 2, 4, 1], false);
		await pipe.run('feed x=[[[[0],[1],[0],[1]],[[0],[0],[1],[1]]]]');
		expect(await pipe.text('eval y')).not.toMatch(/[▀▄]/);
	});

	it('keeps within the width of the terminal', async () => {
		const shell = await shellWith([100, 200, 3], true);
		await shell.run('feed x=ones');
		const lines = (await shell.text('eval y')).split('\n').filter((line) => /^█+$/.test(line));
		expect(lines).toEqual(new Array(9).fill('█'.repeat(36)));
	});

	it('writes PNG', async () => {
		const shell = await shellWith([2, 2, 3], false);
		await shell.run('feed x=[[[0,0,0],[1,0,0]],[[0,1,0],[0,0,1]]]');
		await shell.run('eval y > y.png');
		const { width, height, channels, data } = decode(shell.host.readFile('y.png'));
		expect([width, height, channels]).toEqual([2, 2, 3]);
		expect([...data]).toEqual([0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255]);
	});

	it('says what is no image', async () => {
		const shell = await shellWith([4, 5], false);
		const error = await shell.error('eval y > y.png');
		expect(error.message).toBe('y is no image: its shape is [4,5].');
		expect((await shell.error('eval y x > y.png')).hint).toBe('The name must end with .npz.');
	});
});

describe('pictures', () => {
	it('take ranges as images have them, and any other from end to end', () => {
		const grey = (...values: readonly number[]) => [...pictureOf(floats([2, 2, 1], ...values))!.data];
		expect(grey(0, 0.2, 0.4, 1)).toEqual([0, 51, 102, 255]);
		expect(grey(-1, 1, 0.2, 0)).toEqual([0, 255, 153, 128]);
		expect(grey(0, 17, 200, 2)).toEqual([0, 17, 200, 2]);
		expect(grey(-10, 0, 5, 41)).toEqual([0, 50, 75, 255]);
		expect(grey(Number.NaN, Number.POSITIVE_INFINITY, 0.2, 0)).toEqual([0, 255, 51, 0]);
		expect(grey(-3, -3, -3, -3)).toEqual([0, 0, 0, 0]);
		// 0, 1, −1 and 0.5 in half precision.
		const halves = { dtype: DT_HALF, shape: [2, 2, 1], data: Uint16Array.of(0, 0x3c00, 0xbc00, 0x3800) };
		expect([...pictureOf(halves)!.data]).toEqual([128, 255, 0, 191]);
		const bytes = { dtype: DT_UINT8, shape: [2, 2, 2, 1], data: Uint8Array.of(1, 0, 1, 1, 9, 9, 9, 9) };
		expect([...pictureOf(bytes)!.data]).toEqual([1, 0, 1, 1]);
	});

	it.each([[[4]], [[2, 2]], [[2, 2, 2]], [[1, 4, 1]], [[0, 2, 2, 1]], [[1, 2, 2, 1, 1]]])(
		'%j is none',
		(shape) => {
			const length = shape.reduce((product, size) => product * size, 1);
			expect(pictureOf(floats(shape, ...new Array<number>(length).fill(1)))).toBeUndefined();
		},
	);

	it('half of the pixels of a grey area are light', () => {
		const values = new Array<number>(400).fill(0.5);
		const text = halfBlocks(pictureOf(floats([20, 20, 1], ...values))!, 64).join('');
		const light = [...text].reduce((sum, one) => sum + (one === '█' ? 2 : one === ' ' ? 0 : 1), 0);
		expect(light).toBeGreaterThan(180);
		expect(light).toBeLessThan(220);
	});
});
