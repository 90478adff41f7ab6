/** A node against its op's definition, refused in TensorFlow's own words (`ValidateNodeDef`). */

import type { Attr } from '../graph/attr.ts';
import { baseDtype, DT_INVALID, dtypeEnumName, dtypeName, isReference } from '../graph/dtype.ts';
import { WhittleError } from '../graph/error.ts';
import { isControl } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';
import { escapeBytes } from '../graph/number-text.ts';
import { encodeText } from '../graph/text.ts';
import {
	type ArgumentSpec,
	type AttributeSpec,
	argumentDtypes,
	type OpSignature,
	scalarKinds,
} from '../ops/signature.ts';
import { attrText } from './attr-text.ts';

/** Dtypes of a valid node's inputs and outputs. */
export interface NodeDtypes {
	readonly inputs: readonly number[];
	readonly outputs: readonly number[];
}

/** @throws WhittleError `graph` with TensorFlow's message for the first thing that is wrong. */
export function validateNode(node: Node, signature: OpSignature): NodeDtypes {
	let declared = 0;
	const specs = attributesOf(signature);
	for (const [name, attr] of node.attrs) {
		const spec = specs.get(name);
		// Attributes that the op does not declare are let through, like those that start with an underscore.
		if (!spec) continue;
		declared++;
		if (attr.kind === 'placeholder') continue;
		const problem = attrProblem(attr, spec);
		if (problem)
			throw new WhittleError(
				'graph',
				`${problem}\n\t; NodeDef: {{node ${node.name}}}; ${summarizeOp(signature)}`,
			);
	}
	if (declared < signature.attributes.length) throw missing(node, signature);
	const inputs = argumentDtypes(node, signature, signature.inputs) ?? [];
	const count = node.inputs.reduce((total, input) => total + (isControl(input) ? 0 : 1), 0);
	if (inputs.length !== count) {
		throw new WhittleError(
			'graph',
			`NodeDef expected inputs '${inputs.map(dtypeName).join(', ')}' do not match ${count} inputs specified; ${summarizeOp(signature)}; NodeDef: {{node ${node.name}}}`,
		);
	}
	return { inputs, outputs: argumentDtypes(node, signature, signature.outputs) ?? [] };
}

const specsByOp = new WeakMap<OpSignature, ReadonlyMap<string, AttributeSpec>>();

function attributesOf(signature: OpSignature): ReadonlyMap<string, AttributeSpec> {
	let specs = specsByOp.get(signature);
	if (!specs) {
		specs = new Map(signature.attributes.map((spec) => [spec.name, spec]));
		specsByOp.set(signature, specs);
	}
	return specs;
}

/** The last declared attribute is named first, as the tool's table gives them. */
function missing(node: Node, signature: OpSignature): WhittleError {
	const names = signature.attributes.filter((spec) => !node.attrs.has(spec.name)).map((spec) => spec.name);
	const list = names
		.reverse()
		.map((name) => `'${name}'`)
		.join(', ');
	return new WhittleError(
		'graph',
		`NodeDef missing attr${names.length > 1 ? 's' : ''} ${list} from ${summarizeOp(signature)}; NodeDef: {{node ${node.name}}}`,
	);
}

/** What the tool finds wrong with an attribute's value; undefined for a good one. */
function attrProblem(attr: Attr, spec: AttributeSpec): string | undefined {
	return typeProblem(attr, spec) ?? limitProblem(attr, spec);
}

const typeWords: Readonly<Record<string, string>> = {
	s: 'string',
	i: 'int',
	f: 'float',
	b: 'bool',
	type: 'type',
	shape: 'shape',
	tensor: 'tensor',
	func: 'func',
	placeholder: 'placeholder',
};

