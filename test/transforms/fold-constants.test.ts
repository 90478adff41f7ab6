import { describe, expect, test } from 'vitest';
import { Attr } from '../../src/graph/attr.ts';
import { FLOAT, GraphBuilder, INT32 } from '../../src/graph/builder.ts';
import { DT_FLOAT, DT_INT32 } from '../../src/graph/dtype.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { apply, type Ends } from './apply.ts';

const X_TO_Y = { inputs: ['x'], outputs: ['y'] };

/** Constants a = [1, 2] and b = [3, 4], a placeholder x, `add` of both constants, and what `more` adds. */
function graph(more: (g: GraphBuilder) => void, shape: readonly number[] | null = null): Graph {
	const g = new GraphBuilder();
	g.placeholder('x', DT_FLOAT, shape);
	g.floats('a', [1, 2]);
	g.floats('b', [3, 4]);
	g.node('add', 'Add', ['a', 'b'], { T: FLOAT });
	more(g);
	return g.finish();
}

const product = (g: GraphBuilder): string => g.node('y', 'Mul', ['add', 'x'], { T: FLOAT });

/** `name(inputs)` of every node. */
function edges(folded: Graph): string[] {
	return folded.nodes.map(({ name, inputs }) => (inputs.length > 0 ? `${name}(${inputs.join(', ')})` : name));
}

function folded(before: Graph, ends: Ends = X_TO_Y, transform = 'fold_constants'): string[] {
	return edges(apply(transform, before, ends).graph);
}

