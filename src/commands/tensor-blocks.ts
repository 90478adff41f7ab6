/** A tensor's figures for the eye. */
import type { TensorStatistics } from '../inspect/tensor-statistics.ts';
import type { Block } from '../session/answer.ts';
import { formatNumber } from '../session/figures.ts';

/** `float[3,3,3,8] · −0.31 … 0.42 · mean 0.002 · std 0.11 · 3 zeros`. */
export function statisticsLine(statistics: TensorStatistics): string {
	const { dtype, shape, elements, min, max, mean, std, zeros, notFinite, problem } = statistics;
	const parts = [`${dtype}[${shape.join(',')}]`, `${elements} element${elements === 1 ? '' : 's'}`];
	if (problem) return `${parts[0]} · no values: ${problem}`;
	if (min !== null && max !== null)
		parts.push(min === max ? `all ${formatNumber(min)}` : `${formatNumber(min)} … ${formatNumber(max)}`);
	if (mean !== null && min !== max) parts.push(`mean ${formatNumber(mean)}`, `std ${formatNumber(std!)}`);
	if (zeros > 0) parts.push(`${zeros} zero${zeros === 1 ? '' : 's'}`);
	if (notFinite > 0) parts.push(`${notFinite} not finite`);
	return parts.join(' · ');
}

/** The histogram as bars; undefined without one. */
export function histogramBars(statistics: TensorStatistics): Block | undefined {
	if (statistics.histogram.length === 0) return undefined;
	return {
		type: 'bars',
		bars: statistics.histogram.map(({ from, to, count }) => ({
			label: `${formatNumber(from)} … ${formatNumber(to)}`,
			value: count,
			text: String(count),
		})),
	};
}
