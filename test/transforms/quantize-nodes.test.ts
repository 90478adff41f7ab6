import { describe, expect, test } from 'vitest';
import { applied, apply, type Ends } from './apply.ts';

const RELU = 'x = Placeholder {dtype: float}\no = Relu(x) {T: float}';
const ENDS: Ends = { inputs: ['x'], outputs: ['o'] };
const names = (graph: string, transform = 'quantize_nodes', ends = ENDS): string[] =>
	apply(transform, graph, ends).graph.nodes.map((node) => node.name);

describe('quantize_nodes', () => {
	test('a Relu between a quantization and a dequantization, ordered by hash', () => {
		const nodes = applied('quantize_nodes', RELU, ENDS).map((line) => line.replaceAll('o_eightbit/x/', '~'));
		expect(nodes).toEqual([
			'o = Dequantize(o/eightbit:0, o/eightbit:1, o/eightbit:2) {T: quint8, mode: "MIN_FIRST"}',
			'x = Placeholder {dtype: float}',
			'~quantize = QuantizeV2(x, ~min, ~max) {T: quint8, mode: "MIN_FIRST"}',
			'~max = Max(~reshape, ~reduction_dims) {T: float, keep_dims: false}',
			'o/eightbit = QuantizedRelu(~quantize:0, ~quantize:1, ~quantize:2) {Tinput: quint8}',
			'~reshape_dims = Const(^x) {dtype: int32, value: int32[1] -1}',
			'~min = Min(~reshape, ~reduction_dims) {T: float, keep_dims: false}',
			'~reduction_dims = Const(^x) {dtype: int32, value: int32[1] 0}',
			'~reshape = Reshape(x, ~reshape_dims) {T: float}',
		]);
	});

	test('ports and control inputs stand in the names', () => {
		const graph = 'x = Placeholder {dtype: float}\ns = Split(x, x)\no = Relu(s:1, ^x) {T: float}';
		const made = names(graph);
		expect(made).toContain('o_eightbit/s__port__1/quantize');
		expect(made).toContain('o_eightbit/__hat__x/quantize');
		expect(apply('quantize_nodes', graph, ENDS).warnings).toEqual([expect.stringContaining('control input')]);
	});

	test('integers stay', () => {
		const step = apply('quantize_nodes', RELU.replace('T: float', 'T: int32'), ENDS);
		expect(step.graph.nodes).toHaveLength(2);
		expect(step.skipped).toEqual([{ node: 'o', reason: 'its input `x` is not float', hint: undefined }]);
	});

	test('ops that are to be left alone stay', () => {
		expect(names(RELU, 'quantize_nodes(ignore_op=Relu)')).toHaveLength(2);
	});

	test('inputs of a known range come in eight bits', () => {
		const { graph } = apply('quantize_nodes(input_min=-10, input_max=10)', RELU, ENDS);
		expect(graph.node('x')!.attr('dtype')!.type).toBe(12);
		expect(graph.node('o/eightbit')!.inputs).toEqual(['x', 'x_eightbit/min', 'x_eightbit/max']);
	});

	test('a second run leaves the first one’s Dequantize reading itself, so that it never runs', () => {
		const once = apply('quantize_nodes(input_min=-1, input_max=2)', RELU, ENDS).graph;
		expect(() => apply('quantize_nodes(input_min=-1, input_max=2, ignore_op=Relu)', once, ENDS)).toThrow(
			'RenameNodeInputs argument contains a cycle for x_eightbit/min',
		);
	});

	const SUM = `${RELU.replace('o = Relu(x)', 'o = BiasAdd(x, b)')}\nb = Const {dtype: float, value: float[2] 1 2}`;

	test('a 32-bit result has its range found, or given', () => {
		expect(names(SUM)).toContain('o/eightbit/requant_range');
		const given = names(SUM, 'quantize_nodes(fallback_min=0, fallback_max=200)');
		expect(given).not.toContain('o/eightbit/requant_range');
		expect(given).toContain('o/eightbit/fallback_max');
	});

	test('a fake quant is hoisted before what passes its values on, and becomes the only requantization', () => {
		const graph = [
			'x = Placeholder {dtype: float}',
			'b = Const {dtype: float, value: float[2] 1 2}',
			'sum = BiasAdd(x, b) {T: float}',
			'relu = Relu(sum) {T: float}',
			'pool = MaxPool(relu) {T: float, ksize: [1], padding: "SAME", strides: [1]}',
			'min = Const {dtype: float, value: float[] 0}',
			'max = Const {dtype: float, value: float[] 18}',
			'o = FakeQuantWithMinMaxVars(pool, min, max)',
		].join('\n');
		const { graph: after } = apply('quantize_nodes', graph, ENDS);
		const ops = after.nodes.map((node) => node.op);
		expect(ops).not.toContain('FakeQuantWithMinMaxVars');
		const requantizes = after.nodes.filter((node) => node.op === 'Requantize');
		expect(requantizes.map((node) => node.inputs.slice(3))).toEqual([['min', 'max']]);
		expect(after.node('o/eightbit')!.op).toBe('QuantizedMaxPool');
	});

	test.each([
		['quantize_nodes(input_min=1)', RELU, 'You must pass both input_min and input_max into quantize_nodes'],
		[
			'quantize_nodes(fallback_max=1)',
			RELU,
			'You must pass both fallback_min and fallback_max into quantize_nodes',
		],
		['quantize_nodes', RELU.replace('{T: float}', ''), "No attr named 'T' in NodeDef:\n\t [[{{node o}}]]"],
		['quantize_nodes', `${RELU}\nz = FooBar`, "Op type not registered 'FooBar'"],
		[
			'quantize_nodes',
			RELU.replace('Relu(x)', 'Mul(x, x)'),
			'RenameNodeInputs argument contains a cycle for',
		],
		['quantize_nodes', RELU.replace('Relu(x)', 'MaxPool(x)'), 'has no attribute `ksize`'],
	])('%s is an error', (transform, graph, message) => {
		expect(() => apply(transform, graph, ENDS)).toThrow(message);
	});
});
