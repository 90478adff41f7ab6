/** Which nodes of a plan give the same in every run: constants, and what is computed from them alone. */
import { isTurn, type Work } from '../graph/progress.ts';
import { isStateful } from '../ops/registry.ts';
import type { Plan } from './plan.ts';

/** Ops that may blow a small constant up to a large one are left to every run. */
const EXPANDING: ReadonlySet<string> = new Set([
	'Fill',
	'Tile',
	'BroadcastTo',
	'Range',
	'LinSpace',
	'OneHot',
]);
/** Ops that belong to one round of a loop, or to one branch. */
const DIRECTING =
	/^(Ref)?(Switch|Merge|Enter|Exit|NextIteration|LoopCond)$|^(_SwitchN|NoOp|ControlTrigger|Abort|Placeholder.*)$|Call$|^(Stateless)?(If|While|Case)$/;

const known = new WeakMap<Plan, ReadonlySet<number>>();

/** Positions in the plan, found in turns when they are first asked for. */
export function* findingConstants(plan: Plan): Work<ReadonlySet<number>> {
	let constants = known.get(plan);
	if (!constants) {
		constants = yield* followConstants(plan);
		known.set(plan, constants);
	}
	return constants;
}

function* followConstants(plan: Plan): Work<ReadonlySet<number>> {
	const { nodes } = plan;
	const constants = new Set<number>();
	const pending = nodes.map((planned) => planned.inputs.length);
	const ready = nodes.flatMap((_planned, i) => (pending[i] === 0 ? [i] : []));
	let seen = 0;
	for (let i = ready.pop(); i !== undefined; i = ready.pop()) {
		if (isTurn(seen++)) yield { done: seen, total: nodes.length };
		const { node, runs, fed, controls, edges } = nodes[i]!;
		if (!runs || fed.size > 0 || controls.length > 0 || EXPANDING.has(node.op) || DIRECTING.test(node.op))
			continue;
		if (isStateful(node.op)) continue;
		constants.add(i);
		for (const { port, to } of edges) if (port >= 0 && --pending[to]! === 0) ready.push(to);
	}
	return constants;
}
