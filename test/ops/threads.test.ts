import { describe, expect, it } from 'vitest';
import { Executor } from '../../src/evaluate/executor.ts';
import { FLOAT, GraphBuilder } from '../../src/graph/builder.ts';
import { DT_FLOAT } from '../../src/graph/dtype.ts';
import { Engine } from '../../src/ops/engine/engine.ts';
import { PLAIN, Workspace } from '../../src/ops/engine/workspace.ts';
import { convolve, convolveDepthwise, type FilterSizes } from '../../src/ops/kernels/convolution-windows.ts';
import { type Geometry, outputPixels } from '../../src/ops/kernels/window-geometry.ts';

const values = (length: number, seed: number): Float32Array =>
	Float32Array.from({ length }, (_, i) => Math.sin(i * 12.9898 + seed) * 2);

function geometry(size: number, channels: number): Geometry {
	const single = { input: 1, size: 1, output: 1, stride: 1, dilation: 1, before: 0 };
	const axis = { input: size, size: 3, output: size, stride: 1, dilation: 1, before: 1 };
	return { batch: 1, axes: [single, axis, axis], channels };
}

function run(engine: Engine, size: number, channels: number, sizes: FilterSizes | undefined): Float32Array {
	const workspace = new Workspace(engine);
	const shape = geometry(size, channels);
	const x = values(outputPixels(shape) * channels, 1);
	const found = sizes
		? convolve(workspace, x, () => values(9 * sizes.depth * sizes.outputs, 2), shape, sizes, PLAIN)
		: convolveDepthwise(workspace, x, values(9 * channels, 2), shape, PLAIN);
	const copy = Float32Array.from(found);
	engine.release(found);
	workspace.dispose();
	return copy;
}

/** Much faster than `toEqual`. */
function sameBits(a: Float32Array, b: Float32Array): boolean {
	return Buffer.from(a.buffer).equals(Buffer.from(b.buffer));
}

/** A pool and a curve of a large image. */
function poolAndCurve(engine: Engine): Float32Array {
	const g = new GraphBuilder();
	const shape = [1, 96, 96, 32];
	g.placeholder('x', DT_FLOAT, shape);
	g.node('pool', 'MaxPool', ['x'], { T: FLOAT, ksize: [1, 3, 3, 1], strides: [1, 1, 1, 1], padding: 'SAME' });
	g.node('y', 'Tanh', ['pool'], { T: FLOAT });
	const executor = new Executor(g.finish(), { engine });
	const x = { dtype: DT_FLOAT, shape, data: values(96 * 96 * 32, 3) };
	const [y] = executor.run(new Map([['x', x]]), ['y']);
	executor.dispose();
	return y!.data as Float32Array;
}

describe('several threads', () => {
	it.each([2, 3])('%i of them give the bits of one', (threads) => {
		const one = Engine.wasm()!;
		const several = Engine.wasm(threads)!;
		try {
			for (const [size, channels, outputs] of [
				[28, 24, 40],
				[5, 160, 96],
				[61, 3, 17],
			] as const) {
				const sizes = { depth: channels, outputs };
				expect(sameBits(run(several, size, channels, sizes), run(one, size, channels, sizes))).toBe(true);
			}
			expect(sameBits(run(several, 56, 48, undefined), run(one, 56, 48, undefined))).toBe(true);
			expect(sameBits(poolAndCurve(several), poolAndCurve(one))).toBe(true);
			expect(several.usedBytes).toBe(0);
		} finally {
			several.dispose();
		}
	});
});
