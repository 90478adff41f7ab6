/** Random graphs that mix what the other generators make, with calls, loops, ranges, twins and devices added. */
import { VersionDefCodec } from '../../proto/codec.ts';
import { Attr } from '../../src/graph/attr.ts';
import { DT_FLOAT, DT_INT32 } from '../../src/graph/dtype.ts';
import { Graph } from '../../src/graph/graph.ts';
import { Node } from '../../src/graph/node.ts';
import type { RandomSource } from '../../src/graph/random.ts';
import { type Choices, choices } from './choices.ts';
import { functionLibrary, functionNames } from './function-library.ts';
import { patternGraph } from './pattern-graph.ts';
import { randomFoldable } from './random-foldable.ts';
import { type Oddness, randomGraph } from './random-graph.ts';

const FLOAT = Attr.type(DT_FLOAT);
const KINDS = [
	'any',
	'any',
	'patterns',
	'patterns',
	'foldable',
	'foldable',
	'mixed',
	'mixed',
	'mixed',
] as const;
export type GraphKind = (typeof KINDS)[number];

export interface Mixed {
	readonly graph: Graph;
	/** Names that go well as inputs and outputs; empty where any are as good. */
	readonly inputs: readonly string[];
	readonly outputs: readonly string[];
}

/** @param kind one kind of graph; one of all unless given. */
export function mixedGraph(random: RandomSource, odd: Oddness, kind?: GraphKind): Mixed {
	const pick = choices(random);
	const chosen = kind ?? pick.one(KINDS);
	if (chosen === 'any') return { graph: randomGraph(random, odd), inputs: [], outputs: [] };
	const nodes: Node[] = [];
	const [inputs, outputs]: [string[], string[]] = [[], []];
	if (chosen !== 'patterns') {
		const foldable = randomFoldable(random);
		nodes.push(...foldable.graph.nodes);
		inputs.push(...foldable.inputs);
		// What is fed cannot be fetched.
		outputs.push(...foldable.outputs.filter((name) => !inputs.includes(name) || pick.chance(0.1)));
	}
	if (chosen !== 'foldable') {
		const scope = chosen === 'mixed' ? 'm/' : '';
		const patterns = patternGraph(random).nodes.map((node) => underScope(node, scope));
		nodes.push(...patterns);
		if (pick.chance(0.8)) outputs.push(pick.one(patterns).name);
	}
	const library = new Additions(pick, nodes, outputs).addTo(chosen === 'mixed' ? 0.35 : 0.1);
	const versions = pick.chance(0.3)
		? VersionDefCodec.encode({ producer: pick.one([21, 27, 100, 1882]), min_consumer: pick.one([0, 0, 12]) })
		: undefined;
	const order = pick.chance(0.3) ? pick.shuffled(nodes) : nodes;
	return { graph: new Graph(order, { library, versions }), inputs, outputs };
}

function underScope(node: Node, scope: string): Node {
	if (scope === '') return node;
	const inputs = node.inputs.map((input) =>
		input.startsWith('^') ? `^${scope}${input.slice(1)}` : scope + input,
	);
	return node.with({ name: scope + node.name, inputs });
}

class Additions {
	readonly pick: Choices;
	readonly nodes: Node[];
	readonly outputs: string[];

	constructor(pick: Choices, nodes: Node[], outputs: string[]) {
		this.pick = pick;
		this.nodes = nodes;
		this.outputs = outputs;
	}

	/** @returns the serialized function library, where there is one. */
	addTo(chance: number): Uint8Array | undefined {
		const { pick } = this;
		if (pick.chance(chance)) this.loop();
		if (pick.chance(chance)) this.requantization();
		if (pick.chance(chance)) this.weights();
		if (pick.chance(chance)) this.twins();
		if (pick.chance(chance)) this.devices();
		if (!pick.chance(chance)) return undefined;
		this.calls();
		return functionLibrary(pick);
	}

	add(name: string, op: string, inputs: readonly string[], attrs: Record<string, Attr>): string {
		this.nodes.push(Node.of({ name, op, inputs, attrs }));
		return name;
	}

	/** for (i = 0; i < 3; i += 1) */
	loop(): void {
		const T = Attr.type(DT_INT32);
		const int = (name: string, value: number, inputs: string[] = []): string => {
			const tensor = Attr.tensor({ dtype: DT_INT32, shape: [], data: Int32Array.of(value) });
			return this.add(name, 'Const', inputs, { dtype: T, value: tensor });
		};
		const frame = { T, frame_name: Attr.string('loop'), parallel_iterations: Attr.int(10) };
		int('while/start', 0);
		this.add('while/enter', 'Enter', ['while/start'], { ...frame, is_constant: Attr.bool(false) });
		this.add('while/merge', 'Merge', ['while/enter', 'while/next'], { T, N: Attr.int(2) });
		int('while/limit', 3, ['^while/merge']);
		this.add('while/less', 'Less', ['while/merge', 'while/limit'], { T });
		this.add('while/cond', 'LoopCond', ['while/less'], {});
		this.add('while/switch', 'Switch', ['while/merge', 'while/cond'], { T });
		this.add('while/body', 'Identity', ['while/switch:1'], { T });
		int('while/one', 1, ['^while/body']);
		this.add('while/sum', 'AddV2', ['while/body', 'while/one'], { T });
		this.add('while/next', 'NextIteration', ['while/sum'], { T });
		this.outputs.push(this.add('while/exit', 'Exit', ['while/switch'], { T }));
	}

