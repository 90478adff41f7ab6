/** What a person types after `feed NAME=`, as a value. */
import { decode as decodePng } from 'fast-png';
import jpeg from 'jpeg-js';
import { DT_FLOAT, DT_STRING, DT_UINT8, dtypeName } from '../graph/dtype.ts';
import { WhittleError } from '../graph/error.ts';
import type { TensorValue } from '../graph/tensor.ts';
import type { InputSpec } from './input-specs.ts';
import { readNpy, readNpz } from './npy.ts';
import { concreteShape, constantValue, listedValue, randomValue } from './random-inputs.ts';

export interface FeedOptions {
	readonly seed: number;
	/** The size of unknown axes. */
	readonly unknown: number;
	readFile(path: string): Uint8Array;
}

/**
 * `zeros`, `ones`, `random`, each with a shape if wanted (`random[1,48,64,3]`); a number or a nested list; a file
 * `.npy`, `.npz` (`F.npz:key`), `.png`, `.jpg`; for strings a quoted text or the content of any other file.
 * @throws WhittleError `usage`, `file`.
 */
export function feedValue(source: string, spec: InputSpec, options: FeedOptions): TensorValue {
	const made = /^(zeros|ones|random)\s*(\[[^\]]*\])?$/.exec(source);
	if (made) return madeValue(made[1]!, made[2], spec, options);
	if (/^[[\d.+-]/.test(source) && !/\.(npy|npz|png|jpe?g)\b/i.test(source)) return literalValue(source, spec);
	if (/^(true|false)$/.test(source)) return literalValue(source, spec);
	const archive = /^(.*\.npz)(?::(.*))?$/i.exec(source);
	if (archive) return fromArchive(archive[1]!, archive[2], spec, options);
	const bytes = options.readFile(source);
	if (/\.npy$/i.test(source)) return fitting(readNpy(bytes, source), spec, source);
	if (/\.png$/i.test(source)) return imageValue(pngImage(bytes, source), spec, source);
	if (/\.jpe?g$/i.test(source)) return imageValue(jpegImage(bytes, source), spec, source);
	if (spec.dtype === DT_STRING) return { dtype: DT_STRING, shape: [], data: [bytes] };
	throw new WhittleError('usage', `\`${source}\` is no value that an input can have.`, {
		hint: 'zeros, ones, random, a number, a list, or a file .npy, .npz, .png, .jpg.',
	});
}

