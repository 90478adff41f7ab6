/**
 *   before   w = VarHandleOp() {shared_name: "w"}         after   w = Const() {value: float[3,3] …}
 *            y = StatefulPartitionedCall(x, w) {f: model}         y/m/read = Identity(w)
 *            save = SaveV2(…)                                     y/m = MatMul(x, y/m/read)
 *                                                                 y = Identity(y/m)
 */

import { type FileSource, wholeFiles } from '../formats/file-source.ts';
import { openCheckpoint } from '../formats/open-checkpoint.ts';
import { addObjectGraphKeys, variableKeys } from '../formats/variable-keys.ts';
import { Attr } from '../graph/attr.ts';
import { baseDtype, DT_FLOAT, dtypeName } from '../graph/dtype.ts';
import { WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import type { ModelContext, VariableSource } from '../graph/model-context.ts';
import { isControl, sourceOf } from '../graph/names.ts';
import { Node } from '../graph/node.ts';
import { isTurn, stage, type Work } from '../graph/progress.ts';
import { nearest } from '../graph/suggest.ts';
import type { TensorValue } from '../graph/tensor.ts';
import { defineTransform } from './define.ts';
import { FunctionFreezer } from './frozen-functions.ts';
import { freezeTables } from './frozen-tables.ts';
import { type FrozenTensors, readFrozen, VARIABLES, WRITES } from './frozen-variables.ts';
import { inlineBodies } from './inline-bodies.ts';
import { inlineGraph } from './inline-functions.ts';
import { neededNodes } from './needed-nodes.ts';
import { bool, string } from './parameters.ts';

export default defineTransform({
	name: 'freeze',
	summary: 'turn variables into constants, inline functions, and leave out what no output needs',
	details:
		'The values come from the checkpoint that the model was opened with, or from `input_checkpoint`. PartitionedCall, ' +
		'StatefulPartitionedCall and direct calls are inlined at every level; If, While and Case stay, over functions ' +
		'that take values where they took handles. With `lower_control_flow` If and While become Switch, Merge and the ' +
		'ops of loops, as in TensorFlow 1, with their functions inlined at every level; Case stays. Hash tables of ' +
		'constants or of a text file of the model become constants. Savers, initializers and training parts go, since ' +
		'no output needs them. ' +
		'A call that is an output stays under its name as an Identity. The result is a plain GraphDef that every transform takes.',
	origin: 'whittle',
	loss: 'exact',
	picture:
		'before   w = VarHandleOp()                           after   w = Const() {value: …}\n' +
		'         y = StatefulPartitionedCall(x, w) {f: model}        y/m = MatMul(x, w)\n' +
		'                                                             y = Identity(y/m)',
	params: {
		input_checkpoint: string('prefix or folder of a checkpoint, for graphs opened without one', {
			subject: 'file',
		}),
		lower_control_flow: bool('spell If and While out with Switch, Merge and the ops of loops', {
			default: false,
		}),
	},
	examples: ['freeze', 'freeze(input_checkpoint="model.ckpt-1000")', 'freeze(lower_control_flow=true)'],
	seeAlso: ['strip_unused_nodes', 'inline_partitionedcall', 'remove_training_nodes'],

	*apply({ graph, inputs, outputs, params, report, readFile, files }) {
		if (outputs.length === 0) {
			throw new WhittleError('transform', 'freeze needs to know the outputs', {
				hint: 'outputs NAME …, or open the model with --signature',
			});
		}
		const ends = new Set([...inputs, ...outputs].map(sourceOf));
		const context = contextOf(graph, params.input_checkpoint, files ?? wholeFiles(readFile));
		yield* stage(graph.indexed(), 0, 0.2);
		const used = neededNodes(graph, ends, inputs);
		yield { done: 0.2, total: 1 };
		const inlined = inlineGraph(used, ends, params.lower_control_flow);
		// Writes go first: an update that only a control edge asks for must not keep its variable alive.
		yield { done: 0.3, total: 1 };
		const bodies = inlineBodies(inlined.graph);
		yield* stage(bodies.graph.indexed(), 0.3, 0.4);
		const calls = inlined.calls + bodies.calls;
		const tables = freezeTables(bodies.graph, graph, context, report);
		yield { done: 0.4, total: 1 };
		const needed = new Set([...ends, ...tables.fills]);
		const reading = neededNodes(dropWrites(tables.graph), needed, inputs);
		const variables = reading.nodes.filter((node) => VARIABLES.has(node.op));
		const frozen: FrozenTensors = new Map();
		yield* stage(reading.indexed(), 0.4, 0.5);
		const constants = new Map<string, Node>();
		for (const [i, node] of variables.entries()) {
			constants.set(node.name, constantOf(node, context, frozen));
			yield { done: 0.5 + (0.3 * i) / variables.length, total: 1 };
		}
		const result = yield* stage(readAll(reading, constants, frozen), 0.8, 1);
		if (variables.length > 0)
			report.note(`${variables.length} variable${plural(variables.length)} became constants`);
		if (calls > 0) report.note(`${calls} function call${plural(calls)} inlined`);
		const lowered = inlined.branches + inlined.loops;
		if (lowered > 0) report.note(`If and While lowered: ${inlined.branches} and ${inlined.loops}`);
		if (variables.length + calls + lowered === 0 && tables.graph === bodies.graph)
			report.note('there is no variable and no function call that an output needs');
		return result;
	},
});

function plural(n: number): string {
	return n === 1 ? '' : 's';
}

function contextOf(graph: Graph, prefix: string | undefined, files: FileSource): ModelContext | undefined {
	if (prefix === undefined) return graph.parts.context;
	const variables = openCheckpoint(prefix, files);
	const keys = variableKeys(graph);
	addObjectGraphKeys(graph, variables, keys);
	return { signatures: [], tags: [], ...graph.parts.context, variables, variableKeys: keys };
}

/** Without control edges to nodes that write a variable. */
function dropWrites(graph: Graph): Graph {
	const writes = new Set(graph.nodes.filter((node) => WRITES.test(node.op)).map((node) => node.name));
	if (writes.size === 0) return graph;
	return graph.with(
		graph.nodes.map((node) => {
			const inputs = node.inputs.filter((input) => !(isControl(input) && writes.has(sourceOf(input))));
			return inputs.length === node.inputs.length ? node : node.with({ inputs });
		}),
	);
}

/** @throws WhittleError `transform` that explains why the value cannot be had. */
function constantOf(node: Node, context: ModelContext | undefined, frozen: FrozenTensors): Node {
	const dtype = baseDtype(node.attr('dtype')?.type ?? DT_FLOAT);
	frozen.set(node.name, dtype);
	const value = restore(node, context);
	if (value.dtype !== dtype) {
		throw new WhittleError(
			'transform',
			`\`${node.name}\` is ${dtypeName(dtype)} in the graph and ${dtypeName(value.dtype)} in the checkpoint`,
		);
	}
	const shape = node.attr('shape')?.shape;
	const fits =
		!shape ||
		(shape.length === value.shape.length && shape.every((size, i) => size < 0 || size === value.shape[i]));
	if (!fits) {
		throw new WhittleError(
			'transform',
			`\`${node.name}\` has the shape [${shape.join(',')}] in the graph and [${value.shape.join(',')}] in the checkpoint`,
		);
	}
	return Node.of({
		name: node.name,
		op: 'Const',
		device: node.device,
		attrs: { dtype: Attr.type(dtype), value: Attr.tensor(value) },
	});
}

function restore(node: Node, context: ModelContext | undefined): TensorValue {
	const variables: VariableSource | undefined = context?.variables;
	if (!variables) {
		throw new WhittleError(
			'transform',
			`\`${node.name}\` is a variable, and the model came without a checkpoint`,
			{
				hint: 'freeze(input_checkpoint="PREFIX"), where PREFIX.index is the checkpoint',
			},
		);
	}
	const place = context?.variableKeys?.get(node.name) ?? {
		key: node.attr('shared_name')?.string || node.name,
		slice: '',
	};
	if (variables.describe(place.key)) return variables.readPart(place.key, place.slice);
	const near = nearest(place.key, variables.keys);
	throw new WhittleError(
		'transform',
		`\`${node.name}\` is not in the checkpoint${place.key === node.name ? '' : ` (as \`${place.key}\`)`}`,
		{
			hint:
				near.length > 0
					? `Nearest: ${near.join(', ')}.`
					: 'It may be set by an initializer when the model is loaded.',
		},
	);
}

/** Everything that reads a handle, in the order of data. */
function* readAll(graph: Graph, constants: ReadonlyMap<string, Node>, frozen: FrozenTensors): Work<Graph> {
	const replaced = new Map<string, readonly Node[]>();
	const functions = new FunctionFreezer(graph);
	let done = 0;
	for (const node of dataOrder(graph)) {
		if (isTurn(done++)) yield { done, total: graph.nodes.length };
		const constant = constants.get(node.name);
		const next = constant ? [constant] : (functions.freezeCall(node, frozen) ?? readFrozen(node, frozen));
		if (!next) {
			const variable = node.sources.find((source) => frozen.has(source));
			throw new WhittleError(
				'transform',
				`\`${node.name}\` (${node.op}) needs the variable \`${variable}\` itself, not its value`,
				{
					hint: 'An output depends on an op that cannot be frozen; choose other outputs.',
				},
			);
		}
		if (next.length !== 1 || next[0] !== node) replaced.set(node.name, next);
	}
	const nodes = graph.nodes.flatMap((node) => replaced.get(node.name) ?? [node]);
	return graph.with(nodes, { library: functions.library(nodes) });
}

