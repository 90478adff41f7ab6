/** The status bar as a function of what is known and of the room there is. */
import stringWidth from 'string-width';
import { humanBytes, humanChange, humanCount } from '../inspect/humanize.ts';
import { plainLine, type Span, span } from '../session/answer.ts';
import { formatDelta } from '../session/figures.ts';
import type { Status } from '../session/status.ts';

interface Part {
	/** 0 stays always; the largest number goes first. */
	readonly rank: number;
	readonly spans: readonly Span[];
	/** Belongs to the part before it: no dot between them. */
	readonly joined?: boolean;
}

/**
 * ` #2/2 · 194 nodes (−50) · 495.86k params (=) · 1.90 MiB (−1 %) · 0.21 GFLOPs · 3 in · 7 out · unsaved`, as much
 * of it as fits. `N nodes` is always there.
 * @param extra what else is to be known, such as the outcome of a verify.
 */
export function statusLine(
	status: Status | undefined,
	width: number,
	extra: readonly Span[] = [],
): readonly Span[] {
	if (!status) return [span(' no model is open · open FILE', 'dim')];
	const parts = partsOf(status, extra);
	for (let rank = Math.max(...parts.map((part) => part.rank)); ; rank--) {
		const line = joinParts(parts.filter((part) => part.rank <= rank));
		if (rank <= 0 || stringWidth(plainLine(line)) <= width) return line;
	}
}

function partsOf(status: Status, extra: readonly Span[]): Part[] {
	const { opened } = status;
	const parts: Part[] = [
		{ rank: 2, spans: [span(`#${status.step}/${status.steps}`, 'strong')] },
		{ rank: 0, spans: [span(`${status.nodes} nodes`)] },
		delta(1, status.nodes - opened.nodes, formatDelta(status.nodes - opened.nodes, plainCount)),
		{ rank: 3, spans: [span(`${humanCount(status.params)} params`)] },
		delta(8, status.params - opened.params, formatDelta(status.params - opened.params)),
		{ rank: 4, spans: [span(humanBytes(status.bytes))] },
		delta(6, status.bytes - opened.bytes, humanChange(opened.bytes, status.bytes)),
	];
	if (status.flops !== undefined) {
		parts.push({ rank: 7, spans: [span(flopsText(status.flops))] });
		if (opened.flops !== undefined)
			parts.push(delta(9, status.flops - opened.flops, humanChange(opened.flops, status.flops)));
	}
	parts.push(
		{ rank: 5, spans: [span(`${status.inputs.length} in`)] },
		{ rank: 5, spans: [span(`${status.outputs.length} out`)] },
	);
	parts.push({ rank: 2, spans: [status.saved ? span('saved', 'dim') : span('unsaved', 'warn')] });
	if (extra.length > 0) parts.push({ rank: 3, spans: extra });
	return parts;
}

function delta(rank: number, change: number, text: string): Part {
	return {
		rank,
		joined: true,
		spans: [span(` (${text})`, change === 0 ? 'dim' : change < 0 ? 'good' : 'changed')],
	};
}

function plainCount(n: number): string {
	return String(n).replace('-', '−');
}

/** `0.21 GFLOPs`, `740 FLOPs`. */
export function flopsText(flops: number): string {
	const units = ['FLOPs', 'kFLOPs', 'MFLOPs', 'GFLOPs', 'TFLOPs'];
	let value = flops;
	let unit = 0;
	// From a tenth of the next unit on it reads better in that one.
	while (value >= 100 && unit < units.length - 1) {
		value /= 1000;
		unit++;
	}
	return unit === 0 ? `${value} FLOPs` : `${value.toFixed(2)} ${units[unit]}`;
}

function joinParts(parts: readonly Part[]): Span[] {
	const line: Span[] = [span(' ')];
	for (const [i, part] of parts.entries()) {
		if (i > 0 && !part.joined) line.push(span(' · ', 'dim'));
		line.push(...part.spans);
	}
	return line;
}
