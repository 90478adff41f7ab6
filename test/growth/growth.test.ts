/** Work grows as the graph does, and no step writes or copies what it leaves alone. Counted, never timed. */
import { describe, expect, test } from 'vitest';
import { Attr } from '../../src/graph/attr.ts';
import { GraphBuilder } from '../../src/graph/builder.ts';
import { DT_FLOAT } from '../../src/graph/dtype.ts';
import { FLOPS_AT_ONCE } from '../../src/session/status.ts';
import { buildSmallNodes, models } from '../bench/models.ts';
import { transformLines } from '../bench/transform-bench.ts';
import { TestShell } from '../commands/shell.ts';
import { counted, type Work } from './work.ts';

/** Above what is costed at once on opening, so that nothing is known beforehand at one size alone. */
const SMALL = FLOPS_AT_ONCE + 400;
const FACTOR = 4;
const { inputs, outputs } = models.small;

async function opened(count: number): Promise<TestShell> {
	const shell = new TestShell({ 'model.pb': buildSmallNodes(count) });
	await shell.run('open model.pb');
	await shell.run(`inputs ${inputs.join(' ')}`);
	await shell.run(`outputs ${outputs.join(' ')}`);
	return shell;
}

async function workOf(line: string, count: number): Promise<Work> {
	const shell = await opened(count);
	return counted(() => shell.run(line));
}

/** What is done once, whatever the graph. */
const CONSTANT = 200;

/** The line's work at two sizes; of the larger at most so many times more as it is larger, and a tenth. */
async function expectLinear(line: string, size = SMALL): Promise<void> {
	const small = await workOf(line, size);
	const large = await workOf(line, size * FACTOR);
	for (const kind of ['looks', 'encoded', 'copied', 'indexes'] as const)
		expect(large[kind], `${kind} of ${line}`).toBeLessThanOrEqual((small[kind] + CONSTANT) * FACTOR * 1.1);
}

describe('every transform is linear in what it looks at, encodes and copies', () => {
	test.each(transformLines())('%s', async (_, line) => {
		await expectLinear(line);
	});
});

describe('so are questions', () => {
	test.each([
		'find op:Mul',
		'find params:>3',
		'tree',
		'inputs',
		'outputs',
		'summary',
		'counts',
		'in output',
		'show output',
		'path input output',
		'blocks',
		'flops',
		'find shape:[4]',
		'check',
	])('%s', async (line) => {
		await expectLinear(line, 3 * SMALL);
	});
});

test('steps that leave weights alone copy none of them', async () => {
	const bytes = 1 << 20;
	const weights = new TestShell();
	await weights.run('open mtcnn');
	expect((await counted(() => weights.run('counts'))).copied).toBeLessThan(bytes);
	for (const line of [
		'remove_nodes(op=Identity)',
		'remove_device',
		'strip_unused_nodes',
		'obfuscate_names',
		'sort_by_execution_order',
		'merge_duplicate_nodes',
	])
		expect((await counted(() => weights.run(line))).copied, line).toBeLessThan(bytes / 8);
});

test('undo, redo and goto look at no node', async () => {
	const shell = await opened(SMALL);
	await shell.run('obfuscate_names');
	await shell.run('remove_device');
	for (const line of ['undo', 'redo', 'goto 0']) {
		const work = await counted(() => shell.run(line));
		expect({ line, looks: work.looks, encoded: work.encoded }).toEqual({ line, looks: 0, encoded: 0 });
	}
});

test('a step is weighed without serializing a node', async () => {
	const shell = await opened(SMALL);
	const work = await counted(() => shell.run('obfuscate_names'));
	expect(work.encoded).toBe(0);
});

test('a graph as deep as it is long takes every transform', async () => {
	const shell = await opened(40_000);
	for (const [what, line] of transformLines()) {
		// Seventeen nodes for each: a minute's work, and no other kind of it.
		if (what === 'quantize_nodes') continue;
		expect((await shell.cell(line)).ok, what).toBe(true);
		await shell.run('goto 0');
	}
}, 300_000);

test('a graph as wide as it is long opens, answers and takes every transform', async () => {
	const WIDE = 30_000;
	const T = Attr.type(DT_FLOAT);
	const build = new GraphBuilder();
	build.placeholder('input', DT_FLOAT, [4]);
	const middle = Array.from({ length: WIDE }, (_, i) => build.node(`relu_${i}`, 'Relu', ['input'], { T }));
	build.node('sum', 'AddN', middle, { T, N: Attr.int(WIDE) });
	build.node(
		'init',
		'NoOp',
		middle.map((name) => `^${name}`),
	);
	build.node('output', 'Relu', ['sum', '^init'], { T });
	const shell = new TestShell({ 'model.pb': build.finish() });
	await shell.run('open model.pb');
	for (const line of [
		'inputs input',
		'outputs output',
		'blocks',
		'tree',
		'check',
		'cone output',
		'show sum',
		'flops',
	])
		expect((await shell.cell(line)).ok, line).toBe(true);
	for (const [what, line] of transformLines()) {
		// Seventeen nodes for each, as above.
		if (what === 'quantize_nodes') continue;
		expect((await shell.cell(line)).ok, what).toBe(true);
		await shell.run('goto 0');
	}
}, 120_000);