/** Nodes after what they read, a round of a loop aside; what waits in a cycle comes last, in the graph's order. */
function dataOrder(graph: Graph): Node[] {
	const { nodes, topology } = graph;
	const { inputStart, readerStart, reader, inputSource } = topology;
	const isNext = (i: number): boolean => i >= 0 && nodes[i]!.op === 'NextIteration';
	const pending = Int32Array.from(nodes, (_node, i) => {
		let count = 0;
		for (let e = inputStart[i]!; e < inputStart[i + 1]!; e++) if (!isNext(inputSource[e]!)) count++;
		return count;
	});
	const ready: number[] = [];
	const done = new Uint8Array(nodes.length);
	for (let i = nodes.length - 1; i >= 0; i--) if (pending[i] === 0) ready.push(i);
	const order: Node[] = [];
	const visit = (i: number): void => {
		done[i] = 1;
		order.push(nodes[i]!);
		if (isNext(i)) return;
		for (let e = readerStart[i]!; e < readerStart[i + 1]!; e++)
			if (--pending[reader[e]!]! === 0) ready.push(reader[e]!);
	};
	for (let i = ready.pop(); i !== undefined; i = ready.pop()) visit(i);
	for (let i = 0; i < nodes.length; i++) if (!done[i]) order.push(nodes[i]!);
	return order;
}
