/** TensorFlow's data types: numbers, names and sizes (spec: core-and-rewiring 10.3). */

export const DT_INVALID = 0;
export const DT_FLOAT = 1;
export const DT_DOUBLE = 2;
export const DT_INT32 = 3;
export const DT_UINT8 = 4;
export const DT_INT16 = 5;
export const DT_INT8 = 6;
export const DT_STRING = 7;
export const DT_COMPLEX64 = 8;
export const DT_INT64 = 9;
export const DT_BOOL = 10;
export const DT_QINT8 = 11;
export const DT_QUINT8 = 12;
export const DT_QINT32 = 13;
export const DT_BFLOAT16 = 14;
export const DT_QINT16 = 15;
export const DT_QUINT16 = 16;
export const DT_UINT16 = 17;
export const DT_COMPLEX128 = 18;
export const DT_HALF = 19;
export const DT_RESOURCE = 20;
export const DT_VARIANT = 21;
export const DT_UINT32 = 22;
export const DT_UINT64 = 23;

/** How a type's values are held in memory, see {@link TensorData}. */
export type Storage =
	| 'float32'
	| 'float64'
	| 'int32'
	| 'uint8'
	| 'int16'
	| 'int8'
	| 'uint16'
	| 'uint32'
	| 'int64'
	| 'uint64'
	| 'string'
	| 'complex64'
	| 'complex128'
	| 'opaque';

interface DataType {
	readonly name: string;
	/** Bytes an element in `tensor_content`; 0 where elements have no fixed size. */
	readonly size: number;
	readonly storage: Storage;
}

const types: readonly DataType[] = [
	{ name: 'INVALID', size: 0, storage: 'opaque' },
	{ name: 'float', size: 4, storage: 'float32' },
	{ name: 'double', size: 8, storage: 'float64' },
	{ name: 'int32', size: 4, storage: 'int32' },
	{ name: 'uint8', size: 1, storage: 'uint8' },
	{ name: 'int16', size: 2, storage: 'int16' },
	{ name: 'int8', size: 1, storage: 'int8' },
	{ name: 'string', size: 0, storage: 'string' },
	{ name: 'complex64', size: 8, storage: 'complex64' },
	{ name: 'int64', size: 8, storage: 'int64' },
	{ name: 'bool', size: 1, storage: 'uint8' },
	{ name: 'qint8', size: 1, storage: 'int8' },
	{ name: 'quint8', size: 1, storage: 'uint8' },
	{ name: 'qint32', size: 4, storage: 'int32' },
	{ name: 'bfloat16', size: 2, storage: 'uint16' },
	{ name: 'qint16', size: 2, storage: 'int16' },
	{ name: 'quint16', size: 2, storage: 'uint16' },
	{ name: 'uint16', size: 2, storage: 'uint16' },
	{ name: 'complex128', size: 16, storage: 'complex128' },
	{ name: 'half', size: 2, storage: 'uint16' },
	{ name: 'resource', size: 0, storage: 'opaque' },
	{ name: 'variant', size: 0, storage: 'opaque' },
	{ name: 'uint32', size: 4, storage: 'uint32' },
	{ name: 'uint64', size: 8, storage: 'uint64' },
	{ name: 'float8_e5m2', size: 1, storage: 'uint8' },
	{ name: 'float8_e4m3fn', size: 1, storage: 'uint8' },
	{ name: 'float8_e4m3fnuz', size: 1, storage: 'uint8' },
	{ name: 'float8_e4m3b11fnuz', size: 1, storage: 'uint8' },
	{ name: 'float8_e5m2fnuz', size: 1, storage: 'uint8' },
	{ name: 'int4', size: 1, storage: 'int8' },
	{ name: 'uint4', size: 1, storage: 'uint8' },
	{ name: 'int2', size: 1, storage: 'int8' },
	{ name: 'uint2', size: 1, storage: 'uint8' },
	{ name: 'float4_e2m1fn', size: 1, storage: 'uint8' },
];

const REFERENCE = 100;

/** `float`, `int32_ref`, …; `unknown dtype enum (N)` for a number without a type. */
export function dtypeName(dtype: number): string {
	if (dtype > REFERENCE) return `${dtypeName(dtype - REFERENCE)}_ref`;
	return types[dtype]?.name ?? `unknown dtype enum (${dtype})`;
}

/** `DT_FLOAT`, `DT_INT32_REF`, …; undefined for a number without a name. */
export function dtypeEnumName(dtype: number): string | undefined {
	const base = dtype > REFERENCE ? dtype - REFERENCE : dtype;
	const type = types[base];
	if (!type || dtype === REFERENCE) return undefined;
	return `DT_${type.name.toUpperCase()}${dtype > REFERENCE ? '_REF' : ''}`;
}

const byName = new Map(
	types.map((type, dtype) => [type.name, dtype]).filter(([, d]) => d !== 0) as [string, number][],
);
byName.set('float32', DT_FLOAT).set('float64', DT_DOUBLE).set('float16', DT_HALF);

/** The number of a type by its name (`float`, `float32`, `int64_ref`); undefined when there is none. */
export function dtypeByName(name: string): number | undefined {
	if (name.endsWith('_ref')) {
		const base = byName.get(name.slice(0, -4));
		return base === undefined ? undefined : base + REFERENCE;
	}
	return byName.get(name);
}

/** All names that {@link dtypeByName} takes, reference types left out. */
export const dtypeNames: readonly string[] = [...byName.keys()];

/** Bytes an element; 0 for strings, resources, variants and unknown types. */
export function dtypeSize(dtype: number): number {
	return types[dtype]?.size ?? 0;
}

export function dtypeStorage(dtype: number): Storage {
	return types[dtype]?.storage ?? 'opaque';
}

/** `T` for `T` and `T_ref`. */
export function baseDtype(dtype: number): number {
	return dtype > REFERENCE ? dtype - REFERENCE : dtype;
}

export function isReference(dtype: number): boolean {
	return dtype > REFERENCE;
}
