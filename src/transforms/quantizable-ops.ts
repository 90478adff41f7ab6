/** The float ops that have a twin on eight-bit values (spec: quantizing 5.4). */
import { Attr } from '../graph/attr.ts';
import { DT_QINT32, DT_QUINT8 } from '../graph/dtype.ts';
import { type Attrs, attrsOf } from '../graph/node-attrs.ts';

export interface QuantizableOp {
	/** The eight-bit op. */
	readonly op: string;
	/** Attributes that it takes over. */
	readonly copied: readonly string[];
	readonly types: Attrs;
	/** Numbers of inputs that stay as they are. */
	readonly untouched: ReadonlySet<number>;
	/** Whether the result has 32 bits and must be brought to eight again. */
	readonly wide: boolean;
}

const QUINT8 = Attr.type(DT_QUINT8);
const QINT32 = Attr.type(DT_QINT32);
const BINARY = { T1: QUINT8, T2: QUINT8 };
const SUM = { ...BINARY, Toutput: QINT32 };
const POOL = ['ksize', 'strides', 'padding'];

function narrow(
	op: string,
	copied: readonly string[],
	types: Readonly<Record<string, Attr>>,
	...untouched: readonly number[]
): QuantizableOp {
	return { op, copied, types: attrsOf(types), untouched: new Set(untouched), wide: false };
}

function wide(op: string, copied: readonly string[], types: Readonly<Record<string, Attr>>): QuantizableOp {
	return { op, copied, types: attrsOf(types), untouched: new Set(), wide: true };
}

/** By float op. Attributes that are not copied, `data_format` among them, are lost without a check. */
export const QUANTIZABLE: ReadonlyMap<string, QuantizableOp> = new Map([
	['Add', wide('QuantizedAdd', [], SUM)],
	['AvgPool', narrow('QuantizedAvgPool', POOL, { T: QUINT8 })],
	['BiasAdd', wide('QuantizedBiasAdd', [], { ...BINARY, out_type: QINT32 })],
	['Concat', narrow('QuantizedConcat', ['N'], { T: QUINT8 }, 0)],
	[
		'Conv2D',
		wide('QuantizedConv2D', ['strides', 'padding'], { Tinput: QUINT8, Tfilter: QUINT8, out_type: QINT32 }),
	],
	['MatMul', wide('QuantizedMatMul', ['transpose_a', 'transpose_b'], SUM)],
	['MaxPool', narrow('QuantizedMaxPool', POOL, { T: QUINT8 })],
	['Mul', wide('QuantizedMul', [], SUM)],
	['Relu', narrow('QuantizedRelu', [], { Tinput: QUINT8 })],
	['ResizeBilinear', narrow('QuantizedResizeBilinear', ['align_corners'], { T: QUINT8 }, 1)],
	['Relu6', narrow('QuantizedRelu6', [], { Tinput: QUINT8 })],
	['Reshape', narrow('QuantizedReshape', [], { T: QUINT8 }, 1)],
]);
