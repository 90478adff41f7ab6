/**
 * If and While over functions that take handles: copies of the functions that take values.
 *
 *   before   y = If(c, w) {then_branch: f}     f(h: resource) → z:  r = ReadVariableOp(h)
 *   after    y = If(c, w) {then_branch: f_frozen}   f_frozen(h: float) → z:  r = Identity(h)
 */
import { type Fields, type FunctionDef, FunctionDefCodec, NodeDefCodec } from '../../proto/codec.ts';
import { Attr } from '../graph/attr.ts';
import { WhittleError } from '../graph/error.ts';
import type { GraphFunction } from '../graph/function-library.ts';
import type { Graph } from '../graph/graph.ts';
import { isControl } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';
import { BYTES, FieldReader, FieldWriter } from '../graph/wire.ts';
import { type FrozenTensors, readFrozen } from './frozen-variables.ts';

/** The function attributes of each op, and how many inputs come before the functions' arguments. */
const OVER_FUNCTIONS: Readonly<
	Record<string, { functions: readonly string[]; skip: number; types: readonly string[] }>
> = {
	If: { functions: ['then_branch', 'else_branch'], skip: 1, types: ['Tin'] },
	StatelessIf: { functions: ['then_branch', 'else_branch'], skip: 1, types: ['Tin'] },
	While: { functions: ['cond', 'body'], skip: 0, types: ['T'] },
	StatelessWhile: { functions: ['cond', 'body'], skip: 0, types: ['T'] },
	Case: { functions: ['branches'], skip: 1, types: ['Tin'] },
	StatelessCase: { functions: ['branches'], skip: 1, types: ['Tin'] },
	PartitionedCall: { functions: ['f'], skip: 0, types: ['Tin'] },
	StatefulPartitionedCall: { functions: ['f'], skip: 0, types: ['Tin'] },
};

/** A node whose op is the name of a function. */
const DIRECT = { functions: [], skip: 0, types: [] } as const;

export class FunctionFreezer {
	readonly #graph: Graph;
	/** Function and the dtypes of its frozen arguments → the new function's name. */
	readonly #known = new Map<string, string>();
	readonly #made = new Map<string, Uint8Array>();

	constructor(graph: Graph) {
		this.#graph = graph;
	}

	/** The call with values for handles; undefined when it is no such call or takes no frozen handle. */
	freezeCall(node: Node, frozen: FrozenTensors): readonly Node[] | undefined {
		const direct = this.#graph.functions.get(node.op) !== undefined;
		const kind = direct ? DIRECT : OVER_FUNCTIONS[node.op];
		if (!kind) return undefined;
		const args = node.inputs.filter((input) => !isControl(input)).slice(kind.skip);
		const dtypes = args.map((_arg, i) => frozen.get(node.sources[i + kind.skip]!));
		if (dtypes.every((dtype) => dtype === undefined)) return undefined;
		const attrs = new Map(node.attrs);
		for (const name of kind.functions) {
			const called = node.attr(name)?.functionName;
			if (called !== undefined) attrs.set(name, Attr.func(this.frozen(called, dtypes)));
			const list = node.attr(name)?.value.list?.func;
			if (list) {
				const func = list.map((each) => ({ name: this.frozen(each.name, dtypes) }));
				attrs.set(name, Attr.of({ list: { func } }));
			}
		}
		for (const name of kind.types) {
			const types = node.attr(name)?.types;
			if (types) attrs.set(name, Attr.types(types.map((type, i) => dtypes[i] ?? type)));
		}
		// Both speak of handles, which are scalars.
		attrs.delete('output_shapes');
		attrs.delete('_output_shapes');
		return [node.with({ attrs, ...(direct ? { op: this.frozen(node.op, dtypes) } : {}) })];
	}

