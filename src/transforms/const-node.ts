/** Constants as the C++ tool's pattern transforms read and write them. */
import { Attr } from '../graph/attr.ts';
import { DT_FLOAT, DT_INT32, dtypeName } from '../graph/dtype.ts';
import { WhittleError } from '../graph/error.ts';
import { Node } from '../graph/node.ts';
import type { Tensor, TensorValue } from '../graph/tensor.ts';
import { contentInPlace, type TensorType } from '../graph/tensor-writer.ts';

/** More elements than any array here holds; a file can claim them with a few bytes. */
const MOST_ELEMENTS = 2 ** 31;

/** A Const with `dtype` and `value` (in `tensor_content`) and nothing else. */
export function constNode(name: string, value: TensorValue): Node {
	return constOf(name, value.dtype, Attr.tensor(value));
}

/**
 * {@link constNode} with room for `length` bytes of content, which the caller fills before anybody looks: for weights
 * too large to be copied.
 */
export function constSpace(
	name: string,
	type: TensorType,
	length: number,
): { readonly node: Node; readonly content: Uint8Array } {
	const { attr, content } = Attr.tensorSpace(type, length);
	return { node: constOf(name, type.dtype, attr), content };
}

function constOf(name: string, dtype: number, value: Attr): Node {
	return Node.of({ name, op: 'Const', attrs: { dtype: Attr.type(dtype), value } });
}

export function floatScalar(name: string, value: number): Node {
	return constNode(name, { dtype: DT_FLOAT, shape: [], data: Float32Array.of(value) });
}

export interface FloatTensor {
	readonly shape: readonly number[];
	readonly data: Float32Array;
}

/** The value of a node that must hold floats. @throws WhittleError `transform`, where the C++ tool aborts. */
export function floatsOf(node: Node): FloatTensor {
	const tensor = typedValue(node, DT_FLOAT);
	return { shape: tensor.shape, data: tensor.data as Float32Array };
}

/** {@link floatsOf} as little-endian bytes where they lie, for loops over all the weights of a model. */
export function floatBytesOf(node: Node): {
	readonly shape: readonly number[];
	readonly content: Uint8Array;
} {
	const tensor = typedValue(node, DT_FLOAT);
	return { shape: tensor.shape, content: contentInPlace(tensor) };
}

/** The value of a node that must hold 32-bit integers. @throws WhittleError `transform`. */
export function intsOf(node: Node): Int32Array {
	return typedValue(node, DT_INT32).data as Int32Array;
}

function typedValue(node: Node, dtype: number): Tensor {
	const tensor = node.tensor;
	if (!tensor) throw new WhittleError('transform', `\`${node.name}\` (${node.op}) has no value`);
	if (!tensor.decodable)
		throw new WhittleError('transform', `The value of \`${node.name}\` cannot be read: ${tensor.problem}`);
	if (tensor.dtype !== dtype) {
		throw new WhittleError(
			'transform',
			`\`${node.name}\` holds ${dtypeName(tensor.dtype)} values where ${dtypeName(dtype)} is needed`,
		);
	}
	refuseHuge(node.name, tensor.elements);
	return tensor;
}

/** @throws WhittleError `transform` for more elements than memory takes. */
export function refuseHuge(name: string, elements: number): void {
	if (elements <= MOST_ELEMENTS) return;
	throw new WhittleError(
		'transform',
		`\`${name}\` would have ${elements} elements, too many to compute with`,
	);
}

/** An attribute that a node must have. @throws WhittleError `transform`, where the C++ tool aborts. */
export function requiredAttr(node: Node, name: string): Attr {
	const attr = node.attr(name);
	if (attr) return attr;
	throw new WhittleError('transform', `\`${node.name}\` (${node.op}) has no attribute \`${name}\``, {
		hint: 'add_default_attributes writes out what has a default.',
	});
}
