/** What a SavedModel's signatures say: the only inputs and outputs that somebody declared. */
import type { Graph } from '../graph/graph.ts';
import type { Signature, SignatureTensor } from '../graph/model-context.ts';
import { parseTensorId, sourceOf } from '../graph/names.ts';
import type { Proposal } from './candidate.ts';

/** Node names of signature tensors; those of the signature in use are chosen, those of others come after. */
export function signatureTensors(
	graph: Graph,
	side: 'inputs' | 'outputs',
): Map<string, Omit<Proposal, 'position'>> {
	const found = new Map<string, Omit<Proposal, 'position'>>();
	const signatures = graph.parts.context?.signatures ?? [];
	const used = graph.parts.context?.signature ?? usualSignature(signatures);
	for (const signature of used ? [used, ...signatures.filter((s) => s !== used)] : []) {
		const byNode = new Map<string, SignatureTensor[]>();
		for (const item of signature[side]) {
			const node = sourceOf(item.tensor);
			byNode.set(node, [...(byNode.get(node) ?? []), item]);
		}
		for (const [node, tensors] of byNode) {
			if (found.has(node)) continue;
			const ports = new Set(tensors.map(({ tensor }) => parseTensorId(tensor).port));
			found.set(node, {
				score: signature === used ? 1 : 0.9,
				reason: `${tensors.map(({ name }) => name).join(', ')} of the signature ${signature.name}`,
				group: 'signature',
				chosen: signature === used,
				ports: [...ports].sort((a, b) => a - b),
			});
		}
	}
	return found;
}

/** The one that a server runs unless told otherwise. */
function usualSignature(signatures: readonly Signature[]): Signature | undefined {
	return (
		signatures.find((signature) => signature.name === 'serving_default') ??
		signatures.find((signature) => !signature.name.startsWith('__'))
	);
}
