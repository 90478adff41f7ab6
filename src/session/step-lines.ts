/** The lines that tell a person what a step did. */
import { humanBytes, humanChange, humanCount } from '../inspect/humanize.ts';
import { type Line, type Span, span } from './answer.ts';
import { formatDelta, formatMilliseconds, plural } from './figures.ts';
import type { StepData, StepFacts } from './step-data.ts';

/** The most reasons of skipped nodes, nodes of one reason, and op types that are shown. */
const REASONS = 5;
const NODES = 3;
const OPS = 4;

/** @param quiet nothing changed. */
export function stepLines(facts: StepFacts, data: StepData, quiet: boolean): Line[] {
	return [headline(facts, data, quiet), ...noteLines(facts, data, quiet), ...skipLines(data.skipped)];
}

/** `#3 ✓ 244 → 194 nodes  −50 Identity  1.91 → 1.90 MiB  2 ms` */
function headline(facts: StepFacts, data: StepData, quiet: boolean): Line {
	const { before, after } = data;
	const mark = facts.result.ignored ? span('!', 'warn') : quiet ? span('·', 'dim') : span('✓', 'good');
	const line: Span[] = [facts.preview ? span('would: ', 'strong') : span(`#${data.step} `, 'strong')];
	if (!facts.preview) line.push(mark, span(' '));
	if (quiet) line.push(span(`${facts.transform.name}: ${data.note}`));
	else {
		const from = before.nodes === after.nodes ? '' : `${before.nodes} → `;
		line.push(span(from + plural(after.nodes, 'node')));
		const ops = opChanges(facts, data);
		if (ops.length > 0) line.push(span('  '), ...ops);
		if (before.bytes !== after.bytes)
			line.push(span(`  ${byteArrow(before.bytes, after.bytes, facts.preview)}`));
		if (data.loss !== 'exact') line.push(span('  '), span(data.loss, data.loss));
	}
	line.push(span(`  ${formatMilliseconds(facts.ms)}`, 'dim'));
	return line;
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
	const before = facts.before.byOp;
	const after = facts.result.graph.byOp;
	const sorted = [...new Set([...after.keys(), ...before.keys()])]
		.map((op) => [op, (after.get(op)?.length ?? 0) - (before.get(op)?.length ?? 0)] as const)
		.filter(([, n]) => n !== 0)
		.sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]));
	const spans: Span[] = sorted.slice(0, OPS).map(([op, n]) => {
		const sign = n < 0 ? `−${-n}` : `+${n}`;
		return span(`${sign} ${op}`, n < 0 ? 'removed' : 'added');
	});
	if (sorted.length > OPS) spans.push(span(`and ${plural(sorted.length - OPS, 'op type')} more`, 'dim'));
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

/** Transforms that should have run before it and have not. */
export function missingBefore(facts: StepFacts): string[] {
	return (facts.transform.after ?? []).filter((name) => !facts.ranBefore.has(name));
}

/** Names in a reason. */
const QUOTED = /`[^`]*`/g;

/** One line a reason. Reasons that differ only in the names that they quote are one, told without the names. */
function skipLines(skipped: StepData['skipped']): Line[] {
	const groups = new Map<string, { nodes: string[]; reason: string; hint: string | undefined }>();
	for (const { node, reason, hint } of skipped) {
		const nameless = reason.replace(QUOTED, '`…`');
		const group = groups.get(nameless);
		if (!group) groups.set(nameless, { nodes: [node], reason, hint });
		else {
			group.nodes.push(node);
			if (group.reason !== reason) group.reason = nameless;
		}
	}
	const lines = [...groups.values()].slice(0, REASONS).map(({ nodes, reason, hint }): Line => {
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
