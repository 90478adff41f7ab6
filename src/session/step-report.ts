/** What a step did, as data and as a few lines for the eye. */
import type { Graph } from '../graph/graph.ts';
import { humanBytes, humanChange, humanCount } from '../inspect/humanize.ts';
import type { Skip, Transform } from '../transforms/define.ts';
import type { Invocation } from '../transforms/language.ts';
import type { StepResult } from '../transforms/run.ts';
import type { Answer, Line, Span } from './answer.ts';
import { span, text } from './answer.ts';
import { formatDelta, formatMilliseconds, plural } from './figures.ts';
import { type GraphSize, sizeOf } from './status.ts';

export interface StepData {
	readonly transform: string;
	readonly arguments: Readonly<Record<string, readonly string[]>>;
	/** The step's number; for a preview the one that it would get. */
	readonly step: number;
	readonly before: GraphSize;
	readonly after: GraphSize;
	readonly added: readonly string[];
	readonly removed: readonly string[];
	readonly changed: readonly string[];
	/** The same nodes in another order. */
	readonly reordered: boolean;
	readonly skipped: readonly { readonly node: string; readonly reason: string; readonly hint?: string }[];
	readonly loss: Transform['loss'];
	readonly note: string;
	readonly warnings: readonly string[];
	readonly preview?: true;
}

export interface StepFacts {
	readonly transform: Transform;
	readonly invocation: Invocation;
	readonly before: Graph;
	readonly result: StepResult;
	readonly step: number;
	readonly ms: number;
	readonly preview: boolean;
	/** Names of the transforms that ran before it on its branch. */
	readonly ranBefore: ReadonlySet<string>;
}

/** The most skipped reasons, and nodes of one reason, that the lines show. */
const REASONS = 5;
const NODES = 3;

/** The answer for one step. */
export function stepAnswer(facts: StepFacts): Answer<StepData> {
	const data = stepData(facts);
	const quiet = isQuiet(data);
	const lines = [headline(facts, data, quiet), ...noteLines(facts, data, quiet), ...skipLines(data.skipped)];
	return { kind: 'step', data, blocks: [text(...lines)], next: suggestions(facts, data, quiet) };
}

/** The answer for a line of several transforms: one is answered as itself. */
export function stepsAnswer(answers: readonly Answer<StepData>[]): Answer {
	if (answers.length === 1) return answers[0]!;
	const next = [...new Set(answers.flatMap((answer) => answer.next ?? []))].slice(0, 3);
	return {
		kind: 'step',
		data: { steps: answers.map((answer) => answer.data) },
		blocks: [
			text(...answers.flatMap((answer) => answer.blocks.flatMap((b) => (b.type === 'text' ? b.lines : [])))),
		],
		next,
	};
}

function stepData(facts: StepFacts): StepData {
	const { transform, invocation, before, result } = facts;
	const { added, removed, changed } = result.changes;
	const warnings = [...result.warnings];
	if (result.ignored) warnings.push(`stopped and ignored (ignore_errors): ${result.ignored.message}`);
	const data = {
		transform: transform.name,
		arguments: Object.fromEntries(invocation.params),
		step: facts.step,
		before: sizeOf(before),
		after: sizeOf(result.graph),
		added,
		removed,
		changed,
		reordered: added.length + removed.length === 0 && isReordered(before, result.graph),
		skipped: result.skipped.map(({ node, reason, hint }) => ({ node, reason, ...(hint ? { hint } : {}) })),
		loss: transform.loss,
		note: result.notes.join('; '),
		warnings,
		...(facts.preview ? { preview: true as const } : {}),
	};
	if (data.note !== '' || !isQuiet(data)) return data;
	return { ...data, note: quietNote(result.skipped) };
}

function quietNote(skipped: readonly Skip[]): string {
	if (skipped.length > 0) return `nothing changed: ${plural(skipped.length, 'place')} left alone`;
	return 'nothing changed: the graph has no place that it looks for';
}

function isQuiet(data: Pick<StepData, 'added' | 'removed' | 'changed' | 'reordered'>): boolean {
	return data.added.length + data.removed.length + data.changed.length === 0 && !data.reordered;
}

function isReordered(before: Graph, after: Graph): boolean {
	return before.nodes.some((node, i) => node.name !== after.nodes[i]?.name);
}

/** `#3 ✓ 244 → 194 nodes  −50 Identity  1.91 → 1.90 MiB  2 ms` */
function headline(facts: StepFacts, data: StepData, quiet: boolean): Line {
	const { before, after } = data;
	const mark = facts.result.ignored ? span('!', 'warn') : quiet ? span('·', 'dim') : span('✓', 'good');
	const line: Span[] = [facts.preview ? span('would: ', 'strong') : span(`#${data.step} `, 'strong')];
	if (!facts.preview) line.push(mark, span(' '));
	if (quiet) line.push(span(`${facts.transform.name}: ${data.note}`));
	else {
		line.push(
			span(
				arrow(
					before.nodes,
					after.nodes,
					String,
					before.nodes === 1 && after.nodes === 1 ? ' node' : ' nodes',
				),
			),
		);
		const ops = opChanges(facts, data);
		if (ops.length > 0) line.push(span('  '), ...ops);
		if (before.bytes !== after.bytes) {
			line.push(span(`  ${byteArrow(before.bytes, after.bytes, facts.preview)}`));
		}
		if (data.loss !== 'exact') line.push(span('  '), span(data.loss, data.loss));
	}
	line.push(span(`  ${formatMilliseconds(facts.ms)}`, 'dim'));
	return line;
}

