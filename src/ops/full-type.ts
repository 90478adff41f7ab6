/**
 * The full type that TensorFlow writes into a node (`experimental_type`) when it imports a graph: an op's declared
 * type with the node's attributes put in. Shape, tensor lists, data sets and optionals have one.
 */
import type { FullTypeDef } from '../../proto/codec.ts';
import type { Attr } from '../graph/attr.ts';
import { Node } from '../graph/node.ts';
import { FieldReader, FieldWriter, VARINT } from '../graph/wire.ts';
import { opDef } from './registry.ts';

const VARIABLE = 1;
const PRODUCT = 3;
const FOR_EACH = 20;

/** The full type of each dtype. */
const TENSOR_TYPES: Readonly<Record<number, number>> = {
	1: 210, // float
	2: 211, // double
	3: 207, // int32
	4: 201, // uint8
	5: 206, // int16
	6: 205, // int8
	7: 214, // string
	8: 212, // complex64
	9: 208, // int64
	10: 200, // bool
	14: 215, // bfloat16
	17: 202, // uint16
	18: 213, // complex128
	19: 209, // half
	22: 203, // uint32
	23: 204, // uint64
};

interface FullType {
	readonly id: number;
	readonly args: readonly FullType[];
	/** The attribute that a variable stands for. */
	readonly name: string;
}

const declared = new Map<string, readonly FullType[] | undefined>();

function declaredTypes(op: string): readonly FullType[] | undefined {
	let types = declared.get(op);
	if (types === undefined && !declared.has(op)) {
		const outputs = opDef(op)?.output_arg ?? [];
		if (outputs.some((output) => output.experimental_full_type))
			types = outputs.map(({ experimental_full_type: type }) =>
				type ? read(type) : { id: 0, args: [], name: '' },
			);
		if (outputs.length > 0) declared.set(op, types);
	}
	return types;
}

function read(type: FullTypeDef): FullType {
	return { id: type.type_id, args: type.args.map(read), name: type.s ?? '' };
}

/**
 * The serialized FullTypeDef of a node's outputs.
 * @returns undefined for ops without one, and where an attribute that it needs is missing.
 */
export function fullType(op: string, attr: (name: string) => Attr | undefined): Uint8Array | undefined {
	const outputs = declaredTypes(op);
	if (!outputs) return undefined;
	const types = outputs.map((output) => specialize(output, attr));
	return types.every((type) => type !== undefined)
		? encode({ id: PRODUCT, args: types, name: '' })
		: undefined;
}

/** NodeDef's field for it. */
const EXPERIMENTAL_TYPE = 7;

/** The node with a serialized full type; itself when it has that already. */
export function withFullType(node: Node, type: Uint8Array): Node {
	const kept = new FieldWriter(type.length + 16);
	const reader = new FieldReader(node.extra);
	while (reader.next()) {
		if (reader.field !== EXPERIMENTAL_TYPE) kept.raw(node.extra.subarray(reader.tagStart, reader.end));
		else if (Buffer.compare(reader.slice, type) === 0) return node;
	}
	const { name, op, inputs, device, attrs } = node;
	return Node.of({ name, op, inputs, device, attrs }, kept.bytes(EXPERIMENTAL_TYPE, type).finish());
}

type AttrOf = (name: string) => Attr | undefined;

function specialize(type: FullType, attr: AttrOf): FullType | undefined {
	if (type.id === VARIABLE) return variable(attr(type.name));
	if (type.id === FOR_EACH) return forEach(type, attr);
	const args = type.args.map((arg) => specialize(arg, attr));
	return args.every((arg) => arg !== undefined) ? { ...type, args } : undefined;
}

function variable(value: Attr | undefined): FullType | undefined {
	if (value?.kind === 'type') return tensorType(value.type!);
	const types = value?.types?.map(tensorType);
	if (!types?.every((type) => type !== undefined)) return undefined;
	return { id: PRODUCT, args: types, name: '' };
}

function tensorType(dtype: number): FullType | undefined {
	const id = TENSOR_TYPES[dtype];
	return id === undefined ? undefined : { id, args: [], name: '' };
}

/** A container of one copy of the template for each type of a list attribute. */
function forEach(type: FullType, attr: AttrOf): FullType | undefined {
	const [container, template, counted] = type.args;
	const value = counted && attr(counted.name);
	const dtypes = value?.kind === 'type' ? [value.type!] : value?.types;
	if (!container || !template || !counted || !dtypes) return undefined;
	const args = dtypes.map((dtype) => substitute(template, counted.name, tensorType(dtype)));
	return args.every((arg) => arg !== undefined) ? { ...container, args } : undefined;
}

function substitute(type: FullType, name: string, by: FullType | undefined): FullType | undefined {
	if (type.id === VARIABLE && type.name === name) return by;
	const args = type.args.map((arg) => substitute(arg, name, by));
	return args.every((arg) => arg !== undefined) ? { ...type, args } : undefined;
}

function encode(type: FullType): Uint8Array {
	const writer = new FieldWriter(32);
	if (type.id !== 0) writer.tag(1, VARINT).varint(type.id);
	for (const arg of type.args) writer.bytes(2, encode(arg));
	return writer.finish();
}
