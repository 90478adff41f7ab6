import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { generateQueryParser } from '../../scripts/generate-query-parser.ts';
import { Attr } from '../../src/graph/attr.ts';
import { FLOAT, GraphBuilder } from '../../src/graph/builder.ts';
import { DT_FLOAT } from '../../src/graph/dtype.ts';
import { WhittleError } from '../../src/graph/error.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { findNodes } from '../../src/inspect/query.ts';
import { queryFields } from '../../src/inspect/query-fields.ts';
import { buildMtcnn } from '../../src/models/mtcnn.ts';

const graph = small();

function small(): Graph {
	const g = new GraphBuilder();
	const x = g.placeholder('net/x', DT_FLOAT, [-1, 24, 24, 3]);
	const w = g.random('net/conv/weights', [3, 3, 3, 8]);
	g.node('net/conv/Conv2D', 'Conv2D', [x, w], { T: FLOAT, padding: 'SAME', strides: [1, 2, 2, 1] });
	g.node('net/relu', 'Relu', ['net/conv/Conv2D'], { T: FLOAT }, '/device:GPU:0');
	g.node('head/out', 'MatMul', ['net/relu', g.random('head/w', [8, 10000])], {
		T: FLOAT,
		transpose_a: Attr.bool(false),
	});
	g.node('head/a:b', 'Identity', ['head/out'], { T: FLOAT });
	g.node('after', 'NoOp', ['^head/out']);
	return g.finish();
}

const found = (query: string, on = graph): string[] => findNodes(on, query).map((i) => on.nodes[i]!.name);
const failure = (query: string): WhittleError => {
	try {
		findNodes(graph, query);
	} catch (error) {
		if (error instanceof WhittleError) return error;
		throw error;
	}
	throw new Error(`\`${query}\` did not fail`);
};

describe('fields', () => {
	test.each([
		['op:Conv2D', ['net/conv/Conv2D']],
		['op:conv2d', ['net/conv/Conv2D']],
		['op:(Conv2D OR MatMul)', ['net/conv/Conv2D', 'head/out']],
		['op:*ul', ['head/out']],
		['op:/^(Relu|MatMul)$/', ['net/relu', 'head/out']],
		['name:net/*', ['net/x', 'net/conv/weights', 'net/conv/Conv2D', 'net/relu']],
		['name:net', []],
		['name:net/relu', ['net/relu']],
		['name:/conv\\/[A-Z]/', ['net/conv/Conv2D']],
		['name:"head/a:b"', ['head/a:b']],
		['params:>10k', ['head/w', 'head/out']],
		['params:216', ['net/conv/weights', 'net/conv/Conv2D']],
		['params:(>200 <=216) op:Const', ['net/conv/weights']],
		['params:200..1k op:Conv2D', ['net/conv/Conv2D']],
		['params:..0 op:Relu', ['net/relu']],
		['bytes:>320KB', ['head/w', 'head/out']],
		['bytes:>320000b', ['head/w', 'head/out']],
		['bytes:>400KB', []],
		['bytes:>0.3MiB -op:Const', ['head/out']],
		['dtype:float -op:Const', ['net/x', 'net/conv/Conv2D', 'net/relu', 'head/out', 'head/a:b']],
		['dtype:float32 op:Relu', ['net/relu']],
		['dtype:DT_FLOAT op:Relu', ['net/relu']],
		['dtype:int32', []],
		['shape:[?,24,24,3]', ['net/x']],
		['shape:[*,24,24,3]', ['net/x']],
		['shape:[...,3] op:Placeholder', ['net/x']],
		['shape:[8,10000]', ['head/w']],
		['shape:[8,>9999]', ['head/w']],
		['shape:4 op:Const', ['net/conv/weights']],
		['attr.padding:SAME', ['net/conv/Conv2D']],
		['attr.strides:[1,2,2,1]', ['net/conv/Conv2D']],
		['attr.transpose_a:false', ['head/out']],
		['attr.padding:*', ['net/conv/Conv2D']],
		['in:net/conv/Conv2D', ['net/x', 'net/conv/weights']],
		['in:"net/relu:0"', ['net/conv/Conv2D']],
		['out:net/x', ['net/conv/Conv2D']],
		['above:net/relu', ['net/x', 'net/conv/weights', 'net/conv/Conv2D']],
		['below:net/relu', ['head/out', 'head/a:b', 'after']],
		['below:net/* op:MatMul', ['head/out']],
		['fanout:0', ['head/a:b', 'after']],
		['fanout:2', ['head/out']],
		['fanin:2', ['net/conv/Conv2D', 'head/out']],
		['device:*GPU*', ['net/relu']],
		['scope:net/conv', ['net/conv/weights', 'net/conv/Conv2D']],
		['scope:*conv', ['net/conv/weights', 'net/conv/Conv2D']],
	])('%s', (query, names) => {
		expect(found(query)).toEqual(names);
	});

	test('every field has an example that can be read', () => {
		for (const field of queryFields)
			expect(() => findNodes(graph, field.example.replace('NODE', 'net/relu'))).not.toThrow();
	});
});

