/** Fourier transforms. */
import type { OpDeclaration, ShapeFunction } from './define.ts';
import { unchangedShape } from './elementwise.ts';
import { complexTransform, inverseRealTransform, realTransform } from './kernels/fourier.ts';
import { withRankAtLeast } from './shape-algebra.ts';

/** The last axes have the sizes of the second input; of a real transform's last only the first half is kept. */
function resized(axes: number, halved: boolean): ShapeFunction {
	return (context) => {
		const shape = withRankAtLeast(context.inputs[0], axes);
		if (!shape) return [null];
		const sizes = context.sizes(1) ?? new Array<number>(axes).fill(-1);
		const last = sizes.at(-1)!;
		const kept = halved && last >= 0 ? Math.floor(last / 2) + 1 : last;
		return [[...shape.slice(0, shape.length - axes), ...sizes.slice(0, -1), kept]];
	};
}

function transforms(suffix: string, axes: number): readonly OpDeclaration[] {
	return [
		{ names: [`FFT${suffix}`], shape: unchangedShape, kernel: complexTransform(axes, -1) },
		{ names: [`IFFT${suffix}`], shape: unchangedShape, kernel: complexTransform(axes, 1) },
		{ names: [`RFFT${suffix}`], shape: resized(axes, true), kernel: realTransform(axes) },
		{ names: [`IRFFT${suffix}`], shape: resized(axes, false), kernel: inverseRealTransform(axes) },
	];
}

export const fourierOps: readonly OpDeclaration[] = [
	...transforms('', 1),
	...transforms('2D', 2),
	...transforms('3D', 3),
].map((op) => ({ ...op, flushesDenormals: true }));
