/** Keras applications with weights made from their names (the rule stands in `test/oracle/record_keras.py`). */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { readGraphDef } from '../../src/formats/graph-def.ts';
import { Attr } from '../../src/graph/attr.ts';
import { DT_FLOAT } from '../../src/graph/dtype.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { fnv1a, mulberry32 } from '../../src/graph/random.ts';
import type { TensorValue } from '../../src/graph/tensor.ts';

const folder = new URL('../data/keras/', import.meta.url);

/** The application with all its weights. @param gain of its kernels. */
export function filledApplication(application: string, gain: number): Graph {
	const graph = readGraphDef(gunzipSync(readFileSync(new URL(`${application}.pb.gz`, folder))));
	return graph.with(
		graph.nodes.map((node) => {
			const tensor = node.op === 'Const' ? node.tensor : undefined;
			// The header alone takes a few bytes a dimension.
			const isEmpty = tensor?.dtype === DT_FLOAT && tensor.elements > 8 && tensor.bytes.length < 64;
			if (!isEmpty) return node;
			const [low, high] = weightRange(node.name, tensor.shape, gain);
			const value = seededFloats(application, node.name, tensor.shape, low, high);
			return node.withAttr('value', Attr.tensor(value));
		}),
	);
}

/** Floats from `low` to `high`, the same for the same names. */
export function seededFloats(
	application: string,
	name: string,
	shape: readonly number[],
	low: number,
	high: number,
): TensorValue {
	const random = mulberry32(fnv1a(`${application}|${name}`));
	const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
	for (let i = 0; i < data.length; i++) data[i] = low + (high - low) * random();
	return { dtype: DT_FLOAT, shape, data };
}

function weightRange(name: string, shape: readonly number[], gain: number): readonly [number, number] {
	if (shape.length < 2) return /\/Cast_[12]\//.test(name) ? [0.5, 1.5] : [-0.1, 0.1];
	const counted = shape.at(-1) === 1 ? shape.slice(0, -2) : shape.slice(0, -1);
	const limit = gain * Math.sqrt(6 / counted.reduce((product, size) => product * size, 1));
	return [-limit, limit];
}
