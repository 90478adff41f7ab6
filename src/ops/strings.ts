/** Ops on strings: values are bytes, whatever they mean. */
import { DT_INT32, DT_INT64, DT_STRING } from '../graph/dtype.ts';
import { fingerprint64 } from '../graph/farm-hash.ts';
import type { TensorValue } from '../graph/tensor.ts';
import { decodeText, encodeText } from '../graph/text.ts';
import { broadcastKnown } from './broadcast.ts';
import type { Kernel, OpDeclaration, ShapeFunction } from './define.ts';
import { unchangedShape } from './elementwise.ts';
import { mergeShapes, SCALAR, withRank } from './shape-algebra.ts';
import { cannotRun, elementCount } from './values.ts';

/** Order of two strings by their bytes: negative, zero or positive. */
export function compareContent(a: Uint8Array, b: Uint8Array): number {
	return Buffer.compare(a, b);
}

function text(f: (text: string) => string): Kernel {
	return ([x]) => [
		{
			dtype: DT_STRING,
			shape: x!.shape,
			data: (x!.data as readonly Uint8Array[]).map((item) => encodeText(f(decodeText(item)))),
		},
	];
}

/** With `encoding` UTF-8 all letters change, else those of ASCII. */
function cased(letters: RegExp, change: (item: string) => string): Kernel {
	const [all, some] = [text(change), text((item) => item.replace(letters, change))];
	return (inputs, context) => (context.attr('encoding')?.string ? all : some)(inputs, context);
}

const stringLength: Kernel = ([x], context) => {
	const unit = context.attr('unit')?.string ?? 'BYTE';
	const lengths = (x!.data as readonly Uint8Array[]).map((item) =>
		unit === 'BYTE' ? item.length : [...decodeText(item)].length,
	);
	return [{ dtype: DT_INT32, shape: x!.shape, data: Int32Array.from(lengths) }];
};

const stringJoin: Kernel = (inputs, context) => {
	const separator = encodeText(context.attr('separator')?.string ?? '');
	const shape = inputs.find((input) => input.shape.length > 0)?.shape ?? [];
	const parts: Uint8Array[][] = Array.from({ length: elementCount(shape) }, () => []);
	for (const input of inputs) {
		if (!broadcastKnown(input.shape, shape)) throw cannotRun(context, 'its operands have different shapes');
		const items = input.data as readonly Uint8Array[];
		for (let i = 0; i < parts.length; i++) parts[i]!.push(items[items.length === 1 ? 0 : i]!);
	}
	const data = parts.map((list) =>
		Buffer.concat(list.flatMap((item, i) => (i > 0 && separator.length > 0 ? [separator, item] : [item]))),
	);
	return [{ dtype: DT_STRING, shape, data }];
};

const stringJoinShape: ShapeFunction = ({ inputs }) => {
	let shape: readonly number[] | null = SCALAR;
	let unknown = false;
	for (const input of inputs) {
		if (input === null) {
			unknown = true;
			continue;
		}
		if (input.length > 0) shape = shape?.length === 0 ? input : mergeShapes(shape, input);
	}
	return [unknown && shape?.length === 0 ? null : shape];
};

/** Whole numbers and booleans as TensorFlow prints them; floats need C's formats and are left alone. */
const digits = (value: number): string => String(value).padStart(5, '0');

const shardedFilename: Kernel = ([base, shard, count]) => {
	const name = decodeText((base!.data as readonly Uint8Array[])[0]!);
	const of = (value: TensorValue): string => digits(Number((value.data as Int32Array)[0]));
	return [{ dtype: DT_STRING, shape: [], data: [encodeText(`${name}-${of(shard!)}-of-${of(count!)}`)] }];
};

const shardedFilespec: Kernel = ([base, count]) => {
	const name = decodeText((base!.data as readonly Uint8Array[])[0]!);
	const total = digits(Number((count!.data as Int32Array)[0]));
	return [{ dtype: DT_STRING, shape: [], data: [encodeText(`${name}-?????-of-${total}`)] }];
};

const hashBucket: Kernel = ([x], context) => {
	const buckets = BigInt(context.attr('num_buckets')?.int ?? 1);
	const data = BigInt64Array.from(x!.data as readonly Uint8Array[], (item) => fingerprint64(item) % buckets);
	return [{ dtype: DT_INT64, shape: x!.shape, data }];
};

const scalarInputs: ShapeFunction = ({ inputs }) => {
	for (const input of inputs) withRank(input, 0);
	return [SCALAR];
};

export const stringOps: readonly OpDeclaration[] = [
	{
		names: ['StringLower'],
		shape: unchangedShape,
		kernel: cased(/[A-Z]/g, (item) => item.toLowerCase()),
	},
	{
		names: ['StringUpper'],
		shape: unchangedShape,
		kernel: cased(/[a-z]/g, (item) => item.toUpperCase()),
	},
	{
		names: ['StringStrip'],
		shape: unchangedShape,
		kernel: text((item) => item.replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, '')),
	},
	{ names: ['StringLength'], shape: unchangedShape, kernel: stringLength },
	{ names: ['StringJoin'], shape: stringJoinShape, kernel: stringJoin },
	{ names: ['StringToHashBucketFast'], shape: unchangedShape, kernel: hashBucket },
	{ names: ['ShardedFilename'], shape: scalarInputs, kernel: shardedFilename },
	{ names: ['ShardedFilespec'], shape: scalarInputs, kernel: shardedFilespec },
	{
		names: ['StringToHashBucket', 'StringToHashBucketStrong', 'UnicodeScript', 'UnicodeTranscode'],
		shape: unchangedShape,
	},
	{ names: ['DecodeCompressed'], shape: unchangedShape },
];
