import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Executor } from '../../src/evaluate/executor.ts';
import { Attr } from '../../src/graph/attr.ts';
import { FLOAT, GraphBuilder } from '../../src/graph/builder.ts';
import { DT_BOOL, DT_FLOAT, DT_INT32 } from '../../src/graph/dtype.ts';
import type { Graph } from '../../src/graph/graph.ts';
import type { TensorValue } from '../../src/graph/tensor.ts';

function floats(values: readonly number[], shape: readonly number[] = [values.length]): TensorValue {
	return { dtype: DT_FLOAT, shape, data: Float32Array.from(values) };
}

function flag(value: boolean): TensorValue {
	return { dtype: DT_BOOL, shape: [], data: Uint8Array.of(value ? 1 : 0) };
}

function numbers(value: TensorValue | undefined): number[] {
	return Array.from(value!.data as Float32Array, Number);
}

/** `n` times: x = 2 x + step, as a TensorFlow 1 loop. */
function loopGraph(): Graph {
	const g = new GraphBuilder();
	const frame = { frame_name: 'loop' };
	const x = g.placeholder('x', DT_FLOAT, [-1]);
	const n = g.placeholder('n', DT_INT32, []);
	const T = FLOAT;
	const I = Attr.type(DT_INT32);
	g.floats('step', [1]);
	g.ints('zero', 0);
	g.node('enter_x', 'Enter', [x], { T, ...frame });
	g.node('enter_i', 'Enter', ['zero'], { T: I, ...frame });
	g.node('enter_n', 'Enter', [n], { T: I, ...frame, is_constant: true });
	g.node('enter_step', 'Enter', ['step'], { T, ...frame, is_constant: true });
	g.node('merge_x', 'Merge', ['enter_x', 'next_x'], { T });
	g.node('merge_i', 'Merge', ['enter_i', 'next_i'], { T: I });
	g.node('less', 'Less', ['merge_i', 'enter_n'], { T: I });
	g.node('cond', 'LoopCond', ['less']);
	g.node('switch_x', 'Switch', ['merge_x', 'cond'], { T });
	g.node('switch_i', 'Switch', ['merge_i', 'cond'], { T: I });
	g.node('double', 'Add', ['switch_x:1', 'switch_x:1'], { T });
	g.node('sum', 'Add', ['double', 'enter_step'], { T });
	g.node('one', 'Const', ['^switch_i'], {
		dtype: I,
		value: Attr.tensor({ dtype: DT_INT32, shape: [], data: Int32Array.of(1) }),
	});
	g.node('inc', 'Add', ['switch_i:1', 'one'], { T: I });
	g.node('next_x', 'NextIteration', ['sum'], { T });
	g.node('next_i', 'NextIteration', ['inc'], { T: I });
	g.node('exit_x', 'Exit', ['switch_x'], { T });
	return g.finish();
}

describe('control flow of TensorFlow 1', () => {
	const run = (n: number): number[] =>
		numbers(
			new Executor(loopGraph()).run(
				new Map([
					['x', floats([3])],
					['n', { dtype: DT_INT32, shape: [], data: Int32Array.of(n) }],
				]),
				['exit_x'],
			)[0],
		);

	it('runs a loop as often as its condition holds', () => {
		expect(run(0)).toEqual([3]);
		expect(run(1)).toEqual([7]);
		expect(run(4)).toEqual([63]);
	});

	it('runs many rounds without holding on to them', () => {
		expect(run(60)[0]).toBe(Math.fround(4 * 2 ** 60 - 1));
	});

	it('takes one branch, and a dead one gives nothing', () => {
		const g = new GraphBuilder();
		g.placeholder('x', DT_FLOAT, [-1]);
		g.placeholder('p', DT_BOOL, []);
		g.node('switch', 'Switch', ['x', 'p'], { T: FLOAT });
		g.node('no', 'Neg', ['switch'], { T: FLOAT });
		g.node('yes', 'Square', ['switch:1'], { T: FLOAT });
		g.node('merge', 'Merge', ['no', 'yes'], { T: FLOAT });
		const executor = new Executor(g.finish());
		const feeds = (p: boolean) =>
			new Map([
				['x', floats([3])],
				['p', flag(p)],
			]);
		expect(numbers(executor.run(feeds(true), ['merge'])[0])).toEqual([9]);
		expect(numbers(executor.run(feeds(false), ['merge'])[0])).toEqual([-3]);
		expect(numbers(executor.run(feeds(true), ['merge:1'])[0])).toEqual([1]);
		expect(() => executor.run(feeds(true), ['no'])).toThrow('cannot run `no` (Neg): nothing came out of it');
	});

	it('ends a loop that lies on a branch not taken', () => {
		const g = new GraphBuilder();
		const T = FLOAT;
		g.placeholder('x', DT_FLOAT, []);
		g.placeholder('p', DT_BOOL, []);
		g.node('switch', 'Switch', ['x', 'p'], { T });
		g.node('enter', 'Enter', ['switch:1'], { T, frame_name: 'f' });
		g.node('merge', 'Merge', ['enter', 'next'], { T });
		g.floats('limit', 100);
		g.node('enter_limit', 'Enter', ['limit'], { T, frame_name: 'f', is_constant: true });
		g.node('less', 'Less', ['merge', 'enter_limit'], { T });
		g.node('cond', 'LoopCond', ['less']);
		g.node('inner', 'Switch', ['merge', 'cond'], { T });
		g.node('twice', 'Add', ['inner:1', 'inner:1'], { T });
		g.node('next', 'NextIteration', ['twice'], { T });
		g.node('exit', 'Exit', ['inner'], { T });
		g.node('out', 'Merge', ['exit', 'switch'], { T });
		const executor = new Executor(g.finish());
		const run = (p: boolean) =>
			numbers(
				executor.run(
					new Map([
						['x', floats([3], [])],
						['p', flag(p)],
					]),
					['out'],
				)[0],
			);
		expect(run(true)).toEqual([192]);
		expect(run(false)).toEqual([3]);
	});
});

