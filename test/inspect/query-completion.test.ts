import { expect, test } from 'vitest';
import { findNodes } from '../../src/inspect/query.ts';
import { completeQuery } from '../../src/inspect/query-completion.ts';
import { buildMtcnn } from '../../src/models/mtcnn.ts';

const graph = buildMtcnn();
const texts = (query: string, cursor = query.length): string[] =>
	completeQuery(query, cursor, graph).candidates.map((candidate) => candidate.text);

test.each<[string, string[]]>([
	['o', ['op:', 'out:']],
	['op:Co', ['Const', 'Conv2D']],
	['-op:Conv', ['Conv2D']],
	['op:(Conv2D OR Mat', ['MatMul']],
	['relu A', ['above:', 'attr.', 'AND']],
	['attr.str', ['attr.strides:']],
	['attr.padding:', ['VALID', 'SAME']],
	['scope:', ['onet', 'rnet', 'pnet']],
	['dtype:int6', ['int64']],
	['params:', ['>', '>=', '<', '<=', '1k..1M']],
	['nothing:', []],
])('%s', (query, expected) => {
	expect(texts(query)).toEqual(expect.arrayContaining(expected));
	if (expected.length === 0) expect(texts(query)).toEqual([]);
});

test('names by their beginning first, then by what they contain', () => {
	expect(texts('in:pnet/conv1/C')).toEqual(['pnet/conv1/Conv2D']);
	expect(texts('in:prob')).toContain('onet/prob1');
});

test('a candidate takes the place of what was typed, and the query then works', () => {
	const query = 'op:Con pnet';
	const { start, end, candidates } = completeQuery(query, 6, graph);
	expect(query.slice(start, end)).toBe('Con');
	for (const { text } of candidates)
		expect(() => findNodes(graph, query.slice(0, start) + text + query.slice(end))).not.toThrow();
});
