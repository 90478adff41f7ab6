/** Strings cut into pieces, joined along axes, and read as numbers or bytes. */
import { DT_INT64, DT_STRING, dtypeStorage } from '../graph/dtype.ts';
import type { TensorData, TensorValue } from '../graph/tensor.ts';
import { allocate } from '../graph/tensor-data.ts';
import { decodeText, encodeText } from '../graph/text.ts';
import { broadcastKnown, broadcastOffsets } from './broadcast.ts';
import type { Kernel, OpDeclaration, ShapeFunction } from './define.ts';
import { unchangedShape } from './elementwise.ts';
import { broadcastShapes } from './shape-algebra.ts';
import { cannotRun, elementCount, integers, integerTensor, isBigInts, noDtype } from './values.ts';

type Strings = readonly Uint8Array[];

function stringsOf(value: TensorValue): Strings {
	return value.data as Strings;
}

/** Between separators; without one between blanks, and nothing empty. */
function pieces(text: string, separator: string, most: number): string[] {
	if (separator !== '') {
		const all = text.split(separator);
		return most < 0 || all.length <= most ? all : [...all.slice(0, most), all.slice(most).join(separator)];
	}
	const found: string[] = [];
	let rest = text.replace(/^[ \t\n\v\f\r]+/, '');
	while (rest !== '') {
		const at = most >= 0 && found.length === most ? -1 : rest.search(/[ \t\n\v\f\r]/);
		found.push(at < 0 ? rest : rest.slice(0, at));
		rest = at < 0 ? '' : rest.slice(at).replace(/^[ \t\n\v\f\r]+/, '');
	}
	return found;
}

/** Rows of pieces as a sparse matrix. */
function sparseRows(rows: readonly (readonly Uint8Array[])[]): TensorValue[] {
	const data = rows.flat();
	const places = rows.flatMap((row, i) => row.flatMap((_piece, j) => [i, j]));
	const widest = Math.max(0, ...rows.map((row) => row.length));
	return [
		integerTensor(DT_INT64, [data.length, 2], places),
		{ dtype: DT_STRING, shape: [data.length], data },
		integerTensor(DT_INT64, [2], [rows.length, widest]),
	];
}

/** Bytes are kept as they are: each is a character. */
const latin = (item: Uint8Array): string => Buffer.from(item).toString('latin1');

const splitV2: Kernel = ([x, separator], context) => {
	const between = latin(stringsOf(separator!)[0]!);
	const most = context.attr('maxsplit')?.int ?? -1;
	return sparseRows(
		stringsOf(x!).map((item) =>
			pieces(latin(item), between, most).map((piece) => Buffer.from(piece, 'latin1')),
		),
	);
};

/** Any byte of the delimiter separates; without one every byte is a piece. */
const split: Kernel = ([x, delimiter], context) => {
	const bytes = new Set(stringsOf(delimiter!)[0]!);
	const skipsEmpty = context.attr('skip_empty')?.bool ?? true;
	return sparseRows(
		stringsOf(x!).map((item) => {
			if (bytes.size === 0) return Array.from(item, (byte) => Uint8Array.of(byte));
			const found: Uint8Array[] = [];
			for (let from = 0, at = 0; at <= item.length; at++)
				if (at === item.length || bytes.has(item[at]!)) {
					if (at > from || !skipsEmpty) found.push(item.slice(from, at));
					from = at + 1;
				}
			return found;
		}),
	);
};

const substring: Kernel = ([x, positions, lengths], context) => {
	const characters = context.attr('unit')?.string === 'UTF8_CHAR';
	const shape = broadcastKnown(x!.shape, positions!.shape);
	if (!shape) throw cannotRun(context, 'its operands do not broadcast');
	const [from, at] = [broadcastOffsets(x!.shape, shape), broadcastOffsets(positions!.shape, shape)];
	const [starts, counts] = [integers(positions!), integers(lengths!)];
	const data = Array.from(from, (place, i) => {
		const item = stringsOf(x!)[place]!;
		const units: readonly Uint8Array[] | Uint8Array = characters
			? Array.from(decodeText(item), encodeText)
			: item;
		const given = starts[at[i]!]!;
		const start = given < 0 ? units.length + given : given;
		if (start < 0 || start > units.length)
			throw cannotRun(context, `pos ${given} out of range for string at index ${i}`);
		const part = units.slice(start, start + counts[at[i]!]!);
		return part instanceof Uint8Array ? part : Buffer.concat(part as readonly Uint8Array[]);
	});
	return [{ dtype: DT_STRING, shape, data }];
};

