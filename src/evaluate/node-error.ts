import { WhittleError } from '../graph/error.ts';
import type { Node } from '../graph/node.ts';

/** The error of a node that cannot be run. */
export function cannotRunNode(node: Node, why: string, cause?: unknown): WhittleError {
	return new WhittleError('evaluate', `cannot run \`${node.name}\` (${node.op}): ${why}`, { cause });
}
