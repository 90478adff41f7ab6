/**
 * Stage 7 of `quantize_nodes`: what was just dequantized is not quantized again (spec: quantizing 5.7).
 *
 *   before   d = Dequantize(o:0, o:1, o:2), q = QuantizeV2(d, min, max), y = QuantizedRelu(q:0, q:1, q:2)
 *   after    y = QuantizedRelu(o:0, o:1, o:2)
 */
import type { Graph } from '../graph/graph.ts';
import { sourceOf } from '../graph/names.ts';
import { stage, type Work } from '../graph/progress.ts';
import { keepNodes } from './keep-nodes.ts';
import { parsePattern } from './pattern.ts';
import { renameInputs } from './rename-inputs.ts';
import { replaceMatches } from './replace-matches.ts';

const QUANTIZED_AGAIN = parsePattern(`
QuantizeV2      quantize
  Dequantize    dequantize
  Min           min
  Max           max`);

/** Nothing is asked of modes, types and ranges. A Dequantize that others read stays, with all of the match. */
export function* removeRedundantQuantizations(graph: Graph, outputs: readonly string[]): Work<Graph> {
	const fetched = new Set(outputs.map(sourceOf));
	const renames = new Map<string, string>();
	const search = replaceMatches(
		graph,
		QUANTIZED_AGAIN,
		(match, needed) => {
			const [quantize, dequantize, min, max] = ['quantize', 'dequantize', 'min', 'max'].map((role) =>
				match.node(role),
			);
			for (let port = 0; port < 3; port++) {
				const source = dequantize!.inputs[port];
				if (source !== undefined) renames.set(`${quantize!.name}:${port}`, source);
			}
			const held = needed.has(dequantize!.name) || fetched.has(dequantize!.name);
			return held ? [quantize!, dequantize!, min!, max!] : [];
		},
		{ allowInconsistencies: true },
	);
	const pass = yield* stage(search, 0, 0.7);
	return keepNodes(pass.graph, yield* stage(renameInputs(pass.graph.nodes, renames), 0.7, 1));
}