	/** The library that `nodes` still need: their own functions, the new ones, and what those call. */
	library(nodes: readonly Node[]): Uint8Array | undefined {
		const needed = new Set<string>();
		const pending = nodes.flatMap(functionNames);
		const writer = new FieldWriter();
		for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
			if (needed.has(name)) continue;
			needed.add(name);
			const bytes = this.#made.get(name) ?? this.#graph.functions.get(name)?.bytes;
			if (!bytes) continue;
			writer.bytes(1, bytes);
			const reader = new FieldReader(bytes);
			while (reader.next())
				if (reader.field === 3 && reader.wire === BYTES) pending.push(...calledIn(reader.slice));
		}
		return needed.size > 0 ? writer.finish() : undefined;
	}

	/** The name of a copy of a function that takes values of these dtypes; undefined leaves an argument alone. */
	private frozen(name: string, dtypes: readonly (number | undefined)[]): string {
		const key = `${name}(${dtypes.join(',')})`;
		const known = this.#known.get(key);
		if (known !== undefined) return known;
		const fn = this.#graph.functions.get(name);
		if (!fn) throw new WhittleError('transform', `the function \`${name}\` is not in the graph`);
		let made = `${name}_frozen`;
		for (let i = 1; this.#made.has(made) || this.#graph.functions.get(made); i++)
			made = `${name}_frozen_${i}`;
		this.#known.set(key, made);
		this.#made.set(made, this.copy(fn, made, dtypes));
		return made;
	}

	private copy(fn: GraphFunction, name: string, dtypes: readonly (number | undefined)[]): Uint8Array {
		const definition = fn.definition;
		const signature = definition.signature!;
		const frozen: FrozenTensors = new Map();
		const args = signature.input_arg.map((arg, i) => {
			const dtype = dtypes[i];
			if (dtype === undefined) return arg;
			frozen.set(arg.name, dtype);
			return { ...arg, type: dtype, handle_data: [] };
		});
		const renamed = new Map<string, string>();
		for (const node of fn.nodes) if (OUTPUTS[node.op]) renamed.set(node.name, OUTPUTS[node.op]!);
		const nodes: Uint8Array[] = [];
		for (const node of handlesFirst(fn.nodes, frozen)) {
			const next = this.freezeCall(node, frozen) ?? readFrozen(node, frozen);
			if (!next)
				throw new WhittleError(
					'transform',
					`\`${node.name}\` (${node.op}) in the function \`${fn.name}\` needs a variable itself, not its value`,
				);
			for (const made of next) {
				const inputs = made.inputs.map((input) =>
					node.inputs.includes(input) || isControl(input) ? follow(input, renamed) : `${input}:output:0`,
				);
				nodes.push(Buffer.concat(made.with({ inputs }).encode()));
			}
		}
		const returns = signature.output_arg.map((output) => {
			const dtype = frozen.get((definition.ret[output.name] ?? '').split(':')[0]!);
			return dtype === undefined ? output : { ...output, type: dtype, handle_data: [] };
		});
		const { _input_shapes: _, ...attr } = definition.attr;
		const ret = { ...definition.ret };
		for (const [output, value] of Object.entries(ret)) ret[output] = follow(value, renamed);
		const fields: Fields<FunctionDef> = {
			...definition,
			ret,
			attr,
			arg_attr: withoutShapes(definition.arg_attr, dtypes),
			signature: { ...signature, name, input_arg: args, output_arg: returns },
			node_def: nodes.map((bytes) => NodeDefCodec.decode(bytes)),
		};
		return FunctionDefCodec.encode(fields);
	}
}

/** What the caller knew of the shapes of handles, which are scalars, holds no longer. */
function withoutShapes(
	attrs: FunctionDef['arg_attr'],
	dtypes: readonly (number | undefined)[],
): FunctionDef['arg_attr'] {
	return Object.fromEntries(
		Object.entries(attrs).map(([index, { attr }]) => {
			if (dtypes[Number(index)] === undefined) return [index, { attr }];
			const { _output_shapes: _, ...rest } = attr;
			return [index, { attr: rest }];
		}),
	);
}

/** The declared output of ops whose replacement calls it `output`. */
const OUTPUTS: Readonly<Record<string, string>> = {
	ReadVariableOp: 'value',
	VarIsInitializedOp: 'is_initialized',
};

/** `r:value:0` of a ReadVariableOp is `r:output:0` of the Identity in its place. */
function follow(input: string, renamed: ReadonlyMap<string, string>): string {
	const [name = '', output, index] = input.split(':');
	return output !== undefined && renamed.get(name) === output ? `${name}:output:${index ?? 0}` : input;
}

/** The nodes, those that hand a handle on before those that read it. */
function handlesFirst(nodes: readonly Node[], frozen: FrozenTensors): Node[] {
	const passed = new Set(frozen.keys());
	const first: Node[] = [];
	const rest = new Set(nodes);
	for (let grew = true; grew; ) {
		grew = false;
		for (const node of rest) {
			if (node.op !== 'Identity' || !passed.has(node.sources[0] ?? '')) continue;
			passed.add(node.name);
			first.push(node);
			rest.delete(node);
			grew = true;
		}
	}
	return [...first, ...rest];
}

function functionNames(node: Node): string[] {
	return [...node.attrs.values()].flatMap(
		(value) => value.functionName ?? value.value.list?.func.map((f) => f.name) ?? [],
	);
}

function calledIn(nodeDef: Uint8Array): string[] {
	const node = NodeDefCodec.decode(nodeDef);
	return Object.values(node.attr).flatMap((value) => [
		...(value.func ? [value.func.name] : []),
		...(value.list?.func.map((f) => f.name) ?? []),
	]);
}
