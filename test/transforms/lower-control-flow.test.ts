import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Executor } from '../../src/evaluate/executor.ts';
import { readGraphDef } from '../../src/formats/graph-def.ts';
import { Attr } from '../../src/graph/attr.ts';
import { FLOAT, GraphBuilder } from '../../src/graph/builder.ts';
import { DT_BOOL, DT_FLOAT, DT_RESOURCE } from '../../src/graph/dtype.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { packageFile } from '../../src/graph/package-file.ts';
import type { TensorValue } from '../../src/graph/tensor.ts';
import { hasShared, sharedPath } from '../shared.ts';
import { apply } from './apply.ts';
import { library } from './function-library.ts';
import { expectRecorded, openAndFreeze, type SavedCase } from './saved-cases.ts';

const folder = packageFile('test/data/saved-models/');
const cases = JSON.parse(readFileSync(`${folder}cases.json`, 'utf8')) as SavedCase[];
const published = JSON.parse(
	gunzipSync(readFileSync(packageFile('test/data/frozen.json.gz'))).toString(),
) as SavedCase[];

interface Recorded {
	readonly name: string;
	/** A GraphDef in base64. */
	readonly graph: string;
	readonly runs: readonly Pick<SavedCase, 'feeds' | 'outputs'>[];
}
const recorded = JSON.parse(
	gunzipSync(readFileSync(packageFile('test/data/control-flow.json.gz'))).toString(),
) as Recorded[];

const FLOATS = Attr.types([DT_FLOAT]);
const ENDS = { inputs: ['x', 'n'], outputs: ['value', 'other'] };
const FUNCTIONAL = /^(Stateless)?(If|While)$|PartitionedCall$/;
const LOWER = 'freeze(lower_control_flow=true)';

function functionalOps(graph: Graph): string[] {
	const inside = graph.functions.functions.flatMap((fn) => fn.nodes);
	return [...graph.nodes, ...inside].map((node) => node.op).filter((op) => FUNCTIONAL.test(op));
}

describe('lowering what TensorFlow saved', () => {
	it.each(cases)('$model computes what TensorFlow computed', (saved) => {
		const { graph } = openAndFreeze(folder, saved, LOWER).step;
		expect(functionalOps(graph)).toEqual([]);
		expectRecorded(graph, saved);
	});
});

/** Runs a graph on what was recorded of it; an input that no output needs may be gone. */
function expectRuns(graph: Graph, { runs }: Recorded): void {
	for (const run of runs) {
		const feeds = Object.entries(run.feeds).filter(([name]) => graph.has(name.replace(':0', '')));
		expectRecorded(graph, { model: '', feeds: Object.fromEntries(feeds), outputs: run.outputs });
	}
}

describe('branches, loops and calls in each other', () => {
	it.each(recorded)('$name lowered computes what TensorFlow computed', (entry) => {
		const { graph } = apply(LOWER, readGraphDef(Buffer.from(entry.graph, 'base64')), ENDS);
		expect(functionalOps(graph)).toEqual([]);
		expectRuns(graph, entry);
	});

	it.each(recorded)('$name kept computes it too, and no function calls another', (entry) => {
		const { graph } = apply('freeze', readGraphDef(Buffer.from(entry.graph, 'base64')), ENDS);
		const ops = functionalOps(graph);
		expect(ops.some((op) => /If|While/.test(op))).toBe(true);
		expect(ops.filter((op) => op.endsWith('Call'))).toEqual([]);
		expectRuns(graph, entry);
	});
});

describe.skipIf(!hasShared)('lowering the published models', () => {
	it.each(published)('$model ($signature) computes what TensorFlow computed', (saved) => {
		const checkpoint = saved.model.startsWith('syn_sparse')
			? `, input_checkpoint="${sharedPath('graphs', 'syn_sparse_ckpt_a/model')}"`
			: '';
		const lower = `freeze(lower_control_flow=true${checkpoint})`;
		const { graph } = openAndFreeze(sharedPath('graphs/'), saved, lower).step;
		expect(functionalOps(graph)).toEqual([]);
		expectRecorded(graph, saved);
	});
});

