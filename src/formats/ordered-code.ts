/** The order-preserving encoding of the keys under which a checkpoint keeps slices of a tensor. */

import { WhittleError } from '../graph/error.ts';

/** A slice of a tensor: first index and length by dimension; a length of −1 is the whole dimension. */
export interface TensorSlice {
	readonly start: readonly number[];
	readonly length: readonly number[];
}

/** `4 1 0,2:-`: the full shape, then start and length by dimension. @throws WhittleError `file`. */
export function parseSliceText(text: string): TensorSlice {
	const parts = (text.trim().split(/\s+/).at(-1) ?? '').split(':');
	const start: number[] = [];
	const length: number[] = [];
	for (const part of parts) {
		const numbers = /^(\d+),(\d+)$/.exec(part);
		if (part !== '-' && !numbers) throw new WhittleError('file', `"${text}" is no slice of a tensor.`);
		start.push(numbers ? Number(numbers[1]) : 0);
		length.push(numbers ? Number(numbers[2]) : -1);
	}
	return { start, length };
}

/** The key of a slice, as a latin-1 string. @param slice every dimension as the file has it. */
export function encodeSliceKey(name: Uint8Array, slice: TensorSlice): string {
	const bytes: number[] = [];
	writeNumber(bytes, 0);
	writeString(bytes, name);
	writeNumber(bytes, slice.start.length);
	for (let i = 0; i < slice.start.length; i++) {
		writeSigned(bytes, BigInt(slice.start[i]!));
		writeSigned(bytes, BigInt(slice.length[i]!));
	}
	return Buffer.from(bytes).toString('latin1');
}

/** How many bytes follow, then the number, big end first. */
function writeNumber(bytes: number[], value: number): void {
	const digits: number[] = [];
	for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
	bytes.push(digits.length, ...digits);
}

function writeString(bytes: number[], text: Uint8Array): void {
	for (const byte of text) {
		bytes.push(byte);
		if (byte === 0) bytes.push(0xff);
		else if (byte === 0xff) bytes.push(0);
	}
	bytes.push(0, 1);
}

/** The leading one bits tell the length, so that byte order is number order. */
function writeSigned(bytes: number[], value: bigint): void {
	const size = value < 0n ? ~value : value;
	let length = 1;
	while (size >= 1n << BigInt(7 * length - 1)) length++;
	const digits: number[] = [];
	for (let i = length - 1; i >= 0; i--) digits.push(Number((value >> BigInt(8 * i)) & 0xffn));
	const header = 0xffff << (16 - length);
	digits[0]! ^= (header >> 8) & 0xff;
	if (length > 1) digits[1]! ^= header & 0xff;
	bytes.push(...digits);
}
