import type { Graph } from '../graph/graph.ts';
import { noSuchNode } from '../graph/suggest.ts';
import { type Answer, type Column, type Line, span, text } from '../session/answer.ts';
import { plural } from '../session/figures.ts';
import { transformByName } from '../transforms/index.ts';
import type { StepResult } from '../transforms/run.ts';
import { computeTransforms } from './apply.ts';
import { line } from './arguments.ts';
import { defineCommand } from './define.ts';
import { readTransforms } from './read-transforms.ts';

const columns: readonly Column[] = [
	{ name: 'node', tone: 'name', shrink: true },
	{ name: 'op', tone: 'op' },
	{ name: 'reason' },
	{ name: 'hint' },
];

export default defineCommand({
	name: 'why',
	group: 'change',
	summary: 'why a transform leaves nodes alone: all near misses, or one node',
	details: 'Nothing is applied. A node named after the transform is asked about alone.',
	args: { question: line('a transform, then a node or none', { subject: 'transform' }) },
	examples: ['why fold_batch_norms', 'why remove_nodes(op=Identity) pnet/prob1'],
	scripted: 'asked',

	async run(session, { question }, context): Promise<Answer> {
		const { transform, node } = split(question);
		const [invocation] = readTransforms(transform, Math.max(0, context.line.indexOf(question)));
		const { work } = await computeTransforms(session, [invocation!], context);
		const { result } = work[0]!;
		if (node !== undefined) return aboutNode(session.graph, invocation!.name, result, node);
		const skipped = result.skipped.map((skip) => ({
			node: skip.node,
			op: session.graph.node(skip.node)?.op ?? null,
			reason: skip.reason,
			hint: skip.hint ?? null,
		}));
		const rows = skipped.map((skip) => [skip.node, skip.op, skip.reason, skip.hint]);
		const summary = changeSentence(result);
		const notes = result.notes.map((note): Line => [span(note, 'dim')]);
		return {
			kind: 'table',
			data: {
				transform: invocation!.name,
				columns: columns.map((c) => c.name),
				rows: skipped,
				notes: result.notes,
			},
			blocks: [
				text(summary, ...notes),
				...(rows.length > 0 ? [{ type: 'table' as const, columns, rows }] : []),
			],
			next: [...new Set(result.skipped.flatMap((skip) => skip.hint ?? []))].slice(0, 3),
		};
	},
});

/** `fold_constants(…) NODE`: the node is what follows the transform. */
function split(question: string): { transform: string; node: string | undefined } {
	const found = /^(\w+\s*(?:\((?:"(?:\\.|[^"\\])*"|[^")])*\))?)\s*(.*)$/s.exec(question);
	const node = found?.[2]?.trim().replace(/^(["'])(.*)\1$/, '$2') ?? '';
	return { transform: found?.[1] ?? question, node: node === '' ? undefined : node };
}

function changeSentence(result: StepResult): string {
	const { added, removed, changed } = result.changes;
	const left = plural(result.skipped.length, 'near miss', 'near misses');
	if (added.length + removed.length + changed.length === 0) return `it would change nothing; ${left}`;
	return `it would add ${added.length}, remove ${removed.length} and change ${plural(changed.length, 'node')}; ${left}`;
}

function aboutNode(graph: Graph, name: string, result: StepResult, node: string): Answer {
	const found = graph.node(node);
	if (!found) {
		const error = noSuchNode(node, graph.position.keys());
		throw error.retold({ hint: error.hint ?? '`find` looks for nodes.' });
	}
	const skips = result.skipped.filter((skip) => skip.node === node);
	const fate = result.changes.removed.includes(node)
		? 'removed'
		: result.changes.changed.includes(node)
			? 'changed'
			: 'kept';
	const reasons = skips.map((skip): Line => {
		const hint = skip.hint ? `  → ${skip.hint}` : '';
		return `  ${skip.reason}${hint}`;
	});
	const what = fate === 'kept' ? `${name} leaves it as it is` : `it would be ${fate} by ${name}`;
	const picture = transformByName(name)?.picture;
	if (reasons.length === 0 && fate === 'kept') {
		reasons.push(`  it does not begin to look like what ${name} works on${picture ? ':' : ''}`);
		if (picture) reasons.push(...picture.split('\n').map((row) => `    ${row}`));
	}
	return {
		kind: 'text',
		data: { transform: name, node, op: found.op, fate, reasons: skips },
		blocks: [text([span(node, 'name'), span(` (${found.op}): ${what}`)], ...reasons)],
		next: skips.flatMap((skip) => skip.hint ?? []),
	};
}
