/** Numbers in the sentences of answers; counts and bytes are `inspect/humanize.ts`. */
import { humanCount } from '../inspect/humanize.ts';

/** Four significant digits: `0.0031`, `3.10e-7`, `12.4`, `inf`. */
export function formatNumber(n: number): string {
	if (!Number.isFinite(n)) return String(n).replace('Infinity', 'inf');
	if (Number.isInteger(n) && Math.abs(n) < 1e6) return String(n);
	const size = Math.abs(n);
	return size >= 1e6 || size < 1e-3 ? n.toExponential(2) : String(Number(n.toPrecision(4)));
}

/** `12.4 %` of a share between 0 and 1. */
export function formatPercent(share: number): string {
	return `${(share * 100).toFixed(1)} %`;
}

/** `−50`, `+3`, `=`. */
export function formatDelta(delta: number, format: (n: number) => string = humanCount): string {
	if (delta === 0) return '=';
	return delta > 0 ? `+${format(delta)}` : `−${format(-delta)}`;
}

/** `1 node`, `2 nodes`. */
export function plural(n: number, noun: string, many = `${noun}s`): string {
	return `${n} ${n === 1 ? noun : many}`;
}

/** `<1 ms`, `2 ms`, `1.34 s`, `2 min 5 s`. */
export function formatMilliseconds(ms: number): string {
	if (ms < 0.95) return '<1 ms';
	if (ms < 999.5) return `${Math.round(ms)} ms`;
	if (ms < 60_000) return `${(ms / 1000).toFixed(2)} s`;
	return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}
