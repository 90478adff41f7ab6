/** Exponentials and what is made of them in plain TypeScript, to the bits of `assembly/curves.ts`. */
const { floor, fround, max, min } = Math;

const word = new Int32Array(1);
const float = new Float32Array(word.buffer);

/** 2^e for whole numbers e from −126 to 127. */
function power(e: number): number {
	word[0] = (e + 127) << 23;
	return float[0]!;
}

/** a × b + c, rounded twice. */
function sum(a: number, b: number, c: number): number {
	return fround(fround(a * b) + c);
}

const LOG2_E = fround(Math.LOG2E);
const LN2_HIGH = fround(-0.693359375);
const LN2_LOW = fround(2.1219444e-4);

function octave(x: number): number {
	return floor(sum(x, LOG2_E, 0.5));
}

function rest(x: number, m: number): number {
	return sum(m, LN2_LOW, sum(m, LN2_HIGH, x));
}

const EXP = [
	1.374496379867196e-3, 4.166965186595917e-2, 8.368944749236107e-3, 0.166665181517601, 0.49999988079071045,
	88.723,
].map(fround) as [number, number, number, number, number, number];

/** e^x. */
export function exp(given: number): number {
	if (given < -104) return 0;
	const [p6, p4, p5, p3, p2, most] = EXP;
	const x = min(given, most);
	const m = octave(x);
	const r = rest(x, m);
	const r2 = fround(r * r);
	const even = sum(r2, sum(r2, p6, p4), p2);
	const odd = sum(r2, p5, p3);
	const y = sum(r2, sum(r, odd, even), fround(r + 1));
	const whole = m | 0;
	const half = whole >> 1;
	return fround(fround(y * power(half)) * power(whole - half));
}

const TANH_MOST = fround(7.9073896408081055);
const ABOVE = [1.394553628e-8, 2.10273356e-5, 3.520756727e-3, 1.3402161e-1].map(fround);
const BELOW = [8.015776984e-7, 3.326951409e-4, 2.597254514e-2, 4.67354834e-1, 1].map(fround);

function polynomial(coefficients: readonly number[], x: number): number {
	let value = coefficients[0]!;
	for (let i = 1; i < coefficients.length; i++) value = sum(value, x, coefficients[i]!);
	return value;
}

function tanh(given: number): number {
	const x = max(min(given, TANH_MOST), -TANH_MOST);
	const x2 = fround(x * x);
	const above = sum(fround(x2 * x), polynomial(ABOVE, x2), x);
	return fround(above / polynomial(BELOW, x2));
}

const SIGMOID = [
	4.189866781234741e-2, 0.49999141693115234, 8.33471305668354e-3, 0.16666877269744873, 16.6355324,
].map(fround) as [number, number, number, number, number];

function sigmoid(given: number): number {
	if (given < -104) return 0;
	const [p4, p2, p5, p3, most] = SIGMOID;
	const x = fround(min(given, most) * 0.5);
	const m = octave(x);
	const r = rest(x, m);
	const r2 = fround(r * r);
	const p = sum(r2, sum(r, sum(r2, p5, p3), sum(r2, p4, p2)), fround(r + 1));
	const root = fround(p * power(m | 0));
	const e = fround(root * root);
	return fround(e / fround(1 + e));
}

const SELU_BELOW = fround(1.7580993408473768);
const SELU_ABOVE = fround(1.0507009873554805);

/** By the numbers that the kernels have. */
export const CURVES: readonly ((x: number) => number)[] = [
	exp,
	tanh,
	sigmoid,
	(x) => (x < 0 ? fround(exp(x) - 1) : x),
	(x) => fround(x < 0 ? SELU_BELOW * fround(exp(x) - 1) : SELU_ABOVE * x),
];

/** Softmax of one row, from one place to another. */
export function softmaxRow(
	floats: Float32Array<ArrayBufferLike>,
	x: number,
	out: number,
	size: number,
): void {
	let largest = Number.NEGATIVE_INFINITY;
	for (let i = 0; i < size; i++) largest = max(largest, floats[x + i]!);
	const whole = size & ~3;
	const sums: [number, number, number, number] = [0, 0, 0, 0];
	for (let i = 0; i < size; i++) {
		const value = exp(fround(floats[x + i]! - largest));
		floats[out + i] = value;
		if (i < whole) sums[i & 3] = fround(sums[i & 3]! + value);
	}
	let total = fround(fround(sums[0] + sums[1]) + fround(sums[2] + sums[3]));
	for (let i = whole; i < size; i++) total = fround(total + floats[out + i]!);
	const factor = fround(1 / total);
	for (let i = 0; i < size; i++) floats[out + i] = floats[out + i]! * factor;
}
