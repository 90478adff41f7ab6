/**
 * Stage 1 of `quantize_nodes`: inputs come in eight bits of a known range (spec: quantizing 5.1).
 *
 *   before   x = Placeholder() {dtype: float}, y = Relu(x)
 *   after    x = Placeholder() {dtype: quint8}
 *            x_eightbit/dequantize = Dequantize(x, x_eightbit/min, x_eightbit/max), y = Relu(x_eightbit/dequantize)
 */
import { Attr } from '../graph/attr.ts';
import { DT_QUINT8 } from '../graph/dtype.ts';
import type { Graph } from '../graph/graph.ts';
import type { Work } from '../graph/progress.ts';
import { floatScalar } from './const-node.ts';
import { dequantize } from './dequantize.ts';
import { keepNodes } from './keep-nodes.ts';
import type { ValueRange } from './quantize-ops.ts';
import { renameInputs } from './rename-inputs.ts';

/** Every Placeholder, of whatever type. */
export function* quantizePlaceholders(graph: Graph, range: ValueRange): Work<Graph> {
	const result = (name: string): string => `${name}_eightbit/dequantize`;
	const placeholders = graph.byOp.get('Placeholder') ?? [];
	const renames = new Map(placeholders.map(({ name }) => [name, result(name)]));
	// A Dequantize from an earlier run reads its own name afterwards, and never runs: so it is in the tool.
	const renamed = yield* renameInputs(graph.nodes, renames);
	const nodes = renamed.flatMap((node) => {
		if (node.op !== 'Placeholder') return [node];
		const [min, max] = ['min', 'max'].map((part) => `${node.name}_eightbit/${part}`);
		return [
			node.withAttr('dtype', Attr.type(DT_QUINT8)),
			floatScalar(min!, range.min),
			floatScalar(max!, range.max),
			dequantize(result(node.name), [node.name, min!, max!]),
		];
	});
	return keepNodes(graph, nodes);
}