function typeProblem(attr: Attr, spec: AttributeSpec): string | undefined {
	const where = `\n\t for attr '${spec.name}'`;
	const { kind } = attr;
	if (kind === 'none')
		return spec.type.startsWith('list(')
			? undefined
			: `AttrValue missing value with expected type '${spec.type}'${where}`;
	if (scalarKinds[spec.type] === kind) return kind === 'type' ? dtypeProblem(attr.type!, where) : undefined;
	if (kind !== 'list')
		return `AttrValue had value with type '${typeWords[kind]}' when '${spec.type}' expected${where}`;
	const list = attr.value.list!;
	for (const [field, word] of Object.entries(typeWords)) {
		if (field === 'placeholder' || list[field as keyof typeof list].length === 0) continue;
		if (spec.type !== `list(${word})`)
			return `AttrValue had value with type 'list(${word})' when '${spec.type}' expected${where}`;
	}
	if (!spec.type.startsWith('list('))
		return `AttrValue missing value with expected type '${spec.type}'${where}`;
	for (const dtype of list.type) {
		const problem = dtypeProblem(dtype, where);
		if (problem) return problem;
	}
	return undefined;
}

function dtypeProblem(dtype: number, where: string): string | undefined {
	if (!dtypeEnumName(dtype)) return `AttrValue has invalid DataType enum: ${dtype}${where}`;
	if (dtype === DT_INVALID) return `AttrValue has invalid DataType${where}`;
	if (isReference(dtype))
		return `AttrValue must not have reference type value of ${dtypeName(dtype)}${where}`;
	return undefined;
}

function limitProblem(attr: Attr, spec: AttributeSpec): string | undefined {
	if (spec.minimum !== undefined) {
		if (spec.type === 'int') {
			if (attr.bigint! < BigInt(spec.minimum))
				return `Value for attr '${spec.name}' of ${attr.bigint} must be at least minimum ${spec.minimum}`;
		} else {
			const length = listLength(attr);
			if (length < spec.minimum)
				return `Length for attr '${spec.name}' of ${length} must be at least minimum ${spec.minimum}`;
		}
	}
	if (spec.allowedTypes) {
		for (const dtype of attr.kind === 'list' ? attr.types! : [attr.type!])
			if (!spec.allowedTypes.includes(dtype))
				return `Value for attr '${spec.name}' of ${dtypeName(dtype)} is not in the list of allowed values: ${spec.allowedTypes.map(dtypeName).join(', ')}`;
	}
	if (spec.allowedStrings) {
		for (const text of attr.kind === 'list' ? attr.strings! : [attr.string!])
			if (!spec.allowedStrings.includes(text))
				return `Value for attr '${spec.name}' of "${escapeBytes(encodeText(text))}" is not in the list of allowed values: ${spec.allowedStrings.map((item) => `"${item}"`).join(', ')}`;
	}
	return undefined;
}

function listLength(attr: Attr): number {
	if (attr.kind !== 'list') return 0;
	return Object.values(attr.value.list!).reduce((most, items) => Math.max(most, items.length), 0);
}

const summaries = new WeakMap<OpSignature, string>();

/** `Op<name=Neg; signature=x:T -> y:T; attr=T:type,allowed=[…]>`. */
export function summarizeOp(signature: OpSignature): string {
	let text = summaries.get(signature);
	if (text !== undefined) return text;
	const args = (list: readonly ArgumentSpec[]): string => list.map(argumentText).join(', ');
	text = `Op<name=${signature.name}; signature=${args(signature.inputs)} -> ${args(signature.outputs)}`;
	for (const attr of signature.attributes) {
		text += `; attr=${attr.name}:${attr.type}`;
		if (attr.fallback) text += `,default=${attrText(attr.fallback)}`;
		if (attr.minimum !== undefined) text += `,min=${attr.minimum}`;
		if (attr.allowedTypes) text += `,allowed=[${attr.allowedTypes.map(dtypeEnumName).join(', ')}]`;
		if (attr.allowedStrings)
			text += `,allowed=[${attr.allowedStrings.map((item) => `"${item}"`).join(', ')}]`;
	}
	for (const flag of signature.flags) text += `; ${flag}=true`;
	text += '>';
	summaries.set(signature, text);
	return text;
}

function argumentText(argument: ArgumentSpec): string {
	// A list of types has no name there in TensorFlow's words.
	const listed = argument.typeListAttr !== '' && argument.typeListAttr !== undefined;
	const type = listed ? '' : argument.typeAttr || dtypeName(baseDtype(argument.dtype));
	const repeated = argument.numberAttr ? `${argument.numberAttr}*${type}` : type;
	return `${argument.name}:${argument.isReference ? `Ref(${repeated})` : repeated}`;
}
