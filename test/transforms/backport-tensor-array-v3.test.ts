import { describe, expect, test } from 'vitest';
import { applied, apply } from './apply.ts';

describe('backport_tensor_array_v3', () => {
	test('version 2 has no flow: its readers get a constant', () => {
		const graph = [
			'size = Const',
			'i = P',
			'ta = TensorArrayV3(size) {identical_element_shapes: true}',
			'h = Identity(ta:0)',
			'f = Identity(ta:1)',
			'k = NoOp(^ta)',
			'gr = TensorArrayGradV3(ta, ta:1)',
			'wr = TensorArrayWriteV3(ta:0, i, i, gr:1)',
		].join('\n');
		const flow = '{dtype: float, value: float[] 1}';
		expect(applied('backport_tensor_array_v3', graph)).toEqual([
			'size = Const',
			'i = P',
			'ta = TensorArrayV2(size) {identical_element_shapes: true}',
			`ta/replacement_flow_node = Const ${flow}`,
			'h = Identity(ta:0)',
			'f = Identity(ta/replacement_flow_node)',
			'k = NoOp(^ta)',
			'gr = TensorArrayGradV2(ta, ta/replacement_flow_node)',
			`gr/replacement_flow_node = Const ${flow}`,
			'wr = TensorArrayWriteV2(ta:0, i, i, gr/replacement_flow_node)',
		]);
	});

	test.each(['Write', 'Read', 'Gather', 'Scatter', 'Concat', 'Split', 'Size', 'Close'])('%s', (what) => {
		expect(applied('backport_tensor_array_v3', `y = TensorArray${what}V3`)).toEqual([
			`y = TensorArray${what}V2`,
		]);
	});

	test('says that there is none', () => {
		expect(apply('backport_tensor_array_v3', 'a = P').notes).toHaveLength(1);
	});
});
