import { describe, expect, it } from 'vitest';
import { Attr } from '../../src/graph/attr.ts';
import { GraphBuilder } from '../../src/graph/builder.ts';
import { DT_FLOAT, DT_INT64, DT_RESOURCE, DT_STRING } from '../../src/graph/dtype.ts';
import { WhittleError } from '../../src/graph/error.ts';
import type { Graph } from '../../src/graph/graph.ts';
import type { ModelContext } from '../../src/graph/model-context.ts';
import type { TensorValue } from '../../src/graph/tensor.ts';
import { apply, lines } from './apply.ts';
import { type Body, library } from './function-library.ts';

const FLOAT = Attr.type(DT_FLOAT);

/** What a model with these variables carries along. */
function context(values: Readonly<Record<string, TensorValue>>): ModelContext {
	return {
		signatures: [],
		tags: [],
		variables: {
			keys: Object.keys(values),
			describe: (key) => values[key],
			read: (key) => values[key]!,
			readPart: (key) => values[key]!,
		},
	};
}

function variable(value: TensorValue): Graph {
	const build = new GraphBuilder();
	build.node('kernel', 'VarHandleOp', [], { dtype: FLOAT, shape: Attr.shape([2]), shared_name: 'kernel' });
	build.node('y', 'ReadVariableOp', ['kernel'], { dtype: FLOAT });
	return build.finish({ context: context({ 'dense/kernel': value, kernal: value }) });
}

function called(functions: Uint8Array, name = 'f'): Graph {
	const build = new GraphBuilder();
	build.placeholder('x');
	build.node('start', 'NoOp', []);
	build.node('call', 'StatefulPartitionedCall', ['x', '^start'], {
		f: Attr.func(name),
		Tin: Attr.types([DT_FLOAT]),
		Tout: Attr.types([DT_FLOAT]),
	});
	build.node('after', 'NoOp', ['^call']);
	build.node('y', 'Relu', ['call', '^after'], { T: FLOAT });
	return build.finish({ library: functions });
}

function refusal(graph: Graph): WhittleError {
	try {
		apply('freeze', graph, { inputs: ['x'], outputs: ['y'] });
	} catch (error) {
		if (error instanceof WhittleError) return error;
		throw error;
	}
	throw new Error('it froze');
}

describe('a variable that cannot be restored', () => {
	it('is named with the nearest names of the checkpoint', () => {
		const { message, hint } = refusal(variable({ dtype: DT_FLOAT, shape: [2], data: new Float32Array(2) }));
		expect(message).toBe('`kernel` is not in the checkpoint');
		expect(hint).toMatch(/^Nearest: .*kernal/);
	});

	it('is named with both shapes or types where they differ', () => {
		const graph = (value: TensorValue) =>
			variable(value).with(variable(value).nodes, { context: context({ kernel: value }) });
		expect(refusal(graph({ dtype: DT_FLOAT, shape: [3], data: new Float32Array(3) })).message).toBe(
			'`kernel` has the shape [2] in the graph and [3] in the checkpoint',
		);
		expect(refusal(graph({ dtype: DT_INT64, shape: [2], data: new BigInt64Array(2) })).message).toBe(
			'`kernel` is float in the graph and int64 in the checkpoint',
		);
	});

	it('is named where an op needs the variable itself', () => {
		const build = new GraphBuilder();
		build.node('v', 'VarHandleOp', [], { dtype: FLOAT, shape: Attr.shape([2]) });
		build.node('y', 'StatefulOddOp', ['v']);
		const value = { dtype: DT_FLOAT, shape: [2], data: new Float32Array(2) };
		expect(refusal(build.finish({ context: context({ v: value }) })).message).toBe(
			'`y` (StatefulOddOp) needs the variable `v` itself, not its value',
		);
	});
});

describe('functions', () => {
	it('that call themselves are refused at once', () => {
		const nodes = [{ name: 'again', op: 'f', inputs: ['x'] }];
		expect(refusal(called(library({ name: 'f', nodes, result: 'again:z:0' }))).message).toBe(
			'the function `f` calls itself, so it cannot be inlined',
		);
	});

	it('that call each other in a ring of branches end', () => {
		const nodes = [
			{
				name: 'branch',
				op: 'If',
				inputs: ['x', 'x'],
				attrs: {
					then_branch: Attr.func('f'),
					else_branch: Attr.func('f'),
					Tcond: FLOAT,
					Tin: Attr.types([DT_FLOAT]),
					Tout: Attr.types([DT_FLOAT]),
				},
			},
		];
		const { graph } = apply('freeze', called(library({ name: 'f', nodes, result: 'branch:output:0' })), {
			inputs: ['x'],
			outputs: ['y'],
		});
		expect(graph.functions.functions.map((fn) => fn.name)).toEqual(['f']);
	});

	it('that double at every level are refused before memory is full', () => {
		const bodies = Array.from({ length: 40 }, (_, i): Body => {
			const op = i === 39 ? 'Relu' : `f${i + 1}`;
			const output = i === 39 ? 'activations' : 'z';
			const nodes = [
				{ name: 'a', op, inputs: ['x'], attrs: { T: FLOAT } },
				{ name: 'b', op, inputs: [`a:${output}:0`], attrs: { T: FLOAT } },
			];
			return { name: `f${i}`, nodes, result: `b:${output}:0` };
		});
		const begun = performance.now();
		expect(refusal(called(library(...bodies), 'f0')).message).toMatch(/inlining gives more than \d+ /);
		expect(performance.now() - begun).toBeLessThan(10_000);
	});

	it('keep their order: the body waits for what the call waited for, readers for what the body must do', () => {
		const nodes = [
			{ name: 'r', op: 'Relu', inputs: ['x'], attrs: { T: FLOAT } },
			{ name: 'print', op: 'Print', inputs: ['r:activations:0'], attrs: { T: FLOAT } },
		];
		const body = { name: 'f', nodes, result: 'r:activations:0', controls: { print: 'print' } };
		const { graph } = apply('freeze', called(library(body)), { inputs: ['x'], outputs: ['y'] });
		expect(lines(graph)).toEqual([
			'x = Placeholder {dtype: float, shape: shape?}',
			'start = NoOp',
			'call/r = Relu(x, ^start) {T: float}',
			'call/print = Print("call/r") {T: float}'.replaceAll('"', ''),
			'after = NoOp(^call/print, ^call/r)',
			'y = Relu(call/r, ^after) {T: float}',
		]);
	});
});