const toNumber: Kernel = ([x], context) => {
	const dtype = context.outputDtypes[0]!;
	const data = allocate(dtype, x!.data.length) as unknown as { [i: number]: number | bigint };
	const wide = isBigInts(data as unknown as BigInt64Array);
	const whole = wide || dtypeStorage(dtype).startsWith('int');
	const form = whole
		? /^[+-]?\d+$/
		: /^[+-]?(\d+\.?\d*([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?|inf(inity)?|nan)$/i;
	for (const [i, item] of stringsOf(x!).entries()) {
		const text = decodeText(item).trim();
		if (!form.test(text))
			throw cannotRun(context, `StringToNumberOp could not correctly convert string: ${text}`);
		const named = /inf/i.test(text) ? Number.POSITIVE_INFINITY : /nan/i.test(text) ? Number.NaN : undefined;
		if (wide) data[i] = BigInt(text.replace('+', ''));
		else data[i] = named === undefined ? Number(text) : text.startsWith('-') ? -named : named;
	}
	return [{ dtype, shape: x!.shape, data: data as unknown as TensorData }];
};

/** Joined along the axes that the second input names, in that order. */
export const joinAlong: Kernel = ([x, axes], context) => {
	const separator = encodeText(context.attr('separator')?.string ?? '');
	const rank = x!.shape.length;
	const along = integers(axes!).map((axis) => (axis < 0 ? axis + rank : axis));
	if (along.length === 0) throw cannotRun(context, 'it names no axes');
	const kept = x!.shape.flatMap((_size, axis) => (along.includes(axis) ? [] : [axis]));
	const shape = kept.map((axis) => x!.shape[axis]!);
	const groups = Array.from({ length: elementCount(shape) }, (): [number, Uint8Array][] => []);
	for (const [i, item] of stringsOf(x!).entries()) {
		const index = new Array<number>(rank);
		for (let axis = rank - 1, rest = i; axis >= 0; axis--) {
			index[axis] = rest % x!.shape[axis]!;
			rest = Math.floor(rest / x!.shape[axis]!);
		}
		const flat = (list: readonly number[]): number =>
			list.reduce((at, axis) => at * x!.shape[axis]! + index[axis]!, 0);
		groups[flat(kept)]!.push([flat(along), item]);
	}
	const data = groups.map((group) => {
		const items = group.sort(([a], [b]) => a - b).map(([, item]) => item);
		return Buffer.concat(items.flatMap((item, i) => (i === 0 ? [item] : [separator, item])));
	});
	const full = x!.shape.map((size, axis) => (along.includes(axis) ? 1 : size));
	return [{ dtype: DT_STRING, shape: context.attr('keep_dims')?.bool ? full : shape, data }];
};

function mapBytes(f: (item: Uint8Array, pad: boolean) => Uint8Array): Kernel {
	return ([x], { attr }) => {
		const pad = attr('pad')?.bool ?? false;
		return [{ dtype: DT_STRING, shape: x!.shape, data: stringsOf(x!).map((item) => f(item, pad)) }];
	};
}

const encodeBase64 = mapBytes((item, pad) => {
	const text = Buffer.from(item).toString('base64url');
	return encodeText(pad ? text.padEnd(Math.ceil(text.length / 4) * 4, '=') : text);
});
const decodeBase64 = mapBytes((item) => Buffer.from(decodeText(item), 'base64url'));

/** The bytes of strings of one length as numbers, the least significant byte first unless said otherwise. */
const decodeRaw: Kernel = ([x], context) => {
	const dtype = context.outputDtypes[0]!;
	const items = stringsOf(x!);
	const length = items[0]?.length ?? 0;
	const one = allocate(dtype, 1) as Uint8Array;
	if (!ArrayBuffer.isView(one)) throw noDtype(context, dtype);
	const size = one.BYTES_PER_ELEMENT;
	if (items.some((item) => item.length !== length) || length % size !== 0)
		throw cannotRun(context, `its strings have not all the same number of values of ${size} bytes`);
	const bytes = Buffer.concat(items);
	if (context.attr('little_endian')?.bool === false)
		for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
	const data = allocate(dtype, bytes.length / size) as Uint8Array;
	new Uint8Array(data.buffer, data.byteOffset, data.byteLength).set(bytes);
	return [{ dtype, shape: [...x!.shape, length / size], data }];
};

const sparse: ShapeFunction = () => [[-1, 2], [-1], [2]];

export const stringPartOps: readonly OpDeclaration[] = [
	{ names: ['StringSplitV2'], shape: sparse, kernel: splitV2 },
	{ names: ['StringSplit'], shape: sparse, kernel: split },
	{
		names: ['Substr'],
		limits: 'positions repeat along the strings',
		shape: ({ inputs }) => [broadcastShapes(inputs[0] ?? null, inputs[1] ?? null)],
		kernel: substring,
	},
	{ names: ['StringToNumber'], shape: unchangedShape, kernel: toNumber },
	{ names: ['EncodeBase64'], shape: unchangedShape, kernel: encodeBase64 },
	{ names: ['DecodeBase64'], shape: unchangedShape, kernel: decodeBase64 },
	{ names: ['DecodeRaw'], shape: ({ inputs }) => [inputs[0] ? [...inputs[0], -1] : null], kernel: decodeRaw },
];
