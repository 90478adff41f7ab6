/** Depthwise convolutions. */
import { clamped, clampedScalar } from './clamp';

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
	addend: usize,
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
			if (addend != 0) {
				s0 = f32x4.add(s0, v128.load(addend + channel));
				s1 = f32x4.add(s1, v128.load(addend + channel, 16));
				s2 = f32x4.add(s2, v128.load(addend + channel, 32));
				s3 = f32x4.add(s3, v128.load(addend + channel, 48));
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
			if (addend != 0) sum = f32x4.add(sum, v128.load(addend + channel));
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
			if (addend != 0) sum += load<f32>(addend + channel);
			if (factor != 0) sum = (sum - load<f32>(center + channel)) * load<f32>(factor + channel);
			if (bias != 0) sum += load<f32>(bias + channel);
			store<f32>(at + channel, clampedScalar(sum, low, high));
		}
	}
}
