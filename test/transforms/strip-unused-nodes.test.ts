import { describe, expect, test } from 'vitest';
import { applied, apply, type Ends, listing, wiring } from './apply.ts';

const GRAPH = listing('add(mul, a) mul(b, c) a b c c_node');
const strip = (transform: string, ends: Ends): string[] => applied(transform, GRAPH, ends);

const MUL = { inputs: ['mul'], outputs: ['add'] };
const ADD = 'add = Relu(mul, a)';

describe('strip_unused_nodes', () => {
	test('keeps what the outputs need, in order', () => {
		expect(wiring(apply('strip_unused_nodes', GRAPH, { outputs: ['add:0'] }).graph)).toBe(
			'add(mul, a) mul(b, c) a b c',
		);
	});

	test.each(['mul', 'mul:0', '^mul:1'])('cuts off at the input %s', (input) => {
		expect(strip('strip_unused_nodes', { inputs: [input], outputs: ['add'] })).toEqual([
			ADD,
			'mul = Placeholder {dtype: float, shape: shape[]}',
			'a = Const',
		]);
	});

	test('type and shape of new placeholders, of all and by name', () => {
		expect(strip('strip_unused_nodes(type=int32, shape="1,2,3")', MUL)).toContain(
			'mul = Placeholder {dtype: int32, shape: shape[1,2,3]}',
		);
		const named =
			'strip_unused_nodes(type=double, shape="7", name=a, type_for_name=int64, shape_for_name="1, 2")';
		expect(strip(named, { inputs: ['mul', 'a'], outputs: ['add'] })).toEqual([
			ADD,
			'mul = Placeholder {dtype: double, shape: shape[7]}',
			'a = Placeholder {dtype: int64, shape: shape[1,2]}',
		]);
	});

	test('an unknown size is taken, where the C++ tool dies', () => {
		expect(strip('strip_unused_nodes(shape="-1,224")', MUL)).toContain(
			'mul = Placeholder {dtype: float, shape: shape[?,224]}',
		);
		expect(() => strip('strip_unused_nodes(shape="-2,224")', MUL)).toThrow('is negative');
		expect(() => strip('strip_unused_nodes(shape="4294967296,4294967296")', MUL)).toThrow('2^63');
	});

	test('the largest sizes are kept to the last digit', () => {
		const { graph } = apply('strip_unused_nodes(shape="9223372036854775807")', 'y = Relu(x)\nx = Const', {
			inputs: ['x'],
			outputs: ['y'],
		});
		expect(graph.node('x')!.attr('shape')!.value.shape!.dim[0]!.size.toString()).toBe('9223372036854775807');
	});

	test('a named input stays even when nothing reads it; one that is not there is ignored', () => {
		expect(strip('strip_unused_nodes', { inputs: ['c_node', 'nope'], outputs: ['a'] })).toEqual([
			'a = Const',
			'c_node = Placeholder {dtype: float, shape: shape[]}',
		]);
		expect(strip('strip_unused_nodes', { inputs: ['nope'], outputs: ['nope'] })).toEqual([]);
	});

	test('a Placeholder is kept as it is', () => {
		const text = 'x = Placeholder {dtype: int32}\ny = Relu(x)\n';
		expect(applied('strip_unused_nodes', text, { inputs: ['x'], outputs: ['y'] })).toEqual([
			'x = Placeholder {dtype: int32}',
			'y = Relu(x)',
		]);
	});

	test.each([
		['(type=float, type=int32)', "You must pass no more than one default 'type' to strip_unused_nodes"],
		['(shape=1, shape=2)', "You must pass no more than one default 'shape' to strip_unused_nodes"],
		['(type=nosuch)', "Couldn't understand type argument 'nosuch'"],
		['(name=a)', "You must pass a 'type_for_name' arg for every 'name'"],
		['(shape_for_name="1")', "You must pass a 'shape_for_name' arg for every 'name'"],
		['(name=a, type_for_name=float)', "You must pass a 'shape_for_name' arg for every 'name'"],
		['(shape="")', 'Specified shape is empty.'],
		['(shape="1,2,")', "Could parse as shape: '1,2,'"],
		['(shape="1,a")', "Could parse as shape: '1,a'"],
	])('%s is an error, when a placeholder is made', (parameters, message) => {
		expect(() => strip(`strip_unused_nodes${parameters}`, MUL)).toThrow(message);
		expect(strip(`strip_unused_nodes${parameters}`, { outputs: ['add'] })).toHaveLength(5);
	});

	test('unknown and empty names', () => {
		expect(() => strip('strip_unused_nodes', { outputs: ['nope'] })).toThrow(
			'Input node nope not found in graph',
		);
		expect(() => strip('strip_unused_nodes', { outputs: [''] })).toThrow('is empty');
	});

	test('says when nothing goes, and when everything does', () => {
		expect(apply('strip_unused_nodes', listing('a b(a)'), { outputs: ['b'] }).notes).toEqual([
			'the outputs need every node',
		]);
		expect(apply('strip_unused_nodes', listing('a b(a)')).notes).toEqual([
			'no outputs are chosen, so only the inputs are kept',
		]);
	});
});
