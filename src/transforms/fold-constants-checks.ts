/** What the import checks before it takes the first node: names, ops, the order of inputs, and that they exist. */
import { WhittleError } from '../graph/error.ts';
import type { Node } from '../graph/node.ts';
import type { Topology } from '../graph/topology.ts';

const NAME = /^[A-Za-z0-9.][A-Za-z0-9_.\-/]*(>[A-Za-z0-9.][A-Za-z0-9_.\-/]*)*$/;

/** Names, repeats, ops and the order of inputs, node by node. */
export function checkNodes(nodes: readonly Node[], position: ReadonlyMap<string, number>): void {
	const seen = position.size === nodes.length ? undefined : new Set<string>();
	for (const node of nodes) {
		if (!NAME.test(node.name)) throw failure(`Node '${node.name}': Node name contains invalid characters`);
		if (seen?.has(node.name)) throw failure(`Node '${node.name}' is not unique`);
		seen?.add(node.name);
		if (node.op === '') throw failure(`Node '${node.name}' does not specify an operation`);
		let controls = false;
		for (const input of node.inputs) {
			if (input.charCodeAt(0) === 94) controls = true;
			else if (controls)
				throw failure(`Node '${node.name}': Control dependencies must come after regular dependencies`);
		}
	}
}

/** Inputs that name a node, by the tensor-id parser. */
export function checkSources(nodes: readonly Node[], topology: Topology): void {
	const { inputStart, inputSource } = topology;
	for (let i = 0; i < nodes.length; i++) {
		const node = nodes[i]!;
		for (let k = 0; k < node.inputs.length; k++) {
			const input = node.inputs[k]!;
			// Only a port at the very end belongs to the name's tensor; names themselves have no colon.
			const odd = input.includes(':') && (input.charCodeAt(0) === 94 || !/^[^:]+:\d+$/.test(input));
			if (odd || inputSource[inputStart[i]! + k]! < 0)
				throw failure(`Node '${node.name}': Unknown input node '${input}'`);
		}
	}
}

/** An error in the tool's words. */
export function failure(message: string): WhittleError {
	return new WhittleError('transform', message);
}
