/**
 * The heavy loops in AssemblyScript, compiled to WebAssembly with SIMD by `npm run build`. Memory comes from outside;
 * arguments are addresses in bytes and sizes in floats. `src/ops/engine/script-primitives.ts` is the same in plain
 * TypeScript: sums run in the same order and are rounded at the same places, so that both give the same bits.
 */

@inline
function clamped(value: v128, low: v128, high: v128): v128 {
	return f32x4.min(f32x4.max(value, low), high);
}

@inline
function clampedScalar(value: f32, low: f32, high: f32): f32 {
	return min<f32>(max<f32>(value, low), high);
}

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
 * panels of eight columns. Results go through (x − center) × factor + bias where these are not 0, and are clamped.
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

/**
 * A depthwise convolution: `table` has the addresses of `taps` input pixels for every output pixel in
 * [first, last); the filter is [tap][channel].
 */
export function depthwise(
	table: usize,
	first: i32,
	last: i32,
	taps: i32,
	channels: i32,
	filter: usize,
	out: usize,
	center: usize,
	factor: usize,
	bias: usize,
	low: f32,
	high: f32,
): void {
	const lows = f32x4.splat(low);
	const highs = f32x4.splat(high);
	const pixelBytes = <usize>channels << 2;
	for (let pixel = first; pixel < last; pixel++) {
		const entry = table + (<usize>(pixel * taps) << 2);
		const at = out + <usize>pixel * pixelBytes;
		let channel: usize = 0;
		for (; channel + 64 <= pixelBytes; channel += 64) {
			let s0 = f32x4.splat(0);
			let s1 = f32x4.splat(0);
			let s2 = f32x4.splat(0);
			let s3 = f32x4.splat(0);
			let weight = filter + channel;
			for (let tap = 0; tap < taps; tap++) {
				const x = <usize>load<u32>(entry + (tap << 2)) + channel;
				s0 = f32x4.add(s0, f32x4.mul(v128.load(x), v128.load(weight)));
				s1 = f32x4.add(s1, f32x4.mul(v128.load(x, 16), v128.load(weight, 16)));
				s2 = f32x4.add(s2, f32x4.mul(v128.load(x, 32), v128.load(weight, 32)));
				s3 = f32x4.add(s3, f32x4.mul(v128.load(x, 48), v128.load(weight, 48)));
				weight += pixelBytes;
			}
			if (factor != 0) {
				const middle = center + channel;
				const scale = factor + channel;
				s0 = f32x4.mul(f32x4.sub(s0, v128.load(middle)), v128.load(scale));
				s1 = f32x4.mul(f32x4.sub(s1, v128.load(middle, 16)), v128.load(scale, 16));
				s2 = f32x4.mul(f32x4.sub(s2, v128.load(middle, 32)), v128.load(scale, 32));
				s3 = f32x4.mul(f32x4.sub(s3, v128.load(middle, 48)), v128.load(scale, 48));
			}
			if (bias != 0) {
				s0 = f32x4.add(s0, v128.load(bias + channel));
				s1 = f32x4.add(s1, v128.load(bias + channel, 16));
				s2 = f32x4.add(s2, v128.load(bias + channel, 32));
				s3 = f32x4.add(s3, v128.load(bias + channel, 48));
			}
			v128.store(at + channel, clamped(s0, lows, highs));
			v128.store(at + channel, clamped(s1, lows, highs), 16);
			v128.store(at + channel, clamped(s2, lows, highs), 32);
			v128.store(at + channel, clamped(s3, lows, highs), 48);
		}
		for (; channel + 16 <= pixelBytes; channel += 16) {
			let sum = f32x4.splat(0);
			let weight = filter + channel;
			for (let tap = 0; tap < taps; tap++) {
				const x = <usize>load<u32>(entry + (tap << 2)) + channel;
				sum = f32x4.add(sum, f32x4.mul(v128.load(x), v128.load(weight)));
				weight += pixelBytes;
			}
			if (factor != 0) {
				sum = f32x4.mul(f32x4.sub(sum, v128.load(center + channel)), v128.load(factor + channel));
			}
			if (bias != 0) sum = f32x4.add(sum, v128.load(bias + channel));
			v128.store(at + channel, clamped(sum, lows, highs));
		}
		for (; channel < pixelBytes; channel += 4) {
			let sum: f32 = 0;
			let weight = filter + channel;
			for (let tap = 0; tap < taps; tap++) {
				sum += load<f32>(<usize>load<u32>(entry + (tap << 2)) + channel) * load<f32>(weight);
				weight += pixelBytes;
			}
			if (factor != 0) sum = (sum - load<f32>(center + channel)) * load<f32>(factor + channel);
			if (bias != 0) sum += load<f32>(bias + channel);
			store<f32>(at + channel, clampedScalar(sum, low, high));
		}
	}
}

