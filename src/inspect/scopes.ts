/** The tree of names: what every scope holds by itself and in all. */
import type { Graph } from '../graph/graph.ts';
import { finish, isTurn, stage, type Work } from '../graph/progress.ts';
import { costOf } from './flops.ts';
import { weighingNodes } from './weights.ts';

export interface Figures {
	nodes: number;
	/** Elements of constants and variables. */
	params: number;
	bytes: number;
}

export interface Scope {
	/** The last part of its name; empty at the top. */
	readonly name: string;
	/** `a/b`; empty at the top. */
	readonly path: string;
	readonly children: ReadonlyMap<string, Scope>;
	/** Positions of the nodes that lie directly in it. */
	readonly nodes: readonly number[];
	/** The sum over these nodes of what is known by position. */
	sumOf(values: ArrayLike<number>): number;
	/** Of these nodes alone. */
	readonly own: Readonly<Figures>;
	/** With everything below. */
	readonly total: Readonly<Figures>;
}

/**
 * A large graph has as many scopes as nodes, so that each is small: most hold no other and share one empty map, what
 * they hold is then all that they hold by themselves, and their nodes are a chain through one array.
 */
class GrowingScope implements Scope {
	readonly name: string;
	readonly path: string;
	readonly parent: GrowingScope | undefined;
	children = NO_CHILDREN;
	readonly own: Figures = { nodes: 0, params: 0, bytes: 0 };
	total = this.own;
	/** By position: the next node in the same scope, or −1. */
	readonly #next: Int32Array;
	#first = -1;
	#last = -1;

	constructor(name: string, path: string, parent: GrowingScope | undefined, next: Int32Array) {
		this.name = name;
		this.path = path;
		this.parent = parent;
		this.#next = next;
	}

	add(position: number, params: number, bytes: number): void {
		if (this.#first < 0) this.#first = position;
		else this.#next[this.#last] = position;
		this.#next[position] = -1;
		this.#last = position;
		this.own.nodes++;
		this.own.params += params;
		this.own.bytes += bytes;
	}

	inner(name: string, path: string): GrowingScope {
		const scope = new GrowingScope(name, path, this, this.#next);
		if (this.children === NO_CHILDREN) this.children = new Map();
		this.children.set(name, scope);
		return scope;
	}

	get nodes(): readonly number[] {
		const nodes: number[] = [];
		for (let at = this.#first; at >= 0; at = this.#next[at]!) nodes.push(at);
		return nodes;
	}

	sumOf(values: ArrayLike<number>): number {
		let sum = 0;
		for (let at = this.#first; at >= 0; at = this.#next[at]!) sum += values[at]! || 0;
		return sum;
	}
}

const NO_CHILDREN: Map<string, GrowingScope> = new Map();

const known = new WeakMap<Graph, Scope>();

/** The whole tree; children in the order in which they first appear. Linear in the length of all names. */
export function scopeTree(graph: Graph): Scope {
	return known.get(graph) ?? finish(growingTree(graph));
}

/** {@link scopeTree} in turns. */
export function* growingTree(graph: Graph): Work<Scope> {
	let tree = known.get(graph);
	if (!tree) {
		tree = yield* growingTreeOf(graph, () => true);
		known.set(graph, tree);
	}
	return tree;
}

/** Deeper scopes are counted with the one at this depth: a name of a megabyte of slashes is no tree. */
const MOST_DEPTH = 200;

/** The tree of some nodes only, in turns. */
export function* growingTreeOf(graph: Graph, included: (position: number) => boolean): Work<Scope> {
	const { params, variableParams, bytes } = yield* stage(weighingNodes(graph), 0, 0.5);
	const root = new GrowingScope('', '', undefined, new Int32Array(graph.nodes.length));
	const byPath = new Map([['', root]]);
	let scope = root;
	for (let i = 0; i < graph.nodes.length; i++) {
		if (isTurn(i)) yield { done: graph.nodes.length + i, total: 2 * graph.nodes.length };
		if (!included(i)) continue;
		const { name } = graph.nodes[i]!;
		// Neighbours in a file mostly lie in one scope.
		if (!liesIn(name, scope.path)) scope = scopeAt(pathOf(name), byPath);
		scope.add(i, params[i]! + variableParams[i]!, bytes[i]!);
	}
	const all = [...byPath.values()];
	for (const scope of all) if (scope.children.size > 0) scope.total = { ...scope.own };
	for (let i = all.length - 1; i > 0; i--) add(all[i]!.parent!.total, all[i]!.total);
	return root;
}

function liesIn(name: string, path: string): boolean {
	const slash = name.lastIndexOf('/');
	return slash < 0 ? path === '' : slash === path.length && name.startsWith(path);
}

/** `a/b` of `a/b/c`; empty at the top. */
function pathOf(name: string): string {
	const slash = name.lastIndexOf('/');
	if (slash < 0) return '';
	let depth = 0;
	for (let at = name.indexOf('/'); at >= 0 && at < slash; at = name.indexOf('/', at + 1))
		if (++depth === MOST_DEPTH) return name.slice(0, at);
	return name.slice(0, slash);
}

/** The scope of a path, made with those around it where it is new. Outer scopes stand before inner ones in `byPath`. */
function scopeAt(path: string, byPath: Map<string, GrowingScope>): GrowingScope {
	const missing: string[] = [];
	let around = path;
	let scope = byPath.get(around);
	while (!scope) {
		missing.push(around);
		around = around.slice(0, Math.max(0, around.lastIndexOf('/')));
		scope = byPath.get(around);
	}
	for (let inner = missing.pop(); inner !== undefined; inner = missing.pop()) {
		const name = inner.slice(scope.path === '' ? 0 : scope.path.length + 1);
		scope = scope.inner(name, inner);
		byPath.set(inner, scope);
	}
	return scope;
}

function add(to: Figures, from: Figures): void {
	to.nodes += from.nodes;
	to.params += from.params;
	to.bytes += from.bytes;
}

/** The floating-point operations of a scope and of those below it: the sum of what is known. */
export interface ScopeFlops {
	own: number;
	total: number;
}

/** FLOPs of every scope of a tree. They need the shapes of the whole graph, which many questions do not. */
export function flopsOfScopes(graph: Graph, tree: Scope): ReadonlyMap<Scope, ScopeFlops> {
	const { flops } = costOf(graph);
	const found = new Map<Scope, ScopeFlops>();
	const order: { readonly flops: ScopeFlops; readonly parent: ScopeFlops | undefined }[] = [];
	const open: { readonly scope: Scope; readonly parent: ScopeFlops | undefined }[] = [
		{ scope: tree, parent: undefined },
	];
	for (let next = open.pop(); next; next = open.pop()) {
		const own = next.scope.sumOf(flops);
		const sums = { own, total: own };
		found.set(next.scope, sums);
		order.push({ flops: sums, parent: next.parent });
		for (const scope of next.scope.children.values()) open.push({ scope, parent: sums });
	}
	for (let i = order.length - 1; i > 0; i--) order[i]!.parent!.total += order[i]!.flops.total;
	return found;
}

/** The scope of a path such as `a/b`; undefined when no name begins so. */
export function findScope(tree: Scope, path: string): Scope | undefined {
	let scope: Scope | undefined = tree;
	for (const part of path.split('/').filter((piece) => piece !== '')) {
		scope = scope.children.get(part);
		if (!scope) return undefined;
	}
	return scope;
}
