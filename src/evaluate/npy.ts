/** NumPy's files: one array in `.npy`, several in `.npz`. */
import { unzipSync, zipSync } from 'fflate';
import {
	DT_BOOL,
	DT_DOUBLE,
	DT_FLOAT,
	DT_HALF,
	DT_INT8,
	DT_INT16,
	DT_INT32,
	DT_INT64,
	DT_UINT8,
	DT_UINT16,
	DT_UINT32,
	DT_UINT64,
	dtypeName,
} from '../graph/dtype.ts';
import { WhittleError } from '../graph/error.ts';
import type { TensorData, TensorValue } from '../graph/tensor.ts';

interface Format {
	readonly dtype: number;
	/** NumPy's letter and size. */
	readonly code: string;
	readonly bytes: number;
	read(buffer: ArrayBuffer): TensorData;
}

const formats: readonly Format[] = [
	{ dtype: DT_FLOAT, code: 'f4', bytes: 4, read: (buffer) => new Float32Array(buffer) },
	{ dtype: DT_DOUBLE, code: 'f8', bytes: 8, read: (buffer) => new Float64Array(buffer) },
	{ dtype: DT_HALF, code: 'f2', bytes: 2, read: (buffer) => new Uint16Array(buffer) },
	{ dtype: DT_INT8, code: 'i1', bytes: 1, read: (buffer) => new Int8Array(buffer) },
	{ dtype: DT_INT16, code: 'i2', bytes: 2, read: (buffer) => new Int16Array(buffer) },
	{ dtype: DT_INT32, code: 'i4', bytes: 4, read: (buffer) => new Int32Array(buffer) },
	{ dtype: DT_INT64, code: 'i8', bytes: 8, read: (buffer) => new BigInt64Array(buffer) },
	{ dtype: DT_UINT8, code: 'u1', bytes: 1, read: (buffer) => new Uint8Array(buffer) },
	{ dtype: DT_UINT16, code: 'u2', bytes: 2, read: (buffer) => new Uint16Array(buffer) },
	{ dtype: DT_UINT32, code: 'u4', bytes: 4, read: (buffer) => new Uint32Array(buffer) },
	{ dtype: DT_UINT64, code: 'u8', bytes: 8, read: (buffer) => new BigUint64Array(buffer) },
	{ dtype: DT_BOOL, code: 'b1', bytes: 1, read: (buffer) => new Uint8Array(buffer) },
];

/** Whether NumPy has the dtype too. */
export function isNumpyType(dtype: number): boolean {
	return formats.some((format) => format.dtype === dtype);
}

const MAGIC = '\x93NUMPY';

/** @throws WhittleError `file` for what is no `.npy`, or of a type that TensorFlow has no use for. */
export function readNpy(bytes: Uint8Array, name = 'the file'): TensorValue {
	const broken = (why: string): WhittleError => new WhittleError('file', `${name} cannot be read: ${why}`);
	if (bytes.length < 10 || Buffer.from(bytes.subarray(0, 6)).toString('latin1') !== MAGIC)
		throw broken('it is no .npy file');
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const wide = bytes[6]! >= 2;
	const start = wide ? 12 : 10;
	const length = wide ? view.getUint32(8, true) : view.getUint16(8, true);
	const header = Buffer.from(bytes.subarray(start, start + length)).toString('latin1');
	const code = /'descr':\s*'([^']*)'/.exec(header)?.[1];
	const sizes = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
	if (code === undefined || sizes === undefined) throw broken('its header is malformed');
	if (/'fortran_order':\s*True/.test(header))
		throw broken('its array is in Fortran order: save it in C order');
	const format = formats.find(
		(one) => `<${one.code}` === code || `|${one.code}` === code || `=${one.code}` === code,
	);
	if (!format) throw broken(`arrays of type ${code} are not taken`);
	const shape = sizes
		.split(',')
		.map((size) => size.trim())
		.filter((size) => size !== '')
		.map(Number);
	const elements = shape.reduce((product, size) => product * size, 1);
	const from = start + length;
	if (!Number.isSafeInteger(elements) || elements < 0 || bytes.length - from < elements * format.bytes)
		throw broken(`it ends before its ${elements} elements do`);
	// A Buffer's own `slice` would not copy.
	const content = Uint8Array.prototype.slice.call(bytes, from, from + elements * format.bytes);
	return { dtype: format.dtype, shape, data: format.read(content.buffer as ArrayBuffer) };
}

/** @throws WhittleError `evaluate` for a dtype that NumPy does not have. */
export function writeNpy(value: TensorValue): Uint8Array {
	const format = formats.find((one) => one.dtype === value.dtype);
	if (!format || !ArrayBuffer.isView(value.data))
		throw new WhittleError('evaluate', `Values of type ${dtypeName(value.dtype)} cannot be written as .npy.`);
	const order = format.bytes === 1 ? '|' : '<';
	const shape = value.shape.length === 1 ? `${value.shape[0]},` : value.shape.join(', ');
	const text = `{'descr': '${order}${format.code}', 'fortran_order': False, 'shape': (${shape}), }`;
	const padded = `${text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11)}\n`;
	const head = Buffer.alloc(10);
	head.write(MAGIC, 'latin1');
	head[6] = 1;
	head.writeUInt16LE(padded.length, 8);
	const { buffer, byteOffset, byteLength } = value.data;
	return Buffer.concat([head, Buffer.from(padded, 'latin1'), Buffer.from(buffer, byteOffset, byteLength)]);
}

/** Arrays by name. @throws WhittleError `file`. */
export function readNpz(bytes: Uint8Array, name: string): ReadonlyMap<string, TensorValue> {
	let entries: Readonly<Record<string, Uint8Array>>;
	try {
		entries = unzipSync(bytes);
	} catch (cause) {
		throw new WhittleError('file', `${name} cannot be read: it is no .npz file`, { cause });
	}
	return new Map(
		Object.entries(entries)
			.filter(([key]) => key.endsWith('.npy'))
			.map(([key, content]) => [key.slice(0, -4), readNpy(content, `${name}/${key}`)]),
	);
}

export function writeNpz(values: ReadonlyMap<string, TensorValue>): Uint8Array {
	return zipSync(Object.fromEntries([...values].map(([name, value]) => [`${name}.npy`, writeNpy(value)])));
}
