/**
 *   before   w = VarHandleOp() {shared_name: "w"}         after   w = Const() {value: float[3,3] …}
 *            y = StatefulPartitionedCall(x, w) {f: model}         y/m/read = Identity(w)
 *            save = SaveV2(…)                                     y/m = MatMul(x, y/m/read)
 *                                                                 y = Identity(y/m)
 */

import { type FileSource, wholeFiles } from '../formats/file-source.ts';
import { openCheckpoint } from '../formats/open-checkpoint.ts';
import { addObjectGraphKeys, variableKeys } from '../formats/variable-keys.ts';
import { WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import type { ModelContext } from '../graph/model-context.ts';
import { isControl, sourceOf } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';
import { isTurn, stage, type Work } from '../graph/progress.ts';
import { dataOrder } from './data-order.ts';
import { defineTransform } from './define.ts';
import { FunctionFreezer } from './frozen-functions.ts';
import { freezeTables } from './frozen-tables.ts';
import { type FrozenTensors, readFrozen, VARIABLES, WRITES } from './frozen-variables.ts';
import { inlineBodies } from './inline-bodies.ts';
import { inlineGraph } from './inline-functions.ts';
import { neededNodes } from './needed-nodes.ts';
import { bool, string } from './parameters.ts';
import { variableConstant, variableDtype } from './variable-constants.ts';

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
			frozen.set(node.name, variableDtype(node));
			constants.set(node.name, variableConstant(node, context));
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

/** Everything that reads a handle, in the order of data. */
function* readAll(graph: Graph, constants: ReadonlyMap<string, Node>, frozen: FrozenTensors): Work<Graph> {
	const replaced = new Map<string, readonly Node[]>();
	const functions = new FunctionFreezer(graph);
	let done = 0;
	const order = dataOrder(graph);
	for (const node of [...order.nodes, ...order.cyclic]) {
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
