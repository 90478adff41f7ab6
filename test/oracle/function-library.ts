/** Small functions for random graphs to call: constants, several outputs, a call inside. */
import { FunctionDefLibraryCodec } from '../../proto/codec.ts';
import { Attr } from '../../src/graph/attr.ts';
import { DT_FLOAT, DT_INT32 } from '../../src/graph/dtype.ts';
import type { Choices } from './choices.ts';

/** Names to call; the last is in no library. */
export const functionNames: readonly string[] = ['sum', 'sum', 'halves', 'halves', 'outer', 'missing'];

const FLOAT = Attr.type(DT_FLOAT).value;
const INT = Attr.type(DT_INT32).value;

/** A serialized FunctionDefLibrary. Every function takes `a` and `b` and returns `u` and `v`, all float. */
export function functionLibrary(pick: Choices): Uint8Array {
	const scalar = Attr.tensor({ dtype: DT_FLOAT, shape: [], data: Float32Array.of(pick.below(4)) }).value;
	const zero = Attr.tensor({ dtype: DT_INT32, shape: [], data: Int32Array.of(0) }).value;
	const constant = { name: 'c', op: 'Const', attr: { dtype: FLOAT, value: scalar } };
	const sum = [
		constant,
		{ name: 'add', op: 'AddV2', input: ['a', 'c:output:0'], attr: { T: FLOAT } },
		{
			name: 'mul',
			op: 'Mul',
			input: ['add:z:0', 'b', ...(pick.chance(0.1) ? ['^c'] : [])],
			device: pick.chance(0.3) ? '/cpu:0' : '',
			attr: { T: FLOAT },
		},
	];
	const halves = [
		{ name: 'axis', op: 'Const', attr: { dtype: INT, value: zero } },
		{
			name: 'split',
			op: 'Split',
			input: ['axis:output:0', 'a'],
			attr: { T: FLOAT, num_split: Attr.int(2).value },
		},
		{ name: 'sub', op: 'Sub', input: ['split:output:1', 'b'], attr: { T: FLOAT } },
	];
	const pair = Attr.types([DT_FLOAT, DT_FLOAT]).value;
	const inner = {
		name: 'call',
		op: 'PartitionedCall',
		input: ['a', 'b'],
		attr: { Tin: pair, Tout: pair, f: Attr.func('sum').value },
	};
	const outer = [inner, { name: 'neg', op: 'Neg', input: ['call:output:1'], attr: { T: FLOAT } }];
	const functions = [
		define('sum', sum, pick.chance(0.2) ? { u: 'a', v: 'mul:z:0' } : { u: 'add:z:0', v: 'mul:z:0' }),
		define('halves', halves, { u: 'split:output:1', v: 'sub:z:0' }),
		define('outer', outer, { u: 'neg:y:0', v: 'call:output:0' }),
	];
	return FunctionDefLibraryCodec.encode({ function: pick.shuffled(functions) });
}

type Bodies = NonNullable<
	NonNullable<Parameters<typeof FunctionDefLibraryCodec.encode>[0]['function']>[number]['node_def']
>;

function define(name: string, nodes: Bodies, ret: Record<string, string>) {
	const arg = (argument: string) => ({ name: argument, type: DT_FLOAT });
	const signature = { name, input_arg: ['a', 'b'].map(arg), output_arg: ['u', 'v'].map(arg) };
	return { signature, node_def: nodes, ret };
}
