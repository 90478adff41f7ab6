/**
 * Puts the bodies of functions in the place of their calls, at every level.
 *
 *   before   y = StatefulPartitionedCall(x, w) {f: layer}          layer(a, b) → z:  m = MatMul(a, b);  r = Relu(m)
 *   after    y/m = MatMul(x, w)
 *            y/r = Relu(y/m)                                       readers of y read y/r
 *            y   = Identity(y/r)                                   only where y itself is an output
 */
import { Attr } from '../graph/attr.ts';
import { WhittleError } from '../graph/error.ts';
import type { FunctionLibrary, GraphFunction } from '../graph/function-library.ts';
import type { Graph } from '../graph/graph.ts';
import { isControl } from '../graph/names.ts';
import { Node } from '../graph/node.ts';
import { outputDtypes } from '../ops/signature.ts';
import { inputsOutside } from './body-inputs.ts';
import { CallResults } from './call-results.ts';
import { inlinedSize } from './inlined-size.ts';
import { ControlFlowLowerer, controlledFunctions } from './lower-control-flow.ts';

const CALLS = new Set(['PartitionedCall', 'StatefulPartitionedCall']);

export interface Inlined {
	readonly nodes: Node[];
	/** Calls replaced. */
	readonly calls: number;
	/** Ifs and Whiles replaced. */
	readonly branches: number;
	readonly loops: number;
}

/** The function that a node calls: by its attribute `f`, or by being named like it. */
export function calledFunction(node: Node, functions: FunctionLibrary): GraphFunction | undefined {
	const name = CALLS.has(node.op) ? node.attr('f')?.functionName : node.op;
	return name === undefined ? undefined : functions.get(name);
}

/**
 * @param keep names of calls that must stay as nodes, because somebody outside fetches them.
 * @param lower whether If and While are spelled out with Switch, Merge and the ops of loops.
 * @throws WhittleError `transform` at a function that is missing, calls itself, or does not fit its call.
 */
export function inlineFunctions(
	nodes: readonly Node[],
	functions: FunctionLibrary,
	keep: ReadonlySet<string>,
	lower = false,
): Inlined {
	const callees = (node: Node): readonly GraphFunction[] => {
		const called = calledFunction(node, functions);
		if (called) return [called];
		return lower ? controlledFunctions(node, functions) : [];
	};
	inlinedSize(nodes, callees);
	return new Inliner(functions, keep, nodes, lower).run(nodes);
}

/** A list of nodes being walked over. */
interface Walk {
	readonly nodes: readonly Node[];
	/** The node that tells that these run, where they lie in a branch or loop. */
	readonly pivot: string | undefined;
	next: number;
}

class Inliner {
	readonly functions: FunctionLibrary;
	readonly keep: ReadonlySet<string>;
	readonly result: Node[] = [];
	readonly taken: Set<string>;
	readonly results = new CallResults();
	readonly lowerer: ControlFlowLowerer | undefined;
	calls = 0;

	constructor(functions: FunctionLibrary, keep: ReadonlySet<string>, nodes: readonly Node[], lower: boolean) {
		this.functions = functions;
		this.keep = keep;
		this.taken = new Set(nodes.map((node) => node.name));
		if (lower) this.lowerer = new ControlFlowLowerer(functions, nodes, (wanted) => this.freeName(wanted));
	}

	run(nodes: readonly Node[]): Inlined {
		const walks: Walk[] = [{ nodes, pivot: undefined, next: 0 }];
		for (let walk = walks.at(-1); walk; walk = walks.at(-1)) {
			const node = walk.nodes[walk.next++];
			if (!node) {
				walks.pop();
				continue;
			}
			const { pivot } = walk;
			const lowered = this.lowerNode(node, pivot);
			if (lowered) {
				walks.push({ nodes: lowered, pivot, next: 0 });
				continue;
			}
			const called = calledFunction(node, this.functions);
			if (!called && !CALLS.has(node.op)) {
				this.result.push(node);
				continue;
			}
			if (!called)
				throw new WhittleError(
					'transform',
					`\`${node.name}\` calls the function \`${node.attr('f')?.functionName ?? '?'}\`, which is not in the graph`,
				);
			const inside = this.lowerer?.pivots.get(node.name);
			if (inside === undefined) this.calls++;
			const around = inside ?? pivot;
			walks.push({ nodes: this.bodyOf(node, called, around), pivot: around, next: 0 });
		}
		const { branches = 0, loops = 0 } = this.lowerer ?? {};
		return {
			nodes: this.result.map((node) => this.results.rewired(node)),
			calls: this.calls,
			branches,
			loops,
		};
	}

