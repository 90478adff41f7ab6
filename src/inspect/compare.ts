/** The first difference between two graphs, in the words of TensorFlow's `compare_graphs` (spec: core-and-rewiring 8.1). */
import type { Graph } from '../graph/graph.ts';
import { isControl } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';
import { compareBytes } from '../graph/text.ts';
import { sameAttr } from './attr-equality.ts';
import { attrText, nodeText } from './attr-text.ts';

/**
 * Nodes are compared by name, whatever their order; versions, functions and all else are not looked at.
 * @returns undefined when there is no difference.
 */
export function firstDifference(actual: Graph, expected: Graph): string | undefined {
	const left = new Map(actual.nodes.map((node) => [node.name, node]));
	for (const wanted of expected.nodes) {
		const found = left.get(wanted.name);
		if (!found) return `Did not find expected node '${nodeText(wanted)}'`;
		const difference = nodeDifference(found, wanted);
		if (difference !== undefined) return difference;
		left.delete(wanted.name);
	}
	for (const [, node] of left) return `Found unexpected node '${nodeText(node)}'`;
	return undefined;
}

function nodeDifference(actual: Node, expected: Node): string | undefined {
	const named = `Node named '${actual.name}'`;
	if (actual.op !== expected.op)
		return `${named} has op '${actual.op}' that is not expected '${expected.op}'`;
	if (actual.device !== expected.device)
		return `${named} has device '${actual.device}' that is not expected '${expected.device}'`;
	const what = inputDifference(actual.inputs, expected.inputs) ?? attrDifference(actual, expected);
	return what && `${named} ${what}`;
}

function inputDifference(actual: readonly string[], expected: readonly string[]): string | undefined {
	if (actual.length !== expected.length)
		return `has inputs '${actual.join(', ')}' that don't match expected '${expected.join(', ')}'`;
	const firstControl = actual.findIndex(isControl);
	const dataInputs = firstControl < 0 ? actual.length : firstControl;
	for (let i = 0; i < dataInputs; i++) {
		const [found, wanted] = [actual[i]!, expected[i]!];
		if (withoutPortZero(found) !== withoutPortZero(wanted))
			return `has input ${i} '${found}' that doesn't match expected '${wanted}'`;
	}
	const found = new Set(actual.slice(dataInputs));
	const wanted = new Set(expected.slice(dataInputs));
	for (const input of wanted) if (!found.has(input)) return `missing expected control input '${input}'`;
	for (const input of found) if (!wanted.has(input)) return `has unexpected control input '${input}'`;
	return undefined;
}

function withoutPortZero(input: string): string {
	return input.endsWith(':0') ? input.slice(0, -2) : input;
}

/** Attributes whose names begin with `_` do not count. */
function attrDifference(actual: Node, expected: Node): string | undefined {
	const counted = (node: Node): string[] =>
		[...node.attrs.keys()].filter((name) => !name.startsWith('_')).sort(compareBytes);
	for (const name of counted(expected)) {
		const wanted = expected.attr(name)!;
		const found = actual.attr(name);
		if (!found) return `missing expected attr '${name}' with value: ${attrText(wanted)}`;
		if (!sameAttr(found, wanted))
			return `has attr '${name}' with value: ${attrText(found)} that does not match expected: ${attrText(wanted)}`;
	}
	for (const name of counted(actual)) {
		if (!expected.attr(name))
			return `has unexpected attr '${name}' with value: ${attrText(actual.attr(name)!)}`;
	}
	return undefined;
}