describe('fold_constants', () => {
	test('works out what depends on constants alone', () => {
		const { graph: after, notes } = apply('fold_constants', graph(product), X_TO_Y);
		expect(edges(after)).toEqual(['y(add/_0__cf__0, x:0)', 'add/_0__cf__0', 'x']);
		expect([...(after.node('add/_0__cf__0')!.tensor!.data as Float32Array)]).toEqual([4, 6]);
		expect(notes).toEqual(['folded add → add/_0__cf__0']);
	});

	test('an output stays, next to the constant that its other readers get', () => {
		expect(folded(graph(product), { inputs: ['x'], outputs: ['add', 'y'] })).toEqual([
			'a',
			'b',
			'add(a, b)',
			'y(add/_0__cf__0, x:0)',
			'add/_0__cf__0',
			'x',
		]);
	});

	test('an output that nothing reads is left, and the report says so', () => {
		const step = apply(
			'fold_constants',
			graph(() => {}),
			{ outputs: ['add'] },
		);
		expect(edges(step.graph)).toEqual(['a', 'b', 'add(a, b)']);
		expect(step.skipped).toEqual([{ node: 'add', reason: 'it is an output that no other node reads' }]);
		expect(step.notes).toEqual(['nothing was folded: no node that others read depends on constants alone']);
	});

	test('adds default attributes to what is left', () => {
		const g = graph((more) => more.node('y', 'Cast', ['x'], { SrcT: FLOAT, DstT: INT32 }));
		expect(apply('fold_constants', g, X_TO_Y).graph.node('y')!.attr('Truncate')?.bool).toBe(false);
	});

	test('writes the full type of shapes, as the import does', () => {
		const g = graph((more) => {
			more.node('s', 'Shape', ['x'], { T: FLOAT });
			more.node('y', 'Cast', ['s'], { SrcT: INT32, DstT: FLOAT });
		});
		const after = apply('fold_constants', g, X_TO_Y).graph;
		// experimental_type { PRODUCT { SHAPE_TENSOR { INT32 } } }
		expect(Buffer.from(after.node('s')!.extra).toString('hex')).toBe('3a0c0803120808ed07120308cf01');
	});

	test('questions about known shapes wait for the tensor they ask about', () => {
		const shapes = graph(
			(g) => {
				g.node('s', 'Shape', ['x'], { T: FLOAT, out_type: INT32 });
				g.node('f', 'Cast', ['s'], { SrcT: INT32, DstT: FLOAT });
				g.node('y', 'Mul', ['f', 'x'], { T: FLOAT });
			},
			[2],
		);
		const after = apply('fold_constants', shapes, X_TO_Y).graph;
		expect(edges(after)).toEqual(['y(f/_0__cf__1, x:0)', 'f/_0__cf__1(^x)', 'x']);
		expect([...(after.node('f/_0__cf__1')!.tensor!.data as Float32Array)]).toEqual([2]);
	});

	test.each([
		['exclude_op=Add', 'its op is excluded by exclude_op'],
		['exclude_node=add', 'it is excluded by exclude_node'],
		['max_constant_size_in_bytes=7', 'its result would take 8 bytes'],
	])('%s leaves it', (parameter, reason) => {
		const step = apply(`fold_constants(${parameter})`, graph(product), X_TO_Y);
		expect(edges(step.graph)).toEqual(['a', 'b', 'add(a, b)', 'y(add, x:0)', 'x']);
		expect(step.skipped).toEqual([{ node: 'add', reason }]);
	});

	test('an op without a kernel here is left, and the graph stays right', () => {
		const odd = graph((g) => {
			g.node('zeta', 'Zeta', ['add', 'add'], { T: FLOAT });
			g.node('y', 'Mul', ['zeta', 'x'], { T: FLOAT });
		});
		const step = apply('fold_constants', odd, X_TO_Y);
		expect(edges(step.graph)).toEqual([
			'zeta(add/_0__cf__0, add/_0__cf__0)',
			'y(zeta, x:0)',
			'add/_0__cf__0',
			'x',
		]);
		expect(step.skipped).toEqual([{ node: 'zeta', reason: 'whittle has no kernel for Zeta' }]);
	});

	test('computes with denormals as zeros, but only moves bits where TensorFlow does', () => {
		const g = new GraphBuilder();
		g.placeholder('x', DT_FLOAT);
		g.floats('tiny', [1e-40, 1e-40]);
		g.floats('zero', [0, 0]);
		g.node('sum', 'Add', ['tiny', 'zero'], { T: FLOAT });
		g.node('negative', 'Neg', ['tiny'], { T: FLOAT });
		g.node('y', 'AddN', ['sum', 'negative', 'x'], { T: FLOAT, N: Attr.int(3) });
		const after = apply('fold_constants', g.finish(), X_TO_Y).graph;
		const values = after.nodes.filter((node) => node.op === 'Const').map((node) => node.tensor!.data);
		expect(values.map((data) => (data as Float32Array)[0])).toEqual([-Math.fround(1e-40), 0]);
	});

	test('inputs that were cut away come back in the order of the tool’s hash set', () => {
		const g = new GraphBuilder();
		for (const name of ['x', 'p', 'z', 'image', 'labels']) g.placeholder(name, DT_FLOAT, [2]);
		g.node('y', 'Neg', ['x'], { T: FLOAT });
		const ends = (inputs: string): Ends => ({ inputs: inputs.split(','), outputs: ['y'] });
		expect(folded(g.finish(), ends('x,p,z,image,labels')).slice(1)).toEqual([
			'image',
			'labels',
			'z',
			'p',
			'x',
		]);
		expect(folded(g.finish(), ends('labels,image,z,p,x')).slice(1)).toEqual([
			'x',
			'p',
			'image',
			'z',
			'labels',
		]);
	});

	test('goes down a chain of 100,000 nodes', () => {
		const g = new GraphBuilder();
		g.placeholder('x', DT_FLOAT, [2]);
		let last = g.floats('c', [1, 2]);
		for (let i = 0; i < 100_000; i++) last = g.node(`n${i}`, 'Neg', [last], { T: FLOAT });
		g.node('y', 'Mul', [last, 'x'], { T: FLOAT });
		expect(folded(g.finish())).toEqual(['y(n99999/_0__cf__0, x:0)', 'n99999/_0__cf__0', 'x']);
	});
});

