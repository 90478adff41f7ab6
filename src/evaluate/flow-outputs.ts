/** Nodes that only direct values: branches, merges, the ways in and out of loops. */
import { DT_INT32, DT_INVALID } from '../graph/dtype.ts';
import { WhittleError } from '../graph/error.ts';
import type { TensorValue } from '../graph/tensor.ts';
import { type Arrival, DEAD, type Token } from './frames.ts';
import type { PlannedNode } from './plan.ts';

/** What a control edge carries. */
export const CONTROL: TensorValue = { dtype: DT_INVALID, shape: [], data: new Uint8Array(0) };

export function isMerge(op: string): boolean {
	return op === 'Merge' || op === 'RefMerge';
}

/** Outputs of nodes that only direct values; undefined for all others. */
export function controlOutputs(planned: PlannedNode, arrival: Arrival): readonly Token[] | undefined {
	const [value, second] = arrival.inputs as TensorValue[];
	switch (planned.node.op) {
		case 'Switch':
		case 'RefSwitch':
			return second!.data[0] ? [DEAD, value!] : [value!, DEAD];
		case '_SwitchN': {
			const count = planned.node.attr('num_outs')?.int ?? 1;
			const chosen = Number(second!.data[0]);
			// An index that is none of them means the last.
			const taken = chosen >= 0 && chosen < count ? chosen : count - 1;
			return Array.from({ length: count }, (_, i) => (i === taken ? value! : DEAD));
		}
		case 'Merge':
		case 'RefMerge': {
			const index: TensorValue = { dtype: DT_INT32, shape: [], data: Int32Array.of(arrival.alive) };
			return [arrival.inputs[arrival.alive]!, index];
		}
		case 'Enter':
		case 'RefEnter':
		case 'Exit':
		case 'RefExit':
		case 'NextIteration':
		case 'RefNextIteration':
		case 'LoopCond':
			return [value!];
		case 'NoOp':
		case 'ControlTrigger':
			return [];
		case 'Abort':
			throw new WhittleError('evaluate', planned.node.attr('error_msg')?.string ?? 'an Abort node ran');
		default:
			return undefined;
	}
}
