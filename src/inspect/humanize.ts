/** Numbers for the eye. */
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

const byteUnits = ['KiB', 'MiB', 'GiB', 'TiB'];

/** `812 B`, `1.91 MiB`. */
export function humanBytes(bytes: number): string {
	let rest = Math.abs(bytes);
	if (rest < 1024) return `${bytes} B`;
	let unit = -1;
	// 1023.996 KiB would read 1024.00 KiB: it is one MiB.
	while (rest >= 1023.995 && unit < byteUnits.length - 1) {
		rest /= 1024;
		unit++;
	}
	return `${bytes < 0 ? '-' : ''}${rest.toFixed(2)} ${byteUnits[unit]}`;
}

/** A change in percent: `−73 %`, `+0.4 %`, `=`. */
export function humanChange(before: number, after: number): string {
	if (before === after) return '=';
	if (before === 0) return `+${after}`;
	const percent = ((after - before) / before) * 100;
	const size = Math.abs(percent);
	const digits = size < 1 ? Number(size.toPrecision(1)) : Math.round(size);
	return `${percent < 0 ? '−' : '+'}${digits} %`;
}