describe('fold_constants refuses, in the tool’s words', () => {
	const neg = (g: GraphBuilder): string => g.node('y', 'Neg', ['x'], { T: FLOAT });
	test.each([
		['no outputs', neg, { inputs: ['x'] }, 'Must specify at least one target to fetch or execute.'],
		['one input twice', neg, { inputs: ['x', 'x'], outputs: ['y'] }, 'Endpoint "x" fed more than once.'],
		['an input as output', neg, { inputs: ['x'], outputs: ['x'] }, 'x is both fed and fetched.'],
		['an unknown input', neg, { inputs: ['q'], outputs: ['y'] }, 'FeedInputs: unable to find feed output q'],
		[
			'an input that an op without outputs cannot have, written as it was given',
			(g: GraphBuilder) => g.node('y', 'NoOp', []),
			{ inputs: ['y'], outputs: ['add'] },
			'FeedInputs: y should have output index < 0',
		],
		[
			'a convolution in groups that do not share its filters evenly',
			(g: GraphBuilder) => {
				g.placeholder('image', DT_FLOAT, [1, 4, 4, 2]);
				g.placeholder('filter', DT_FLOAT, [1, 2, 1, 1]);
				g.node('y', 'Conv2D', ['image', 'filter'], {
					T: FLOAT,
					strides: Attr.ints([1, 1, 1, 1]),
					padding: Attr.string('SAME'),
				});
			},
			X_TO_Y,
			'Depth of output (1) is not a multiple of the number of groups (2) for ',
		],
		[
			'a fused convolution whose filter has another number of channels',
			(g: GraphBuilder) => {
				g.placeholder('image', DT_FLOAT, [1, 4, 4, 2]);
				g.placeholder('filter', DT_FLOAT, [1, 2, 1, 1]);
				const data = Int32Array.of(0, 0, 1, 1, 1, 1, 0, 0);
				const value = Attr.tensor({ dtype: DT_INT32, shape: [4, 2], data });
				g.node('pad', 'Const', [], { dtype: INT32, value });
				g.node('y', 'FusedPadConv2D', ['image', 'pad', 'filter'], {
					T: FLOAT,
					mode: Attr.string('REFLECT'),
					strides: Attr.ints([1, 1, 1, 1]),
					padding: Attr.string('SAME'),
				});
			},
			{ outputs: ['x'] },
			'Dimensions must be equal, but are 2 and 1 for ',
		],
		[
			'a control input, before outputs are looked for',
			neg,
			{ inputs: ['^x'], outputs: ['q'] },
			"AttrValue has invalid DataType\n\t for attr 'tensor_type'\n\t; NodeDef: {{node _recv_x_-1}}; Op<name=_Recv; signature= -> tensor:tensor_type; attr=tensor_type:type; attr=tensor_name:string; attr=send_device:string; attr=send_device_incarnation:int; attr=recv_device:string; attr=client_terminated:bool,default=false; is_stateful=true; is_distributed_communication=true>",
		],
		[
			'missing attributes of an op whose arguments are lists of types',
			(g: GraphBuilder) => g.node('y', 'PartitionedCall', ['x']),
			X_TO_Y,
			'NodeDef missing attrs \'f\', \'Tout\', \'Tin\' from Op<name=PartitionedCall; signature=args: -> output:; attr=Tin:list(type),min=0; attr=Tout:list(type),min=0; attr=f:func; attr=config:string,default=""; attr=config_proto:string,default=""; attr=executor_type:string,default="">; NodeDef: {{node y}}',
		],
		['an unknown output', neg, { outputs: ['q'] }, 'FetchOutputs node q: not found'],
		['a wrong port', neg, { outputs: ['y:4'] }, 'FetchOutputs y:4: output index too large, must be < 1'],
		[
			'a missing attribute',
			(g: GraphBuilder) => g.node('y', 'Neg', ['x']),
			X_TO_Y,
			"NodeDef missing attr 'T' from Op<name=Neg; signature=x:T -> y:T; attr=T:type,allowed=[DT_BFLOAT16, DT_HALF, DT_FLOAT, DT_DOUBLE, DT_INT8, DT_INT16, DT_INT32, DT_INT64, DT_COMPLEX64, DT_COMPLEX128]>; NodeDef: {{node y}}",
		],
		[
			'an attribute of another kind',
			(g: GraphBuilder) => g.node('y', 'Cast', ['x'], { SrcT: FLOAT, DstT: FLOAT, Truncate: Attr.int(3) }),
			X_TO_Y,
			"AttrValue had value with type 'int' when 'bool' expected\n\t for attr 'Truncate'\n\t; NodeDef: {{node y}}; Op<name=Cast; signature=x:SrcT -> y:DstT; attr=SrcT:type; attr=DstT:type; attr=Truncate:bool,default=false>",
		],
		[
			'of two bad attributes the first in the file',
			(g: GraphBuilder) => g.node('y', 'Cast', ['x'], { SrcT: Attr.int(3), DstT: Attr.bool(true) }),
			X_TO_Y,
			"AttrValue had value with type 'int' when 'type' expected\n\t for attr 'SrcT'",
		],
		[
			'of two placeholders without a value the one that folding comes to first',
			(g: GraphBuilder) => {
				g.placeholder('p', DT_FLOAT, [2]);
				g.placeholder('q', DT_FLOAT, [2]);
				g.node('s', 'Mul', ['q', 'p'], { T: FLOAT });
				g.node('y', 'Mul', ['s', 'x'], { T: FLOAT });
			},
			X_TO_Y,
			"You must feed a value for placeholder tensor 'q' with dtype float and shape [2]\n\t [[{{node q}}]]",
		],
		[
			'an array whose indices are no vector',
			(g: GraphBuilder) => {
				g.ints('at', 1);
				g.node('ta', 'TensorArrayV3', ['at'], { dtype: FLOAT });
				g.node('y', 'TensorArrayScatterV3', ['ta', 'at', 'x', 'ta:1'], { T: FLOAT });
			},
			X_TO_Y,
			"Shape must be rank 1 but is rank 0 for '{{node y}} = TensorArrayScatterV3[T=DT_FLOAT](ta, at, x, ta:1)' with input shapes: [2], [], ?, [].",
		],
		[
			'types that differ',
			(g: GraphBuilder) => {
				g.ints('k', 1);
				g.node('y', 'Add', ['x', 'k'], { T: FLOAT });
			},
			X_TO_Y,
			'Input 1 of node y was passed int32 from k:0 incompatible with expected float.',
		],
		[
			'shapes that do not fit',
			(g: GraphBuilder) => {
				g.floats('c', [1, 2, 3]);
				g.node('y', 'Add', ['a', 'c'], { T: FLOAT });
			},
			X_TO_Y,
			"Dimensions must be equal, but are 2 and 3 for '{{node y}} = Add[T=DT_FLOAT](a, c)' with input shapes: [2], [3].",
		],
		[
			'a value that does not fit',
			(g: GraphBuilder) => {
				g.ints('at', [5]);
				g.node('g', 'Gather', ['a', 'at'], { Tparams: FLOAT, Tindices: INT32 });
				g.node('y', 'Mul', ['g', 'x'], { T: FLOAT });
			},
			X_TO_Y,
			'indices[0] = 5 is not in [0, 2)\n\t [[{{node g}}]]',
		],
		[
			'a value that does not broadcast',
			(g: GraphBuilder) => {
				g.floats('none', []);
				g.ints('sizes', [2, 2]);
				g.node('g', 'BroadcastTo', ['none', 'sizes'], { T: FLOAT, Tidx: INT32 });
				g.node('y', 'Relu', ['g'], { T: FLOAT });
			},
			X_TO_Y,
			'Incompatible shapes: [0] vs. [2,2]\n\t [[{{node g}}]]',
		],
		[
			'an input that is no placeholder',
			(g: GraphBuilder) => {
				g.node('r', 'Relu', ['x'], { T: FLOAT });
				g.node('y', 'Neg', ['r'], { T: FLOAT });
			},
			{ inputs: ['r'], outputs: ['y'] },
			"Input 'r' was expected to be a Placeholder or PlaceholderWithDefault op, but was Relu",
		],
		[
			'a cycle',
			(g: GraphBuilder) => {
				g.node('y', 'Add', ['x', 'w'], { T: FLOAT });
				g.node('w', 'Neg', ['y'], { T: FLOAT });
			},
			X_TO_Y,
			'2 nodes in a cycle',
		],
	] as const)('%s', (_what, more, ends, message) => {
		expect(() => apply('fold_constants', graph(more), ends)).toThrow(message);
	});

	test('an unfed placeholder of a known shape', () => {
		expect(() => apply('fold_constants', graph(product, [2]), { outputs: ['y'] })).toThrow(
			"You must feed a value for placeholder tensor 'x' with dtype float and shape [2]\n\t [[{{node x}}]]",
		);
	});

	test('ignore_errors leaves the graph alone', () => {
		const before = graph(neg);
		const step = apply('fold_constants(ignore_errors=true)', before, { outputs: ['q'] });
		expect(step.graph.nodes).toBe(before.nodes);
		expect(step.ignored?.message).toBe('FetchOutputs node q: not found');
	});
});

