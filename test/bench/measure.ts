/** Rows of the bench, and how a figure is taken. */

/** One figure of the table. */
export interface Row {
	readonly group: string;
	readonly what: string;
	readonly model: string;
	/** The median, in `unit`. */
	readonly value: number;
	readonly unit: 'ms' | 'MB' | '×';
	/** The slowest and the quickest repetition. */
	readonly spread: readonly [number, number];
	/** What it is held against in the same run, in the same unit. */
	readonly reference?: number | undefined;
	/** The most that it should be, where there is a target: of `reference` where there is a `×` in the target, else of its own unit. */
	readonly limit?: number;
	readonly limitOf: 'reference' | 'value';
	readonly note?: string;
}

/** `value` ÷ `reference`; undefined where there is nothing to compare with. */
export function ratioOf({ value, reference }: Row): number | undefined {
	return reference === undefined ? undefined : value / reference;
}

/** Whether a row meets its target; undefined where that cannot be told without the reference. */
export function meets(row: Row): boolean | undefined {
	const figure = row.limitOf === 'value' ? row.value : ratioOf(row);
	return figure === undefined || row.limit === undefined ? undefined : figure <= row.limit;
}

export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export function spreadOf(values: readonly number[]): [number, number] {
	return [Math.min(...values), Math.max(...values)];
}

/** `cpu`: time on all processors, which other programs on the machine disturb less than time on the wall. */
export type Clock = 'wall' | 'cpu';

/** Milliseconds that `work` takes. */
export async function timed(work: () => unknown, clock: Clock = 'wall'): Promise<number> {
	const cpu = process.cpuUsage();
	const started = performance.now();
	await work();
	if (clock === 'wall') return performance.now() - started;
	const { user, system } = process.cpuUsage(cpu);
	return (user + system) / 1000;
}

/** Takes out what earlier measurements left behind, so that they are not charged with it (node --expose-gc). */
export function collectGarbage(): void {
	(globalThis as { gc?: () => void }).gc?.();
}
