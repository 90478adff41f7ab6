/** How many inputs and outputs a node has and of which dtypes: the op's registered signature met with the node's attributes. */
import type { OpDef, OpDef_ArgDef, OpDef_AttrDef } from '../../proto/codec.ts';
import { Attr, type AttrKind } from '../graph/attr.ts';
import type { FunctionLibrary } from '../graph/function-library.ts';
import type { Node } from '../graph/node.ts';
import { opDef } from './registry.ts';

const REFERENCE = 100;
/** More arguments than any graph has: a larger `N` is a broken file, not a node. */
const MOST_ARGUMENTS = 1 << 20;

/** One declared argument: one tensor, `numberAttr` tensors of one type, or one for each type of `typeListAttr`. */
export interface ArgumentSpec {
	readonly name: string;
	/** The fixed dtype; 0 where an attribute gives it. */
	readonly dtype: number;
	readonly typeAttr: string;
	readonly numberAttr: string;
	readonly typeListAttr: string;
	readonly isReference: boolean;
}

/** A declared attribute. */
export interface AttributeSpec {
	readonly name: string;
	/** `type`, `int`, `list(shape)`, `func`, … */
	readonly type: string;
	/** The value that stands where a node has none; undefined when a node must have one. */
	readonly fallback: Attr | undefined;
	readonly minimum: number | undefined;
	readonly allowedTypes: readonly number[] | undefined;
	readonly allowedStrings: readonly string[] | undefined;
}

/** Where an attribute's value stands, by its declared type; lists are not among them. */
export const scalarKinds: Readonly<Record<string, AttrKind>> = {
	string: 's',
	int: 'i',
	float: 'f',
	bool: 'b',
	type: 'type',
	shape: 'shape',
	tensor: 'tensor',
	func: 'func',
};

/** What the registry, or a function's definition, says of an op. */
export interface OpSignature {
	readonly name: string;
	readonly inputs: readonly ArgumentSpec[];
	readonly outputs: readonly ArgumentSpec[];
	/** In the order of declaration. */
	readonly attributes: readonly AttributeSpec[];
	readonly isStateful: boolean;
	/** Names of the flags that are set, in the registry's words and order: `is_commutative`, … */
	readonly flags: readonly string[];
	/** The producer version from which on the op is refused; undefined for most. */
	readonly deprecated: { readonly version: number; readonly explanation: string } | undefined;
}

const FLAGS = [
	'is_commutative',
	'is_aggregate',
	'is_stateful',
	'allows_uninitialized_input',
	'is_distributed_communication',
] as const;

const known = new Map<string, OpSignature | undefined>();
const ofFunctions = new WeakMap<FunctionLibrary, Map<string, OpSignature | undefined>>();

/**
 * The signature of an op: TensorFlow's own, else that of a function of the graph's library.
 * @returns undefined for an op that neither knows.
 */
export function signatureOf(op: string, functions?: FunctionLibrary): OpSignature | undefined {
	let signature = known.get(op);
	if (signature === undefined && !known.has(op)) {
		const definition = opDef(op);
		signature = definition && read(definition);
		// Only registered names are kept: the names in files are without number.
		if (signature) known.set(op, signature);
	}
	return signature ?? (functions && functionSignature(op, functions));
}

function functionSignature(name: string, functions: FunctionLibrary): OpSignature | undefined {
	let signatures = ofFunctions.get(functions);
	if (!signatures) {
		signatures = new Map();
		ofFunctions.set(functions, signatures);
	}
	if (!signatures.has(name)) {
		const definition = functions.get(name)?.definition.signature;
		signatures.set(name, definition ? read(definition) : undefined);
	}
	return signatures.get(name);
}

function read(definition: OpDef): OpSignature {
	const { deprecation } = definition;
	return {
		name: definition.name,
		inputs: definition.input_arg.map(readArgument),
		outputs: definition.output_arg.map(readArgument),
		attributes: definition.attr.map(readAttribute),
		isStateful: definition.is_stateful,
		flags: FLAGS.filter((flag) => definition[flag]),
		deprecated: deprecation
			? { version: deprecation.version, explanation: deprecation.explanation }
			: undefined,
	};
}

