/** The C++ tool's numbers for the eye; the shell's own are in `src/session/figures.ts`. */
import { formatFixed, formatGeneral } from '../graph/number-text.ts';

const units = ['k', 'M', 'B', 'T'];

/** The C++ tool's HumanReadableNum: `999`, `1.00k`, `495.86k`, `23.85M` (spec: core-and-rewiring 7.4). */
export function humanCount(count: number): string {
	if (count < 0) return `-${humanCount(-count)}`;
	if (count < 1000) return String(count);
	if (count >= 1e15) return formatGeneral(count, 3).toUpperCase();
	let rest = count;
	let unit = 0;
	for (; rest >= 1e6; unit++) rest = Math.floor(rest / 1000);
	return `${formatFixed(rest / 1000, 2)}${units[unit]}`;
}