describe('running', () => {
	it('runs only what is asked for', () => {
		const g = new GraphBuilder();
		g.placeholder('x', DT_FLOAT, [2]);
		g.node('good', 'Neg', ['x'], { T: FLOAT });
		g.node('bad', 'Bessel', ['x']);
		const executor = new Executor(g.finish());
		const feeds = new Map([['x', floats([1, 2])]]);
		expect(numbers(executor.run(feeds, ['good'])[0])).toEqual([-1, -2]);
		expect(() => executor.run(feeds, ['bad'])).toThrow('cannot run `bad` (Bessel): the op is unknown');
		expect(() => executor.run(feeds, ['godo'])).toThrow('There is no node `godo`.');
	});

	it('takes a value for any tensor in place of the nodes before it', () => {
		const g = new GraphBuilder();
		g.placeholder('x', DT_FLOAT, [2]);
		g.node('inner', 'Bessel', ['x']);
		g.node('y', 'Neg', ['inner'], { T: FLOAT });
		const [y] = new Executor(g.finish()).run(new Map([['inner:0', floats([5, 6])]]), ['y']);
		expect(numbers(y)).toEqual([-5, -6]);
	});

	it('gives the same bits when it runs a chain at once and node by node, twice over', () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 1, max: 20 }), (seed, channels) => {
				const g = new GraphBuilder({ seed });
				g.placeholder('x', DT_FLOAT, [1, 5, 5, 3]);
				g.random('w', [3, 3, 3, channels]);
				for (const name of ['scale', 'offset', 'mean', 'bias']) g.random(name, [channels], 1);
				g.floats('variance', new Array<number>(channels).fill(0.7));
				const window = { T: FLOAT, strides: [1, 1, 1, 1], padding: 'SAME' };
				g.node('conv', 'Conv2D', ['x', 'w'], window);
				g.node('norm', 'FusedBatchNorm', ['conv', 'scale', 'offset', 'mean', 'variance'], {
					T: FLOAT,
					is_training: false,
				});
				g.node('relu', 'Relu6', ['norm'], { T: FLOAT });
				g.node('conv2', 'Conv2D', ['x', 'w'], window);
				g.node('biased', 'BiasAdd', ['conv2', 'bias'], { T: FLOAT });
				g.node('sum', 'Add', ['relu', 'biased'], { T: FLOAT });
				g.node('out', 'Relu', ['sum'], { T: FLOAT });
				const x = floats(
					Array.from({ length: 75 }, (_, i) => Math.sin(i + seed)),
					[1, 5, 5, 3],
				);
				const executor = new Executor(g.finish());
				const atOnce = executor.run(new Map([['x', x]]), ['out'])[0]!;
				executor.observer = () => undefined;
				const byNode = executor.run(new Map([['x', x]]), ['out'])[0]!;
				executor.observer = undefined;
				const again = executor.run(new Map([['x', x]]), ['out'])[0]!;
				executor.dispose();
				expect(byNode.data).toEqual(atOnce.data);
				expect(again.data).toEqual(atOnce.data);
			}),
			{ numRuns: 20 },
		);
	});

	it('can be left in the middle and gives its memory back', () => {
		const g = new GraphBuilder();
		g.placeholder('x', DT_FLOAT, [1, 8, 8, 4]);
		g.random('w', [1, 1, 4, 4]);
		let last = 'x';
		for (let i = 0; i < 6; i++)
			last = g.node(`c${i}`, 'Conv2D', [last, 'w'], { T: FLOAT, strides: [1, 1, 1, 1], padding: 'SAME' });
		const executor = new Executor(g.finish());
		const before = executor.engine.usedBytes;
		const work = executor.steps(new Map([['x', floats(new Array<number>(256).fill(1), [1, 8, 8, 4])]]), [
			last,
		]);
		for (let i = 0; i < 4; i++) work.next();
		work.return([]);
		executor.dispose();
		expect(executor.engine.usedBytes).toBe(before);
	});
});
