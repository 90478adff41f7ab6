import { beforeAll, describe, expect, it } from 'vitest';
import { complete } from '../../src/commands/complete.ts';
import { lintLine, usageHint } from '../../src/commands/lint-line.ts';
import { NameIndex } from '../../src/commands/name-index.ts';
import { GraphBuilder } from '../../src/graph/builder.ts';
import { smallModel } from './models.ts';
import { TestShell } from './shell.ts';

const shell = new TestShell({ 'a.pb': smallModel() });
beforeAll(async () => {
	await shell.run('open mtcnn');
});

/** Candidates where `▏` stands, or at the end. */
function candidates(marked: string) {
	const cursor = marked.includes('▏') ? marked.indexOf('▏') : marked.length;
	const world = {
		session: shell.session,
		listFolder: (path: string) => (path === '.' ? ['models/', 'a.pb', '.hidden'] : ['deep.pb']),
	};
	return complete(world, marked.replace('▏', ''), cursor);
}

function texts(marked: string): string[] {
	return (candidates(marked)?.items ?? []).map((item) => item.text);
}

/** The line with the first candidate taken. */
function taken(line: string): string {
	const { start, end, items } = candidates(line)!;
	return line.slice(0, start) + items[0]!.text + line.slice(end);
}

describe('completion', () => {
	it('begins with commands and transforms, and says what they are', () => {
		expect(texts('quant')).toEqual(expect.arrayContaining(['quantize_weights']));
		expect(texts('sum')[0]).toBe('summary');
		expect(candidates('summary')!.items[0]!.summary).not.toBe('');
	});

	it('finds words with their letters in order', () => {
		expect(texts('rmnodes')).toContain('remove_nodes');
	});

	it('offers parameters that are not given yet', () => {
		expect(texts('quantize_weights(')).toEqual(['minimum_size=', 'ignore_errors=']);
		expect(texts('fold_constants(exclude_op=Relu, cl')[0]).toBe('clear_output_shapes=');
		expect(texts('quantize_weights(minimum_size=5, ')).toEqual(['ignore_errors=']);
	});

	it('offers op types that the graph has, the most frequent first, with counts', () => {
		const { items } = candidates('remove_nodes(op=')!;
		const counts = items.map((item) => Number(/^\d+/.exec(item.summary)![0]));
		expect(counts).toEqual(counts.toSorted((a, b) => b - a));
		expect(taken('remove_nodes(op=Iden')).toBe('remove_nodes(op=Identity');
		expect(texts('remove_nodes(op=Identity) remove_nodes(op=Iden')).toEqual(['Identity']);
	});

	it('walks through scopes to nodes', () => {
		expect(texts('show ')).toEqual(expect.arrayContaining(['pnet/', 'rnet/', 'onet/']));
		expect(taken('show pn')).toBe('show pnet/');
		expect(texts('show pnet/conv4-2/Bias')[0]).toBe('pnet/conv4-2/BiasAdd');
		expect(texts('show conv4-2/biasa')).toEqual(['pnet/conv4-2/BiasAdd']);
	});

	it('knows queries', () => {
		expect(texts('find o')).toContain('op:');
		expect(taken('find op:Conv')).toBe('find op:Conv2D');
		expect(texts('find (op:MatM')).toEqual(['MatMul']);
		expect(texts('find -op:MaxP')).toEqual(['MaxPool']);
	});

	it('knows options, pipes, settings and files', () => {
		expect(texts('tree --d')).toEqual(['--depth']);
		expect(texts('find op:Const | s')).toContain('sort');
		expect(texts('set th')).toEqual(['theme']);
		expect(texts('open ')).toEqual(['models/', 'a.pb']);
		expect(texts('open models/d')).toEqual(['models/deep.pb']);
	});

	it('takes the place of the word at the cursor only', () => {
		expect(candidates('remove_nodes(op=Iden▏)')).toMatchObject({ start: 16, end: 20 });
	});

	it('has nothing to say where nothing is known', () => {
		expect(texts('show no_such_node_anywhere_zzzz')).toEqual([]);
		expect(texts('nonsense(')).toEqual([]);
	});
});

describe('names of a graph', () => {
	const build = new GraphBuilder();
	for (const name of ['b/x', 'a', 'a/x', 'a/y', 'a-b', 'B/z', 'a/sub/1', 'a/sub/2']) build.node(name, 'NoOp');
	const graph = build.finish();
	const index = NameIndex.of(graph);

	it('are grouped by their next part', () => {
		expect(index.groups('', 10)).toEqual([
			{ text: 'B/', count: 1 },
			{ text: 'a', count: 1 },
			{ text: 'a-b', count: 1 },
			{ text: 'a/', count: 4 },
			{ text: 'b/', count: 1 },
		]);
		expect(index.groups('a/', 10).map((group) => group.text)).toEqual(['a/sub/', 'a/x', 'a/y']);
	});

	it('are found by what they hold, in either case', () => {
		expect(index.holding('B/', 10)).toEqual(['B/z', 'a/sub/1', 'a/sub/2', 'b/x']);
		expect(index.holding('SUB/2', 10)).toEqual(['a/sub/2']);
		expect(index.holding('/', 2)).toHaveLength(2);
	});

	it('of the next graph are sorted as if it were the first', () => {
		const next = new GraphBuilder();
		for (const name of ['zz', 'a/x', 'a', 'a/0', 'B/z', 'c']) next.node(name, 'NoOp');
		expect(NameIndex.of(next.finish()).sorted).toEqual(['B/z', 'a', 'a/0', 'a/x', 'c', 'zz']);
	});
});

describe('faults while typing', () => {
	const { session } = shell;

	it('are marked with what was meant, once the word is done', () => {
		expect(lintLine(session, 'remvoe_nodes', 12)).toBeUndefined();
		const fault = lintLine(session, 'remvoe_nodes(op=Identity) ', 26)!;
		expect(fault).toMatchObject({ start: 0, end: 12 });
		expect(fault.message).toContain('Did you mean remove_nodes');
	});

	it('are none in a good line, nor in one that is not finished', () => {
		for (const line of ['', 'summary', 'find op:Conv2D', 'remove_nodes(op=Identity', 'remove_nodes('])
			expect(lintLine(session, line, line.length)).toBeUndefined();
	});

	it('inside brackets the parameters are told', () => {
		expect(usageHint('remove_nodes(', 13)).toBe('remove_nodes(op=…, max_inputs=1)');
		expect(usageHint('goto ', 5)).toBe('goto STEP');
		expect(usageHint('goto', 4)).toBeUndefined();
	});
});
