/**
 *   before   r = Identity(w), y = Gather(r, ids)                 w: float[N,1], nearly all zeros
 *   after    w/HashTable, initialized by group_deps from w/indices and w/values
 *            y/LookupTableFind = LookupTableFind(w/HashTable, ids, y/Const), y = ExpandDims(y/LookupTableFind, …)
 */
import type { Graph } from '../graph/graph.ts';
import { Node } from '../graph/node.ts';
import { isTurn, stage, type Work } from '../graph/progress.ts';
import { defineTransform } from './define.ts';
import { keepNodes } from './keep-nodes.ts';
import { reportMisses } from './near-miss.ts';
import { string } from './parameters.ts';
import { type Pattern, parsePattern } from './pattern.ts';
import { ReferenceCounts } from './reference-counts.ts';
import { type Replaced, replaceMatches } from './replace-matches.ts';
import { lookupNodes, sparseTable, TableSource } from './sparse-table.ts';
import { UnusedNodes } from './unused-nodes.ts';

const GATHER = parsePattern(`
Gather                           gather
  Identity                       identity
    Const|Variable|VariableV2    table
  *                              ids`);

const GATHER_V2 = parsePattern(`
GatherV2                         gather
  Identity                       identity
    Const|Variable|VariableV2    table
  *                              ids
  Const                          axis`);

export default defineTransform({
	name: 'sparsify_gather',
	summary: 'look up mostly zero weights in a hash table instead of gathering from all of them',
	details:
		'A Gather from a float table of shape [N, 1] becomes a lookup in a table of the values that are not about zero. ' +
		'Whoever runs the graph must run the NoOp group_deps once before. The table may be a variable whose value lies ' +
		'in a checkpoint. Other readers of the table lose that input, as with the C++ tool; _output_shapes is cleared.',
	origin: 'tensorflow',
	loss: 'lossy',
	picture:
		'before   r = Identity(w), y = Gather(r, ids)\n' +
		'after    f = LookupTableFind(w/HashTable, ids, zero), y = ExpandDims(f, -1)\n' +
		'         w/InitializeTable(w/HashTable, w/indices, w/values), group_deps = NoOp(^w/InitializeTable)',
	params: {
		group_init_node: string('the NoOp that initializes the tables', {
			default: 'group_deps',
			subject: 'node',
		}),
		input_checkpoint: string('the checkpoint with the values of variables: its path without .index', {
			subject: 'file',
		}),
	},
	examples: ['sparsify_gather', 'sparsify_gather(group_init_node=init_tables)'],
	idempotent: false,

	*apply(context) {
		const { graph, given, report } = context;
		const groupNode = given.get('group_init_node')?.[0] ?? 'group_deps';
		const nodes: Node[] = [];
		for (let i = 0; i < graph.nodes.length; i++) {
			if (isTurn(i)) yield { done: i, total: graph.nodes.length };
			nodes.push(graph.nodes[i]!.withoutAttr('_output_shapes'));
		}
		const clean = keepNodes(graph, nodes);
		const tables = new TableSource(clean, given.get('input_checkpoint')?.[0], context.readFile);
		const ends = [...context.outputs, ...context.inputs];
		let current = clean;
		let gathers = 0;
		const last: Replaced[] = [];
		for (const pattern of [GATHER, GATHER_V2]) {
			const outcome = yield* sparsifyAll(current, pattern, { tables, ends, groupNode });
			current = outcome.graph;
			gathers += outcome.gathers;
			last.push(outcome.last);
		}
		yield* reportMisses(
			{ graph: current, patterns: [GATHER, GATHER_V2], last, again: 'sparsify_gather' },
			report,
		);
		report.note(
			gathers === 0
				? 'no Gather reads a constant or variable through an Identity'
				: `${gathers} lookup${gathers === 1 ? '' : 's'}; run \`${groupNode}\` once before the graph`,
		);
		return current;
	},
});

interface Setting {
	readonly tables: TableSource;
	/** Outputs and inputs, which stay. */
	readonly ends: readonly string[];
	readonly groupNode: string;
}

/** Round after round: gathers that share their ids match one at a time. */
function* sparsifyAll(
	start: Graph,
	pattern: Pattern,
	setting: Setting,
): Work<{ graph: Graph; gathers: number; last: Replaced }> {
	const counts = yield* stage(ReferenceCounts.of(start.nodes), 0, 0.1);
	let graph = start;
	for (let gathers = 0; ; ) {
		const removed: string[] = [];
		const initializers: string[] = [];
		const pass = yield* replaceMatches(
			graph,
			pattern,
			(match) => {
				const fresh = lookupNodes(match.head, sparseTable(match, setting.tables));
				const [table, identity] = [match.node('table'), match.node('identity')];
				removed.push(table.name, identity.name);
				for (const input of identity.inputs) counts.add(input, -1);
				for (const node of fresh) for (const input of node.inputs) counts.add(input, 1);
				initializers.push(`${table.name}/InitializeTable`);
				return [match.node('ids'), ...fresh];
			},
			{ allowInconsistencies: true },
		);
		const nodes = withInitializers(pass.graph.nodes, setting.groupNode, initializers);
		for (const name of initializers) counts.add(name, 1);
		for (const name of setting.ends) counts.delete(name);
		for (const input of counts.zeros()) removed.push(input);
		const unused = yield* stage(UnusedNodes.of(nodes, counts), 0.8, 0.9);
		graph = keepNodes(graph, unused.remove(removed));
		gathers += pass.matches.length;
		if (pass.matches.length === 0) return { graph, gathers, last: pass };
	}
}

/** The NoOp that runs all initializers is there in any case, as with the C++ tool. */
function withInitializers(nodes: readonly Node[], name: string, initializers: readonly string[]): Node[] {
	const result = [...nodes];
	let at = result.findIndex((node) => node.name === name && node.op === 'NoOp');
	if (at < 0) at = result.push(Node.of({ name, op: 'NoOp' })) - 1;
	const group = result[at]!;
	const controls = initializers.map((initializer) => `^${initializer}`);
	if (controls.length > 0) result[at] = group.with({ inputs: [...group.inputs, ...controls] });
	return result;
}
