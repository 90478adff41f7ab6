import { describe, expect, test } from 'vitest';
import { FunctionDefLibraryCodec } from '../../proto/codec.ts';
import { Graph } from '../../src/graph/graph.ts';
import { readListing } from '../../src/graph/read-listing.ts';
import { apply, lines } from './apply.ts';

interface Body {
	readonly args: readonly string[];
	readonly nodes: readonly (readonly [name: string, op: string, ...inputs: string[]])[];
	readonly returns: Readonly<Record<string, string>>;
	/** Outputs of the signature, where they are not those that are returned. */
	readonly outputs?: readonly string[];
}

/** Adds a function `layer` to a listing. */
function withFunction(listing: string, { args, nodes, returns, outputs }: Body): Graph {
	const library = FunctionDefLibraryCodec.encode({
		function: [
			{
				signature: {
					name: 'layer',
					input_arg: args.map((name) => ({ name, type: 1 })),
					output_arg: (outputs ?? Object.keys(returns)).map((name) => ({ name, type: 1 })),
				},
				node_def: nodes.map(([name, op, ...input]) => ({ name, op, input })),
				ret: { ...returns },
			},
		],
	});
	return new Graph(readListing(listing).nodes, { library });
}

const LAYER: Body = {
	args: ['a', 'b'],
	nodes: [
		['m', 'MatMul', 'a', 'b:0'],
		['r', 'Relu', 'm:product:0'],
	],
	returns: { z: 'r:activations:0' },
};
const CALL = 'x = P\nw = P\ny = PartitionedCall(x, w:1) {f: &layer}\nz = Neg(y)';
const inlined = (body: Body, graph = CALL): string[] =>
	lines(apply('inline_partitionedcall', withFunction(graph, body)).graph);

describe('inline_partitionedcall', () => {
	test('the body takes the place of the call', () => {
		expect(inlined(LAYER)).toEqual([
			'x = P',
			'w = P',
			'y/m = MatMul(x, w:1)',
			'y/r = Relu(y/m:0)',
			'z = Neg(y/r:0)',
		]);
	});

	test('the library stays, and inner calls wait for the next run', () => {
		const graph = withFunction(CALL, { ...LAYER, nodes: [['r', 'PartitionedCall', 'a', 'b']] });
		const step = apply('inline_partitionedcall', graph);
		expect(step.graph.node('y/r')!.op).toBe('PartitionedCall');
		expect(step.graph.functions.functions).toHaveLength(1);
	});

	test('the port is that within a named output, as with the C++ tool', () => {
		const top = { ...LAYER, nodes: [['t', 'TopKV2', 'a', 'b']] as const, returns: { z: 't:indices:0' } };
		expect(inlined(top).at(-1)).toBe('z = Neg(y/t:0)');
	});

	test.each([
		['no f', CALL.replace('{f: &layer}', ''), LAYER, 'Node y has no attribute: f'],
		['an f that is no function', CALL.replace('&layer', '3'), LAYER, 'Cannot figure out function name'],
		['an unknown function', CALL.replace('&layer', '&other'), LAYER, 'function other Not found'],
		[
			'a control input',
			CALL.replace('w:1)', 'w, ^x)'),
			LAYER,
			'Called function  layer has invalid input signature.',
		],
		[
			'a control reader',
			`${CALL}\nn = NoOp(^y)`,
			LAYER,
			'Invalid graph with inputs referring to nonexistent nodes',
		],
		['an argument that is returned', CALL, { ...LAYER, returns: { z: 'a' } }, 'Invalid graph with inputs'],
		['an output that is not returned', CALL, { ...LAYER, outputs: ['q'] }, 'does not return its output `q`'],
	])('%s is an error', (_what, graph, body, message) => {
		expect(() => inlined(body, graph)).toThrow(message);
	});

	test('calls with state stay, and are named', () => {
		const step = apply('inline_partitionedcall', withFunction(CALL.replace('Part', 'StatefulPart'), LAYER));
		expect(step.skipped).toEqual([
			{ node: 'y', reason: 'it is a StatefulPartitionedCall, not a PartitionedCall', hint: 'freeze' },
		]);
		expect(step.notes).toEqual(['there is no PartitionedCall in the graph']);
	});
});
