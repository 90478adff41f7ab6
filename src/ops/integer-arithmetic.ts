/** Integer division and its kin, as C++ has them: for 32 bits and narrower in numbers, for 64 bits in big integers. */

const DIVISION_BY_ZERO = 'Integer division by zero';

export function truncatedQuotient(x: number, y: number): number {
	if (y === 0) throw new RangeError(DIVISION_BY_ZERO);
	return Math.trunc(x / y);
}

export function flooredQuotient(x: number, y: number): number {
	if (y === 0) throw new RangeError(DIVISION_BY_ZERO);
	return Math.floor(x / y);
}

export function truncatedRemainder(x: number, y: number): number {
	if (y === 0) throw new RangeError(DIVISION_BY_ZERO);
	return x % y;
}

export function flooredRemainder(x: number, y: number): number {
	if (y === 0) throw new RangeError(DIVISION_BY_ZERO);
	return floorMod(x, y);
}

export function floorMod(x: number, y: number): number {
	const rest = x % y;
	return rest !== 0 && rest < 0 !== y < 0 ? rest + y : rest;
}

export function wideQuotient(x: bigint, y: bigint): bigint {
	if (y === 0n) throw new RangeError(DIVISION_BY_ZERO);
	return x / y;
}

export function wideRemainder(x: bigint, y: bigint): bigint {
	if (y === 0n) throw new RangeError(DIVISION_BY_ZERO);
	return x % y;
}

export function wideFloor(x: bigint, y: bigint): bigint {
	const quotient = wideQuotient(x, y);
	return x % y !== 0n && x < 0n !== y < 0n ? quotient - 1n : quotient;
}

export function wideFloorMod(x: bigint, y: bigint): bigint {
	const rest = wideRemainder(x, y);
	return rest !== 0n && rest < 0n !== y < 0n ? rest + y : rest;
}

/** `Math.max` of two big integers, which it does not take. */
export function wideMaximum(x: bigint, y: bigint): bigint {
	if (x > y) return x;
	return y;
}

export function wideMinimum(x: bigint, y: bigint): bigint {
	if (x < y) return x;
	return y;
}

export function integerPower(x: number, y: number): number {
	if (y < 0) throw new RangeError('Integers to negative integer powers are not allowed');
	let result = 1;
	for (let power = y, base = x; power > 0; power >>>= 1, base = Math.imul(base, base))
		if (power & 1) result = Math.imul(result, base);
	return result;
}

export function widePower(x: bigint, y: bigint): bigint {
	if (y < 0n) throw new RangeError('Integers to negative integer powers are not allowed');
	let result = 1n;
	for (let power = y, base = x; power > 0n; power >>= 1n, base = BigInt.asIntN(64, base * base))
		if (power & 1n) result = BigInt.asIntN(64, result * base);
	return result;
}

/** How far an integer of up to 32 bits can be shifted. */
export function shifted(by: number): number {
	return Math.min(Math.max(by, 0), 31);
}

export function wideShifted(by: bigint): bigint {
	return by < 0n ? 0n : by > 63n ? 63n : by;
}