describe('words and logic', () => {
	test.each([
		['CONV', ['net/conv/weights', 'net/conv/Conv2D']],
		['conv weights', ['net/conv/weights']],
		['conv AND weights', ['net/conv/weights']],
		['relu OR after', ['net/relu', 'after']],
		['net -conv', ['net/x', 'net/relu']],
		['net NOT conv', ['net/x', 'net/relu']],
		['net -(conv OR relu)', ['net/x']],
		['relu OR conv op:Const', ['net/conv/weights', 'net/relu']],
		['(relu OR conv) op:Relu', ['net/relu']],
		['op:(-Const -Placeholder) net', ['net/conv/Conv2D', 'net/relu']],
		['/^after$/', ['after']],
		['"a:b"', ['head/a:b']],
		['net/*v2d', ['net/conv/Conv2D']],
		['', graph.nodes.map((node) => node.name)],
	])('%s', (query, names) => {
		expect(found(query)).toEqual(names);
	});

	test('NOT, AND and OR are those of sets, whatever the terms', () => {
		const term = fc.constantFrom('op:Const', 'params:>100', 'net', 'fanout:0', 'scope:head', 'name:/e/');
		fc.assert(
			fc.property(term, term, (a, b) => {
				const [both, either] = [found(`${a} ${b}`), found(`${a} OR ${b}`)];
				expect(found(`NOT (${a}) OR NOT (${b})`)).toEqual(found(`-(${a} AND ${b})`));
				expect(both.length + either.length).toBe(found(a).length + found(b).length);
			}),
		);
	});
});

describe('what is wrong stands where it is', () => {
	test.each([
		['opp:Conv2D', 'There is no field `opp`.', 0, 3],
		['op:Conv2D parms:>1', 'There is no field `parms`.', 10, 5],
		['params:>ten', '`ten` is no number.', 7, 4],
		['op:', '`op:` needs a value.', 3, 1],
		['(op:Conv2D', 'The query ends before its `)`.', 0, 1],
		['name:"abc', 'The query ends before its quotation mark.', 5, 1],
		['relu )', 'The query cannot be read from `)` on.', 5, 1],
		['name:/(/', 'This is no regular expression: ', 5, 3],
		['name:/(a+)+$/', 'This regular expression could take forever on a long name.', 5, 8],
		['shape:abc', '`abc` is no shape.', 6, 3],
		['in:net/rel', 'There is no node `net/rel`.', 3, 7],
		['attr:SAME', 'There is no field `attr`.', 0, 4],
		['op:>3', '`op` is a text', 3, 2],
	])('%s', (query, message, start, length) => {
		const error = failure(query);
		expect(error.message).toContain(message);
		expect(error.span).toEqual({ start, length });
	});

	test('a mistyped field or node is answered with the near ones', () => {
		expect(failure('parms:1').hint).toContain('params');
		expect(failure('in:net/rel').hint).toContain('net/relu');
	});

	test('no text makes anything but a WhittleError', () => {
		const piece = fc.constantFrom(
			'op',
			':',
			'(',
			')',
			'"',
			'/',
			'[',
			']',
			'-',
			' ',
			'OR',
			'NOT',
			'>',
			'*',
			'\\',
			'a',
		);
		fc.assert(
			fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
				try {
					findNodes(graph, pieces.join(''));
				} catch (error) {
					expect(error).toBeInstanceOf(WhittleError);
				}
			}),
		);
	});

	test('brackets without end are no crash', () => {
		expect(failure('('.repeat(15_000)).code).toBe('usage');
		expect(failure('a '.repeat(15_000)).message).toContain('characters');
	});
});

test('mtcnn: the convolutions with many parameters', () => {
	const mtcnn = buildMtcnn();
	expect(findNodes(mtcnn, 'op:Conv2D')).toHaveLength(12);
	expect(findNodes(mtcnn, 'op:Const params:>10k').length).toBeGreaterThan(0);
	expect(found('fanout:0', mtcnn)).toHaveLength(7);
});

test('the committed parser is the one that the grammar gives', () => {
	const file = fileURLToPath(new URL('../../src/inspect/query-parser.js', import.meta.url));
	expect(readFileSync(file, 'utf8')).toBe(generateQueryParser());
});