describe('the result', () => {
	it('of an If has its ends and what nobody reads in it waits for its pivot', () => {
		expect(brief(lowered(branch(DT_BOOL)))).toBe(
			[
				'p:Placeholder x:Placeholder start:NoOp',
				'y/switch_pred:Switch(p, p, ^start) y/pivot_f:Identity(y/switch_pred)',
				'y/pivot_t:Identity(y/switch_pred:1) y/switch_0:Switch(x, p, ^start)',
				'y/then/r:Relu(y/switch_0:1) y/then/print:Print(y/then/r) y/else/c:Const(^y/pivot_f)',
				'y/merge_0:Merge(y/else/c, y/then/r) y/ran_f:Identity(y/pivot_f, ^y/else/c)',
				'y/ran_t:Identity(y/pivot_t, ^y/then/print, ^y/then/r) y/executed:Merge(y/ran_f, y/ran_t)',
				'y:Identity(y/merge_0) z:Relu(y/merge_0, ^y/executed, ^y/merge_0)',
			].join(' '),
		);
	});

	it('of a While carries what changes, and takes in once what stays', () => {
		expect(brief(lowered(loop()))).toBe(
			[
				'n:Placeholder x:Placeholder y/enter_0:Enter(n) y/enter_1:Enter(x)',
				'y/merge_0:Merge(y/enter_0, y/next_0) y/cond/limit:Const(^y/merge_0)',
				'y/cond/less:Less(y/merge_0, y/cond/limit) y/LoopCond:LoopCond(y/cond/less) y/switch_0:Switch(y/merge_0, y/LoopCond)',
				'y/pivot:Identity(y/switch_0:1) y/body/one:Const(^y/pivot) y/body/size:Abs(y/enter_1, ^y/pivot)',
				'y/body/step:AddV2(y/body/size, y/body/one) y/body/sum:AddV2(y/switch_0:1, y/body/step)',
				'y/next_0:NextIteration(y/body/sum) y/exit_0:Exit(y/switch_0) y:IdentityN(y/exit_0, x) z:Relu(y/exit_0)',
			].join(' '),
		);
		const graph = lowered(loop());
		expect(graph.node('y/enter_0')!.attr('is_constant')!.bool).toBe(false);
		expect(graph.node('y/enter_1')!.attr('is_constant')!.bool).toBe(true);
		for (const enter of graph.byOp.get('Enter')!) {
			expect(enter.attr('frame_name')!.string).toBe('y');
			expect(enter.attr('parallel_iterations')!.int).toBe(3);
		}
		const counted = new Executor(graph).run(feeds({ n: -2.5, x: -0.5 }), ['y', 'y:1']);
		expect(counted.map(({ data }) => data[0])).toEqual([5, -0.5]);
	});

	it.each([
		[0, -1],
		[0.25, 7],
	])('of an If over the number %d decides as TensorFlow does', (p, expected) => {
		const graph = lowered(branch(DT_FLOAT));
		expect(graph.node('y/switch_pred')!.inputs.slice(0, 2)).toEqual(['y/to_bool', 'y/to_bool']);
		expect(new Executor(graph).run(feeds({ p, x: 7 }), ['y'])[0]!.data[0]).toBe(expected);
	});

	it('hands variables into branches', () => {
		const build = new GraphBuilder();
		build.placeholder('p', DT_BOOL, []);
		build.node('v', 'VarHandleOp', [], { dtype: FLOAT, shape: Attr.shape([]) });
		build.node('y', 'If', ['p', 'v'], ifAttrs(DT_BOOL, DT_RESOURCE, 'read', 'read'));
		const value = { dtype: DT_FLOAT, shape: [], data: Float32Array.of(5) };
		const variables = { keys: ['v'], describe: () => value, read: () => value, readPart: () => value };
		const nodes = [{ name: 'r', op: 'ReadVariableOp', inputs: ['x'], attrs: { dtype: FLOAT } }];
		const graph = build.finish({
			library: library({ name: 'read', argument: DT_RESOURCE, nodes, result: 'r:value:0' }),
			context: { signatures: [], tags: [], variables },
		});
		const { graph: result } = apply(LOWER, graph, { inputs: ['p'], outputs: ['y'] });
		expect(result.node('y/switch_0')!.attr('T')!.type).toBe(DT_FLOAT);
		expect(result.node('y/then/r')!.op).toBe('Identity');
		const flag = { dtype: DT_BOOL, shape: [], data: Uint8Array.of(1) };
		expect(new Executor(result).run(new Map([['p', flag]]), ['y'])[0]!.data[0]).toBe(5);
	});
});

describe('refused', () => {
	it('a branch that comes back to itself', () => {
		const nodes = [
			{ name: 'again', op: 'If', inputs: ['x', 'x'], attrs: ifAttrs(DT_FLOAT, DT_FLOAT, 'f', 'f') },
		];
		const build = new GraphBuilder();
		build.placeholder('x');
		build.node('y', 'If', ['x', 'x'], ifAttrs(DT_FLOAT, DT_FLOAT, 'f', 'f'));
		const graph = build.finish({ library: library({ name: 'f', nodes, result: 'again:output:0' }) });
		expect(() => apply(LOWER, graph, { inputs: ['x'], outputs: ['y'] })).toThrow(
			'the function `f` calls itself, so it cannot be inlined',
		);
	});

	it('a branch that is missing', () => {
		const build = new GraphBuilder();
		build.placeholder('x');
		build.node('y', 'If', ['x', 'x'], ifAttrs(DT_FLOAT, DT_FLOAT, 'f', 'g'));
		expect(() => apply(LOWER, build.finish(), { inputs: ['x'], outputs: ['y'] })).toThrow(
			'`y` (If) runs the function `f`, which is not in the graph',
		);
	});
});

