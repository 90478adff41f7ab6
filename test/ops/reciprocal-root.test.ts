import { expect, test } from 'vitest';
import { reciprocalRoots } from '../../src/ops/reciprocal-root.ts';

/** Bits of floats, and of what TensorFlow 2.21's Rsqrt makes of them: zero, infinity and a denormal among them. */
const inputs = [
	1070424840, 1283402104, 892384656, 1282231555, 973941105, 1027520816, 1223733017, 1020839794, 1088987985,
	836059844, 1187384195, 1083385600, 982543663, 1204296172, 969398977, 0, 2147483648, 2139095040, 71362,
	1082130432, 1065353216, 1077936128, 1073741824, 1056964608,
];
const roots = [
	1061820591, 956315076, 1150947406, 956625554, 1110204337, 1083460518, 985313452, 1086633702, 1052632097,
	1179014297, 1003343602, 1055834760, 1106313379, 994885512, 1112334306, 2139095040, 4286578688, 0,
	2139095040, 1056964608, 1065353216, 1058262330, 1060439283, 1068827891,
];
/** The same for the first eleven alone: the last three are no full packet. */
const elevenRoots = [
	1061820591, 956315076, 1150947406, 956625554, 1110204337, 1083460518, 985313452, 1086633702, 1052632097,
	1179014298, 1003343602,
];

function run(bits: readonly number[]): number[] {
	const from = new Float32Array(Uint32Array.from(bits).buffer);
	const to = new Float32Array(from.length);
	reciprocalRoots(from, to);
	return [...new Uint32Array(to.buffer)];
}

test('every bit is the one that TensorFlow computes', () => {
	expect(run(inputs)).toEqual(roots);
	expect(run(inputs.slice(0, 11))).toEqual(elevenRoots);
});
