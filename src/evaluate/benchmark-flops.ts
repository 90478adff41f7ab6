/** The FLOPs of `benchmark_model --show_flops`: some ops, by the shapes that a run really has (spec: benchmark 10.5). */
import { WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import type { TensorValue } from '../graph/tensor.ts';
import type { Executor, Feeds } from './executor.ts';

const COUNTED: ReadonlySet<string> = new Set([
	'Conv2D',
	'QuantizedConv2D',
	'MatMul',
	'QuantizedMatMul',
	'DepthwiseConv2dNative',
]);

/**
 * A multiply-add counts as two.
 * @param inputNames names of the fed tensors as typed: an input string equal to one takes its shape.
 * @throws WhittleError `evaluate` with TensorFlow's message.
 */
export function benchmarkFlops(
	graph: Graph,
	executor: Executor,
	feeds: Feeds,
	inputNames: readonly string[],
): number {
	const counted = graph.nodes.filter((node) => COUNTED.has(node.op));
	const wanted = new Set<string>();
	for (const node of counted) for (const tensor of [...node.inputs, node.name]) wanted.add(tensor);
	const shapes = new Map<string, readonly number[]>();
	for (const name of inputNames) {
		const value = feeds.get(name);
		if (value && wanted.delete(name)) shapes.set(name, value.shape);
	}
	if (wanted.size === 0)
		throw new WhittleError('evaluate', 'Must specify at least one target to fetch or execute.');
	for (const name of wanted) {
		if (!name.startsWith('^')) continue;
		throw new WhittleError('evaluate', `Node '${name.slice(1)}': does not have output -1`);
	}
	// The tool compares texts: `x:0` is fed, `x` is asked for, and so `x` has no value.
	const fed = new Set(inputNames.map((name) => name.replace(/:0$/, '')));
	for (const name of wanted) {
		if (!fed.has(name.replace(/:0$/, ''))) continue;
		throw new WhittleError('evaluate', `You must feed a value for placeholder tensor '${name}'`);
	}
	const names = [...wanted];
	const values: readonly TensorValue[] = executor.run(feeds, names);
	for (const [i, name] of names.entries()) shapes.set(name, values[i]!.shape);
	let total = 0;
	for (const node of counted) {
		const output = shapes.get(node.name)!.reduce((product, size) => product * size, 1);
		const [left, right] = node.inputs.map((input) => shapes.get(input)!) as [
			readonly number[],
			readonly number[],
		];
		if (node.op.endsWith('MatMul')) total += 2 * output * left[node.attr('transpose_a')?.bool ? 0 : 1]!;
		else if (node.op === 'DepthwiseConv2dNative') total += 2 * output * right[0]! * right[1]!;
		else total += 2 * output * right[0]! * right[1]! * right[2]!;
	}
	return total;
}
