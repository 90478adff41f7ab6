import { describe, expect, it } from 'vitest';
import { Attr } from '../../src/graph/attr.ts';
import {
	DT_BFLOAT16,
	DT_BOOL,
	DT_COMPLEX64,
	DT_DOUBLE,
	DT_FLOAT,
	DT_HALF,
	DT_INT32,
	DT_INT64,
	DT_QINT32,
	DT_STRING,
} from '../../src/graph/dtype.ts';
import { toBfloat16, toHalf } from '../../src/graph/half.ts';
import { Tensor, type TensorData } from '../../src/graph/tensor.ts';
import { tensorText } from '../../src/graph/tensor-text.ts';
import { encodeShape } from '../../src/graph/tensor-writer.ts';
import { FIXED32, FieldWriter, VARINT } from '../../src/graph/wire.ts';

function values(dtype: number, shape: readonly number[], data: TensorData): string {
	const text = tensorText(Attr.tensor({ dtype, shape, data }).tensor!);
	return /values: (.*)>$/.exec(text)![1]!;
}

const float = (shape: readonly number[], ...data: number[]) =>
	values(DT_FLOAT, shape, Float32Array.from(data));
const int64 = (shape: readonly number[]) => {
	const elements = shape.reduce((product, size) => product * size, 1);
	return values(
		DT_INT64,
		shape,
		BigInt64Array.from({ length: elements }, (_, i) => BigInt(i)),
	);
};

/** The rows of the specification's table (core-and-rewiring 10.2), which the C++ library gave. */
describe('tensorText', () => {
	it('shows three elements of a vector', () => {
		expect(float([5], 0, 1 / 3, 2 / 3, 1, 2)).toBe('0 0.333333343 0.666666687...');
		expect(float([3], 0, 1, 2)).toBe('0 1 2');
		expect(values(DT_BOOL, [4], Uint8Array.of(1, 0, 1, 1))).toBe('1 0 1...');
	});

	it('brackets rows but not the whole', () => {
		expect(float([2, 2], 1, 2, 3, 4)).toBe('[1 2][3...]...');
		expect(int64([2, 3])).toBe('[0 1 2]...');
		expect(int64([1, 4])).toBe('[0 1 2...]...');
		expect(int64([4, 1])).toBe('[0][1][2]...');
		expect(int64([1, 1, 4])).toBe('[[0 1 2...]]...');
		expect(int64([2, 2, 2])).toBe('[[0 1][2...]]...');
		expect(float([2, 1, 2], 1, 1, 1, 1)).toBe('[[1 1]][[1...]]...');
		expect(float([3, 1], 1, 1, 1)).toBe('[1][1][1]');
	});

	it('shows strings', () => {
		const text = (...items: string[]) => items.map((item) => Buffer.from(item));
		expect(values(DT_STRING, [2, 2], text('a', 'b', 'c', 'd'))).toBe('[a b][c...]...');
		expect(values(DT_STRING, [2], text('', ''))).toBe(' ');
		expect(values(DT_STRING, [], text('a\n"é'))).toBe('a\\n\\"é');
	});

	it('repeats the last typed value without making them all', () => {
		const floatProto = new FieldWriter()
			.tag(1, VARINT)
			.varint(DT_FLOAT)
			.bytes(2, encodeShape([2 ** 31, 2 ** 31]))
			.tag(5, FIXED32)
			.float(1.5)
			.finish();
		expect(tensorText(Tensor.read(floatProto))).toContain('values: [1.5 1.5 1.5...]...>');
		const intProto = new FieldWriter()
			.tag(1, VARINT)
			.varint(DT_INT32)
			.bytes(2, encodeShape([5]));
		intProto.bytes(7, Uint8Array.of(1, 2));
		expect(tensorText(Tensor.read(intProto.finish()))).toContain('values: 1 2 2...>');
	});

	it('prints numbers as C++ does', () => {
		const scalars = [1e6, 1234567, 1e20, 0.1, Math.PI].map((value) => float([], value));
		expect(scalars).toEqual(['1e+06', '1234567', '1e+20', '0.1', '3.14159274']);
		expect(values(DT_DOUBLE, [2], Float64Array.of(1 / 3, 1e15))).toBe('0.33333333333333331 1e+15');
		expect(values(DT_HALF, [], Uint16Array.of(toHalf(0.1)))).toBe('0.0999755859');
		expect(values(DT_BFLOAT16, [], Uint16Array.of(toBfloat16(0.1)))).toBe('0.100097656');
		const negativeNan = new Float32Array(Uint32Array.of(0xffc00000).buffer);
		expect(values(DT_FLOAT, [], negativeNan)).toBe('-nan');
	});

	it('has no text for some types', () => {
		expect(values(DT_QINT32, [5], new Int32Array(5))).toBe('? ? ?...');
		expect(values(DT_COMPLEX64, [4], new Float32Array(8))).toBe('? ? ?...');
	});

	it('gives type and shape', () => {
		const empty = Attr.tensor({ dtype: DT_INT32, shape: [0, 3], data: new Int32Array(0) }).tensor!;
		expect(tensorText(empty)).toBe('Tensor<type: int32 shape: [0,3] values: >');
	});

	it('stops at more than 254 dimensions', () => {
		const deep = Attr.tensor({
			dtype: DT_INT32,
			shape: new Array<number>(255).fill(1),
			data: new Int32Array(1),
		});
		expect(deep.tensor!.decodable).toBe(false);
	});
});
