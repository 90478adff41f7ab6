/** 32-bit floats out of text, as C's `strtof` reads it: rounded once, to the nearest, ties to even. */

const DECIMAL = /^(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i;
const HEX = /^0x([0-9a-f]*)\.?([0-9a-f]*)(?:p([+-]?\d+))?$/i;

/** A value `digits` × `base`^`exponent`, zero or above. */
interface Exact {
	readonly digits: bigint;
	readonly base: bigint;
	readonly exponent: number;
}

/**
 * Decimal, hex, `inf`, `nan`, with a sign or without; not-a-number is one value, whatever its sign and payload.
 * @returns undefined where the whole text is none of them.
 */
export function parseFloatText(text: string): number | undefined {
	const sign = text.startsWith('-') ? -1 : 1;
	const body = text.replace(/^[+-]/, '');
	if (/^inf(inity)?$/i.test(body)) return sign * Number.POSITIVE_INFINITY;
	if (/^nan(\([a-z0-9_]*\))?$/i.test(body)) return Number.NaN;
	const decimal = DECIMAL.exec(body);
	if (decimal && (decimal[1] || decimal[2])) {
		const [, whole = '', fraction = '', power = '0'] = decimal;
		const exact = () => ({
			digits: BigInt(whole + fraction),
			base: 10n,
			exponent: Number(power) - fraction.length,
		});
		return sign * nearestFloat(Number(body), exact);
	}
	const hex = HEX.exec(body);
	if (!hex || !(hex[1] || hex[2])) return undefined;
	const [, whole = '', fraction = '', power = '0'] = hex;
	const exact = shortened(BigInt(`0x${whole}${fraction}`), Number(power) - 4 * fraction.length);
	if (exact.digits === 0n) return sign * 0;
	return sign * nearestFloat(Number(exact.digits) * 2 ** exact.exponent, () => exact);
}

/** At most 64 digits, the last of them set where a set one was dropped: it rounds alike. */
function shortened(digits: bigint, exponent: number): Exact {
	const dropped = digits.toString(2).length - 64;
	if (dropped <= 0) return { digits, base: 2n, exponent };
	const kept = digits >> BigInt(dropped);
	const sticky = kept << BigInt(dropped) === digits ? 0n : 1n;
	return { digits: kept | sticky, base: 2n, exponent: exponent + dropped };
}

/** Where the double lies half-way between two floats, the digits that it has lost decide. */
function nearestFloat(double: number, exact: () => Exact): number {
	const nearest = Math.fround(double);
	if (nearest === double || !Number.isFinite(double)) return nearest;
	const other = neighbour(nearest, nearest < double ? 1 : -1);
	if (double !== middle(nearest, other)) return nearest;
	const side = compare(exact(), double);
	if (side === 0) return nearest;
	return side < 0 ? Math.min(nearest, other) : Math.max(nearest, other);
}

/** The next float above or below one that is not negative. */
function neighbour(float: number, step: number): number {
	const view = new DataView(new ArrayBuffer(4));
	view.setFloat32(0, float);
	view.setInt32(0, view.getInt32(0) + step);
	return view.getFloat32(0);
}

const BEYOND = 2 ** 128;

function middle(a: number, b: number): number {
	return (Math.min(a, BEYOND) + Math.min(b, BEYOND)) / 2;
}

/** Below 0 where the exact value is the smaller. Half-way points between floats are whole multiples of 2^−150. */
function compare({ digits, base, exponent }: Exact, double: number): number {
	let left = digits << 150n;
	let right = BigInt(double * 2 ** 150);
	if (exponent >= 0) left *= base ** BigInt(exponent);
	else right *= base ** BigInt(-exponent);
	return left < right ? -1 : left > right ? 1 : 0;
}
