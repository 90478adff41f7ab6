/**
 * Spells If and While over functions out with the ops of TensorFlow 1. The functions become direct calls, which the
 * inliner then replaces.
 *
 *   before   y = If(p, a) {then_branch: f, else_branch: g}
 *   after    y/switch_pred = Switch(p, p)                      y/then = f(y/switch_0:1)      waits for y/pivot_t
 *            y/pivot_f = Identity(y/switch_pred:0)             y/else = g(y/switch_0:0)      waits for y/pivot_f
 *            y/pivot_t = Identity(y/switch_pred:1)             y/merge_0 = Merge(y/else, y/then)
 *            y/switch_0 = Switch(a, p)                         readers of y read y/merge_0
 *
 *   before   y = While(i, w) {cond: c, body: b}, where b returns w as it came
 *   after    y/enter_0 = Enter(i) {frame_name: y}              y/switch_0 = Switch(y/merge_0, y/LoopCond)
 *            y/enter_1 = Enter(w) {…, is_constant: true}       y/pivot = Identity(y/switch_0:1)
 *            y/merge_0 = Merge(y/enter_0, y/next_0)            y/body = b(y/switch_0:1, y/enter_1)   waits for y/pivot
 *            y/cond = c(y/merge_0, y/enter_1)                  y/next_0 = NextIteration(y/body)
 *            y/LoopCond = LoopCond(y/cond)                     y/exit_0 = Exit(y/switch_0)
 *                                                              readers of y:1 read w
 */
import { Attr } from '../graph/attr.ts';
import { DT_BOOL, DT_FLOAT, DT_RESOURCE } from '../graph/dtype.ts';
import { WhittleError } from '../graph/error.ts';
import type { FunctionLibrary, GraphFunction } from '../graph/function-library.ts';
import { isControl, sourceOf } from '../graph/names.ts';
import { Node } from '../graph/node.ts';

const BRANCHES = new Set(['If', 'StatelessIf']);
const LOOPS = new Set(['While', 'StatelessWhile']);
/** Rounds of a loop that TensorFlow runs at once, unless the loop says otherwise. */
const PARALLEL_ITERATIONS = 10;

/** What stands in the place of an If or While. */
export interface Lowered {
	/** In the order of data, but for a Merge, which reads the NextIteration further on. */
	readonly nodes: readonly Node[];
	/** The input string that gives each output. */
	readonly returned: readonly string[];
	/** The nodes that have run when it has. */
	readonly finished: readonly string[];
}

/** The functions that an If or While runs; none for other nodes. */
export function controlledFunctions(node: Node, functions: FunctionLibrary): GraphFunction[] {
	const names = BRANCHES.has(node.op)
		? ['then_branch', 'else_branch']
		: LOOPS.has(node.op)
			? ['cond', 'body']
			: [];
	return names.flatMap((name) => functions.get(node.attr(name)?.functionName ?? '') ?? []);
}

export class ControlFlowLowerer {
	/** Call of a branch, a condition or a body → the node that what reads nothing in it must wait for. */
	readonly pivots = new Map<string, string>();
	branches = 0;
	loops = 0;
	/** Loop invariants: they are there in every round, also in the one that the condition ends. */
	readonly #invariants = new Set<string>();
	readonly #frames = new Set<string>();
	readonly #functions: FunctionLibrary;
	readonly #freeName: (wanted: string) => string;

	/** @param freeName gives a name that no node has, like the wanted one, and takes it. */
	constructor(functions: FunctionLibrary, nodes: readonly Node[], freeName: (wanted: string) => string) {
		this.#functions = functions;
		this.#freeName = freeName;
		for (const node of nodes) {
			const frame = /^(Ref)?Enter$/.test(node.op) ? node.attr('frame_name')?.string : undefined;
			if (frame !== undefined) this.#frames.add(frame);
		}
	}

	/**
	 * @param pivot what says that the function around the node runs; undefined in the graph itself.
	 * @returns undefined for a node that is no If or While, or a While without values.
	 * @throws WhittleError `transform` at a function that is missing.
	 */
	lower(node: Node, pivot: string | undefined): Lowered | undefined {
		if (BRANCHES.has(node.op)) return this.lowerIf(node, pivot);
		if (LOOPS.has(node.op) && node.inputs.some((input) => !isControl(input)))
			return this.lowerWhile(node, pivot);
		return undefined;
	}

