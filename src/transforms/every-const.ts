/** The constants of a graph, as `quantize_weights` and `round_weights` take them. */
import { DT_INVALID } from '../graph/dtype.ts';
import { WhittleError } from '../graph/error.ts';
import type { Node } from '../graph/node.ts';
import type { Tensor } from '../graph/tensor.ts';
import { parsePattern } from './pattern.ts';

export const EVERY_CONST = parsePattern('Const');

/** @throws WhittleError `transform` with the C++ tool's message where a Const lacks something. */
export function constantTensor(node: Node): { readonly dtype: number; readonly tensor: Tensor } {
	for (const name of ['dtype', 'value']) {
		if (node.attr(name)) continue;
		throw new WhittleError('transform', `No '${name}' attribute for Const node ${node.name}`);
	}
	const tensor = node.tensor;
	if (!tensor?.decodable) {
		throw new WhittleError('transform', `Decoding Tensor failed for node${node.name}`, {
			hint: `The value of \`${node.name}\` is damaged: ${tensor?.problem ?? 'it is no tensor'}.`,
		});
	}
	return { dtype: node.attr('dtype')?.type ?? DT_INVALID, tensor };
}
