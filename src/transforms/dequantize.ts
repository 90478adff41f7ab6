import { Attr } from '../graph/attr.ts';
import { DT_QUINT8 } from '../graph/dtype.ts';
import { Node } from '../graph/node.ts';

/** A Dequantize of `quint8` as the C++ tool writes it everywhere. @param inputs values, least, greatest. */
export function dequantize(name: string, inputs: readonly string[]): Node {
	return Node.of({
		name,
		op: 'Dequantize',
		inputs,
		attrs: { T: Attr.type(DT_QUINT8), mode: Attr.string('MIN_FIRST') },
	});
}
