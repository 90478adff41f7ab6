/** The tree of names: what every scope holds by itself and in all. */
import type { Graph } from '../graph/graph.ts';
import { costOf } from './flops.ts';
import { weightsOf } from './weights.ts';

export interface Figures {
	nodes: number;
	/** Elements of constants and variables. */
	params: number;
	bytes: number;
	/** The sum of what is known. */
	flops: number;
}

export interface Scope {
	/** The last part of its name; empty at the top. */
	readonly name: string;
	/** `a/b`; empty at the top. */
	readonly path: string;
	readonly children: ReadonlyMap<string, Scope>;
	/** Positions of the nodes that lie directly in it. */
	readonly nodes: readonly number[];
	/** Of these nodes alone. */
	readonly own: Readonly<Figures>;
	/** With everything below. */
	readonly total: Readonly<Figures>;
}

interface GrowingScope extends Scope {
	readonly children: Map<string, GrowingScope>;
	readonly nodes: number[];
	readonly own: Figures;
	readonly total: Figures;
	readonly parent: GrowingScope | undefined;
}

const known = new WeakMap<Graph, Scope>();

/** The whole tree; children in the order in which they first appear. Linear in the length of all names. */
export function scopeTree(graph: Graph): Scope {
	let tree = known.get(graph);
	if (!tree) {
		tree = buildTree(graph, () => true);
		known.set(graph, tree);
	}
	return tree;
}

/** The tree of some nodes only. */
export function scopeTreeOf(graph: Graph, included: (position: number) => boolean): Scope {
	return buildTree(graph, included);
}

/** Deeper scopes are counted with the one at this depth: a name of a megabyte of slashes is no tree. */
const MOST_DEPTH = 200;

function buildTree(graph: Graph, included: (position: number) => boolean): Scope {
	const { params, variableParams, bytes } = weightsOf(graph);
	const { flops } = costOf(graph);
	const root = newScope('', '', undefined);
	const all: GrowingScope[] = [root];
	for (let i = 0; i < graph.nodes.length; i++) {
		if (!included(i)) continue;
		const scope = scopeOf(graph.nodes[i]!.name, root, all);
		scope.nodes.push(i);
		scope.own.nodes++;
		scope.own.params += params[i]! + variableParams[i]!;
		scope.own.bytes += bytes[i]!;
		scope.own.flops += flops[i]! || 0;
	}
	for (let i = all.length - 1; i >= 0; i--) {
		const { own, total, parent } = all[i]!;
		add(total, own);
		if (parent) add(parent.total, total);
	}
	return root;
}

function newScope(name: string, path: string, parent: GrowingScope | undefined): GrowingScope {
	const zero = (): Figures => ({ nodes: 0, params: 0, bytes: 0, flops: 0 });
	return { name, path, parent, children: new Map(), nodes: [], own: zero(), total: zero() };
}

function scopeOf(name: string, root: GrowingScope, all: GrowingScope[]): GrowingScope {
	let scope = root;
	let from = 0;
	for (let depth = 0; depth < MOST_DEPTH; depth++) {
		const slash = name.indexOf('/', from);
		if (slash < 0) break;
		const part = name.slice(from, slash);
		let child = scope.children.get(part);
		if (!child) {
			child = newScope(part, name.slice(0, slash), scope);
			scope.children.set(part, child);
			all.push(child);
		}
		scope = child;
		from = slash + 1;
	}
	return scope;
}

function add(to: Figures, from: Figures): void {
	to.nodes += from.nodes;
	to.params += from.params;
	to.bytes += from.bytes;
	to.flops += from.flops;
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
