/** Matrix products on the engine: rows by their addresses, the right matrix in panels. */
import { WhittleError } from '../../graph/error.ts';
import type { Engine } from '../engine/engine.ts';
import type { Epilogue, Workspace } from '../engine/workspace.ts';

/** Bytes of left rows that are worked on at once: they stay in the second-level cache. */
const CHUNK = 192 * 1024;

/** The left matrix: `rows` rows of `taps` runs of `run` floats, by a table of addresses. */
export interface LeftRows {
	readonly table: number;
	readonly rows: number;
	readonly taps: number;
	readonly run: number;
}

/** Where results go: `columns` of them in each row, rows `stride` floats apart. */
export interface ProductTarget {
	readonly out: number;
	readonly columns: number;
	readonly stride: number;
}

function panelBytes(depth: number, columns: number): number {
	return Math.ceil(columns / 8) * depth * 32;
}

/** Strides of the right matrix: a row-major one has [columns, 1], its transpose [1, depth]. */
export interface MatrixLayout {
	/** Where it begins in the array, in floats. */
	readonly start: number;
	readonly rowStride: number;
	readonly columnStride: number;
}

/** The right matrix [depth, columns] as panels; the caller frees them. An array outside the engine is not copied in. */
export function packMatrix(
	engine: Engine,
	source: Float32Array<ArrayBufferLike>,
	depth: number,
	columns: number,
	{ start, rowStride, columnStride }: MatrixLayout,
): number {
	const panels = engine.allocate(panelBytes(depth, columns));
	if (engine.owns(source) && source.length > 0) {
		const address = source.byteOffset + start * 4;
		engine.primitives.pack(address, depth, columns, rowStride, columnStride, panels);
		return panels;
	}
	const out = engine.view(panels, panelBytes(depth, columns) / 4);
	let to = 0;
	for (let column = 0; column < columns; column += 8) {
		const width = Math.min(8, columns - column);
		for (let k = 0; k < depth; k++, to += 8) {
			const from = start + k * rowStride + column * columnStride;
			for (let i = 0; i < width; i++) out[to + i] = source[from + i * columnStride]!;
			for (let i = width; i < 8; i++) out[to + i] = 0;
		}
	}
	return panels;
}

/** A table for rows that lie one after the other, `stride` floats apart; the caller frees it. */
export function rowTable(engine: Engine, base: number, rows: number, stride: number): number {
	const blocks = Math.ceil(rows / 4);
	const table = engine.allocate(blocks * 16);
	const words = engine.words(table, blocks * 4);
	for (let i = 0; i < words.length; i++) words[i] = base + Math.min(i, rows - 1) * stride * 4;
	return table;
}

/** Values of channels padded to whole panels, or address 0. The caller frees it. */
function placeChannels(
	engine: Engine,
	values: Float32Array<ArrayBufferLike> | undefined,
	columns: number,
	from: number,
): number {
	if (!values) return 0;
	if (values.length < from + columns)
		throw new WhittleError('evaluate', `${values.length} values do not fit ${from + columns} channels`);
	const padded = Math.ceil(columns / 8) * 8;
	const address = engine.allocate(padded * 4);
	const view = engine.view(address, padded);
	view.fill(0);
	view.set(values.subarray(from, from + columns));
	return address;
}

export function runProduct(
	engine: Engine,
	left: LeftRows,
	panels: number,
	target: ProductTarget,
	epilogue: Epilogue,
	channelsFrom = 0,
): void {
	const { table, rows, taps, run } = left;
	if (rows === 0 || target.columns === 0) return;
	const channels = [epilogue.addend, epilogue.center, epilogue.factor, epilogue.bias].map((values) =>
		placeChannels(engine, values, target.columns, channelsFrom),
	);
	const [addend, center, factor, bias] = channels as [number, number, number, number];
	const blocks = Math.ceil(rows / 4);
	engine.primitives.product(
		table,
		rows,
		taps,
		run,
		panels,
		target.columns,
		target.out,
		target.stride,
		addend,
		center,
		factor,
		bias,
		epilogue.low,
		epilogue.high,
		0,
		blocks,
		0,
		Math.ceil(target.columns / 8),
		Math.max(1, Math.floor(CHUNK / Math.max(1, taps * run * 16))),
		engine.scratch,
	);
	for (const address of channels) if (address !== 0) engine.free(address);
}

/** Panels of a constant right matrix are kept for the next run; others are freed by `done`. */
export function panelsOf(
	workspace: Workspace,
	input: number,
	key: string,
	make: () => number,
): { readonly panels: number; done(): void } {
	if (workspace.constantInputs.has(input)) {
		return { panels: workspace.kept(key, 0, make), done: () => undefined };
	}
	const panels = make();
	return { panels, done: () => workspace.engine.free(panels) };
}
