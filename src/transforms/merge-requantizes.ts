/**
 * Stage 5 of `quantize_nodes`: of two requantizations in a row the second, whose range is known, does it all
 * (spec: quantizing 5.5).
 *
 *   before   b = Requantize(o, …, range), d = Dequantize(b:0, b:1, b:2), q = QuantizeV2(d, min, max)
 *            a = Requantize(q:0, q:1, q:2, min, max)
 *   after    a = Requantize(o:0, o:1, o:2, min, max)
 */
import type { Graph } from '../graph/graph.ts';
import type { Work } from '../graph/progress.ts';
import { parsePattern } from './pattern.ts';
import { threePorts } from './quantize-ops.ts';
import { replaceMatches } from './replace-matches.ts';

const REQUANTIZED_TWICE = parsePattern(`
Requantize                        second
  QuantizeV2
    Dequantize
      Requantize
        *                         product
        *
        *
        RequantizationRange
        RequantizationRange
      Requantize
      Requantize
    Const
    Const
  QuantizeV2
  QuantizeV2
  Const                           min
  Const                           max`);

export function* mergeRequantizes(graph: Graph): Work<Graph> {
	const pass = yield* replaceMatches(graph, REQUANTIZED_TWICE, (match) => {
		const [product, min, max] = ['product', 'min', 'max'].map((role) => match.node(role));
		const inputs = [...threePorts(product!.name), min!.name, max!.name];
		return [product!, min!, max!, match.head.with({ inputs })];
	});
	return pass.graph;
}
