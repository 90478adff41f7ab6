import { WhittleError } from '../graph/error.ts';

const MOST_ELEMENTS = 2n ** 63n - 1n;

/**
 * Sizes from a text such as `1,224,224,3`, blanks allowed. −1 is an unknown size; the C++ tool dies of it.
 * @throws WhittleError `transform` with the tool's message.
 */
export function parseShape(text: string): bigint[] {
	if (text === '') throw new WhittleError('transform', 'Specified shape is empty.');
	const sizes = text.split(',').map((piece) => {
		const digits = /^[ \t\n\v\f\r]*([+-]?\d+)[ \t\n\v\f\r]*$/.exec(piece)?.[1];
		const size = digits === undefined ? undefined : BigInt(digits.replace('+', ''));
		if (size === undefined || BigInt.asIntN(64, size) !== size)
			throw new WhittleError('transform', `Could parse as shape: '${text}'`);
		return size;
	});
	if (sizes.some((size) => size < -1n))
		throw new WhittleError('transform', `A size in the shape '${text}' is negative.`, {
			hint: '-1 stands for an unknown size.',
		});
	const elements = sizes.reduce((product, size) => (size < 0n ? product : product * size), 1n);
	if (elements > MOST_ELEMENTS)
		throw new WhittleError('transform', `The shape '${text}' has more than 2^63 - 1 elements.`);
	return sizes;
}
