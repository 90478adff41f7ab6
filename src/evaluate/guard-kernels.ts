/** Ops that look at values on their way and let them pass. */
import { WhittleError } from '../graph/error.ts';
import type { Kernel } from '../ops/define.ts';

/** @throws WhittleError `evaluate` when the condition does not hold. */
const assert: Kernel = ([condition], { node }) => {
	if (condition!.data[0]) return [];
	throw new WhittleError(
		'evaluate',
		`cannot run \`${node.name}\` (${node.op}): what it asserts does not hold`,
	);
};

const kernels: Readonly<Record<string, Kernel>> = {
	Assert: assert,
	Print: ([x]) => [x!],
	PrintV2: () => [],
};

export function guardKernel(op: string): Kernel | undefined {
	return Object.hasOwn(kernels, op) ? kernels[op] : undefined;
}
