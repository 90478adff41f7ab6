/** Loops over all elements of one or two tensors. */
import { clamped, clampedScalar } from './clamp';

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
