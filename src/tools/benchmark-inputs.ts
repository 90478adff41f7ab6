/** The inputs of `benchmark_model`, out of its flags (spec: benchmark 10.2). */
import { DT_STRING, dtypeByName, dtypeStorage } from '../graph/dtype.ts';
import type { TensorValue } from '../graph/tensor.ts';

/** Where the tool's process would die. */
export class ToolAbort extends Error {}

export interface InputFlags {
	readonly input_layer: string;
	readonly input_layer_shape: string;
	readonly input_layer_type: string;
	readonly input_layer_values: string;
}

/** Empty items are kept, but an empty flag has none. */
export function splitItems(text: string, separator = ','): string[] {
	return text === '' ? [] : text.split(separator);
}

/** The message for lists of different lengths; undefined when they agree. */
export function countProblem(flags: InputFlags): string | undefined {
	const layers = splitItems(flags.input_layer).length;
	const shapes = splitItems(flags.input_layer_shape, ':').length;
	const types = splitItems(flags.input_layer_type).length;
	if (layers === shapes && layers === types) return undefined;
	return [
		'There must be the same number of items in --input_layer, --input_layer_shape, and --input_layer_type, for example --input_layer=input1,input2 --input_layer_type=float,float --input_layer_shape=1,224,224,4:1,20',
		`--input_layer=${flags.input_layer} (${layers} items)`,
		`--input_layer_type=${flags.input_layer_type} (${types} items)`,
		`--input_layer_shape=${flags.input_layer_shape} (${shapes} items)`,
	].join('\n');
}

const SUPPORTED: ReadonlySet<string> = new Set([
	'int32',
	'int64',
	'float',
	'quint8',
	'uint8',
	'bool',
	'string',
]);

/**
 * Zeros, then the values that were given.
 * @returns the tensors in order, or a message for sizes that are left open. @throws ToolAbort.
 */
export function benchmarkInputs(flags: InputFlags): readonly TensorValue[] | string {
	const types = splitItems(flags.input_layer_type);
	const groups = splitItems(flags.input_layer_values, ':');
	const values: TensorValue[] = [];
	for (const [i, shapeText] of splitItems(flags.input_layer_shape, ':').entries()) {
		const shape = splitItems(shapeText).map((size) => {
			if (!/^\s*[+-]?\d+\s*$/.test(size) || Number(size) !== (Number(size) | 0))
				throw new ToolAbort(`Incorrect size string specified: ${shapeText}`);
			return Number(size);
		});
		if (shape.includes(-1))
			return "Any unknown sizes in the shapes (-1's) must be replaced with the size you want to benchmark with.";
		if (shape.some((size) => size < 0))
			throw new ToolAbort(`Expected shape dimensions to be non-negative, got ${shapeText}`);
		values.push(filled(types[i]!, shape, splitItems(groups[i] ?? '')));
	}
	return values;
}

function filled(type: string, shape: readonly number[], given: readonly string[]): TensorValue {
	const dtype = dtypeByName(type);
	if (dtype === undefined) throw new ToolAbort(`${type} was an invalid type`);
	if (!SUPPORTED.has(type)) throw new ToolAbort(`Unsupported input type: ${type}`);
	const length = shape.reduce((product, size) => product * size, 1);
	if (dtype === DT_STRING) {
		if (given.length > 0) throw new ToolAbort('Initialization values are not supported for strings');
		return { dtype, shape, data: new Array<Uint8Array>(length).fill(new Uint8Array(0)) };
	}
	const numbers = given.slice(0, length).map((text) => {
		const value = Number(text);
		if (text.trim() === '' || Number.isNaN(value))
			throw new ToolAbort(`Incorrect initialization values string specified: ${given.join(',')}`);
		return value;
	});
	if (type === 'int64') {
		const data = new BigInt64Array(length);
		for (const [i, value] of numbers.entries()) data[i] = BigInt(Math.trunc(value));
		return { dtype, shape, data };
	}
	const storage = dtypeStorage(dtype);
	const data =
		storage === 'float32'
			? new Float32Array(length)
			: storage === 'int32'
				? new Int32Array(length)
				: new Uint8Array(length);
	for (const [i, value] of numbers.entries()) data[i] = type === 'bool' ? (value === 0 ? 0 : 1) : value;
	return { dtype, shape, data };
}
