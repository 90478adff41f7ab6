/** How large a graph becomes when its calls are inlined: worked out before anything is made. */
import { WhittleError } from '../graph/error.ts';
import type { GraphFunction } from '../graph/function-library.ts';
import type { Node } from '../graph/node.ts';

/** Functions that call functions twice each double at every level; beyond this many nodes nobody wants the result. */
export const MOST_NODES = 4_000_000;

export function tooManyNodes(): WhittleError {
	return new WhittleError('transform', `inlining gives more than ${MOST_NODES} nodes`);
}

interface Visit {
	readonly fn: GraphFunction | undefined;
	readonly callees: readonly GraphFunction[];
	next: number;
	size: number;
}

/**
 * Nodes after inlining, in time linear in the functions.
 * @param calledBy the functions whose bodies take a node's place.
 * @throws WhittleError `transform` at a function that calls itself, or where the result would be too large.
 */
export function inlinedSize(
	nodes: readonly Node[],
	calledBy: (node: Node) => readonly GraphFunction[],
): number {
	const sizes = new Map<GraphFunction, number>();
	const open = new Set<GraphFunction>();
	const visit = (fn: GraphFunction | undefined, body: readonly Node[]): Visit => ({
		fn,
		callees: body.flatMap(calledBy),
		next: 0,
		size: body.length,
	});
	const stack: Visit[] = [visit(undefined, nodes)];
	for (;;) {
		const at = stack.at(-1)!;
		const callee = at.callees[at.next];
		const known = callee && sizes.get(callee);
		if (callee && known === undefined) {
			if (open.has(callee))
				throw new WhittleError(
					'transform',
					`the function \`${callee.name}\` calls itself, so it cannot be inlined`,
				);
			open.add(callee);
			stack.push(visit(callee, callee.nodes));
			continue;
		}
		if (known !== undefined) {
			at.size += known;
			at.next++;
			if (at.size > MOST_NODES) throw tooManyNodes();
			continue;
		}
		if (!at.fn) return at.size;
		sizes.set(at.fn, at.size);
		open.delete(at.fn);
		stack.pop();
	}
}
