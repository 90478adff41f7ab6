/**
 * Where the model ends and its training begins, in a graph that holds both. No single op marks the place: the
 * loss is the last node that has a gradient, and the prediction is the first one through which every path from
 * a trained variable to that loss goes.
 */
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import { forEachNeighbour } from './reach.ts';
import { type Role, rolesOf } from './roles.ts';

export interface Training {
	/** Positions of the nodes that gradients start from. */
	readonly losses: readonly number[];
	/** Positions of the nodes that the loss looks at: logits or predictions. */
	readonly predictions: readonly number[];
	/** Positions of variables that an optimizer updates. */
	readonly trained: readonly number[];
}

/** Roles that read the model without being part of it. */
const watchers: ReadonlySet<Role> = new Set(['gradient', 'optimizer', 'summary', 'saver', 'init', 'assert']);

/** @returns undefined for a graph that no optimizer and no gradient is part of. */
export function findTraining(graph: Graph): Training | undefined {
	const roles = rolesOf(graph);
	const trained = trainedVariables(graph, roles);
	if (trained.length === 0) return undefined;
	const losses = findLosses(graph, roles);
	const predictions = new Set<number>();
	const targets = losses.slice(0, MOST_TARGETS);
	for (let i = 0; i < targets.length; i++) {
		const target = targets[i]!;
		const cut = firstCut(graph, roles, trained, target);
		if (cut !== undefined && cut !== target) predictions.add(namedResult(graph, roles, cut));
		else if (cut === target && isCombination(graph.nodes[target]!))
			forEachNeighbour(graph, target, 'up', false, (term) => {
				if (roles[term] === 'compute' && targets.length < MOST_TARGETS) targets.push(term);
			});
	}
	return { losses, predictions: [...predictions].sort((a, b) => a - b), trained };
}

/** An Identity right behind a node is the name that somebody gave it. */
function namedResult(graph: Graph, roles: readonly Role[], position: number): number {
	const readers = new Set<number>();
	forEachNeighbour(graph, position, 'down', false, (reader) => {
		if (!watchers.has(roles[reader]!)) readers.add(reader);
	});
	const [only] = readers;
	return readers.size === 1 && graph.nodes[only!]!.op === 'Identity' ? only! : position;
}

/** Losses and terms of losses that are looked at. */
const MOST_TARGETS = 24;

/** A loss of several heads is a sum: each term is then looked at by itself. */
function isCombination(node: Node): boolean {
	return /^(?:Add|AddV2|AddN|Sub|Mul|Neg|Sum|Mean|Identity|RealDiv)$/.test(node.op);
}

function trainedVariables(graph: Graph, roles: readonly Role[]): number[] {
	const { inputStart, inputSource } = graph.topology;
	const found = new Set<number>();
	for (let i = 0; i < graph.nodes.length; i++) {
		if (roles[i] !== 'optimizer' || !/Apply[A-Z]/.test(graph.nodes[i]!.op)) continue;
		const source = inputSource[inputStart[i]!] ?? -1;
		if (inputStart[i]! < inputStart[i + 1]! && source >= 0) found.add(source);
	}
	return [...found];
}

/** Forward nodes with a gradient of their own that no other such node can be reached from. */
function findLosses(graph: Graph, roles: readonly Role[]): number[] {
	const withGradient = new Set<number>();
	for (let i = 0; i < graph.nodes.length; i++) {
		if (roles[i] !== 'gradient') continue;
		const match = gradientOf.exec(graph.nodes[i]!.name);
		const at = match ? graph.position.get(match[1]!) : undefined;
		if (at !== undefined && !watchers.has(roles[at]!)) withGradient.add(at);
	}
	const inside = new Set<number>();
	const visit = (source: number): void => {
		inside.add(source);
	};
	for (const at of withGradient) forEachNeighbour(graph, at, 'up', false, visit);
	for (const at of inside) forEachNeighbour(graph, at, 'up', false, visit);
	return [...withGradient].filter((at) => !inside.has(at));
}

/** `gradients/NAME_grad/…` is the gradient of NAME. */
const gradientOf = /(?:^|\/)(?:gradients(?:_\d+)?\/)+(.+?)_grad\//;

/**
 * The first node, in order of computation, through which all paths from `sources` to `target` go; the target
 * itself at the latest. Undefined when no path exists.
 */
function firstCut(
	graph: Graph,
	roles: readonly Role[],
	sources: readonly number[],
	target: number,
): number | undefined {
	const between = nodesBetween(graph, roles, sources, target);
	const order = topologicalOrder(graph, between);
	const index = new Map(order.map((position, i) => [position, i]));
	const isSource = new Set(sources);
	let lastSource = -1;
	for (let i = 0; i < order.length; i++) if (isSource.has(order[i]!)) lastSource = i;
	/** How far an edge from what came before reaches. */
	let furthest = lastSource;
	for (let i = 0; i < order.length; i++) {
		const position = order[i]!;
		if (i > lastSource && furthest <= i && !readsVariable.test(graph.nodes[position]!.op)) return position;
		forEachNeighbour(graph, position, 'down', false, (reader) => {
			const to = index.get(reader);
			if (to !== undefined && to > furthest) furthest = to;
		});
	}
	return undefined;
}

/** The read of a model's only variable is no answer yet. */
const readsVariable = /^(?:Identity|ReadVariableOp|Cast|Enter|RefEnter)$/;

function nodesBetween(
	graph: Graph,
	roles: readonly Role[],
	sources: readonly number[],
	target: number,
): Set<number> {
	const above = new Set([target]);
	for (const at of above)
		forEachNeighbour(graph, at, 'up', false, (source) => {
			// A penalty on the weights themselves goes round the prediction, and says nothing of it.
			if (graph.nodes[source]!.op !== 'L2Loss') above.add(source);
		});
	const between = new Set<number>();
	for (const source of sources) if (above.has(source)) between.add(source);
	for (const at of between)
		forEachNeighbour(graph, at, 'down', false, (reader) => {
			if (above.has(reader) && !watchers.has(roles[reader]!)) between.add(reader);
		});
	return between;
}

/** Depth first from the sinks, with an explicit stack; the back edges of loops are left out. */
function topologicalOrder(graph: Graph, among: ReadonlySet<number>): number[] {
	const order: number[] = [];
	const state = new Map<number, number>();
	for (const start of among) {
		const stack = [start];
		while (stack.length > 0) {
			const at = stack.at(-1)!;
			if (state.has(at)) {
				stack.pop();
				if (state.get(at) === 1) {
					state.set(at, 2);
					order.push(at);
				}
				continue;
			}
			state.set(at, 1);
			forEachNeighbour(graph, at, 'up', false, (source) => {
				if (among.has(source) && !state.has(source)) stack.push(source);
			});
		}
	}
	return order;
}
