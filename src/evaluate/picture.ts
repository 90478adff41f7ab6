/** Values that are images: as PNG, and small in characters. */
import { encode } from 'fast-png';
import { DT_BOOL, DT_UINT8 } from '../graph/dtype.ts';
import type { TensorValue } from '../graph/tensor.ts';
import { isComplex, isSixteenBitFloat, widen } from '../ops/values.ts';

/** Row by row, 1 (grey), 3 or 4 channels of 0 … 255. */
export interface Picture {
	readonly width: number;
	readonly height: number;
	readonly channels: 1 | 3 | 4;
	readonly data: Uint8Array;
}

/**
 * A value of shape [height, width, 1, 3 or 4], or the first of a batch of them. Bytes are taken as they are; floats
 * in 0 … 1, −1 … 1 or 0 … 255 as these ranges; all others from their least to their greatest.
 * @returns undefined where the value is no image.
 */
export function pictureOf(value: TensorValue): Picture | undefined {
	const { dtype, shape, data } = value;
	const [height = 0, width = 0, channels = 0] = shape.length === 4 ? shape.slice(1) : shape;
	if (shape.length !== 3 && shape.length !== 4) return undefined;
	if (channels !== 1 && channels !== 3 && channels !== 4) return undefined;
	if (width < 2 || height < 2 || shape[0] === 0 || !ArrayBuffer.isView(data)) return undefined;
	if (isComplex(dtype)) return undefined;
	const source = isSixteenBitFloat(dtype) ? widen(value) : data;
	const numbers = Float64Array.from({ length: height * width * channels }, (_, i) => Number(source[i]));
	const [least, greatest] = rangeOf(numbers, dtype);
	const scale = greatest > least ? 255 / (greatest - least) : 0;
	// Of what is not finite the clamped array makes 0 or 255.
	return {
		width,
		height,
		channels,
		data: new Uint8Array(Uint8ClampedArray.from(numbers, (number) => (number - least) * scale).buffer),
	};
}

const RANGES: readonly (readonly [number, number])[] = [
	[0, 1],
	[-1, 1],
	[0, 255],
];

function rangeOf(numbers: Float64Array, dtype: number): readonly [number, number] {
	if (dtype === DT_UINT8) return [0, 255];
	if (dtype === DT_BOOL) return [0, 1];
	let least = Number.POSITIVE_INFINITY;
	let greatest = Number.NEGATIVE_INFINITY;
	for (const number of numbers) {
		if (!Number.isFinite(number)) continue;
		least = Math.min(least, number);
		greatest = Math.max(greatest, number);
	}
	return RANGES.find(([from, to]) => least >= from && greatest <= to) ?? [least, greatest];
}

export function encodePicture({ width, height, channels, data }: Picture): Uint8Array {
	return encode({ width, height, channels, data, depth: 8 });
}

/**
 * Two pixels a character, light ones drawn: needs no colours. Shades become patterns (Floyd and Steinberg 1976).
 * @param columns the most that a line may have; small pictures are not made larger.
 */
export function halfBlocks(picture: Picture, columns: number): string[] {
	const width = Math.max(1, Math.min(columns, picture.width));
	const height = Math.max(1, Math.round((picture.height * width) / picture.width));
	const light = dithered(shrunk(picture, width, height), width, height);
	const lines: string[] = [];
	for (let y = 0; y < height; y += 2) {
		let line = '';
		for (let x = 0; x < width; x++) {
			const upper = light[y * width + x] === 1;
			const lower = y + 1 < height && light[(y + 1) * width + x] === 1;
			line += upper ? (lower ? '█' : '▀') : lower ? '▄' : ' ';
		}
		lines.push(line);
	}
	return lines;
}

/** Brightness in 0 … 255, each pixel the mean of those that it stands for. */
function shrunk(picture: Picture, width: number, height: number): Float32Array {
	const grey = new Float32Array(width * height);
	for (let y = 0; y < height; y++) {
		const [top, bottom] = piece(y, height, picture.height);
		for (let x = 0; x < width; x++) {
			const [left, right] = piece(x, width, picture.width);
			let sum = 0;
			for (let row = top; row < bottom; row++)
				for (let column = left; column < right; column++)
					sum += brightness(picture, row * picture.width + column);
			grey[y * width + x] = sum / ((bottom - top) * (right - left));
		}
	}
	return grey;
}

/** From and to of the pixels that one of `count` stands for. */
function piece(index: number, count: number, pixels: number): readonly [number, number] {
	const from = Math.min(pixels - 1, Math.floor((index * pixels) / count));
	return [from, Math.max(from + 1, Math.floor(((index + 1) * pixels) / count))];
}

function brightness({ channels, data }: Picture, pixel: number): number {
	const at = pixel * channels;
	if (channels === 1) return data[at]!;
	const grey = 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!;
	return channels === 4 ? (grey * data[at + 3]!) / 255 : grey;
}

/** 1 for light pixels; what each is off by goes to its neighbours. Changes `grey`. */
function dithered(grey: Float32Array, width: number, height: number): Uint8Array {
	const light = new Uint8Array(grey.length);
	for (let y = 0; y < height; y++) {
		for (let x = 0; x < width; x++) {
			const at = y * width + x;
			light[at] = grey[at]! >= 128 ? 1 : 0;
			const error = (grey[at]! - 255 * light[at]!) / 16;
			if (x + 1 < width) grey[at + 1]! += 7 * error;
			if (y + 1 === height) continue;
			if (x > 0) grey[at + width - 1]! += 3 * error;
			grey[at + width]! += 5 * error;
			if (x + 1 < width) grey[at + width + 1]! += error;
		}
	}
	return light;
}