it('a loop in a function that is called twice becomes two loops', () => {
	const attrs = { T: FLOAT, frame_name: Attr.string('loop') };
	const nodes = [
		{ name: 'enter', op: 'Enter', inputs: ['x'], attrs },
		{ name: 'exit', op: 'Exit', inputs: ['enter:output:0'], attrs: { T: FLOAT } },
	];
	const build = new GraphBuilder();
	build.placeholder('x');
	build.node('a', 'f', ['x']);
	build.node('b', 'f', ['a']);
	build.node('y', 'Relu', ['b'], { T: FLOAT });
	const graph = build.finish({ library: library({ name: 'f', nodes, result: 'exit:output:0' }) });
	const frozen = apply('freeze', graph, { inputs: ['x'], outputs: ['y'] }).graph;
	const frames = frozen.byOp.get('Enter')!.map((enter) => enter.attr('frame_name')!.string);
	expect(frames).toEqual(['a/loop', 'b/loop']);
});

describe('tables', () => {
	function table(keys: readonly string[], extra: (build: GraphBuilder) => void = () => undefined): Graph {
		const build = new GraphBuilder();
		build.placeholder('x', DT_STRING, [-1]);
		const bytes = keys.map((key) => Buffer.from(key));
		build.constant('keys', { dtype: DT_STRING, shape: [keys.length], data: bytes });
		build.floats(
			'values',
			keys.map((_key, i) => i),
		);
		build.floats('default', -1);
		build.node('t', 'HashTableV2', [], { key_dtype: Attr.type(DT_STRING), value_dtype: FLOAT });
		build.node('fill', 'LookupTableImportV2', ['t', 'keys', 'values']);
		build.node('y', 'LookupTableFindV2', ['t', 'x', 'default']);
		extra(build);
		return build.finish();
	}

	it('stay where a key comes twice, with what fills them', () => {
		const { graph, skipped, warnings } = apply('freeze', table(['a', 'a']), {
			inputs: ['x'],
			outputs: ['y'],
		});
		expect(skipped).toEqual([
			{ node: 't', reason: 'the table stays one: a key comes twice', hint: undefined },
		]);
		expect(warnings).toEqual(['run `fill` once before the first lookup: the table `t` stays one']);
		expect(graph.nodes.map((node) => node.name)).toContain('fill');
	});

	it('stay where something else reads them', () => {
		const graph = table(['a', 'b'], (build) => {
			build.node('all', 'LookupTableExportV2', ['t']);
			build.node('z', 'Identity', ['all:1']);
		});
		const { skipped } = apply('freeze', graph, { inputs: ['x'], outputs: ['y', 'z'] });
		expect(skipped[0]!.reason).toBe(
			'the table stays one: `all` (LookupTableExportV2) uses it in another way',
		);
	});

	it('without entries give the default alone', () => {
		const { graph } = apply('freeze', table([]), { inputs: ['x'], outputs: ['y'] });
		expect(graph.node('y')!.op).toBe('Fill');
	});
});

it('a handle may pass through a branch', () => {
	const nodes = [{ name: 'r', op: 'ReadVariableOp', inputs: ['x'], attrs: { dtype: FLOAT } }];
	const build = new GraphBuilder();
	build.placeholder('x');
	build.node('v', 'VarHandleOp', [], { dtype: FLOAT, shape: Attr.shape([2]) });
	build.node('h', 'Identity', ['v'], { T: Attr.type(DT_RESOURCE) });
	build.node('y', 'If', ['x', 'h'], {
		then_branch: Attr.func('f'),
		else_branch: Attr.func('f'),
		Tcond: FLOAT,
		Tin: Attr.types([DT_RESOURCE]),
		Tout: Attr.types([DT_FLOAT]),
	});
	const value = { dtype: DT_FLOAT, shape: [2], data: Float32Array.of(1, 2) };
	const graph = build.finish({
		library: library({ name: 'f', argument: DT_RESOURCE, nodes, result: 'r:value:0' }),
		context: context({ v: value }),
	});
	const frozen = apply('freeze', graph, { inputs: ['x'], outputs: ['y'] }).graph;
	expect(frozen.node('y')!.attr('Tin')!.types).toEqual([DT_FLOAT]);
	expect(frozen.node('h')!.attr('T')!.type).toBe(DT_FLOAT);
	const [body] = frozen.functions.functions;
	expect(body!.nodes.map((node) => node.op)).toEqual(['Identity']);
	expect(body!.definition.ret.z).toBe('r:output:0');
});
