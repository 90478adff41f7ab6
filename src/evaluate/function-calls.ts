/** Nodes that call functions of the library: plain calls, branches, loops. */
import type { Attr } from '../graph/attr.ts';
import type { FunctionLibrary } from '../graph/function-library.ts';
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import type { Work } from '../graph/progress.ts';
import type { TensorValue } from '../graph/tensor.ts';
import { isTrue } from '../ops/cast.ts';
import type { Executor } from './executor.ts';
import { functionGraph } from './function-graph.ts';
import { cannotRunNode } from './node-error.ts';

interface Prepared {
	readonly executor: Executor;
	readonly inputs: readonly string[];
	readonly outputs: readonly string[];
}

type Call = Work<readonly TensorValue[]>;

/** Rounds of a loop after which it is taken for endless. */
const MOST_ROUNDS = 10_000_000;
/** Calls within calls after which a function is taken to call itself for ever. */
const DEEPEST = 200;

let depth = 0;

export class FunctionCalls {
	readonly #functions: FunctionLibrary;
	readonly #library: Uint8Array | undefined;
	readonly #makeExecutor: (graph: Graph) => Executor;
	readonly #prepared = new Map<string, Prepared>();

	constructor(
		functions: FunctionLibrary,
		library: Uint8Array | undefined,
		makeExecutor: (graph: Graph) => Executor,
	) {
		this.#functions = functions;
		this.#library = library;
		this.#makeExecutor = makeExecutor;
	}

	handles(node: Node): boolean {
		return Object.hasOwn(callers, node.op) || this.#functions.get(node.op) !== undefined;
	}

	*run(node: Node, inputs: readonly TensorValue[]): Call {
		const caller = callers[node.op];
		if (caller) return yield* caller(node, inputs, this);
		return yield* this.call(node, node.op, node.attrs, inputs);
	}

	/** Runs the function that an attribute names. */
	*callAttr(node: Node, attribute: string, inputs: readonly TensorValue[]): Call {
		const attr = node.attr(attribute);
		const name = attr?.functionName;
		if (name === undefined) throw cannotRunNode(node, `it names no function in \`${attribute}\``);
		return yield* this.call(node, name, new Map(), inputs);
	}

	*call(node: Node, name: string, attrs: ReadonlyMap<string, Attr>, inputs: readonly TensorValue[]): Call {
		const prepared = this.#prepare(node, name, attrs);
		if (prepared.inputs.length !== inputs.length)
			throw cannotRunNode(node, `\`${name}\` takes ${prepared.inputs.length} inputs, not ${inputs.length}`);
		if (depth >= DEEPEST) throw cannotRunNode(node, 'functions call each other too deep');
		depth += 1;
		try {
			const feeds = new Map(prepared.inputs.map((input, i) => [input, inputs[i]!]));
			return yield* prepared.executor.steps(feeds, prepared.outputs);
		} finally {
			depth -= 1;
		}
	}

	#prepare(node: Node, name: string, attrs: ReadonlyMap<string, Attr>): Prepared {
		const key = attrs.size === 0 ? name : `${name} ${node.name}`;
		let prepared = this.#prepared.get(key);
		if (!prepared) {
			const body = this.#functions.get(name);
			if (!body) throw cannotRunNode(node, `there is no function \`${name}\``);
			const { graph, inputs, outputs } = functionGraph(body, this.#functions, attrs, this.#library);
			prepared = { executor: this.#makeExecutor(graph), inputs, outputs };
			this.#prepared.set(key, prepared);
		}
		return prepared;
	}

	dispose(): void {
		for (const { executor } of this.#prepared.values()) executor.dispose();
		this.#prepared.clear();
	}
}

type Caller = (node: Node, inputs: readonly TensorValue[], calls: FunctionCalls) => Call;

const plainCall: Caller = function* (node, inputs, calls) {
	return yield* calls.callAttr(node, 'f', inputs);
};

const branch: Caller = function* (node, [condition, ...inputs], calls) {
	return yield* calls.callAttr(node, isTrue(condition!) ? 'then_branch' : 'else_branch', inputs);
};

const chosen: Caller = function* (node, [index, ...inputs], calls) {
	const branches = node.attr('branches')?.value.list?.func ?? [];
	const at = Number(index!.data[0]);
	const name = (branches[at] ?? branches.at(-1))?.name;
	if (name === undefined) throw cannotRunNode(node, 'it has no branches');
	return yield* calls.call(node, name, new Map(), inputs);
};

const loop: Caller = function* (node, inputs, calls) {
	let state = inputs;
	for (let round = 0; round < MOST_ROUNDS; round++) {
		const [goesOn] = yield* calls.callAttr(node, 'cond', state);
		if (!isTrue(goesOn!)) return state.map((value) => ({ ...value, data: copied(value.data) }));
		state = yield* calls.callAttr(node, 'body', state);
	}
	throw cannotRunNode(node, `it does not end within ${MOST_ROUNDS} rounds`);
};

/** A loop that runs no round hands on its inputs, which belong to others. */
function copied(data: TensorValue['data']): TensorValue['data'] {
	return data instanceof Float32Array ? Float32Array.from(data) : data;
}

const callers: Readonly<Record<string, Caller>> = {
	PartitionedCall: plainCall,
	StatefulPartitionedCall: plainCall,
	If: branch,
	StatelessIf: branch,
	Case: chosen,
	StatelessCase: chosen,
	While: loop,
	StatelessWhile: loop,
};
