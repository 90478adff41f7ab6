/** The C++ tool's text of a TensorShapeProto, and what makes one invalid (spec: core-and-rewiring 7.3). */
import { FieldReader } from './wire.ts';

/** A shape message as it stands; nothing is checked. */
export interface ShapeProto {
	readonly sizes: readonly bigint[];
	readonly unknownRank: boolean;
}

/** @param bytes a serialized TensorShapeProto. */
export function readShapeProto(bytes: Uint8Array): ShapeProto {
	const sizes: bigint[] = [];
	let unknownRank = false;
	const reader = new FieldReader(bytes);
	while (reader.next()) {
		if (reader.field === 3) unknownRank = reader.int64 !== 0n;
		if (reader.field !== 2) continue;
		let size = 0n;
		const dim = new FieldReader(bytes, reader.start, reader.end);
		while (dim.next()) if (dim.field === 1) size = dim.int64;
		sizes.push(size);
	}
	return { sizes, unknownRank };
}

/** `[?,24,24,3]`, `[]`, `<unknown>`; of an unknown rank with sizes `<unknown>` as well. */
export function shapeText(shape: ShapeProto): string {
	return shape.unknownRank ? '<unknown>' : sizesText(shape.sizes);
}

function sizesText(sizes: readonly bigint[]): string {
	return `[${sizes.map((size) => (size === -1n ? '?' : String(size))).join(',')}]`;
}

const MOST_DIMS = 254;
const MOST_ELEMENTS = 2n ** 63n - 1n;

/** Why TensorFlow refuses a shape, in its words; undefined for a good one. */
export function shapeProblem(shape: ShapeProto): string | undefined {
	const { sizes } = shape;
	if (shape.unknownRank)
		return sizes.length > 0 ? 'An unknown shape must not have any dimensions set.' : undefined;
	if (sizes.length > MOST_DIMS) return `Shape ${sizesText(sizes)} has too many dimensions`;
	let product: bigint | undefined = 1n;
	for (const size of sizes) {
		if (size < -1n) {
			return `Shape ${sizesText(sizes)} has dimensions with values below -1 (where -1 means unknown)`;
		}
		if (size === -1n) product = undefined;
		else if (product !== undefined) product *= size;
		if (product !== undefined && product > MOST_ELEMENTS)
			return `Shape ${sizesText(sizes)} is too large (more than 2**63 - 1 entries)`;
	}
	return undefined;
}
