/**
 * The inner loops of heavy kernels, over one memory: addresses are bytes, sizes are floats. `assembly/kernels.ts`
 * has what each does; WebAssembly and plain TypeScript give the same bits.
 */
export interface Primitives {
	product(
		table: number,
		rows: number,
		taps: number,
		run: number,
		panels: number,
		columns: number,
		out: number,
		outStride: number,
		addend: number,
		center: number,
		factor: number,
		bias: number,
		low: number,
		high: number,
		first: number,
		last: number,
		firstPanel: number,
		lastPanel: number,
		blocksAtOnce: number,
		scratch: number,
	): void;
	pack(
		source: number,
		depth: number,
		columns: number,
		rowStride: number,
		columnStride: number,
		panels: number,
	): void;
	depthwise(
		table: number,
		first: number,
		last: number,
		taps: number,
		channels: number,
		filter: number,
		out: number,
		addend: number,
		center: number,
		factor: number,
		bias: number,
		low: number,
		high: number,
	): void;
	pool(
		table: number,
		first: number,
		last: number,
		taps: number,
		channels: number,
		mean: number,
		out: number,
	): void;
	affine(
		x: number,
		center: number,
		factor: number,
		offset: number,
		out: number,
		pixels: number,
		channels: number,
		low: number,
		high: number,
	): void;
	combine(
		operation: number,
		x: number,
		y: number,
		out: number,
		elements: number,
		period: number,
		low: number,
		high: number,
	): void;
	curve(which: number, x: number, out: number, first: number, last: number): void;
	softmax(x: number, out: number, rows: number, size: number): void;
	clamp(x: number, out: number, elements: number, low: number, high: number): void;
}
