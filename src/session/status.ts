/**
 * The figures of the status bar: what the current graph is, and how far it has come since it was opened.
 * Computed once a graph value; nodes that two graphs share are weighed once.
 */

import type { Graph } from '../graph/graph.ts';
import { finish, isTurn, type Work } from '../graph/progress.ts';
import { framedLength } from '../graph/wire.ts';
import { costOf } from '../inspect/flops.ts';
import type { Session } from './session.ts';

/** What a graph weighs. */
export interface GraphSize {
	readonly nodes: number;
	/** Elements of all constants. */
	readonly params: number;
	/** Bytes of the binary GraphDef that `save` would write. */
	readonly bytes: number;
}

export interface Status extends GraphSize {
	/** The current step, and the number of the last one made. */
	readonly step: number;
	readonly steps: number;
	/** undefined where nobody has counted them yet ({@link countFlops}), or nothing is known. */
	readonly flops?: number | undefined;
	readonly inputs: readonly string[];
	readonly outputs: readonly string[];
	readonly saved: boolean;
	/** The graph as it was opened. */
	readonly opened: GraphSize & { readonly flops?: number | undefined };
}

const sizes = new WeakMap<Graph, GraphSize>();
/** Graphs up to this many nodes are costed at once; the shell does larger ones while nobody types. */
export const FLOPS_AT_ONCE = 2_000;

const flopCounts = new WeakMap<Graph, { readonly total: number | undefined }>();

/** @returns undefined when no model is open. */
export function statusOf(session: Session): Status | undefined {
	if (!session.isOpen) return undefined;
	const { graph, history, inputs, outputs, saved } = session;
	const opened = history.steps[0]!.graph;
	return {
		step: history.current.id,
		steps: history.steps.length - 1,
		...sizeOf(graph),
		flops: flopCounts.get(graph)?.total,
		inputs,
		outputs,
		saved,
		opened: { ...sizeOf(opened), flops: flopCounts.get(opened)?.total },
	};
}

/**
 * Counts the floating-point operations of a graph; statuses from then on have them.
 * @returns undefined where nothing is known of any node that computes.
 */
export function countFlops(graph: Graph): number | undefined {
	let flops = flopCounts.get(graph);
	if (!flops) {
		const { total, unknown } = costOf(graph);
		flops = { total: total === 0 && unknown.length > 0 ? undefined : total };
		flopCounts.set(graph, flops);
	}
	return flops.total;
}

/** Counts them for the current graph and the one opened, where that takes no time that a person would notice. */
export function countFlopsIfQuick(session: Session): void {
	if (!session.isOpen) return;
	for (const graph of [session.graph, session.history.steps[0]!.graph])
		if (graph.nodes.length <= FLOPS_AT_ONCE) countFlops(graph);
}

/** What a graph weighs; worked out once. */
export function sizeOf(graph: Graph): GraphSize {
	return sizes.get(graph) ?? finish(weighing(graph));
}

/** {@link sizeOf} in turns. */
export function* weighing(graph: Graph): Work<GraphSize> {
	let size = sizes.get(graph);
	if (!size) {
		const { nodes } = graph;
		// An untouched graph is as large as its file.
		const { source } = graph.parts;
		let bytes = source?.length ?? partBytes(graph);
		let params = 0;
		for (let i = 0; i < nodes.length; i++) {
			if (isTurn(i)) yield { done: i, total: nodes.length };
			const node = nodes[i]!;
			if (node.op === 'Const') params += node.elements;
			if (!source) bytes += framedLength(node.byteLength);
		}
		size = { nodes: nodes.length, params, bytes };
		sizes.set(graph, size);
	}
	return size;
}

/** Bytes of all but the nodes. */
function partBytes({ parts: { library, versions, rest } }: Graph): number {
	let total = rest?.length ?? 0;
	if (library) total += framedLength(library.length);
	if (versions) total += framedLength(versions.length);
	return total;
}
