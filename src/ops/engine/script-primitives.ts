/** The inner loops in plain TypeScript, for machines without WebAssembly SIMD. See `assembly/kernels.ts`. */
import type { Primitives } from './primitives.ts';
import { CURVES, softmaxRow } from './script-curves.ts';

const { fround, min, max } = Math;

/** @param buffer the memory as it is now: it may have grown since the last call. */
export function scriptPrimitives(buffer: () => ArrayBufferLike): Primitives {
	let floats: Float32Array<ArrayBufferLike> = new Float32Array(0);
	let words: Uint32Array<ArrayBufferLike> = new Uint32Array(0);
	const refresh = (): void => {
		const now = buffer();
		if (floats.buffer === now && floats.byteLength === now.byteLength) return;
		floats = new Float32Array(now);
		words = new Uint32Array(now);
	};
	const clamped = (value: number, low: number, high: number): number => min(max(value, low), high);

	/** ((sum + addend) − center) × factor + bias of a channel, as far as they are given. */
	const finished = (
		sum: number,
		addend: number,
		center: number,
		factor: number,
		bias: number,
		channel: number,
	): number => {
		let value = addend === 0 ? sum : fround(sum + floats[addend / 4 + channel]!);
		if (factor !== 0) {
			const centered = fround(value - floats[center / 4 + channel]!);
			value = fround(centered * floats[factor / 4 + channel]!);
		}
		return bias === 0 ? value : fround(value + floats[bias / 4 + channel]!);
	};

	return {
		product(
			table,
			rows,
			taps,
			run,
			panels,
			columns,
			out,
			outStride,
			addend,
			center,
			factor,
			bias,
			low,
			high,
			first,
			last,
			firstPanel,
			lastPanel,
		) {
			refresh();
			const sums = new Float32Array(8);
			for (let panel = firstPanel; panel < lastPanel; panel++) {
				const column = panel * 8;
				const width = min(8, columns - column);
				for (let row = first * 4; row < min(last * 4, rows); row++) {
					sums.fill(0);
					let b = panels / 4 + panel * taps * run * 8;
					const entry = table / 4 + (row >> 2) * taps * 4 + (row & 3);
					for (let tap = 0; tap < taps; tap++) {
						let a = words[entry + tap * 4]! / 4;
						for (const end = a + run; a < end; a++, b += 8) {
							const x = floats[a]!;
							for (let i = 0; i < 8; i++) sums[i] = sums[i]! + fround(x * floats[b + i]!);
						}
					}
					const at = out / 4 + row * outStride + column;
					for (let i = 0; i < width; i++) {
						const sum = finished(sums[i]!, addend, center, factor, bias, column + i);
						floats[at + i] = clamped(sum, low, high);
					}
				}
			}
		},

		pack(source, depth, columns, rowStride, columnStride, panels) {
			refresh();
			let out = panels / 4;
			for (let column = 0; column < columns; column += 8) {
				const width = min(8, columns - column);
				for (let k = 0; k < depth; k++) {
					const from = source / 4 + k * rowStride + column * columnStride;
					for (let i = 0; i < 8; i++) floats[out++] = i < width ? floats[from + i * columnStride]! : 0;
				}
			}
		},

		depthwise(table, first, last, taps, channels, filter, out, addend, center, factor, bias, low, high) {
			refresh();
			for (let pixel = first; pixel < last; pixel++) {
				const entry = table / 4 + pixel * taps;
				const at = out / 4 + pixel * channels;
				for (let channel = 0; channel < channels; channel++) {
					let sum = 0;
					for (let tap = 0; tap < taps; tap++) {
						const x = floats[words[entry + tap]! / 4 + channel]!;
						sum = fround(sum + fround(x * floats[filter / 4 + tap * channels + channel]!));
					}
					const value = finished(sum, addend, center, factor, bias, channel);
					floats[at + channel] = clamped(value, low, high);
				}
			}
		},

		pool(table, first, last, taps, channels, mean, out) {
			refresh();
			for (let pixel = first; pixel < last; pixel++) {
				const inside = words.subarray(table / 4 + pixel * taps, table / 4 + (pixel + 1) * taps);
				const places = inside.filter((address) => address !== 0);
				const at = out / 4 + pixel * channels;
				for (let channel = 0; channel < channels; channel++) {
					let value = mean ? 0 : -3.4028234663852886e38;
					for (const place of places) {
						const next = floats[place / 4 + channel]!;
						value = mean ? fround(value + next) : max(value, next);
					}
					floats[at + channel] = mean ? value / places.length : value;
				}
			}
		},

		affine(x, center, factor, offset, out, pixels, channels, low, high) {
			refresh();
			for (let at = 0; at < pixels * channels; at++) {
				const channel = at % channels;
				const centered = fround(floats[x / 4 + at]! - floats[center / 4 + channel]!);
				const scaled = fround(centered * floats[factor / 4 + channel]!);
				floats[out / 4 + at] = clamped(fround(scaled + floats[offset / 4 + channel]!), low, high);
			}
		},

		combine(operation, x, y, out, elements, period, low, high) {
			refresh();
			for (let at = 0; at < elements; at++) {
				const a = floats[x / 4 + at]!;
				const b = floats[y / 4 + (at % period)]!;
				const value = operation === 0 ? a + b : operation === 1 ? a - b : operation === 2 ? a * b : a / b;
				floats[out / 4 + at] = clamped(fround(value), low, high);
			}
		},

		curve(which, x, out, first, last) {
			refresh();
			const at = CURVES[which]!;
			for (let i = first * 4; i < last * 4; i++) floats[out / 4 + i] = at(floats[x / 4 + i]!);
		},

		softmax(x, out, rows, size) {
			refresh();
			for (let i = 0; i < rows * size; i += size) softmaxRow(floats, x / 4 + i, out / 4 + i, size);
		},

		clamp(x, out, elements, low, high) {
			refresh();
			for (let at = 0; at < elements; at++) {
				floats[out / 4 + at] = clamped(floats[x / 4 + at]!, low, high);
			}
		},
	};
}
