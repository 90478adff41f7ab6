/** Inputs as the bodies of functions write them: `argument`, `node:output:index`, `^node`. */
import { WhittleError } from '../graph/error.ts';
import type { FunctionLibrary, GraphFunction } from '../graph/function-library.ts';
import { isControl, sourceOf } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';
import { outputOffset } from '../ops/signature.ts';

/**
 * What an input of a body reads when the body's nodes lie in a graph, in the graph's way: `node:port`.
 * @param argument argument of the function → the input that the call gives it.
 * @param names node of the body → its name in the graph.
 * @returns a function that throws WhittleError `transform` at an input that names nothing.
 */
export function inputsOutside(
	called: GraphFunction,
	functions: FunctionLibrary,
	argument: ReadonlyMap<string, string>,
	names: ReadonlyMap<string, string>,
): (input: string) => string {
	const inside = new Map(called.nodes.map((node) => [node.name, node]));
	return (input) => {
		const name = sourceOf(input);
		const value = argument.get(name);
		if (value !== undefined) return isControl(input) ? `^${sourceOf(value)}` : value;
		const target = names.get(name);
		if (target === undefined)
			throw new WhittleError('transform', `in the function \`${called.name}\`, \`${input}\` names nothing`);
		if (isControl(input)) return `^${target}`;
		const [, output = '0', index] = input.split(':');
		const port =
			index === undefined ? Number(output) : portOf(inside.get(name)!, output, index, functions, called.name);
		return port > 0 ? `${target}:${port}` : target;
	};
}

/** The port of `node:output:index`. @throws WhittleError `transform` where the op has no such output. */
export function portOf(
	source: Node,
	output: string,
	index: string,
	functions: FunctionLibrary,
	functionName: string,
): number {
	const offset = outputOffset(source, output, functions);
	if (offset === undefined)
		throw new WhittleError(
			'transform',
			`in the function \`${functionName}\`, \`${source.name}\` (${source.op}) has no output \`${output}\``,
		);
	return offset + Number(index);
}
