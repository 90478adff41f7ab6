/** TensorFlow's messages as the text format needs them: fields by name and by number, from the protobuf codec's own tables. */
import protobuf from 'protobufjs/light.js';
import { protoRoot } from '../../proto/codec.ts';
import { BYTES, FIXED32, FIXED64, VARINT } from '../graph/wire.ts';

export type ScalarKind =
	| 'double'
	| 'float'
	| 'int32'
	| 'uint32'
	| 'int64'
	| 'uint64'
	| 'fixed64'
	| 'fixed32'
	| 'bool'
	| 'string'
	| 'bytes'
	| 'enum';

export interface FieldSchema {
	readonly name: string;
	readonly number: number;
	readonly kind: ScalarKind | 'message';
	/** The wire type of one value. */
	readonly wire: number;
	readonly repeated: boolean;
	/** The oneof that it is a member of. */
	readonly oneof: string | undefined;
	/** A map, whose entries {@link message} describes: `key` = 1, `value` = 2. */
	readonly map: boolean;
	readonly message: MessageSchema | undefined;
	readonly enumNames: Readonly<Record<number, string>> | undefined;
	readonly enumValues: Readonly<Record<string, number>> | undefined;
}

export interface MessageSchema {
	readonly name: string;
	readonly byName: ReadonlyMap<string, FieldSchema>;
	readonly byNumber: ReadonlyMap<number, FieldSchema>;
}

const known = new Map<string, MessageSchema>();

/** @param name without the package: `GraphDef`, `SavedModel`. */
export function messageSchema(name: string): MessageSchema {
	return schemaOf(protoRoot().lookupType(`tensorflow.${name}`));
}

function schemaOf(type: protobuf.Type): MessageSchema {
	const name = type.fullName.replace(/^\./, '');
	const found = known.get(name);
	if (found) return found;
	const byName = new Map<string, FieldSchema>();
	const byNumber = new Map<number, FieldSchema>();
	const schema: MessageSchema = { name, byName, byNumber };
	// Known before its fields are: messages hold themselves (AttrValue in NameAttrList in AttrValue).
	known.set(name, schema);
	for (const field of type.fieldsArray) {
		const made = fieldSchema(field.resolve());
		byName.set(made.name, made);
		byNumber.set(made.number, made);
	}
	return schema;
}

function fieldSchema(field: protobuf.Field): FieldSchema {
	const value = valueSchema(field.name, field.id, field.type, field.resolvedType);
	if (field instanceof protobuf.MapField) {
		const key = valueSchema('key', 1, field.keyType, null);
		const item = { ...value, name: 'value', number: 2 };
		const message: MessageSchema = {
			name: `${field.parent?.fullName.replace(/^\./, '')}.${field.name}`,
			byName: new Map([key, item].map((entry) => [entry.name, entry])),
			byNumber: new Map([key, item].map((entry) => [entry.number, entry])),
		};
		return { ...value, kind: 'message', wire: BYTES, repeated: true, map: true, message };
	}
	return { ...value, repeated: field.repeated, oneof: field.partOf?.name };
}

const wires: Readonly<Record<string, number>> = {
	double: FIXED64,
	fixed64: FIXED64,
	float: FIXED32,
	fixed32: FIXED32,
	string: BYTES,
	bytes: BYTES,
	message: BYTES,
};

function valueSchema(
	name: string,
	number: number,
	type: string,
	resolved: protobuf.ReflectionObject | null,
): FieldSchema {
	const message = resolved instanceof protobuf.Type ? schemaOf(resolved) : undefined;
	const numbering = resolved instanceof protobuf.Enum ? resolved : undefined;
	const kind = message ? 'message' : numbering ? 'enum' : (type as ScalarKind);
	return {
		name,
		number,
		kind,
		wire: wires[kind] ?? VARINT,
		repeated: false,
		oneof: undefined,
		map: false,
		message,
		enumNames: numbering?.valuesById,
		enumValues: numbering?.values,
	};
}
