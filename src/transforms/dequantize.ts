import { Attr } from '../graph/attr.ts';
import { DT_QUINT8 } from '../graph/dtype.ts';
import { Node } from '../graph/node.ts';
import { attrsOf } from '../graph/node-attrs.ts';

/** What QuantizeV2 and Dequantize of `quint8` have. */
export const MIN_FIRST = attrsOf({ T: Attr.type(DT_QUINT8), mode: Attr.string('MIN_FIRST') });

/** A Dequantize of `quint8` as the C++ tool writes it everywhere. @param inputs values, least, greatest. */
export function dequantize(name: string, inputs: readonly string[]): Node {
	return Node.of({
		name,
		op: 'Dequantize',
		inputs,
		attrs: MIN_FIRST,
	});
}