/** Pools over the pixels that `table` names; address 0 stands for a place outside. `mean`: else the largest. */
export function pool(
	table: usize,
	first: i32,
	last: i32,
	taps: i32,
	channels: i32,
	mean: i32,
	out: usize,
): void {
	const pixelBytes = <usize>channels << 2;
	for (let pixel = first; pixel < last; pixel++) {
		const entry = table + (<usize>(pixel * taps) << 2);
		const at = out + <usize>pixel * pixelBytes;
		let count: f32 = 0;
		for (let tap = 0; tap < taps; tap++) if (load<u32>(entry + (tap << 2)) != 0) count += 1;
		const counts = f32x4.splat(count);
		let channel: usize = 0;
		for (; channel + 16 <= pixelBytes; channel += 16) {
			let value = mean ? f32x4.splat(0) : f32x4.splat(-f32.MAX_VALUE);
			for (let tap = 0; tap < taps; tap++) {
				const x = <usize>load<u32>(entry + (tap << 2));
				if (x == 0) continue;
				const next = v128.load(x + channel);
				value = mean ? f32x4.add(value, next) : f32x4.max(value, next);
			}
			v128.store(at + channel, mean ? f32x4.div(value, counts) : value);
		}
		for (; channel < pixelBytes; channel += 4) {
			let value: f32 = mean ? 0 : -f32.MAX_VALUE;
			for (let tap = 0; tap < taps; tap++) {
				const x = <usize>load<u32>(entry + (tap << 2));
				if (x == 0) continue;
				const next = load<f32>(x + channel);
				value = mean ? value + next : max<f32>(value, next);
			}
			store<f32>(at + channel, mean ? value / count : value);
		}
	}
}

/** y = (x − center) × factor + offset, one of each a channel, then clamped. */
export function affine(
	x: usize,
	center: usize,
	factor: usize,
	offset: usize,
	out: usize,
	pixels: i32,
	channels: i32,
	low: f32,
	high: f32,
): void {
	const lows = f32x4.splat(low);
	const highs = f32x4.splat(high);
	const pixelBytes = <usize>channels << 2;
	for (let pixel = 0; pixel < pixels; pixel++, x += pixelBytes, out += pixelBytes) {
		let channel: usize = 0;
		for (; channel + 16 <= pixelBytes; channel += 16) {
			const value = f32x4.add(
				f32x4.mul(
					f32x4.sub(v128.load(x + channel), v128.load(center + channel)),
					v128.load(factor + channel),
				),
				v128.load(offset + channel),
			);
			v128.store(out + channel, clamped(value, lows, highs));
		}
		for (; channel < pixelBytes; channel += 4) {
			const centered = load<f32>(x + channel) - load<f32>(center + channel);
			const value = centered * load<f32>(factor + channel) + load<f32>(offset + channel);
			store<f32>(out + channel, clampedScalar(value, low, high));
		}
	}
}

@inline
function combined(operation: i32, a: v128, b: v128): v128 {
	if (operation == 0) return f32x4.add(a, b);
	if (operation == 1) return f32x4.sub(a, b);
	if (operation == 2) return f32x4.mul(a, b);
	return f32x4.div(a, b);
}

@inline
function combinedScalar(operation: i32, a: f32, b: f32): f32 {
	if (operation == 0) return a + b;
	if (operation == 1) return a - b;
	if (operation == 2) return a * b;
	return a / b;
}

/** Sum, difference, product or quotient (0 to 3) of x and y; y is repeated after every `period` elements. */
export function combine(
	operation: i32,
	x: usize,
	y: usize,
	out: usize,
	elements: i32,
	period: i32,
	low: f32,
	high: f32,
): void {
	const lows = f32x4.splat(low);
	const highs = f32x4.splat(high);
	const bytes = <usize>period << 2;
	for (let done = 0; done < elements; done += period, x += bytes, out += bytes) {
		let at: usize = 0;
		for (; at + 16 <= bytes; at += 16) {
			const value = combined(operation, v128.load(x + at), v128.load(y + at));
			v128.store(out + at, clamped(value, lows, highs));
		}
		for (; at < bytes; at += 4) {
			const value = combinedScalar(operation, load<f32>(x + at), load<f32>(y + at));
			store<f32>(out + at, clampedScalar(value, low, high));
		}
	}
}

/** Every element brought into [low, high]. */
export function clamp(x: usize, out: usize, elements: i32, low: f32, high: f32): void {
	const lows = f32x4.splat(low);
	const highs = f32x4.splat(high);
	const bytes = <usize>elements << 2;
	let at: usize = 0;
	for (; at + 16 <= bytes; at += 16) v128.store(out + at, clamped(v128.load(x + at), lows, highs));
	for (; at < bytes; at += 4) store<f32>(out + at, clampedScalar(load<f32>(x + at), low, high));
}