	/** Whether an input is there even where the function around it does not run. */
	isUngated(input: string): boolean {
		return this.#invariants.has(sourceOf(input));
	}

	private lowerIf(node: Node, pivot: string | undefined): Lowered {
		this.branches++;
		const { nodes, add } = this.place(node);
		const [given, ...args] = node.inputs.filter((input) => !isControl(input));
		if (given === undefined) throw new WhittleError('transform', `\`${node.name}\` (If) has no predicate`);
		const types = node.attr('Tin')?.types ?? [];
		const before = this.before(node, given, pivot);
		const flag = { T: Attr.type(DT_BOOL) };
		const predicate = asBool(given, node.attr('Tcond'), before, add);
		const decided = add('switch_pred', 'Switch', [predicate, predicate, ...before], flag);
		const pivotFalse = add('pivot_f', 'Identity', [decided], flag);
		const pivotTrue = add('pivot_t', 'Identity', [`${decided}:1`], flag);
		const switches = args.map((arg, i) =>
			add(`switch_${i}`, 'Switch', [arg, predicate, ...before], { T: typeAt(types, i) }),
		);
		const onTrue = switches.map((name) => `${name}:1`);
		const thenCall = this.call(add, 'then', node, 'then_branch', onTrue, pivotTrue);
		const elseCall = this.call(add, 'else', node, 'else_branch', switches, pivotFalse);
		const outputs = node.attr('Tout')?.types ?? [];
		const returned = outputs.map((type, i) =>
			add(`merge_${i}`, 'Merge', [port(elseCall, i), port(thenCall, i)], {
				T: Attr.type(type),
				N: Attr.int(2),
			}),
		);
		// A branch not taken never runs, so nobody outside may wait for what is in it.
		const ranFalse = add('ran_f', 'Identity', [pivotFalse, `^${elseCall}`], flag);
		const ranTrue = add('ran_t', 'Identity', [pivotTrue, `^${thenCall}`], flag);
		const executed = add('executed', 'Merge', [ranFalse, ranTrue], { ...flag, N: Attr.int(2) });
		return { nodes, returned, finished: [executed] };
	}

