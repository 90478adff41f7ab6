import { describe, expect, test } from 'vitest';
import { applied, apply } from './apply.ts';

const vector = (name: string, ...values: number[]): string =>
	`${name} = Const {dtype: float, value: float[${values.length}] ${values.join(' ')}}`;
const WEIGHTS = 'w = Const {dtype: float, value: float[1,2,2,2] 1 2 3 4 5 6 7 8}';
const STATISTICS = [
	vector('mean', 10, 20),
	vector('var', 0.25, 0.5),
	vector('beta', 0.1, 0.6),
	vector('gamma', 1, 2),
].join('\n');
const CONV = `x = P\n${WEIGHTS}\nconv = Conv2D(x, w) {T: float}\n${STATISTICS}`;
const FUSED = `${CONV}\nbn = FusedBatchNorm(conv, gamma, beta, mean, var) {epsilon: 1e-05}\nz = Relu(bn)`;
const offsets = (graph: string): number[] => [
	...(apply('fold_old_batch_norms', graph).graph.node('conv_bn_offset')!.tensor!.data as Float32Array),
];
const names = (lines: readonly string[]): string[] => lines.map((line) => line.replace(/ \{.*/, ''));
const fold = (graph: string): string[] => names(applied('fold_old_batch_norms', graph));

describe('fold_old_batch_norms', () => {
	test('FusedBatchNorm becomes scaled weights and a BiasAdd', () => {
		expect(fold(FUSED)).toEqual([
			'w = Const',
			'x = P',
			'conv = Conv2D(x, w)',
			'conv_bn_offset = Const',
			'bn = BiasAdd(conv, conv_bn_offset)',
			'z = Relu(bn)',
		]);
		expect(offsets(FUSED)).toEqual([Math.fround(-19.8996), Math.fround(-55.967976)]);
	});

	test('its forerunner scales by gamma only when told so', () => {
		const old =
			`${CONV}\nbn = BatchNormWithGlobalNormalization(conv, mean, var, beta, gamma) ` +
			'{variance_epsilon: 1e-05, scale_after_normalization: false}';
		expect(offsets(old)).toEqual([Math.fround(-19.8996), Math.fround(-27.683987)]);
		expect(offsets(old.replace('false', 'true'))).toEqual(offsets(FUSED));
	});

	test('below a BatchToSpaceND', () => {
		const graph = FUSED.replace(
			'bn = FusedBatchNorm(conv,',
			'bs = Const\ncr = Const\nb2s = BatchToSpaceND(conv, bs, cr)\nbn = FusedBatchNorm(b2s,',
		);
		expect(fold(graph)).toEqual([
			'w = Const',
			'x = P',
			'conv = Conv2D(x, w)',
			'conv_bn_offset = Const',
			'conv/biasadd = BiasAdd(conv, conv_bn_offset)',
			'bs = Const',
			'cr = Const',
			'bn = BatchToSpaceND(conv/biasadd, bs, cr)',
			'z = Relu(bn)',
		]);
	});

	test('below a ConcatV2 of two convolutions, which share one input', () => {
		const narrow = (name: string): string => `${name} = Const {dtype: float, value: float[1,2,2,1] 1 2 3 4}`;
		const graph =
			`x = P\n${narrow('w')}\n${narrow('w1')}\nc = Conv2D(x, w) {T: float}\nc1 = Conv2D(x, w1) {T: float}\n` +
			`ax = Const {dtype: int32, value: int32[] 3}\ncat = ConcatV2(c, c1, ax)\n${STATISTICS}\n` +
			'bn = FusedBatchNorm(cat, gamma, beta, mean, var) {epsilon: 1e-05}';
		expect(fold(graph)).toEqual([
			'w = Const',
			'x = P',
			'c = Conv2D(x, w)',
			'c_bn_offset = Const',
			'cat_bn_in0 = BiasAdd(c, c_bn_offset)',
			'w1 = Const',
			'x = P',
			'c1 = Conv2D(x, w1)',
			'c1_bn_offset = Const',
			'cat_bn_in1 = BiasAdd(c1, c1_bn_offset)',
			'ax = Const',
			'bn = ConcatV2(cat_bn_in0, cat_bn_in1, ax)',
		]);
	});

	test('comes to an end where two norms share a gamma, on which the C++ tool never does', () => {
		const second = FUSED.replace(/\b(x|w|conv|mean|var|beta|bn|z)\b/g, '$12').replace(/^gamma = .*\n/m, '');
		const step = apply('fold_old_batch_norms', `${FUSED}\n${second}`);
		expect(step.graph.nodes.filter((node) => node.op === 'FusedBatchNorm')).toHaveLength(2);
		expect(step.skipped).toEqual([
			{ node: 'bn2', reason: '`gamma` has another reader, `bn`', hint: undefined },
			{ node: 'bn', reason: '`gamma` has another reader, `bn2`', hint: undefined },
		]);
	});

	test.each([
		['Variance input', 'var'],
		['Beta input', 'beta'],
		['gamma input', 'gamma'],
	])('%s of another length is an error', (what, name) => {
		const graph = FUSED.replace(new RegExp(`^${name} = .*$`, 'm'), vector(name, 1, 2, 3));
		expect(() => fold(graph)).toThrow(`${what} to batch norm has bad shape: [3]`);
	});

	test('what takes the C++ tool down is an error', () => {
		expect(() => fold(FUSED.replace('epsilon', 'eps'))).toThrow(
			'`bn` (FusedBatchNorm) has no attribute `epsilon`',
		);
		expect(() => fold(FUSED.replace(' {T: float}', ''))).toThrow('`conv` (Conv2D) has no attribute `T`');
		expect(() => fold(FUSED.replace('float[1,2,2,2]', 'float[1,2,1,4]'))).toThrow('4 output channels where');
	});

	test('names what it does not look for', () => {
		const step = apply('fold_old_batch_norms', FUSED.replace('FusedBatchNorm', 'FusedBatchNormV3'));
		expect(step.skipped).toEqual([
			{
				node: 'bn',
				reason: 'FusedBatchNormV3 is not what fold_old_batch_norms looks for',
				hint: 'fold_fused_batch_norms',
			},
		]);
	});

	test('says of all Identities at once', () => {
		const graph = FUSED.replace('Conv2D(x, w)', 'Conv2D(x, r)').replace('conv =', 'r = Identity(w)\nconv =');
		const both = graph.replace(
			'bn = FusedBatchNorm(conv, gamma,',
			'g = Identity(gamma)\nbn = FusedBatchNorm(conv, g,',
		);
		expect(apply('fold_old_batch_norms', both).skipped).toEqual([
			{
				node: 'bn',
				reason: 'the other input of `conv`, `r`, is an Identity, not a Const, and so for 1 more inputs',
				hint: 'remove_nodes(op=Identity)',
			},
		]);
	});
});