function madeValue(
	word: string,
	shapeText: string | undefined,
	spec: InputSpec,
	options: FeedOptions,
): TensorValue {
	let { likely: shape } = spec;
	if (shapeText) {
		const sizes: unknown = parseJson(shapeText);
		if (!Array.isArray(sizes) || !sizes.every((size) => Number.isSafeInteger(size) && size >= 0))
			throw new WhittleError('usage', `\`${shapeText}\` is no shape.`);
		shape = sizes as number[];
	}
	if (word === 'random') return randomValue({ ...spec, shape, likely: shape }, options.seed, options.unknown);
	return constantValue(spec, concreteShape(shape, options.unknown), word === 'ones' ? 1 : 0);
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** A number, which fills the declared shape, or a list, which has its own. */
function literalValue(source: string, spec: InputSpec): TensorValue {
	const value = parseJson(source);
	if (typeof value === 'number' || typeof value === 'boolean')
		return constantValue(spec, concreteShape(spec.shape ?? [], 1), Number(value));
	const shape: number[] = [];
	for (let at = value; Array.isArray(at); at = at[0]) shape.push(at.length);
	const flat = Array.isArray(value) ? (value as unknown[]).flat(shape.length - 1) : [];
	const elements = shape.reduce((product, size) => product * size, 1);
	if (
		!Array.isArray(value) ||
		flat.length !== elements ||
		!flat.every((item) => typeof item === 'number' || typeof item === 'boolean')
	)
		throw new WhittleError('usage', `\`${source}\` is no number and no regular list of numbers.`);
	return listedValue(spec, shape, flat.map(Number));
}

function fromArchive(
	path: string,
	key: string | undefined,
	spec: InputSpec,
	options: FeedOptions,
): TensorValue {
	const arrays = readNpz(options.readFile(path), path);
	const name = key ?? (arrays.size === 1 ? [...arrays.keys()][0]! : spec.node.name);
	const value = arrays.get(name);
	if (value) return fitting(value, spec, path);
	throw new WhittleError('unknown', `${path} has no array \`${name}\`.`, {
		hint: `It has ${[...arrays.keys()].join(', ')}: name one after a colon, as in ${path}:NAME.`,
	});
}

/** An array of another number type is converted; the input's dtype is the graph's. */
function fitting(value: TensorValue, spec: InputSpec, source: string): TensorValue {
	checkShape(value.shape, spec, source);
	if (value.dtype === spec.dtype) return value;
	if (spec.dtype === DT_STRING)
		throw new WhittleError('usage', `${source} holds numbers; \`${spec.node.name}\` takes strings.`);
	const numbers = Array.from(value.data as Float64Array, Number);
	const converted = listedValue(spec, value.shape, numbers);
	const changed = numbers.some((number, i) => !Object.is(Number(converted.data[i]), number));
	if (changed && spec.dtype !== DT_FLOAT)
		throw new WhittleError(
			'usage',
			`${source} does not fit type ${dtypeName(spec.dtype)} of \`${spec.node.name}\`.`,
		);
	return converted;
}

function checkShape(shape: readonly number[], { shape: wanted, node }: InputSpec, source: string): void {
	if (!wanted || wanted.length === 0) return;
	if (shape.length === wanted.length && wanted.every((size, i) => size < 0 || size === shape[i])) return;
	const text = wanted.map((size) => (size < 0 ? '?' : size)).join(',');
	throw new WhittleError('usage', `${source} is [${shape}]; \`${node.name}\` takes [${text}].`);
}

interface Image {
	readonly width: number;
	readonly height: number;
	readonly channels: number;
	readonly data: ArrayLike<number>;
	readonly largest: number;
}

function pngImage(bytes: Uint8Array, source: string): Image {
	try {
		const { width, height, channels, data, depth, palette } = decodePng(bytes);
		if (palette) {
			const pixels = Array.from(data).flatMap((index) => palette[index]!.slice(0, 3));
			return { width, height, channels: 3, data: pixels, largest: 255 };
		}
		return { width, height, channels, data, largest: depth === 16 ? 65535 : 255 };
	} catch (cause) {
		throw new WhittleError('file', `${source} is no PNG image that can be read.`, { cause });
	}
}

function jpegImage(bytes: Uint8Array, source: string): Image {
	try {
		const { width, height, data } = jpeg.decode(bytes, { useTArray: true, maxMemoryUsageInMB: 1024 });
		return { width, height, channels: 4, data, largest: 255 };
	} catch (cause) {
		throw new WhittleError('file', `${source} is no JPEG image that can be read.`, { cause });
	}
}

/** Pixels as [1, height, width, channels]: floats in [0, 1], integers in 0 … 255. Alpha is left out. */
function imageValue(image: Image, spec: InputSpec, source: string): TensorValue {
	const rank = spec.shape?.length ?? 4;
	const wanted = spec.shape?.at(-1) ?? 3;
	const channels = wanted === 1 ? 1 : 3;
	const scale = spec.dtype === DT_UINT8 ? 255 / image.largest : 1 / image.largest;
	const values: number[] = [];
	const grey = image.channels < 3;
	for (let pixel = 0; pixel < image.width * image.height; pixel++) {
		const at = pixel * image.channels;
		const [r, g, b] = grey
			? [image.data[at]!, image.data[at]!, image.data[at]!]
			: [image.data[at]!, image.data[at + 1]!, image.data[at + 2]!];
		if (channels === 1) values.push((0.299 * r + 0.587 * g + 0.114 * b) * scale);
		else values.push(r * scale, g * scale, b * scale);
	}
	const shape = [image.height, image.width, channels];
	if (rank === 4) shape.unshift(1);
	checkShape(shape, spec, source);
	return listedValue(spec, shape, spec.dtype === DT_FLOAT ? values : values.map(Math.round));
}
