/** What ops that go element by element have in common. */
import type { OpDeclaration, ShapeFunction } from './define.ts';
import { broadcastShapes } from './shape-algebra.ts';

/** The shape of the first input. */
export const unchangedShape: ShapeFunction = ({ inputs }) => [inputs[0] ?? null];

/** Operand shapes broadcast; `incompatible_shape_error=false` lets them disagree. */
export const broadcastShape: ShapeFunction = ({ inputs, attr }) => {
	const [x = null, y = null] = inputs;
	if (attr('incompatible_shape_error')?.bool !== false) return [broadcastShapes(x, y)];
	if (x === null || y === null) return [null];
	for (let i = Math.min(x.length, y.length); i > 0; i--) {
		const [a, b] = [x.at(-i)!, y.at(-i)!];
		// Of a size that is not known nobody can say whether it fits a known one.
		if (a !== b && (a < 0 ? b > 1 : b < 0 && a > 1)) return [null];
		// Shapes that do not fit are not equal: one answer.
		if (a >= 0 && b >= 0 && a !== b && a !== 1 && b !== 1) return [[]];
	}
	return [broadcastShapes(x, y)];
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
