/**
 * Takes out control flow that a constant decides.
 *
 *   before   sw = Switch(x, pred)  with pred = true      after   reads of sw:1 are reads of x
 *            a  = Relu(sw:1)                                      a = Relu(x)
 *            b  = Neg(sw:0)                                       (b is dead)
 *            m  = Merge(b, a)                                     reads of m are reads of a, of m:1 the constant 1
 *
 *            y = If(cond, x) {then_branch, else_branch}           y = PartitionedCall(x) {f: then_branch}
 */
import { Attr } from '../graph/attr.ts';
import { DT_BOOL, DT_INT32 } from '../graph/dtype.ts';
import { WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import { inputParts, isControl } from '../graph/names.ts';
import { Node } from '../graph/node.ts';
import { isTurn, type Work } from '../graph/progress.ts';
import { dataOrder } from './data-order.ts';

const SWITCHES = new Set(['Switch', 'RefSwitch']);
const MERGES = new Set(['Merge', 'RefMerge']);
const CALLS: Readonly<Record<string, string>> = {
	If: 'StatefulPartitionedCall',
	StatelessIf: 'PartitionedCall',
};
const PASSING = new Set(['Identity', 'StopGradient', 'Snapshot']);

export interface DecidedBranches {
	readonly graph: Graph;
	/** Switch, Merge and If nodes that are gone or became calls. */
	readonly resolved: number;
	/** Nodes of branches not taken. */
	readonly removed: number;
	readonly left: readonly { readonly node: string; readonly reason: string }[];
}

/**
 * @param keep names that must stay, the graph's outputs: a Merge among them becomes an Identity.
 * @throws WhittleError `transform` when one of them lies in a branch not taken.
 */
export function resolveDecidedBranches(graph: Graph, keep: ReadonlySet<string>): Work<DecidedBranches> {
	return new Resolver(graph, keep).run();
}

class Resolver {
	readonly graph: Graph;
	readonly keep: ReadonlySet<string>;
	/** Boolean scalars known by node name. */
	readonly known = new Map<string, boolean>();
	/** Dead tensors: a node's name for all of it, `name:port` for one output of a Switch. */
	readonly dead = new Set<string>();
	/** What to read instead of `name:port`. */
	readonly instead = new Map<string, string>();
	readonly replaced = new Map<string, readonly Node[]>();
	readonly left: { node: string; reason: string }[] = [];
	resolved = 0;

	constructor(graph: Graph, keep: ReadonlySet<string>) {
		this.graph = graph;
		this.keep = keep;
	}

	*run(): Work<DecidedBranches> {
		const total = 2 * this.graph.nodes.length;
		let done = 0;
		for (const node of dataOrder(this.graph).nodes) {
			if (isTurn(done++)) yield { done, total };
			this.visit(node);
		}
		let removed = 0;
		const nodes: Node[] = [];
		for (const node of this.graph.nodes) {
			if (isTurn(done++)) yield { done, total };
			if (this.dead.has(node.name)) {
				if (this.keep.has(node.name)) {
					throw new WhittleError(
						'transform',
						`the output \`${node.name}\` lies in the branch that the value switches off`,
					);
				}
				removed++;
				continue;
			}
			for (const kept of this.replaced.get(node.name) ?? [node]) nodes.push(this.rewire(kept));
		}
		if (this.resolved === 0 && removed === 0)
			return { graph: this.graph, resolved: 0, removed: 0, left: this.left };
		return { graph: this.graph.with(nodes), resolved: this.resolved, removed, left: this.left };
	}

	private visit(node: Node): void {
		if (MERGES.has(node.op)) {
			this.visitMerge(node);
			return;
		}
		if (node.inputs.some((input) => this.isDead(input))) {
			this.dead.add(node.name);
			return;
		}
		const value = this.booleanOf(node);
		if (value !== undefined) this.known.set(node.name, value);
		if (SWITCHES.has(node.op)) this.visitSwitch(node);
		else if (CALLS[node.op]) this.visitIf(node);
	}

	private booleanOf(node: Node): boolean | undefined {
		const input = (i: number): boolean | undefined =>
			this.known.get(inputParts(this.resolve(node.inputs[i] ?? '')).name);
		if (node.op === 'Const') {
			const tensor = node.tensor;
			if (tensor?.dtype !== DT_BOOL || tensor.elements !== 1 || !tensor.decodable) return undefined;
			return tensor.data[0] !== 0;
		}
		if (PASSING.has(node.op)) return input(0);
		if (node.op === 'LogicalNot') return input(0) === undefined ? undefined : !input(0);
		if (node.op !== 'LogicalAnd' && node.op !== 'LogicalOr') return undefined;
		const decisive = node.op === 'LogicalOr';
		const [a, b] = [input(0), input(1)];
		if (a === decisive || b === decisive) return decisive;
		return a === undefined || b === undefined ? undefined : !decisive;
	}

	private visitSwitch(node: Node): void {
		const predicate = this.known.get(inputParts(this.resolve(node.inputs[1] ?? '')).name);
		if (predicate === undefined) return;
		const live = predicate ? 1 : 0;
		this.dead.add(`${node.name}:${1 - live}`);
		this.instead.set(`${node.name}:${live}`, this.resolve(node.inputs[0]!));
		this.resolved++;
		if (this.keep.has(node.name))
			this.left.push({ node: node.name, reason: 'it is an output, so the Switch stays' });
		else this.replaced.set(node.name, []);
	}

	private visitMerge(node: Node): void {
		const data = node.inputs.filter((input) => !isControl(input));
		const live = data.filter((input) => !this.isDead(input));
		if (live.length === 0) {
			this.dead.add(node.name);
			return;
		}
		if (live.length === data.length) return;
		if (live.length > 1) {
			const inputs = node.inputs.filter((input) => !this.isDead(input));
			this.replaced.set(node.name, [node.withAttr('N', Attr.int(live.length)).with({ inputs })]);
			return;
		}
		const source = this.resolve(live[0]!);
		const index = data.indexOf(live[0]!);
		this.resolved++;
		const replacement: Node[] = [];
		const type = node.attr('T');
		if (this.keep.has(node.name)) {
			replacement.push(
				Node.of({
					name: node.name,
					op: 'Identity',
					inputs: [source],
					device: node.device,
					attrs: type ? { T: type } : {},
				}),
			);
		} else this.instead.set(`${node.name}:0`, source);
		if (this.graph.readersOf(node.name).some((reader) => reader.inputs.includes(`${node.name}:1`))) {
			const name = `${node.name}/value_index`;
			const value = { dtype: DT_INT32, shape: [], data: Int32Array.of(index) };
			replacement.push(
				Node.of({ name, op: 'Const', attrs: { dtype: Attr.type(DT_INT32), value: Attr.tensor(value) } }),
			);
			this.instead.set(`${node.name}:1`, name);
		}
		this.replaced.set(node.name, replacement);
	}

	private visitIf(node: Node): void {
		const predicate = this.known.get(inputParts(this.resolve(node.inputs[0] ?? '')).name);
		const branch = node.attr(predicate ? 'then_branch' : 'else_branch');
		if (predicate === undefined || !branch) return;
		this.resolved++;
		const attrs = new Map(
			[...node.attrs].filter(([name]) => !/^(Tcond|then_branch|else_branch|output_shapes)$/.test(name)),
		);
		attrs.set('f', branch);
		this.replaced.set(node.name, [node.with({ op: CALLS[node.op]!, inputs: node.inputs.slice(1), attrs })]);
	}

	private isDead(input: string): boolean {
		const { prefix, name, suffix } = inputParts(input);
		if (this.dead.has(name)) return true;
		return prefix === '' && this.dead.has(`${name}${suffix || ':0'}`);
	}

	/** Where an input leads once everything decided so far is out of the way. */
	private resolve(input: string): string {
		const { name, suffix } = inputParts(input);
		return this.instead.get(`${name}${suffix || ':0'}`) ?? input;
	}

	private rewire(node: Node): Node {
		const inputs: string[] = [];
		for (const input of node.inputs) {
			if (!isControl(input)) {
				inputs.push(this.resolve(input));
				continue;
			}
			const next = this.resolveControl(inputParts(input).name);
			if (next && !inputs.includes(next)) inputs.push(next);
		}
		return inputs.length === node.inputs.length && inputs.every((input, i) => input === node.inputs[i])
			? node
			: node.with({ inputs });
	}

	/** A control edge from a node that is gone hangs on what took its place; from a dead one it is dropped. */
	private resolveControl(name: string): string | undefined {
		if (this.dead.has(name)) return undefined;
		const replacement = this.replaced.get(name);
		if (!replacement || replacement.some((node) => node.name === name)) return `^${name}`;
		const source = this.instead.get(`${name}:0`) ?? this.instead.get(`${name}:1`);
		return source === undefined ? undefined : `^${inputParts(source).name}`;
	}
}
