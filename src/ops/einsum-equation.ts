/** Equations such as `ij,jk->ik`. */
import { misfit } from './shape-algebra.ts';

/** An Einsum equation taken apart: the labels of each operand and of the result. `…` stands for an ellipsis. */
export interface EinsumEquation {
	readonly operands: readonly (readonly string[])[];
	readonly result: readonly string[];
}

export const ELLIPSIS = '…';

/** @throws WhittleError `graph` for what is no equation. */
export function parseEinsum(equation: string): EinsumEquation {
	const [left, right, extra] = equation.replaceAll(/\s/g, '').replaceAll('...', ELLIPSIS).split('->');
	const sides = [...(left ?? '').split(','), right ?? ''];
	if (right === undefined || extra !== undefined || sides.some((side) => !/^[A-Za-z…]*$/.test(side)))
		throw misfit(`Invalid equation ${equation}`);
	const labels = sides.map((side) => [...side]);
	return { operands: labels.slice(0, -1), result: labels.at(-1)! };
}
