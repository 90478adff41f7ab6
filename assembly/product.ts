/** Matrix products, and the panels of their right matrices. */
import { clamped } from './clamp';

/** Copies eight columns of a tile, or as many as there are. */
@inline
function storeRow(out: usize, left: v128, right: v128, columns: i32, scratch: usize): void {
	if (columns >= 8) {
		v128.store(out, left);
		v128.store(out, right, 16);
		return;
	}
	v128.store(scratch, left);
	v128.store(scratch, right, 16);
	for (let i = 0; i < columns; i++) store<f32>(out + (i << 2), load<f32>(scratch + (i << 2)));
}

/**
 * A matrix product in tiles of four rows and eight columns. The rows of the left matrix are `taps` runs of `run`
 * floats; `table` has their addresses, four rows together: [block][tap][row in block]. The right matrix lies in
 * panels of eight columns. Results go through ((x + addend) − center) × factor + bias where these are not 0, and are
 * clamped.
 * Computes blocks [first, last) of panels [firstPanel, lastPanel).
 */
export function product(
	table: usize,
	rows: i32,
	taps: i32,
	run: i32,
	panels: usize,
	columns: i32,
	out: usize,
	outStride: i32,
	addend: usize,
	center: usize,
	factor: usize,
	bias: usize,
	low: f32,
	high: f32,
	first: i32,
	last: i32,
	firstPanel: i32,
	lastPanel: i32,
	blocksAtOnce: i32,
	scratch: usize,
): void {
	const lows = f32x4.splat(low);
	const highs = f32x4.splat(high);
	const panelBytes = <usize>(taps * run) << 5;
	const outBytes = <usize>outStride << 2;
	for (let chunk = first; chunk < last; chunk += blocksAtOnce) {
		const chunkEnd = min<i32>(chunk + blocksAtOnce, last);
		for (let panel = firstPanel; panel < lastPanel; panel++) {
			const column = panel << 3;
			const width = columns - column;
			for (let block = chunk; block < chunkEnd; block++) {
				let c00 = f32x4.splat(0);
				let c01 = f32x4.splat(0);
				let c10 = f32x4.splat(0);
				let c11 = f32x4.splat(0);
				let c20 = f32x4.splat(0);
				let c21 = f32x4.splat(0);
				let c30 = f32x4.splat(0);
				let c31 = f32x4.splat(0);
				let b = panels + <usize>panel * panelBytes;
				let entry = table + ((<usize>(block * taps)) << 4);
				for (let tap = 0; tap < taps; tap++, entry += 16) {
					let a0 = <usize>load<u32>(entry);
					let a1 = <usize>load<u32>(entry, 4);
					let a2 = <usize>load<u32>(entry, 8);
					let a3 = <usize>load<u32>(entry, 12);
					const end = a0 + (<usize>run << 2);
					while (a0 < end) {
						const left = v128.load(b);
						const right = v128.load(b, 16);
						b += 32;
						let x = v128.load32_splat(a0);
						c00 = f32x4.add(c00, f32x4.mul(x, left));
						c01 = f32x4.add(c01, f32x4.mul(x, right));
						x = v128.load32_splat(a1);
						c10 = f32x4.add(c10, f32x4.mul(x, left));
						c11 = f32x4.add(c11, f32x4.mul(x, right));
						x = v128.load32_splat(a2);
						c20 = f32x4.add(c20, f32x4.mul(x, left));
						c21 = f32x4.add(c21, f32x4.mul(x, right));
						x = v128.load32_splat(a3);
						c30 = f32x4.add(c30, f32x4.mul(x, left));
						c31 = f32x4.add(c31, f32x4.mul(x, right));
						a0 += 4;
						a1 += 4;
						a2 += 4;
						a3 += 4;
					}
				}
				if (addend != 0) {
					const left = v128.load(addend + (<usize>column << 2));
					const right = v128.load(addend + (<usize>column << 2), 16);
					c00 = f32x4.add(c00, left);
					c01 = f32x4.add(c01, right);
					c10 = f32x4.add(c10, left);
					c11 = f32x4.add(c11, right);
					c20 = f32x4.add(c20, left);
					c21 = f32x4.add(c21, right);
					c30 = f32x4.add(c30, left);
					c31 = f32x4.add(c31, right);
				}
				if (factor != 0) {
					const centers = center + (<usize>column << 2);
					const factors = factor + (<usize>column << 2);
					let middle = v128.load(centers);
					let scale = v128.load(factors);
					c00 = f32x4.mul(f32x4.sub(c00, middle), scale);
					c10 = f32x4.mul(f32x4.sub(c10, middle), scale);
					c20 = f32x4.mul(f32x4.sub(c20, middle), scale);
					c30 = f32x4.mul(f32x4.sub(c30, middle), scale);
					middle = v128.load(centers, 16);
					scale = v128.load(factors, 16);
					c01 = f32x4.mul(f32x4.sub(c01, middle), scale);
					c11 = f32x4.mul(f32x4.sub(c11, middle), scale);
					c21 = f32x4.mul(f32x4.sub(c21, middle), scale);
					c31 = f32x4.mul(f32x4.sub(c31, middle), scale);
				}
				if (bias != 0) {
					const left = v128.load(bias + (<usize>column << 2));
					const right = v128.load(bias + (<usize>column << 2), 16);
					c00 = f32x4.add(c00, left);
					c01 = f32x4.add(c01, right);
					c10 = f32x4.add(c10, left);
					c11 = f32x4.add(c11, right);
					c20 = f32x4.add(c20, left);
					c21 = f32x4.add(c21, right);
					c30 = f32x4.add(c30, left);
					c31 = f32x4.add(c31, right);
				}
				const row = block << 2;
				let at = out + <usize>row * outBytes + (<usize>column << 2);
				storeRow(at, clamped(c00, lows, highs), clamped(c01, lows, highs), width, scratch);
				if (row + 1 < rows) {
					at += outBytes;
					storeRow(at, clamped(c10, lows, highs), clamped(c11, lows, highs), width, scratch);
				}
				if (row + 2 < rows) {
					at += outBytes;
					storeRow(at, clamped(c20, lows, highs), clamped(c21, lows, highs), width, scratch);
				}
				if (row + 3 < rows) {
					at += outBytes;
					storeRow(at, clamped(c30, lows, highs), clamped(c31, lows, highs), width, scratch);
				}
			}
		}
	}
}

/** Brings a matrix of `depth` rows and `columns` columns into panels of eight columns, zeros at the end. */
export function pack(
	source: usize,
	depth: i32,
	columns: i32,
	rowStride: i32,
	columnStride: i32,
	panels: usize,
): void {
	let out = panels;
	for (let column = 0; column < columns; column += 8) {
		const width = min<i32>(8, columns - column);
		for (let k = 0; k < depth; k++) {
			const from = source + (<usize>(k * rowStride + column * columnStride) << 2);
			for (let i = 0; i < 8; i++) {
				store<f32>(out, i < width ? load<f32>(from + (<usize>(i * columnStride) << 2)) : 0);
				out += 4;
			}
		}
	}
}
