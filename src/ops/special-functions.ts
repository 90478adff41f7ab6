/** Special functions of one or two numbers, good to about 1e-14. */
const { abs, exp, floor, log, PI, sin, sqrt, tan } = Math;

/** From here on the asymptotic series are good. */
const FAR = 15;
/** Bernoulli numbers B₂, B₄, … */
const BERNOULLI = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510];

/** The error function: a series near 0, its complement far from it; good to about 1e-15. */
export function erf(x: number): number {
	if (Math.abs(x) >= 2.5) return x > 0 ? 1 - erfc(x) : erfc(-x) - 1;
	let term = x;
	let sum = x;
	for (let n = 1; n < 200 && Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
		term *= (-x * x) / n;
		sum += term / (2 * n + 1);
	}
	return (2 / Math.sqrt(Math.PI)) * sum;
}

/** 1 − erf, by a continued fraction where the difference would cancel. */
export function erfc(x: number): number {
	if (!(x > 0.5)) return 1 - erf(x);
	let fraction = 0;
	for (let n = x < 2 ? 400 : 100; n > 0; n--) fraction = n / 2 / (x + fraction);
	return Math.exp(-x * x) / ((x + fraction) * Math.sqrt(Math.PI));
}

/** ln |Γ(x)|. */
export function logGamma(x: number): number {
	if (x <= 0 && floor(x) === x) return Number.POSITIVE_INFINITY;
	if (x < 0.5) return log(PI / abs(sin(PI * x))) - logGamma(1 - x);
	if (x === 1 || x === 2 || x === Number.POSITIVE_INFINITY) return x === Number.POSITIVE_INFINITY ? x : 0;
	let product = 1;
	let at = x;
	for (; at < FAR; at++) product *= at;
	let sum = (at - 0.5) * log(at) - at + 0.5 * log(2 * PI);
	for (let k = 1, power = at; k <= BERNOULLI.length; k++, power *= at * at)
		sum += BERNOULLI[k - 1]! / (2 * k * (2 * k - 1) * power);
	return sum - log(product);
}

/** The derivative of {@link logGamma}. */
export function digamma(x: number): number {
	if (x <= 0 && floor(x) === x) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
	if (x < 0.5) return digamma(1 - x) - PI / tan(PI * x);
	let sum = 0;
	let at = x;
	for (; at < FAR; at++) sum -= 1 / at;
	sum += log(at) - 1 / (2 * at);
	for (let k = 1, power = at * at; k <= BERNOULLI.length; k++, power *= at * at)
		sum -= BERNOULLI[k - 1]! / (2 * k * power);
	return sum;
}

/** The number below which a normal variable stays with probability `p`: Newton's steps on the logarithm of the tail. */
export function normalQuantile(p: number): number {
	if (!(p >= 0 && p <= 1)) return Number.NaN;
	if (p === 0 || p === 1) return p === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
	return p > 0.5 ? upperQuantile(1 - p) : -upperQuantile(p);
}

/** The number above which a normal variable is with probability `tail`, at most a half. */
function upperQuantile(tail: number): number {
	let x = tail < 0.02 ? sqrt(-2 * log(tail)) : 0;
	for (let i = 0; i < 60; i++) {
		const above = erfc(x / Math.SQRT2) / 2;
		const density = exp((-x * x) / 2) / sqrt(2 * PI);
		const step = ((log(above) - log(tail)) * above) / density;
		x += step;
		if (abs(step) < 1e-15 * abs(x) || abs(step) < 1e-300) break;
	}
	return x;
}

/** The inverse of the error function. */
export function inverseErf(y: number): number {
	if (abs(y) < 1e-8) return (y * sqrt(PI)) / 2;
	return y < 0 ? -inverseErf(-y) : y <= 1 ? upperQuantile((1 - y) / 2) / Math.SQRT2 : Number.NaN;
}

/** The share of the incomplete gamma function below x, or above it. */
export function incompleteGamma(a: number, x: number, above: boolean): number {
	if (!(a > 0 && x >= 0)) return Number.NaN;
	if (x === 0 || x === Number.POSITIVE_INFINITY) return (x === 0) === above ? 1 : 0;
	const scale = exp(a * log(x) - x - logGamma(a));
	if (x < a + 1) {
		let term = 1 / a;
		let sum = term;
		for (let n = 1; n < 1000 && abs(term) > 1e-17 * abs(sum); n++) {
			term *= x / (a + n);
			sum += term;
		}
		return above ? 1 - sum * scale : sum * scale;
	}
	let fraction = 0;
	for (let n = 400; n > 0; n--) fraction = (n * (n - a)) / (x + 2 * n + 1 - a - fraction);
	const rest = scale / (x + 1 - a - fraction);
	return above ? rest : 1 - rest;
}

/** The exponentially scaled modified Bessel function of order 0 or 1, by its series or the mean of e^(x (cos θ − 1)). */
export function scaledBessel(order: 0 | 1, x: number): number {
	const size = abs(x);
	const steps = 64 + 8 * Math.ceil(sqrt(size));
	let sum = 0;
	for (let i = 0; i < steps; i++) {
		const angle = (PI * (i + 0.5)) / steps;
		sum += exp(size * (Math.cos(angle) - 1)) * (order === 0 ? 1 : Math.cos(angle));
	}
	return (order === 1 && x < 0 ? -sum : sum) / steps;
}