function readArgument(argument: OpDef_ArgDef): ArgumentSpec {
	return {
		name: argument.name,
		dtype: argument.type,
		typeAttr: argument.type_attr,
		numberAttr: argument.number_attr,
		typeListAttr: argument.type_list_attr,
		isReference: argument.is_ref,
	};
}

function readAttribute(attribute: OpDef_AttrDef): AttributeSpec {
	const allowed = attribute.allowed_values?.list;
	return {
		name: attribute.name,
		type: attribute.type,
		fallback: attribute.default_value ? Attr.of(attribute.default_value) : undefined,
		minimum: attribute.has_minimum ? Number(attribute.minimum) : undefined,
		allowedTypes: allowed && allowed.type.length > 0 ? allowed.type : undefined,
		allowedStrings:
			allowed && allowed.s.length > 0 ? allowed.s.map((s) => Buffer.from(s).toString()) : undefined,
	};
}

/** The node's attribute, or the op's default for it. */
export function attrOrDefault(node: Node, signature: OpSignature, name: string): Attr | undefined {
	return node.attr(name) ?? signature.attributes.find((attribute) => attribute.name === name)?.fallback;
}

/**
 * Dtypes of a node's data inputs, in order; reference types are above 100 (`baseDtype` of `dtype.ts`).
 * @param functions the graph's library, for nodes that call a function by its name.
 * @returns undefined when the op is unknown or an attribute that decides is missing or malformed.
 */
export function inputDtypes(node: Node, functions?: FunctionLibrary): readonly number[] | undefined {
	const signature = signatureOf(node.op, functions);
	return signature && argumentDtypes(node, signature, signature.inputs);
}

/** Dtypes of a node's outputs, in order; see {@link inputDtypes}. */
export function outputDtypes(node: Node, functions?: FunctionLibrary): readonly number[] | undefined {
	const signature = signatureOf(node.op, functions);
	return signature && argumentDtypes(node, signature, signature.outputs);
}

/** Dtypes of one argument list of a node; undefined when an attribute that decides is missing or malformed. */
export function argumentDtypes(
	node: Node,
	signature: OpSignature,
	args: readonly ArgumentSpec[],
): readonly number[] | undefined {
	const dtypes: number[] = [];
	for (const argument of args) {
		const reference = argument.isReference ? REFERENCE : 0;
		if (argument.typeListAttr) {
			const types = attrOrDefault(node, signature, argument.typeListAttr)?.types;
			if (!types || types.length > MOST_ARGUMENTS) return undefined;
			for (const type of types) dtypes.push(type + reference);
			continue;
		}
		const dtype = argument.typeAttr
			? attrOrDefault(node, signature, argument.typeAttr)?.type
			: argument.dtype;
		const count = argument.numberAttr ? attrOrDefault(node, signature, argument.numberAttr)?.int : 1;
		if (dtype === undefined || count === undefined) return undefined;
		if (count < 0 || count > MOST_ARGUMENTS) return undefined;
		for (let i = 0; i < count; i++) dtypes.push(dtype + reference);
	}
	return dtypes;
}

/**
 * How many outputs a node has; 0 where an attribute that decides is missing or malformed. Most ops have as many as
 * they declare, and no attribute is read to say so.
 */
export function outputCountOf(node: Node, signature: OpSignature): number {
	const { outputs } = signature;
	if (outputs.every((output) => !output.numberAttr && !output.typeListAttr)) return outputs.length;
	return argumentDtypes(node, signature, outputs)?.length ?? 0;
}

/** The port at which a node's output of that declared name begins; undefined when it has none. */
export function outputOffset(node: Node, output: string, functions?: FunctionLibrary): number | undefined {
	const signature = signatureOf(node.op, functions);
	const index = signature?.outputs.findIndex((argument) => argument.name === output) ?? -1;
	if (!signature || index < 0) return undefined;
	return argumentDtypes(node, signature, signature.outputs.slice(0, index))?.length;
}
