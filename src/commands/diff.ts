import type { Graph } from '../graph/graph.ts';
import { listAttr, listNode } from '../graph/listing.ts';
import type { Node } from '../graph/node.ts';
import { type ChangedNode, diffGraphs, type GraphDiff } from '../inspect/diff.ts';
import { type Block, type Line, span, text } from '../session/answer.ts';
import { formatNumber, plural } from '../session/figures.ts';
import type { Session } from '../session/session.ts';
import { count, option, optionalWord } from './arguments.ts';
import { defineCommand, type RunContext } from './define.ts';
import { runPausing } from './run-pausing.ts';

/** Lines of the detail; `--lines` gives more. */
const SHOWN = 60;

export default defineCommand({
	name: 'diff',
	group: 'look',
	summary: 'what differs between two steps, or from another file',
	details:
		'With no step: the graph as opened and the current one; with one: that one and the current one. Nodes are ' +
		'compared by name, then those that were only renamed are found by their structure. Constants are compared by value.',
	args: {
		from: optionalWord('a step, by number or label; 0 unless given', { subject: 'step' }),
		to: optionalWord('a step; the current one unless given', { subject: 'step' }),
		with: option('another model file, in place of steps', { subject: 'file' }),
		lines: count('lines of detail', { min: 1 }),
	},
	examples: ['diff', 'diff 1 2', 'diff --with other.pb'],
	scripted: 'asked',

	async run(session, args, context) {
		const { before, after, what } =
			args.with === undefined
				? sides(session, args.from, args.to)
				: await besideFile(session, args.with, context);
		const diff = diffGraphs(before, after);
		const total = diff.added.length + diff.removed.length + diff.changed.length + diff.renamed.length;
		const headline = `${what}: ${plural(diff.added.length, 'node')} added, ${diff.removed.length} removed, ${diff.changed.length} changed, ${diff.renamed.length} renamed`;
		const blocks: Block[] = [text(headline, ...extra(diff))];
		if (total > 0) {
			blocks.push(text(...byScope(diff)));
			blocks.push({ type: 'diff', lines: detail(diff, before, after, args.lines ?? SHOWN) });
		}
		return { kind: 'diff', data: diff, blocks, ...(total > 0 ? { next: ['diff --lines 500'] } : {}) };
	},
});

interface Sides {
	readonly before: Graph;
	readonly after: Graph;
	readonly what: string;
}

async function besideFile(session: Session, file: string, context: RunContext): Promise<Sides> {
	const other = await runPausing(session.host.reading(file), `read ${file}`, context);
	return { before: session.graph, after: other.graph, what: `this graph → ${file}` };
}

function sides(session: Session, from: string | undefined, to: string | undefined): Sides {
	const { history } = session;
	const first = from === undefined ? history.steps[0]! : history.find(from);
	const second = to === undefined ? history.current : history.find(to);
	return { before: first.graph, after: second.graph, what: `#${first.id} → #${second.id}` };
}

function extra(diff: GraphDiff): Line[] {
	const lines: Line[] = [];
	if (diff.reordered) lines.push('nodes stand in another order');
	const { added, removed, changed } = diff.functions;
	if (added.length + removed.length + changed.length > 0)
		lines.push(`functions: ${added.length} added, ${removed.length} removed, ${changed.length} changed`);
	return lines;
}

/** `pnet  −20 ~3`, most changes first. */
function byScope(diff: GraphDiff): Line[] {
	const scopes = new Map<string, [number, number, number]>();
	const tally = (name: string, kind: 0 | 1 | 2): void => {
		const slash = name.indexOf('/');
		const scope = slash < 0 ? '(top)' : name.slice(0, slash);
		const counts = scopes.get(scope) ?? [0, 0, 0];
		counts[kind]++;
		scopes.set(scope, counts);
	};
	for (const name of diff.added) tally(name, 0);
	for (const name of diff.removed) tally(name, 1);
	for (const { name } of diff.changed) tally(name, 2);
	for (const { to } of diff.renamed) tally(to, 2);
	const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
	return [...scopes]
		.sort((a, b) => sum(b[1]) - sum(a[1]))
		.slice(0, 10)
		.map(
			([scope, [added, removed, changed]]): Line => [
				span(`  ${scope}  `, 'name'),
				span(added > 0 ? `+${added} ` : '', 'added'),
				span(removed > 0 ? `−${removed} ` : '', 'removed'),
				span(changed > 0 ? `~${changed}` : '', 'changed'),
			],
		);
}

type DiffLine = Extract<Block, { type: 'diff' }>['lines'][number];

function detail(diff: GraphDiff, before: Graph, after: Graph, most: number): DiffLine[] {
	const lines: DiffLine[] = [];
	const list = (node: Node): Line => listNode(node);
	for (const { from, to } of diff.renamed) lines.push({ mark: '~', text: `${from} → ${to}` });
	for (const changed of diff.changed) if (lines.length <= most) lines.push(...changedLines(changed));
	for (const name of diff.removed)
		if (lines.length <= most) lines.push({ mark: '-', text: list(before.node(name)!) });
	for (const name of diff.added)
		if (lines.length <= most) lines.push({ mark: '+', text: list(after.node(name)!) });
	if (lines.length <= most) return lines;
	return [...lines.slice(0, most), { mark: ' ', text: [span('and more: diff --lines N', 'dim')] }];

	function changedLines({ name, changes }: ChangedNode): DiffLine[] {
		return changes.map(({ field, maxDifference }): DiffLine => {
			const [old, now] = [before.node(name)!, after.node(name)!];
			const value = (node: Node): string => {
				if (field === 'op' || field === 'device') return node[field];
				if (field === 'inputs') return `(${node.inputs.join(', ')})`;
				const attr = node.attr(field.slice(5));
				return attr ? listAttr(attr) : '–';
			};
			const most = maxDifference === undefined ? '' : `  largest difference ${formatNumber(maxDifference)}`;
			return { mark: '~', text: `${name} ${field}: ${value(old)} → ${value(now)}${most}` };
		});
	}
}
