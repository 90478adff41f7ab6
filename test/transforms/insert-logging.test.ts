import { describe, expect, test } from 'vitest';
import { GraphBuilder } from '../../src/graph/builder.ts';
import { applied, apply } from './apply.ts';

const GRAPH = [
	'x = Placeholder {dtype: float}',
	's = Split(a, x) {T: float, num_split: 2}',
	'a = Const {dtype: int32, value: int32[] 0}',
	'y = Add(s:1, x) {T: float}',
].join('\n');
const printed = (transform: string, graph = GRAPH): string[] =>
	applied(transform, graph).filter((line) => line.includes('= Print'));

describe('insert_logging', () => {
	test('prints every node that somebody reads', () => {
		expect(applied('insert_logging(show_op=true, show_name=true, message=hi, first_n=3)', GRAPH)).toEqual([
			'x = Placeholder {dtype: float}',
			'x__print__ = Print(x:0, x:0) {T: float, U: [float], first_n: 3, message: ";Placeholder;;x__print__;hi", summarize: 1024}',
			's = Split(a__print__:0, x__print__:0) {T: float, num_split: 2}',
			's__print__ = Print(s:0, s:1) {T: float, U: [float, float], first_n: 3, message: ";Split;;s__print__;hi", summarize: 1024}',
			'a = Const {dtype: int32, value: int32[] 0}',
			'a__print__ = Print(a:0, a:0) {T: int32, U: [int32], first_n: 3, message: ";Const;;a__print__;hi", summarize: 1024}',
			'y = Add(s:1, x__print__:0) {T: float}',
		]);
	});

	test.each([
		['insert_logging(op=Const, op=Add)', ['a']],
		['insert_logging(op="")', []],
		['insert_logging(prefix="")', ['x', 's', 'a']],
		['insert_logging(prefix=a, prefix=s, op=Split)', ['s']],
	])('%s', (transform, names) => {
		expect(printed(transform).map((line) => line.split('__print__')[0])).toEqual(names);
	});

	test('says of a named node that nobody reads it', () => {
		expect(apply('insert_logging(op=Add)', GRAPH).skipped).toEqual([
			{ node: 'y', reason: 'nobody reads it', hint: undefined },
		]);
	});

	test('a node without outputs gets a Print that cannot run, and a warning', () => {
		const step = apply('insert_logging', 'x = Placeholder {dtype: float}\nn = NoOp(^x)\nr = NoOp(^n)');
		expect(step.warnings).toEqual(['`n` (NoOp) has no output to print: `n__print__` will not run']);
		expect(step.graph.node('n__print__')!.attr('U')!.types).toEqual([]);
	});

	test('a port that is no number is an error', () => {
		const builder = new GraphBuilder();
		builder.node('y', 'Relu', ['x:a']);
		expect(() => apply('insert_logging', builder.finish())).toThrow(
			"Couldn't understand output number in x:a",
		);
	});

	test.each([
		['an unknown op', 'x = Foo\ny = Relu(x)', "Op type not registered 'Foo'"],
		['a missing type', 'x = Relu(z)\nz = P\ny = Relu(x)', "No attr named 'T' in NodeDef:\n\t [[{{node x}}]]"],
	])('%s is an error', (_what, graph, message) => {
		expect(() => apply('insert_logging(op=Foo, op=Relu)', graph)).toThrow(message);
	});
});
