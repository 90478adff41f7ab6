/** What the Ifs and Whiles of a graph share while they are lowered: names, functions, and who waits for whom. */
import { Attr } from '../graph/attr.ts';
import { DT_BOOL, DT_FLOAT } from '../graph/dtype.ts';
import { WhittleError } from '../graph/error.ts';
import type { FunctionLibrary, GraphFunction } from '../graph/function-library.ts';
import { isControl, sourceOf } from '../graph/names.ts';
import { Node } from '../graph/node.ts';

/** What stands in the place of an If or While. */
export interface Lowered {
	/** In the order of data, but for a Merge, which reads the NextIteration further on. */
	readonly nodes: readonly Node[];
	/** The input string that gives each output. */
	readonly returned: readonly string[];
	/** The nodes that have run when it has. */
	readonly finished: readonly string[];
}

/** New nodes under the name of the node that they stand for. */
export interface Place {
	readonly nodes: Node[];
	/** Adds a node. @returns its name. */
	readonly add: Add;
	/** Adds a call of the function in an attribute of the node. @param pivot what tells that it runs. */
	call(suffix: string, attribute: string, inputs: readonly string[], pivot: string): string;
}

export type Add = (
	suffix: string,
	op: string,
	inputs: readonly string[],
	attrs: Readonly<Record<string, Attr>>,
) => string;

export class Lowering {
	/** Call of a branch, a condition or a body → the node that what reads nothing in it must wait for. */
	readonly pivots = new Map<string, string>();
	/** Loop invariants: they are there in every round, also in the one that the condition ends. */
	readonly invariants = new Set<string>();
	readonly freeName: (wanted: string) => string;
	readonly #frames = new Set<string>();
	readonly #functions: FunctionLibrary;

	/** @param freeName gives a name that no node has, like the wanted one, and takes it. */
	constructor(functions: FunctionLibrary, nodes: readonly Node[], freeName: (wanted: string) => string) {
		this.#functions = functions;
		this.freeName = freeName;
		for (const node of nodes) {
			const frame = /^(Ref)?Enter$/.test(node.op) ? node.attr('frame_name')?.string : undefined;
			if (frame !== undefined) this.#frames.add(frame);
		}
	}

	/** Whether an input is there even where the function around it does not run. */
	isUngated(input: string): boolean {
		return this.invariants.has(sourceOf(input));
	}

	/** Control inputs of the nodes that take what an If or While takes. */
	before(node: Node, input: string, pivot: string | undefined): string[] {
		const controls = node.inputs.filter(isControl);
		return pivot !== undefined && this.isUngated(input) ? [...controls, `^${pivot}`] : controls;
	}

	/** @throws WhittleError `transform` at a function that the graph does not have. */
	functionOf(node: Node, attribute: string): GraphFunction {
		const name = node.attr(attribute)?.functionName;
		const fn = name === undefined ? undefined : this.#functions.get(name);
		if (fn) return fn;
		throw new WhittleError(
			'transform',
			`\`${node.name}\` (${node.op}) runs the function \`${name ?? '?'}\`, which is not in the graph`,
		);
	}

	place(node: Node): Place {
		const nodes: Node[] = [];
		const add: Add = (suffix, op, inputs, attrs) => {
			const name = this.freeName(`${node.name}/${suffix}`);
			nodes.push(Node.of({ name, op, inputs, device: node.device, attrs }));
			return name;
		};
		return {
			nodes,
			add,
			call: (suffix, attribute, inputs, pivot) => {
				const name = add(suffix, this.functionOf(node, attribute).name, inputs, {});
				this.pivots.set(name, pivot);
				return name;
			},
		};
	}

	/** A name for the frame of a loop that no other loop has. */
	freeFrame(wanted: string): string {
		let name = wanted;
		for (let i = 1; this.#frames.has(name); i++) name = `${wanted}_${i}`;
		this.#frames.add(name);
		return name;
	}
}

/** The input string of an output. */
export function port(name: string, index: number): string {
	return index === 0 ? name : `${name}:${index}`;
}

/** The attribute for the type of one of several values. */
export function typeAt(types: readonly number[], index: number): Attr {
	return Attr.type(types[index] ?? DT_FLOAT);
}

/** Numbers and strings decide too: what is not zero, or not empty, is true. */
export function asBool(input: string, type: Attr | undefined, controls: readonly string[], add: Add): string {
	if (type === undefined || type.type === DT_BOOL) return input;
	return add('to_bool', 'ToBool', [input, ...controls], { T: type });
}