	requantization(): void {
		const { pick } = this;
		const qint = { Tinput: Attr.type(13) };
		const count = 1 + pick.below(2);
		for (let i = 0; i < count; i++) {
			const scalar = (name: string, value: number): string => {
				const tensor = Attr.tensor({ dtype: DT_FLOAT, shape: [], data: Float32Array.of(value) });
				return this.add(name, 'Const', [], { dtype: FLOAT, value: tensor });
			};
			this.add(`q${i}/x`, 'Placeholder', [], { dtype: Attr.type(13) });
			const all = [`q${i}/x`, scalar(`q${i}/min`, -1), scalar(`q${i}/max`, 2.5)];
			const range = this.add(`q${i}/range`, 'RequantizationRange', all, qint);
			const ends = pick.chance(0.1) ? [range, `${range}:1`] : [`${range}:0`, `${range}:1`];
			const types = { ...qint, out_type: Attr.type(12) };
			const narrow = this.add(`q${i}/narrow`, 'Requantize', [...all, ...ends], types);
			const outputs = [narrow, `${narrow}:1`, `${narrow}:2`];
			this.outputs.push(this.add(`q${i}/y`, 'Dequantize', outputs, { T: Attr.type(12) }));
		}
	}

	/** Constants large enough to be worth rounding or eight bits. */
	weights(): void {
		const { pick } = this;
		const shape = pick.one([[4, 4], [2, 2, 3, 2], [15], [16], [64, 20]]);
		const size = shape.reduce((product, length) => product * length, 1);
		const spread = pick.one([1, 100, 0.01, 0]);
		const data = Float32Array.from({ length: size }, () => ((pick.below(2001) - 700) * spread) / 97);
		const value = Attr.tensor({ dtype: DT_FLOAT, shape, data });
		const name = this.add(`weights${this.nodes.length}`, 'Const', [], { dtype: FLOAT, value });
		this.outputs.push(this.add(`shown${this.nodes.length}`, pick.one(['Neg', 'Relu']), [name], { T: FLOAT }));
	}

	/** Nodes that stand twice under two names; some readers read the second. */
	twins(): void {
		const { pick, nodes } = this;
		for (let count = 1 + pick.below(4); count > 0; count--) {
			const i = pick.below(nodes.length);
			const node = nodes[i]!;
			const name = `${node.name}_${nodes.length}`;
			nodes.push(node.with({ name }));
			for (const [j, reader] of nodes.entries()) {
				if (!reader.inputs.includes(node.name) || !pick.chance(0.5)) continue;
				nodes[j] = reader.with({
					inputs: reader.inputs.map((input) => (input === node.name ? name : input)),
				});
			}
		}
	}

	devices(): void {
		for (let count = 3; count > 0; count--) {
			const i = this.pick.below(this.nodes.length);
			this.nodes[i] = this.nodes[i]!.with({ device: this.pick.one(['/cpu:0', '/device:GPU:0', '/job:w']) });
		}
	}

	calls(): void {
		const { pick, nodes } = this;
		for (let count = 1 + pick.below(2); count > 0; count--) {
			const x = this.add(`arg${nodes.length}`, 'Placeholder', [], { dtype: FLOAT });
			const inputs = pick.chance(0.05) ? [x] : [x, pick.chance(0.3) ? `${x}:0` : x];
			if (pick.chance(0.05)) inputs.push(`^${pick.one(nodes).name}`);
			const types = { Tin: Attr.types([DT_FLOAT, DT_FLOAT]), Tout: Attr.types([DT_FLOAT, DT_FLOAT]) };
			const op = pick.one([
				'PartitionedCall',
				'PartitionedCall',
				'PartitionedCall',
				'StatefulPartitionedCall',
			]);
			const f = Attr.func(pick.one(functionNames));
			const call = this.add(`call${nodes.length}`, op, inputs, { ...types, f });
			const port = pick.one(['', ':0', ':1']);
			const reader = this.add(`read${nodes.length}`, 'Neg', [call + port], { T: FLOAT });
			this.outputs.push(pick.chance(0.8) ? reader : call);
			if (pick.chance(0.2)) this.add(`is${nodes.length}`, 'NoOp', [`^${call}`], {});
		}
	}
}