	/** What stands for an If or While that is lowered, and where its outputs come from. */
	private lowerNode(node: Node, pivot: string | undefined): readonly Node[] | undefined {
		const lowered = this.lowerer?.lower(node, pivot);
		if (!lowered) return undefined;
		const { nodes, returned, finished } = lowered;
		this.results.add(node.name, returned, finished);
		return this.keep.has(node.name) ? [...nodes, standIn(node, returned, this.functions)] : nodes;
	}

	/** The body's nodes under the call's name, and where the call's outputs come from. */
	private bodyOf(call: Node, called: GraphFunction, pivot: string | undefined): Node[] {
		const signature = called.definition.signature;
		const args = signature?.input_arg ?? [];
		const given = call.inputs.filter((input) => !isControl(input));
		if (args.some((arg) => arg.number_attr || arg.type_list_attr) || args.length !== given.length) {
			throw new WhittleError(
				'transform',
				`\`${call.name}\` gives ${given.length} values to the function \`${called.name}\`, which takes ${args.length}`,
			);
		}
		const argument = new Map(args.map((arg, i) => [arg.name, given[i]!]));
		const names = new Map(
			called.nodes.map((node) => [node.name, this.freeName(`${call.name}/${node.name}`)]),
		);
		const resolve = inputsOutside(called, this.functions, argument, names);
		const before = call.inputs.filter(isControl);
		const ungated = (source: string): boolean => {
			const value = argument.get(source);
			return value !== undefined && this.lowerer?.isUngated(value) === true;
		};
		const body = called.nodes.map((node) => {
			const inputs = node.inputs.map(resolve);
			// What waits for nothing inside must still wait for what the call waited for.
			const waits = node.sources.every((source) => argument.has(source)) ? [...before] : [];
			if (pivot !== undefined && node.sources.every(ungated)) waits.push(`^${pivot}`);
			return node.with({
				name: names.get(node.name)!,
				inputs: waits.length > 0 ? [...inputs, ...waits.filter((input) => !inputs.includes(input))] : inputs,
				device: node.device || call.device,
				attrs: fillPlaceholders(node, call),
			});
		});
		const returned = (signature?.output_arg ?? []).map((output) => {
			const value = called.definition.ret[output.name];
			if (value === undefined)
				throw new WhittleError('transform', `the function \`${called.name}\` returns no \`${output.name}\``);
			return resolve(value);
		});
		const finished = Object.values(called.definition.control_ret).flatMap((name) => names.get(name) ?? []);
		this.results.add(call.name, returned, finished);
		if (this.keep.has(call.name)) body.push(standIn(call, returned, this.functions));
		return body;
	}

	private freeName(wanted: string): string {
		let name = wanted;
		for (let i = 1; this.taken.has(name); i++) name = `${wanted}_${i}`;
		this.taken.add(name);
		return name;
	}
}

/** Attributes that the body leaves to its caller; loops of one function that is called twice are two loops. */
function fillPlaceholders(node: Node, call: Node): ReadonlyMap<string, Attr> {
	let filled: Map<string, Attr> | undefined;
	for (const [name, value] of node.attrs) {
		const isFrame = name === 'frame_name' && value.string !== undefined;
		const given = isFrame
			? Attr.string(`${call.name}/${value.string}`)
			: value.kind === 'placeholder' && call.attr(value.value.placeholder ?? '');
		if (!given) continue;
		filled ??= new Map(node.attrs);
		filled.set(name, given);
	}
	return filled ?? node.attrs;
}

/** A node of the call's name and outputs, for those who fetch it. */
function standIn(call: Node, returned: readonly string[], functions: FunctionLibrary): Node {
	const types = outputDtypes(call, functions) ?? [];
	const one = returned.length === 1;
	const T = one ? Attr.type(types[0] ?? 1) : Attr.types(types);
	return Node.of({
		name: call.name,
		op: one ? 'Identity' : 'IdentityN',
		inputs: returned,
		device: call.device,
		attrs: { T },
	});
}

/**
 * A graph with every reachable call inlined; the library stays for If and While that are not lowered.
 * @param lower see {@link inlineFunctions}.
 */
export function inlineGraph(
	graph: Graph,
	keep: ReadonlySet<string>,
	lower = false,
): Omit<Inlined, 'nodes'> & { graph: Graph } {
	const { nodes, ...counts } = inlineFunctions(graph.nodes, graph.functions, keep, lower);
	const { calls, branches, loops } = counts;
	return { ...counts, graph: calls + branches + loops === 0 ? graph : graph.with(nodes) };
}
