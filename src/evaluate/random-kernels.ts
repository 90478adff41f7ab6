/** Random numbers for graphs that draw them: seeded by the node's name, so that two runs see the same. */
import { DT_FLOAT } from '../graph/dtype.ts';
import { fnv1a, mulberry32 } from '../graph/random.ts';
import type { Kernel } from '../ops/define.ts';
import { cannotRun, elementCount, integers } from '../ops/values.ts';

function drawn(draw: (random: () => number) => number): Kernel {
	return ([shape], context) => {
		const dtype = context.outputDtypes[0] ?? DT_FLOAT;
		if (dtype !== DT_FLOAT) throw cannotRun(context, 'random numbers other than float are not implemented');
		const sizes = integers(shape!);
		const random = mulberry32(fnv1a(context.node.name));
		const data = Float32Array.from({ length: elementCount(sizes) }, () => draw(random));
		return [{ dtype, shape: sizes, data }];
	};
}

/** By the Box–Muller transform. */
function normal(random: () => number): number {
	return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function truncated(random: () => number): number {
	for (;;) {
		const value = normal(random);
		if (Math.abs(value) <= 2) return value;
	}
}

const kernels: Readonly<Record<string, Kernel>> = {
	RandomUniform: drawn((random) => Math.fround(random() * (1 - 2 ** -24))),
	RandomStandardNormal: drawn(normal),
	TruncatedNormal: drawn(truncated),
};

/** Not TensorFlow's numbers: its generators are not repeated. */
export function randomKernel(op: string): Kernel | undefined {
	return Object.hasOwn(kernels, op) ? kernels[op] : undefined;
}
