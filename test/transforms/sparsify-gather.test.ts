import { describe, expect, test } from 'vitest';
import { applied, apply } from './apply.ts';

const TABLE = 'Const {dtype: float, value: float[4,1] 0.2 0.000001 1.2 0.001}';
const GRAPH = [
	'ids = Const {_output_shapes: [shape[1]]}',
	`w/part_1 = ${TABLE}`,
	'w/read = Identity(w/part_1)',
	'gather = Gather(w/read, ids)',
].join('\n');
const names = (lines: readonly string[]): string[] => lines.map((line) => line.replace(/ \{.*/, ''));

describe('sparsify_gather', () => {
	test('a table of weights becomes a hash table of those that count', () => {
		expect(applied('sparsify_gather', GRAPH)).toEqual([
			'ids = Const',
			'w/part_1/indices = Const {dtype: int64, value: int64[3] 0 2 3}',
			'w/part_1/values = Const {dtype: float, value: float[3] 0.2 1.2 0.001}',
			'w/part_1/HashTable = HashTable {key_dtype: int64, value_dtype: float}',
			'w/part_1/InitializeTable = InitializeTable(w/part_1/HashTable, w/part_1/indices, w/part_1/values) {Tkey: int64, Tval: float}',
			'gather/LookupTableFind = LookupTableFind(w/part_1/HashTable, ids, gather/Const) {Tin: int64, Tout: float}',
			'gather/Const = Const {dtype: float, value: float[] 0}',
			'gather/ExpandDims/Const = Const {dtype: int32, value: int32[] -1}',
			'gather = ExpandDims(gather/LookupTableFind, gather/ExpandDims/Const) {T: float}',
			'group_deps = NoOp(^w/part_1/InitializeTable)',
		]);
	});

	test('GatherV2 over axis 0 as well, and its axis is gone', () => {
		const graph = GRAPH.replace('Gather(w/read, ids)', 'GatherV2(w/read, ids, axis)');
		const axis = 'axis = Const {dtype: int32, value: int32[] 0}';
		expect(names(applied('sparsify_gather', `${axis}\n${graph}`))).toEqual(
			names(applied('sparsify_gather', GRAPH)),
		);
		expect(() => apply('sparsify_gather', `${axis.replace('] 0', '] 1')}\n${graph}`)).toThrow(
			'Transform only applicable to subgraph with GatherV2 over axis 0. Found axis 1.',
		);
	});

	test('a NoOp that is there takes up the initializers', () => {
		const nodes = names(applied('sparsify_gather(group_init_node=init)', `init = NoOp\n${GRAPH}`));
		expect(nodes[0]).toBe('init = NoOp(^w/part_1/InitializeTable)');
		expect(nodes.filter((line) => line.includes('NoOp'))).toHaveLength(1);
	});

	test('gathers that share their ids go one after the other, the last first', () => {
		const second = GRAPH.split('\n').slice(1).join('\n').replaceAll('w/', 'v/').replace('gather', 'gather2');
		const nodes = names(applied('sparsify_gather', `${GRAPH}\n${second}`));
		expect(nodes.at(-1)).toBe('group_deps = NoOp(^v/part_1/InitializeTable, ^w/part_1/InitializeTable)');
	});

	test('other readers of the table lose it', () => {
		const graph = `${GRAPH}\nn = AddN(w/read, ids)\nr = Relu(w/read)\nrr = Relu(r)`;
		expect(names(applied('sparsify_gather', graph)).slice(-2)).toEqual([
			'n = AddN(ids)',
			'group_deps = NoOp(^w/part_1/InitializeTable)',
		]);
	});

	test('a ConcatV2 that loses an input', () => {
		const concat = (inputs: string): string =>
			`${GRAPH}\nax = Const\nk = Const\nc = ConcatV2(${inputs}, ax) {N: 3}`;
		expect(applied('sparsify_gather', concat('ids, w/read, k'))).toContain('c = ConcatV2(ids, k, ax) {N: 2}');
		const single = names(applied('sparsify_gather', concat('ids, w/read')));
		expect(single).toContain('c = Identity(ids)');
		expect(single).not.toContain('ax = Const');
		expect(() => apply('sparsify_gather', `${concat('ids, w/read')}\nz = Relu(ax)`)).toThrow(
			'Expect axis tensor of ConcatV2 node to only be referenced once.',
		);
		expect(() => apply('sparsify_gather', concat('w/read'))).toThrow(
			'ConcatV2 should have at least two elements',
		);
	});

	test('nothing above 1e-5 leaves a zero at 0; the float 1e-5 itself is below', () => {
		const graph = GRAPH.replace('0.2 0.000001 1.2 0.001', '0.00001 0 0 0');
		expect(applied('sparsify_gather', graph)).toContain(
			'w/part_1/values = Const {dtype: float, value: float[1] 0}',
		);
	});

	test('without a gather there is a NoOp still', () => {
		const step = apply('sparsify_gather', 'a = Const {_output_shapes: [shape[1]]}');
		expect(step.graph.nodes.map((node) => node.name)).toEqual(['a', 'group_deps']);
		expect(step.graph.node('a')!.attrs.size).toBe(0);
	});

	test.each([
		[
			'a table of doubles',
			GRAPH.replaceAll('float', 'double'),
			"Found 'Const' with name 'w/part_1' and dtype '2'.",
		],
		[
			'a table without a dtype',
			GRAPH.replace('dtype: float, ', ''),
			"No attr named 'dtype' in NodeDef:\n\t [[{{node w/part_1}}]]",
		],
		[
			'an axis without a value',
			`axis = Const\n${GRAPH.replace('Gather(w/read, ids)', 'GatherV2(w/read, ids, axis)')}`,
			"No attr named 'value' in NodeDef:\n\t [[{{node axis}}]]",
		],
		['a wide table', GRAPH.replace('[4,1]', '[2,2]'), 'But instead get shape [2,2].'],
	])('%s is an error', (_what, graph, message) => {
		expect(() => apply('sparsify_gather', graph)).toThrow(message);
	});

	const saved = [
		'w/part_1 = VariableV2 {dtype: float}',
		'w/read = Identity(w/part_1)',
		'ids = Const',
		'gather = Gather(w/read, ids)',
		'save/names = Const {value: string[1] "w"}',
		'save/slices = Const {value: string[1] "4 1 0,4:0,1"}',
		'save/p = Const',
		'save/RestoreV2 = RestoreV2(save/p, save/names, save/slices)',
		'save/Assign = Assign(w/part_1, save/RestoreV2)',
	].join('\n');

	test.each([
		['a variable without a checkpoint', saved, 'Checkpoint reader was not initialized. '],
		[
			'a variable that is not in RestoreV2',
			saved.replace('"w"', '"v"'),
			'Unable to find RestoreV2 entry for variable: w/part_1',
		],
		[
			'a variable without a slice',
			saved.replace('string[1] "4 1 0,4:0,1"', 'string[0]'),
			'Unable to find slice for variable: w/part_1',
		],
		[
			'a variable that is not saved',
			saved.replace(/^save.Assign.*$/m, ''),
			'does not say how `w/part_1` is saved',
		],
	])('%s is an error', (_what, graph, message) => {
		expect(() => apply('sparsify_gather', graph)).toThrow(message);
	});

	test('a variable that is not saved and not gathered from does no harm', () => {
		expect(applied('sparsify_gather', 'v = VariableV2')).toEqual(['v = VariableV2', 'group_deps = NoOp']);
	});
});
