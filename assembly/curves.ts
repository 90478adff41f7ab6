/**
 * Exponentials and what is made of them, four values at a time: Eigen's polynomials in the order of its operations
 * without fused multiply-adds, which gives TensorFlow's own bits.
 */

/** a × b + c, rounded twice. */
@inline
function sum(a: v128, b: v128, c: v128): v128 {
	return f32x4.add(f32x4.mul(a, b), c);
}

/** 2^e for whole numbers e from −126 to 127. */
@inline
function power(e: v128): v128 {
	return i32x4.shl(i32x4.add(e, i32x4.splat(127)), 23);
}

/** The whole number m for which x − m × ln 2 is nearest to 0, as floats. */
@inline
function octave(x: v128): v128 {
	return f32x4.floor(sum(x, f32x4.splat(1.44269504088896341), f32x4.splat(0.5)));
}

/** x − m × ln 2, in two steps so that little is lost. */
@inline
function rest(x: v128, m: v128): v128 {
	const first = sum(m, f32x4.splat(-0.693359375), x);
	return sum(m, f32x4.splat(2.12194440e-4), first);
}

@inline
function exp(given: v128): v128 {
	const x = f32x4.min(given, f32x4.splat(88.723));
	const m = octave(x);
	const r = rest(x, m);
	const r2 = f32x4.mul(r, r);
	let even = sum(r2, f32x4.splat(1.37449637986719608306884765625e-3), f32x4.splat(4.166965186595916748046875e-2));
	const odd = sum(r2, f32x4.splat(8.36894474923610687255859375e-3), f32x4.splat(0.16666518151760101318359375));
	even = sum(r2, even, f32x4.splat(0.49999988079071044921875));
	const low = f32x4.add(r, f32x4.splat(1));
	const y = sum(r2, sum(r, odd, even), low);
	// Two factors: the power itself may be no float where the result is one.
	const whole = i32x4.trunc_sat_f32x4_s(m);
	const half = i32x4.shr_s(whole, 1);
	const result = f32x4.mul(f32x4.mul(y, power(half)), power(i32x4.sub(whole, half)));
	return v128.andnot(result, f32x4.lt(given, f32x4.splat(-104)));
}

@inline
function tanh(given: v128): v128 {
	const most: f32 = 7.90738964080810547;
	const x = f32x4.max(f32x4.min(given, f32x4.splat(most)), f32x4.splat(-most));
	const x2 = f32x4.mul(x, x);
	let above = sum(f32x4.splat(1.394553628e-8), x2, f32x4.splat(2.102733560e-5));
	above = sum(above, x2, f32x4.splat(3.520756727e-3));
	above = sum(above, x2, f32x4.splat(1.340216100e-1));
	let below = sum(f32x4.splat(8.015776984e-7), x2, f32x4.splat(3.326951409e-4));
	below = sum(below, x2, f32x4.splat(2.597254514e-2));
	below = sum(below, x2, f32x4.splat(4.673548340e-1));
	below = sum(below, x2, f32x4.splat(1));
	return f32x4.div(sum(f32x4.mul(x2, x), above, x), below);
}

/** By the square of e^(x/2), which is no denormal. */
@inline
function sigmoid(given: v128): v128 {
	const x = f32x4.mul(f32x4.min(given, f32x4.splat(16.6355324)), f32x4.splat(0.5));
	const m = octave(x);
	const r = rest(x, m);
	const r2 = f32x4.mul(r, r);
	const even = sum(r2, f32x4.splat(4.1898667812347412109375e-2), f32x4.splat(0.49999141693115234375));
	const odd = sum(r2, f32x4.splat(8.33471305668354034423828125e-3), f32x4.splat(0.16666877269744873046875));
	const p = sum(r2, sum(r, odd, even), f32x4.add(r, f32x4.splat(1)));
	const root = f32x4.mul(p, power(i32x4.trunc_sat_f32x4_s(m)));
	const e = f32x4.mul(root, root);
	const result = f32x4.div(e, f32x4.add(f32x4.splat(1), e));
	return v128.andnot(result, f32x4.lt(given, f32x4.splat(-104)));
}

/** e^x − 1 for negative x, × `below`; x × `above` for others. */
@inline
function elu(x: v128, below: f32, above: f32): v128 {
	const negative = f32x4.mul(f32x4.splat(below), f32x4.sub(exp(x), f32x4.splat(1)));
	return v128.bitselect(negative, f32x4.mul(f32x4.splat(above), x), f32x4.lt(x, f32x4.splat(0)));
}

@inline
function at(which: i32, x: v128): v128 {
	if (which == 0) return exp(x);
	if (which == 1) return tanh(x);
	if (which == 2) return sigmoid(x);
	if (which == 3) return elu(x, 1, 1);
	return elu(x, 1.7580993408473768599402175208123, 1.0507009873554804934193349852946);
}

/**
 * e^x, hyperbolic tangent, logistic, Elu or Selu (0 to 4) of groups [first, last) of four values. The last group may
 * reach beyond the array: pieces of the engine's memory are multiples of 64 bytes.
 */
export function curve(which: i32, x: usize, out: usize, first: i32, last: i32): void {
	const end = <usize>last << 4;
	for (let place = <usize>first << 4; place < end; place += 16) {
		v128.store(out + place, at(which, v128.load(x + place)));
	}
}

/** Softmax of rows of `size` values: e^(x − largest), and its quotient by the sum as a product. */
export function softmax(x: usize, out: usize, rows: i32, size: i32): void {
	const bytes = <usize>size << 2;
	const whole = bytes & ~15;
	for (let row = 0; row < rows; row++, x += bytes, out += bytes) {
		let largest: f32 = -f32.MAX_VALUE * 2;
		for (let place: usize = 0; place < bytes; place += 4) largest = max<f32>(largest, load<f32>(x + place));
		const shift = f32x4.splat(largest);
		let sums = f32x4.splat(0);
		for (let place: usize = 0; place < whole; place += 16) {
			const value = exp(f32x4.sub(v128.load(x + place), shift));
			v128.store(out + place, value);
			sums = f32x4.add(sums, value);
		}
		let total: f32 =
			(f32x4.extract_lane(sums, 0) + f32x4.extract_lane(sums, 1)) +
			(f32x4.extract_lane(sums, 2) + f32x4.extract_lane(sums, 3));
		for (let place = whole; place < bytes; place += 4) {
			const value = f32x4.extract_lane(exp(f32x4.splat(load<f32>(x + place) - largest)), 0);
			store<f32>(out + place, value);
			total += value;
		}
		const factor: f32 = 1 / total;
		const factors = f32x4.splat(factor);
		for (let place: usize = 0; place < whole; place += 16) {
			v128.store(out + place, f32x4.mul(v128.load(out + place), factors));
		}
		for (let place = whole; place < bytes; place += 4) store<f32>(out + place, load<f32>(out + place) * factor);
	}
}
