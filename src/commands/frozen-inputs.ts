/** Inputs of an earlier graph that later steps made constant: to be held against them, it must be given the same. */
import { sourceOf } from '../graph/names.ts';
import type { TensorValue } from '../graph/tensor.ts';
import type { Step } from '../session/history.ts';
import type { Session } from '../session/session.ts';
import { frozenInput } from '../transforms/freeze-input.ts';
import { inputNames } from './run-values.ts';

/**
 * Values by tensor (`name:0`) for the inputs of `from` that are constants somewhere on the way to `to`. The last
 * value counts; that of a constant which its own step took out again is read from the step's line.
 */
export function frozenInputs(session: Session, from: Step, to: Step): ReadonlyMap<string, TensorValue> {
	const frozen = new Map<string, TensorValue>();
	const path = session.history.pathTo(to.id);
	for (const name of inputNames(from.graph, from.endpoints.inputs).map(sourceOf)) {
		const original = from.graph.node(name);
		if (!original || original.op === 'Const') continue;
		for (const { graph, invocation } of path) {
			const node = graph.node(name);
			const { params } = invocation ?? {};
			const named = invocation?.name === 'freeze_input' && params?.get('name')?.[0] === name;
			const tensor =
				node?.op === 'Const'
					? node.tensor
					: named && !node
						? frozenInput(original, params?.get('value')?.[0] ?? '').tensor
						: undefined;
			if (!tensor?.decodable) continue;
			const { dtype, shape, data } = tensor;
			frozen.set(`${name}:0`, { dtype, shape, data });
		}
	}
	return frozen;
}
