/**
 *   before   y = Relu(x, ^assert)                after   y = Relu(x)
 *            assert = Assert(cond, x)
 *            save = SaveV2(…), init = NoOp(^w/Assign), loss_summary = ScalarSummary(…)
 */
import type { Graph } from '../graph/graph.ts';
import { isControl, sourceOf } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';
import { stage } from '../graph/progress.ts';
import { defineTransform } from './define.ts';

/** Ops that only training, saving, initializing and checking need. */
const TRAINING =
	/^(Save|SaveV2|SaveSlices|Restore|RestoreV2|RestoreSlice|MergeV2Checkpoints|ShardedFilename|ShardedFilespec|.*Summary(V2)?|WriteSummary|Assert|Print|PrintV2|Assign(Add|Sub)?(VariableOp)?|VarIsInitializedOp|IsVariableInitialized|(Resource)?(Sparse)?Apply.*|Scatter(Add|Sub|Update|Mul|Div|Min|Max)|ResourceScatter.*|CheckNumerics|InitializeTable(V2|FromTextFile|FromTextFileV2)?)$/;

/** Those that make no difference to what a reader of data gets, so that a control edge from them may go. */
const CHECKS = /^(Assert|Print|PrintV2|.*Summary(V2)?|WriteSummary)$/;

export default defineTransform({
	name: 'remove_training_nodes',
	summary: 'remove savers, summaries, initializers, assertions and optimizer slots that no output needs',
	details:
		'What an output needs stays, whatever it is. Control edges from assertions, prints and summaries are cut first, so that an ' +
		'assertion is no reason to stay. A node goes when it is of a training kind, when it reads one that goes, or when ' +
		'only such nodes read it. Set the outputs first: `outputs NAME …`.',
	origin: 'whittle',
	loss: 'exact',
	picture:
		'before   y = Relu(x, ^assert)   assert = Assert(cond, x)   save = SaveV2(…)\nafter    y = Relu(x)',
	params: {},
	examples: ['remove_training_nodes'],
	seeAlso: ['strip_unused_nodes', 'freeze_input'],

	*apply({ graph, inputs, outputs, report }) {
		if (outputs.length === 0) {
			report.note('no outputs are set, so nothing can be told apart from training: outputs NAME …');
			return graph;
		}
		const checks = new Set(graph.nodes.filter((node) => CHECKS.test(node.op)).map((node) => node.name));
		const uncoupled = cutControl(graph, checks);
		yield* stage(uncoupled.indexed(), 0.2, 0.5);
		const needed = neededBy(uncoupled, [...inputs, ...outputs].map(sourceOf));
		yield { done: 0.7, total: 1 };
		const gone = trainingNodes(uncoupled, needed);
		for (const node of uncoupled.nodes) {
			if (needed.has(node.name) && TRAINING.test(node.op))
				report.skip(node.name, `an output needs this ${node.op}`);
		}
		if (gone.size === 0)
			report.note('no saver, summary, initializer, assertion or optimizer node is left that no output needs');
		return graph.with(uncoupled.nodes.filter((node) => !gone.has(node.name)));
	},
});

function cutControl(graph: Graph, from: ReadonlySet<string>): Graph {
	if (from.size === 0) return graph;
	return graph.with(
		graph.nodes.map((node) => {
			const inputs = node.inputs.filter((input) => !(isControl(input) && from.has(sourceOf(input))));
			return inputs.length === node.inputs.length ? node : node.with({ inputs });
		}),
	);
}

/** Everything that the named nodes read, directly or not, and they themselves. */
function neededBy(graph: Graph, names: readonly string[]): Set<string> {
	const needed = new Set<string>();
	const pending = names.filter((name) => graph.has(name));
	for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
		if (needed.has(name)) continue;
		needed.add(name);
		for (const source of graph.node(name)?.sources ?? []) if (!needed.has(source)) pending.push(source);
	}
	return needed;
}

function trainingNodes(graph: Graph, needed: ReadonlySet<string>): Set<string> {
	const gone = new Set<string>();
	const pending: Node[] = graph.nodes.filter((node) => TRAINING.test(node.op) && !needed.has(node.name));
	const { inputStart, inputSource, readerStart, reader } = graph.topology;
	const left = new Int32Array(graph.nodes.length);
	for (let i = 0; i < left.length; i++) left[i] = readerStart[i + 1]! - readerStart[i]!;
	for (let node = pending.pop(); node; node = pending.pop()) {
		if (gone.has(node.name)) continue;
		gone.add(node.name);
		const at = graph.position.get(node.name)!;
		// What reads it goes with it: it cannot run any more, and no output needs it.
		for (let e = readerStart[at]!; e < readerStart[at + 1]!; e++) pending.push(graph.nodes[reader[e]!]!);
		// What it alone read goes too: slots, checkpoint names, initial values.
		for (let e = inputStart[at]!; e < inputStart[at + 1]!; e++) {
			const source = inputSource[e]!;
			if (source < 0 || --left[source]! > 0) continue;
			const feeding = graph.nodes[source]!;
			if (!needed.has(feeding.name) && !feeding.op.startsWith('Placeholder')) pending.push(feeding);
		}
	}
	return gone;
}