/** What the C++ tool makes of them. */
describe('a node that is called like a constant to be made', () => {
	const taken = (g: GraphBuilder): string => g.node('add/_0__cf__0', 'Neg', ['x'], { T: FLOAT });

	test('is what its readers and those of the constant read: it stands first', () => {
		const before = graph((g) => {
			taken(g);
			g.node('y', 'Mul', ['add', 'add/_0__cf__0'], { T: FLOAT });
		});
		expect(folded(before)).toEqual([
			'add/_0__cf__0(x:0)',
			'y(add/_0__cf__0, add/_0__cf__0)',
			'add/_0__cf__0',
			'x',
		]);
	});

	test('does not matter while no output needs it', () => {
		const before = graph((g) => {
			taken(g);
			product(g);
		});
		expect(folded(before)).toEqual(['y(add/_0__cf__0, x:0)', 'add/_0__cf__0', 'x']);
		expect(folded(before, { inputs: ['x'], outputs: ['y', 'add/_0__cf__0'] })).toEqual([
			'add/_0__cf__0(x:0)',
			'y(add/_0__cf__0, x:0)',
			'add/_0__cf__0',
			'x',
		]);
	});

	test('is taken for an input that it is not', () => {
		const before = graph((g) => {
			g.placeholder('add/_0__cf__0', DT_FLOAT, [2]);
			product(g);
		});
		expect(() => apply('fold_constants', before, { inputs: ['x', 'add/_0__cf__0'], outputs: ['y'] })).toThrow(
			"Input 'add/_0__cf__0' was expected to be a Placeholder or PlaceholderWithDefault op, but was Const",
		);
	});
});

describe('an input that comes back', () => {
	const waiting = graph((g) => {
		g.placeholder('z', DT_FLOAT, [2]);
		g.node('w', 'Placeholder', ['^z'], { dtype: FLOAT, shape: Attr.shape([2]) });
		g.node('y', 'Mul', ['add', 'x', '^w'], { T: FLOAT });
	});

	test('keeps what it waits for', () => {
		expect(folded(waiting, { inputs: ['x', 'w', 'z'], outputs: ['y'] })).toEqual([
			'y(add/_0__cf__0, x:0, ^w)',
			'add/_0__cf__0',
			'z',
			'w(^z)',
			'x',
		]);
	});

	test('must not wait for what was cut away', () => {
		expect(() => apply('fold_constants', waiting, { inputs: ['x', 'w'], outputs: ['y'] })).toThrow(
			"Bad graph structure, no node named 'z' found for input lookup",
		);
	});
});
