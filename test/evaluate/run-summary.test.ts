/** The figures of runs, printed as TensorFlow's tool does (spec: benchmark 10). */
import { describe, expect, it } from 'vitest';
import { RunSummary } from '../../src/evaluate/run-summary.ts';
import { Statistic } from '../../src/evaluate/statistics.ts';
import { Node } from '../../src/graph/node.ts';

describe('statistics', () => {
	const of = (...values: number[]): Statistic => {
		const statistic = new Statistic();
		for (const value of values) statistic.add(value);
		return statistic;
	};

	it('are printed as the tool does', () => {
		expect(of().text).toBe('count=0');
		expect(of(5).text).toBe('count=1 curr=5');
		expect(of(5, 5).text).toBe('count=2 curr=5(all same)');
		expect(of(1, 2).text).toBe('count=2 first=1 curr=2 min=1 max=2 avg=1.5 std=0');
		expect(of(10, 11, 14).text).toBe('count=3 first=10 curr=14 min=10 max=14 avg=11.6667 std=1');
	});

	it('has the columns of the tool', () => {
		const summary = new RunSummary();
		const node = (name: string, op: string): Node => Node.of({ name, op });
		const bytes = (length: number) => [{ dtype: 4, shape: [length], data: new Uint8Array(length) }];
		summary.begin();
		summary.node(node('a', 'Const'), bytes(7), 0.01);
		summary.node(node('b', 'Conv2D'), bytes(2034), 0.3);
		summary.node(node('c', 'Relu'), bytes(10), 0.02);
		summary.end();
		const text = summary.text({
			runOrder: true,
			runOrderLimit: 0,
			time: false,
			timeLimit: 0,
			memory: false,
			memoryLimit: 0,
			type: true,
			summary: true,
		});
		expect(text).toContain(
			`\t${' '.repeat(34)}Conv2D\t    0.300\t    0.300\t 90.909%\t 93.939%\t     2.034\t        1\tb\n`,
		);
		expect(text).toContain(
			'Timings (microseconds): count=1 curr=330\nMemory (bytes): count=1 curr=2044\n3 nodes observed\n',
		);
	});

	it('sorts times as text, and has no share of nothing', () => {
		const options = {
			runOrder: false,
			runOrderLimit: 0,
			time: true,
			timeLimit: 0,
			memory: false,
			memoryLimit: 0,
			type: false,
			summary: false,
		};
		const timed = (...milliseconds: number[]): string => {
			const summary = new RunSummary();
			summary.begin();
			for (const time of milliseconds) summary.node(Node.of({ name: `n${time}`, op: 'Relu' }), [], time);
			summary.end();
			return summary.text(options);
		};
		const order = timed(1e7, 2e6, 999_999, 9e6, 5).match(/n\d+$/gm);
		expect(order).toEqual(['n999999', 'n9000000', 'n2000000', 'n10000000', 'n5']);
		expect(timed(0)).toContain('\t   -nan%\t   -nan%\t');
	});
});
