// Loops over weights, block by block in a small memory of their own: what `quantize_weights`, `round_weights` and
// `merge_duplicate_nodes` do to every byte of a model. The same results to the bit as the loops in TypeScript.

/** The least and greatest of `count` floats and of what stands at `result`, written there. NaN never counts. */
export function range(input: usize, count: i32, result: usize): void {
	let least = f32x4.splat(load<f32>(result));
	let greatest = f32x4.splat(load<f32>(result, 4));
	const end = input + ((count & ~3) << 2);
	for (let at = input; at < end; at += 16) {
		const values = v128.load(at);
		least = f32x4.pmin(least, values);
		greatest = f32x4.pmax(greatest, values);
	}
	v128.store(result, least);
	v128.store(result, greatest, 16);
	let low = load<f32>(result);
	let high = load<f32>(result, 16);
	for (let lane = 1; lane < 4; lane++) {
		const a = load<f32>(result + (lane << 2));
		const b = load<f32>(result + (lane << 2), 16);
		if (a < low) low = a;
		if (high < b) high = b;
	}
	for (let at = end; at < input + (count << 2); at += 4) {
		const value = load<f32>(at);
		if (value < low) low = value;
		if (high < value) high = value;
	}
	store<f32>(result, low);
	store<f32>(result, high, 4);
}

/** `count` floats, rounded up to a multiple of four, as bytes: steps from `zero`, halves away from zero. */
export function quantize(input: usize, count: i32, output: usize, steps: f64, zero: i32): void {
	const factor = f64x2.splat(steps);
	const sign = i64x2.splat(i64.MIN_VALUE);
	const half = f64x2.splat(0.49999999999999994);
	const origin = i32x4.splat(zero);
	const most = i32x4.splat(255);
	const end = input + (((count + 3) & ~3) << 2);
	for (let at = input; at < end; at += 16) {
		const values = v128.load(at);
		const a = f64x2.mul(f64x2.promote_low_f32x4(values), factor);
		const b = f64x2.mul(f64x2.promote_low_f32x4(v128.shuffle<i32>(values, values, 2, 3, 0, 1)), factor);
		const c = i32x4.trunc_sat_f64x2_s_zero(f64x2.add(a, v128.or(half, v128.and(a, sign))));
		const d = i32x4.trunc_sat_f64x2_s_zero(f64x2.add(b, v128.or(half, v128.and(b, sign))));
		let bytes = i32x4.add(v128.shuffle<i32>(c, d, 0, 1, 4, 5), origin);
		bytes = v128.and(i32x4.min_s(bytes, most), most);
		bytes = v128.and(bytes, f32x4.eq(values, values));
		const words = i16x8.narrow_i32x4_s(bytes, bytes);
		store<i32>(output, i32x4.extract_lane(i8x16.narrow_i16x8_u(words, words), 0));
		output += 4;
	}
}

/** `count` floats, rounded up to a multiple of four, each in the middle of its step of `width` from `min`. */
export function round(input: usize, count: i32, output: usize, min: f32, width: f32): void {
	const origin = f32x4.splat(min);
	const step = f32x4.splat(width);
	const half = f32x4.splat(0.5);
	const low = f32x4.splat(-2147483648);
	const high = f32x4.splat(2147483648);
	const end = input + (((count + 3) & ~3) << 2);
	for (let at = input; at < end; at += 16) {
		const number = f32x4.floor(f32x4.div(f32x4.sub(v128.load(at), origin), step));
		const fits = v128.and(f32x4.ge(number, low), f32x4.lt(number, high));
		const held = v128.bitselect(number, low, fits);
		v128.store(output, f32x4.add(origin, f32x4.mul(step, f32x4.add(held, half))));
		output += 16;
	}
}

/** Takes `count` words of 64 bits into the MurmurHash64A at `state`. */
export function mix(input: usize, count: i32, state: usize): void {
	const m: u64 = 0xc6a4a7935bd1e995;
	let hash = load<u64>(state);
	const end = input + (count << 3);
	for (let at = input; at < end; at += 8) {
		let word = load<u64>(at) * m;
		word ^= word >> 47;
		hash = (hash ^ (word * m)) * m;
	}
	store<u64>(state, hash);
}
