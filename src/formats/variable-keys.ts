/**
 * Which value of a checkpoint belongs to which variable of a graph. The graph says so itself: its restore part
 * reads a key and assigns it, in the main graph (TensorFlow 1) or in a function that gets the handles (2).
 */

import { DT_STRING } from '../graph/dtype.ts';
import type { Graph } from '../graph/graph.ts';
import type { VariableKey } from '../graph/model-context.ts';
import { sourceOf } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';
import { decodeText } from '../graph/text.ts';
import type { CheckpointReader } from './checkpoint-reader.ts';

const ASSIGNS = new Set(['Assign', 'AssignVariableOp']);
const PASSING = new Set(['Identity', 'Reshape', 'Cast', 'IdentityN']);

/** Variable or handle node → its place in the checkpoint, as far as the graph's own restore part tells. */
export function variableKeys(graph: Graph): Map<string, VariableKey> {
	const keys = new Map<string, VariableKey>();
	for (const [target, key] of restored(graph.nodes)) if (!keys.has(target)) keys.set(target, key);
	for (const fn of graph.functions.functions) {
		if (!fn.nodes.some((node) => node.op === 'RestoreV2')) continue;
		const inside = restored(fn.nodes);
		const args = fn.definition.signature?.input_arg.map((arg) => arg.name) ?? [];
		for (const call of graph.nodes) {
			if (call.op !== fn.name && call.attr('f')?.functionName !== fn.name) continue;
			args.forEach((arg, i) => {
				const key = inside.get(arg);
				const handle = call.sources[i];
				if (key && handle !== undefined && !keys.has(handle)) keys.set(handle, key);
			});
		}
	}
	return keys;
}

/** Assigned variable → key, among nodes of one graph or one function. */
function restored(nodes: readonly Node[]): Map<string, VariableKey> {
	const byName = new Map(nodes.map((node) => [node.name, node]));
	const found = new Map<string, VariableKey>();
	for (const node of nodes) {
		if (!ASSIGNS.has(node.op) || node.inputs.length < 2) continue;
		const key = keyBehind(byName, node.inputs[1]!);
		if (key) found.set(node.sources[0]!, key);
	}
	return found;
}

function keyBehind(nodes: ReadonlyMap<string, Node>, input: string): VariableKey | undefined {
	let at = input;
	for (let steps = 0; steps < 16; steps++) {
		const node = nodes.get(sourceOf(at));
		if (!node) return undefined;
		if (node.op === 'RestoreV2') {
			const output = Number(/:(\d+)$/.exec(at)?.[1] ?? 0);
			const key = strings(nodes, node.inputs[1])?.[output];
			const slice = strings(nodes, node.inputs[2])?.[output] ?? '';
			return key === undefined ? undefined : { key, slice };
		}
		if (!PASSING.has(node.op) || node.inputs[0] === undefined) return undefined;
		at = node.inputs[0];
	}
	return undefined;
}

function strings(nodes: ReadonlyMap<string, Node>, input: string | undefined): string[] | undefined {
	const tensor = input === undefined ? undefined : nodes.get(sourceOf(input))?.tensor;
	if (!tensor?.decodable || tensor.dtype !== DT_STRING) return undefined;
	return (tensor.data as readonly Uint8Array[]).map((bytes) => decodeText(bytes));
}

/** Variables that no restore part names: the checkpoint's object graph knows them by their full name. */
export function addObjectGraphKeys(
	graph: Graph,
	variables: CheckpointReader,
	keys: Map<string, VariableKey>,
): void {
	const handles = graph.nodes.filter(
		(node) => node.op === 'VarHandleOp' || node.op === 'VariableV2' || node.op === 'Variable',
	);
	if (handles.every((node) => keys.has(node.name))) return;
	const byFullName = variables.fullNames();
	for (const node of handles) {
		if (keys.has(node.name)) continue;
		const shared = node.attr('shared_name')?.string || node.name;
		const key =
			byFullName.get(shared) ??
			(variables.has(shared) ? shared : variables.has(node.name) ? node.name : undefined);
		if (key !== undefined) keys.set(node.name, { key, slice: '' });
	}
}