function ifAttrs(predicate: number, argument: number, then: string, otherwise: string): Record<string, Attr> {
	return {
		then_branch: Attr.func(then),
		else_branch: Attr.func(otherwise),
		Tcond: Attr.type(predicate),
		Tin: Attr.types([argument]),
		Tout: FLOATS,
	};
}

/** `y = p ? relu(x) : -1`, where the first branch prints; z waits for it. */
function branch(predicate: number): Graph {
	const build = new GraphBuilder();
	build.placeholder('p', predicate, []);
	build.placeholder('x', DT_FLOAT, []);
	build.node('start', 'NoOp', []);
	build.node('y', 'If', ['p', 'x', '^start'], ifAttrs(predicate, DT_FLOAT, 'first', 'second'));
	build.node('z', 'Relu', ['y', '^y'], { T: FLOAT });
	const nodes = [
		{ name: 'r', op: 'Relu', inputs: ['x'], attrs: { T: FLOAT } },
		{ name: 'print', op: 'Print', inputs: ['r:activations:0'], attrs: { T: FLOAT } },
	];
	const constant = { name: 'c', op: 'Const', inputs: [], attrs: floatAttrs(-1) };
	return build.finish({
		library: library(
			{ name: 'first', nodes, result: 'r:activations:0', controls: { print: 'print' } },
			{ name: 'second', nodes: [constant], result: 'c:output:0' },
		),
	});
}

/** `while (n < 4) n += |x| + 1`, beside x, which stays. */
function loop(): Graph {
	const build = new GraphBuilder();
	build.placeholder('n', DT_FLOAT, []);
	build.placeholder('x', DT_FLOAT, []);
	build.node('y', 'While', ['n', 'x'], {
		cond: Attr.func('cond'),
		body: Attr.func('body'),
		T: Attr.types([DT_FLOAT, DT_FLOAT]),
		parallel_iterations: Attr.int(3),
	});
	build.node('z', 'Relu', ['y'], { T: FLOAT });
	const condition = [
		{ name: 'limit', op: 'Const', inputs: [], attrs: floatAttrs(4) },
		{ name: 'less', op: 'Less', inputs: ['x', 'limit:output:0'], attrs: { T: FLOAT } },
	];
	const body = [
		{ name: 'one', op: 'Const', inputs: [], attrs: floatAttrs(1) },
		{ name: 'size', op: 'Abs', inputs: ['w'], attrs: { T: FLOAT } },
		{ name: 'step', op: 'AddV2', inputs: ['size:y:0', 'one:output:0'], attrs: { T: FLOAT } },
		{ name: 'sum', op: 'AddV2', inputs: ['x', 'step:z:0'], attrs: { T: FLOAT } },
		{ name: 'same', op: 'Identity', inputs: ['w'], attrs: { T: FLOAT } },
	];
	return build.finish({
		library: library(
			{ name: 'cond', second: 'w', nodes: condition, result: 'less:z:0', returns: DT_BOOL },
			{ name: 'body', second: 'w', nodes: body, result: 'sum:z:0', other: 'same:output:0' },
		),
	});
}

/** `name:Op(inputs)` of every node. */
function brief(graph: Graph): string {
	return graph.nodes
		.map(({ name, op, inputs }) => `${name}:${op}${inputs.length > 0 ? `(${inputs.join(', ')})` : ''}`)
		.join(' ');
}

function lowered(graph: Graph): Graph {
	const inputs = graph.nodes.filter((node) => node.op === 'Placeholder').map((node) => node.name);
	return apply(LOWER, graph, { inputs, outputs: ['y', 'z'] }).graph;
}

function floatAttrs(value: number): Record<string, Attr> {
	const tensor = { dtype: DT_FLOAT, shape: [], data: Float32Array.of(value) };
	return { dtype: FLOAT, value: Attr.tensor(tensor) };
}

function feeds(values: Readonly<Record<string, number>>): Map<string, TensorValue> {
	return new Map(
		Object.entries(values).map(([name, value]) => [
			name,
			{ dtype: DT_FLOAT, shape: [], data: Float32Array.of(value) },
		]),
	);
}