function arrow(before: number, after: number, format: (n: number) => string, unit: string): string {
	return before === after ? `${format(after)}${unit}` : `${format(before)} → ${format(after)}${unit}`;
}

/**
 * `1.91 → 1.90 MiB`, the unit once where both have it; `1.91 MiB (−5.37 KiB)` where both look the same.
 * @param percent adds the change in percent.
 */
function byteArrow(before: number, after: number, percent: boolean): string {
	const [old, oldUnit] = humanBytes(before).split(' ') as [string, string];
	const [size, unit] = humanBytes(after).split(' ') as [string, string];
	const share = percent ? ` (${humanChange(before, after)})` : '';
	if (oldUnit !== unit) return `${old} ${oldUnit} → ${size} ${unit}${share}`;
	if (old !== size) return `${old} → ${size} ${unit}${share}`;
	return `${size} ${unit}${share || ` (${formatDelta(after - before, humanBytes)})`}`;
}

/** `−50 Identity`, `+12 Dequantize`, `3 changed`, the largest first; the rest summed up. */
function opChanges(facts: StepFacts, data: StepData): Span[] {
	const counts = new Map<string, number>();
	const count = (op: string | undefined, by: number): void => {
		if (op !== undefined) counts.set(op, (counts.get(op) ?? 0) + by);
	};
	for (const name of data.added) count(facts.result.graph.node(name)?.op, 1);
	for (const name of data.removed) count(facts.before.node(name)?.op, -1);
	const sorted = [...counts].filter(([, n]) => n !== 0).sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]));
	const spans: Span[] = sorted.slice(0, 4).map(([op, n]) => {
		const sign = n < 0 ? `−${-n}` : `+${n}`;
		return span(`${sign} ${op}`, n < 0 ? 'removed' : 'added');
	});
	if (sorted.length > 4) spans.push(span(`and ${plural(sorted.length - 4, 'op type')} more`, 'dim'));
	const swapped = Math.min(data.added.length, data.removed.length);
	if (sorted.length === 0 && swapped > 0) spans.push(span(`${humanCount(swapped)} renamed`, 'changed'));
	if (data.changed.length > 0) spans.push(span(`${humanCount(data.changed.length)} changed`, 'changed'));
	if (data.reordered) spans.push(span('reordered', 'changed'));
	return spans.flatMap((piece, i) => (i === 0 ? [piece] : [span(', '), piece]));
}

function noteLines(facts: StepFacts, data: StepData, quiet: boolean): Line[] {
	const lines: Line[] = data.warnings.map((warning) => [span('   ! ', 'warn'), span(warning, 'warn')]);
	if (!quiet) lines.push(...facts.result.notes.map((note): Line => [span(`   ${note}`, 'dim')]));
	const before = quiet ? missingBefore(facts) : [];
	if (before.length > 0) lines.push([span(`   usually run after ${before.join(', ')}`, 'dim')]);
	return lines;
}

function missingBefore(facts: StepFacts): string[] {
	return (facts.transform.after ?? []).filter((name) => !facts.ranBefore.has(name));
}

function skipLines(skipped: StepData['skipped']): Line[] {
	const groups = new Map<string, { nodes: string[]; hint: string | undefined }>();
	for (const { node, reason, hint } of skipped) {
		const group = groups.get(reason);
		if (group) group.nodes.push(node);
		else groups.set(reason, { nodes: [node], hint });
	}
	const lines = [...groups].slice(0, REASONS).map(([reason, { nodes, hint }]): Line => {
		const more = nodes.length > NODES ? ` and ${nodes.length - NODES} more` : '';
		const line = [
			span('   left '),
			span(nodes.slice(0, NODES).join(', '), 'name'),
			span(`${more}: ${reason}`),
		];
		return hint ? [...line, span(`  → ${hint}`, 'dim')] : line;
	});
	if (groups.size > REASONS) lines.push([span(`   and ${groups.size - REASONS} more reasons`, 'dim')]);
	return lines;
}

function suggestions(facts: StepFacts, data: StepData, quiet: boolean): string[] {
	if (facts.preview) return [];
	const next = [...new Set(data.skipped.flatMap((skip) => skip.hint ?? []))];
	if (quiet) next.push(...missingBefore(facts));
	else next.push(...(data.loss === 'exact' ? ['diff'] : ['verify', 'diff']));
	next.push('undo');
	return next.slice(0, 3);
}