	private lowerWhile(node: Node, pivot: string | undefined): Lowered {
		this.loops++;
		const { nodes, add } = this.place(node);
		const args = node.inputs.filter((input) => !isControl(input));
		const types = node.attr('T')?.types ?? [];
		const body = this.functionOf(node, 'body');
		const carried = carriedValues(body, types, args.length);
		const frame = {
			frame_name: Attr.string(this.freeFrame(node.name)),
			parallel_iterations: Attr.int(node.attr('parallel_iterations')?.int ?? PARALLEL_ITERATIONS),
		};
		const enters = args.map((arg, i) =>
			add(`enter_${i}`, 'Enter', [arg, ...this.before(node, arg, carried[i] ? pivot : undefined)], {
				T: typeAt(types, i),
				...frame,
				is_constant: Attr.bool(!carried[i]),
			}),
		);
		for (const [i, name] of enters.entries()) if (!carried[i]) this.#invariants.add(name);
		const nexts = enters.map((_name, i) => (carried[i] ? this.#freeName(`${node.name}/next_${i}`) : ''));
		/** One node for each value that changes, and in the place of the others their Enter. */
		const each = (make: (i: number) => string): string[] =>
			enters.map((enter, i) => (carried[i] ? make(i) : enter));
		const merges = each((i) =>
			add(`merge_${i}`, 'Merge', [enters[i]!, nexts[i]!], { T: typeAt(types, i), N: Attr.int(2) }),
		);
		const first = carried.indexOf(true);
		const condCall = this.call(add, 'cond', node, 'cond', merges, merges[first]!);
		const condType = this.functionOf(node, 'cond').definition.signature?.output_arg[0]?.type ?? DT_BOOL;
		const loopCond = add('LoopCond', 'LoopCond', [asBool(condCall, Attr.type(condType), [], add)], {});
		const switches = each((i) =>
			add(`switch_${i}`, 'Switch', [merges[i]!, loopCond], { T: typeAt(types, i) }),
		);
		const bodyPivot = add('pivot', 'Identity', [`${switches[first]}:1`], { T: typeAt(types, first) });
		const insides = switches.map((name, i) => (carried[i] ? `${name}:1` : name));
		const bodyCall = this.call(add, 'body', node, 'body', insides, bodyPivot);
		// Side effects of a round end before the next begins.
		const effects = Object.keys(body.definition.control_ret).length > 0 ? [`^${bodyCall}`] : [];
		each((i) => {
			const inputs = [port(bodyCall, i), ...effects];
			const attrs = { T: typeAt(types, i) };
			nodes.push(Node.of({ name: nexts[i]!, op: 'NextIteration', inputs, device: node.device, attrs }));
			return nexts[i]!;
		});
		const returned = args.map((arg, i) =>
			carried[i] ? add(`exit_${i}`, 'Exit', [switches[i]!], { T: typeAt(types, i) }) : arg,
		);
		return { nodes, returned, finished: returned.filter((_name, i) => carried[i]) };
	}

	/** Control inputs of the nodes that take what an If or While takes. */
	private before(node: Node, input: string, pivot: string | undefined): string[] {
		const controls = node.inputs.filter(isControl);
		return pivot !== undefined && this.isUngated(input) ? [...controls, `^${pivot}`] : controls;
	}

	private call(
		add: Add,
		suffix: string,
		node: Node,
		attribute: string,
		inputs: readonly string[],
		pivot: string,
	): string {
		const name = add(suffix, this.functionOf(node, attribute).name, inputs, {});
		this.pivots.set(name, pivot);
		return name;
	}

	private functionOf(node: Node, attribute: string): GraphFunction {
		const name = node.attr(attribute)?.functionName;
		const fn = name === undefined ? undefined : this.#functions.get(name);
		if (fn) return fn;
		throw new WhittleError(
			'transform',
			`\`${node.name}\` (${node.op}) runs the function \`${name ?? '?'}\`, which is not in the graph`,
		);
	}

	/** A list of new nodes under a node's name, and what adds to it and gives the name. */
	private place(node: Node): { nodes: Node[]; add: Add } {
		const nodes: Node[] = [];
		const add: Add = (suffix, op, inputs, attrs) => {
			const name = this.#freeName(`${node.name}/${suffix}`);
			nodes.push(Node.of({ name, op, inputs, device: node.device, attrs }));
			return name;
		};
		return { nodes, add };
	}

	private freeFrame(wanted: string): string {
		let name = wanted;
		for (let i = 1; this.#frames.has(name); i++) name = `${wanted}_${i}`;
		this.#frames.add(name);
		return name;
	}
}

type Add = (
	suffix: string,
	op: string,
	inputs: readonly string[],
	attrs: Readonly<Record<string, Attr>>,
) => string;

function port(name: string, index: number): string {
	return index === 0 ? name : `${name}:${index}`;
}

function typeAt(types: readonly number[], index: number): Attr {
	return Attr.type(types[index] ?? DT_FLOAT);
}

/** Numbers and strings decide too: what is not zero, or not empty, is true. */
function asBool(input: string, type: Attr | undefined, controls: readonly string[], add: Add): string {
	if (type === undefined || type.type === DT_BOOL) return input;
	return add('to_bool', 'ToBool', [input, ...controls], { T: type });
}

/** Which values a body may change. One at least runs round, since the rounds are told by it. */
function carriedValues(body: GraphFunction, types: readonly number[], count: number): boolean[] {
	const { signature, ret } = body.definition;
	const identities = new Map(
		body.nodes.flatMap((node) => (node.op === 'Identity' ? [[node.name, node]] : [])),
	);
	const args = signature?.input_arg ?? [];
	const origin = (value: string): string => {
		let name = sourceOf(value);
		for (let steps = 0; steps <= identities.size; steps++) {
			const node = identities.get(name);
			if (node?.inputs.length !== 1 || isControl(node.inputs[0]!)) break;
			name = node.sources[0]!;
		}
		return name;
	};
	const carried = Array.from({ length: count }, (_, i) => {
		const value = ret[signature?.output_arg[i]?.name ?? ''];
		return value === undefined || args[i] === undefined || origin(value) !== args[i].name;
	});
	if (!carried.includes(true))
		carried[
			Math.max(
				0,
				types.findIndex((type) => type !== DT_RESOURCE),
			)
		] = true;
	return carried;
}
