/** What ops that go element by element have in common. */
import type { OpDeclaration, ShapeFunction } from './define.ts';
import { broadcastShapes } from './shape-algebra.ts';

/** The shape of the first input. */
export const unchangedShape: ShapeFunction = ({ inputs }) => [inputs[0] ?? null];

/** Operand shapes broadcast; `incompatible_shape_error=false` lets them disagree. */
export const broadcastShape: ShapeFunction = ({ inputs, attr }) => {
	const [x = null, y = null] = inputs;
	if (attr('incompatible_shape_error')?.bool !== false) return [broadcastShapes(x, y)];
	try {
		return [broadcastShapes(x, y)];
	} catch {
		return [null];
	}
};

/** One operation an element, however hard. */
export const oneFlopAnElement: Pick<OpDeclaration, 'flops' | 'flopsRule'> = {
	flops: ({ outputs }) => {
		const shape = outputs[0];
		if (!shape || shape.some((size) => size < 0)) return undefined;
		return shape.reduce((product, size) => product * size, 1);
	},
	flopsRule: 'one an element',
};
