/**
 * Stage 3 of `quantize_nodes`: a fake quant of known range becomes a true one (spec: quantizing 5.3).
 *
 *   before   fq = FakeQuantWithMinMaxVars(x, min, max)
 *   after    fq_eightbit/quantize = QuantizeV2(x, min, max)
 *            fq_eightbit/requantize = Requantize(fq_eightbit/quantize:0, …:1, …:2, min, max)
 *            fq = Dequantize(fq_eightbit/requantize:0, …:1, …:2)
 */
import { Attr } from '../graph/attr.ts';
import { DT_QINT32, DT_QUINT8 } from '../graph/dtype.ts';
import type { Graph } from '../graph/graph.ts';
import { Node } from '../graph/node.ts';
import type { Work } from '../graph/progress.ts';
import { dequantize } from './dequantize.ts';
import { parsePattern } from './pattern.ts';
import { threePorts } from './quantize-ops.ts';
import { replaceMatches } from './replace-matches.ts';

const FAKE_QUANT = parsePattern(`
FakeQuantWithMinMaxVars    fake
  *                        input
  Const                    min
  Const                    max`);

export function* convertFakeQuants(graph: Graph): Work<Graph> {
	const pass = yield* replaceMatches(graph, FAKE_QUANT, (match) => {
		const { name, inputs } = match.head;
		const [input, min, max] = ['input', 'min', 'max'].map((role) => match.node(role));
		const quantized = `${name}_eightbit/quantize`;
		const requantized = `${name}_eightbit/requantize`;
		return [
			input!,
			min!,
			max!,
			Node.of({
				name: quantized,
				op: 'QuantizeV2',
				inputs: [inputs[0]!, min!.name, max!.name],
				attrs: { T: Attr.type(DT_QINT32), mode: Attr.string('MIN_FIRST') },
			}),
			Node.of({
				name: requantized,
				op: 'Requantize',
				inputs: [...threePorts(quantized), min!.name, max!.name],
				attrs: { Tinput: Attr.type(DT_QINT32), out_type: Attr.type(DT_QUINT8) },
			}),
			dequantize(name, threePorts(requantized)),
		];
	});
	return pass.graph;
}
