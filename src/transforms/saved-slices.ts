/** How the restore part of a graph names the variables of a checkpoint (spec: folding 8.2). */
import { DT_STRING } from '../graph/dtype.ts';
import { WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import { sourceOf } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';
import { decodeText } from '../graph/text.ts';

/**
 * Variable → its slice as RestoreV2 has it, empty for the whole; undefined where no `save/Assign` node sets it
 * (there the C++ tool crashes).
 * @throws WhittleError `transform` with the tool's message where RestoreV2 does not name a variable.
 */
export function savedSlices(graph: Graph): Map<string, string | undefined> {
	const variables = graph.nodes.filter((node) => node.op === 'Variable' || node.op === 'VariableV2');
	const slices = new Map<string, string | undefined>();
	if (variables.length === 0) return slices;
	const restores = restoreNames(graph);
	const places = new Map<string, ReadonlyMap<string, number>>();
	for (const { name } of variables) {
		const restore = restores.get(name);
		slices.set(name, restore === undefined ? undefined : sliceOf(graph, name, restore, places));
	}
	return slices;
}

/** Variable → name of the node that its first `save…/Assign…` node takes the value from. */
function restoreNames(graph: Graph): Map<string, string> {
	const found = new Map<string, string>();
	for (const { name, inputs } of graph.nodes) {
		if (!/^save[^/]*\/Assign[^/]*$/.test(name) || inputs.length < 2) continue;
		if (!found.has(inputs[0]!)) found.set(inputs[0]!, sourceOf(inputs[1]!));
	}
	return found;
}

/** @param places by RestoreV2 node, where each key stands in its list; filled here. */
function sliceOf(
	graph: Graph,
	variable: string,
	restoreName: string,
	places: Map<string, ReadonlyMap<string, number>>,
): string {
	const restore = graph.node(restoreName);
	const known = restore?.op === 'RestoreV2' ? restore : undefined;
	let keys = places.get(restoreName);
	if (!keys) {
		keys = keyPlaces(known && graph.node(known.inputs[1] ?? ''));
		places.set(restoreName, keys);
	}
	const place = keys.get(monolithicKey(variable));
	if (place === undefined)
		throw new WhittleError('transform', `Unable to find RestoreV2 entry for variable: ${variable}`);
	const slice = stringsOf(graph.node(known?.inputs[2] ?? ''))[place];
	if (slice === undefined)
		throw new WhittleError('transform', `Unable to find slice for variable: ${variable}`);
	return slice;
}

function keyPlaces(names: Node | undefined): ReadonlyMap<string, number> {
	const places = new Map<string, number>();
	stringsOf(names).forEach((key, i) => {
		if (!places.has(key)) places.set(key, i);
	});
	return places;
}

function stringsOf(node: Node | undefined): string[] {
	const tensor = node?.tensor;
	if (!tensor?.decodable || tensor.dtype !== DT_STRING) return [];
	return (tensor.data as readonly Uint8Array[]).map((bytes) => decodeText(bytes));
}

/** The key of the whole of which a variable is a part: its name without a last `part_…`. */
export function monolithicKey(variable: string): string {
	return variable.replace(/\/part_[^/]*$/, '');
}
